//! Memory that SQLite has let go of, handed back to the system.

/// Returns what the C library keeps of freed memory. SQLite takes its pages from there;
/// a large command leaves some 150 MB behind, and the library would keep
/// them for a next one that may not come for months. Elsewhere than on Linux with
/// glibc nothing is done.
pub(super) fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        // SAFETY: the function takes a number and no pointer, locks what it looks
        // at, and touches free memory only.
        #[allow(unsafe_code)]
        unsafe {
            libc::malloc_trim(0);
        }
    }
}
