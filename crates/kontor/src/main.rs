//! The one binary.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    give_back_at_once();
    kontor::app::cli::run()
}

/// Lets the allocator return freed memory to the system when it is freed, not a
/// second later at the next chance: a server that has answered a burst and then
/// waits has no next chance, and would keep what the burst needed.
/// The other half, no huge pages, is set where it is built (`.cargo/config.toml`).
fn give_back_at_once() {
    /// `mi_option_purge_delay` of mimalloc 3, which its binding does not name.
    const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;
    // SAFETY: the function stores one number in a static table; no other thread
    // of ours runs yet.
    #[allow(unsafe_code)]
    unsafe {
        libmimalloc_sys::mi_option_set(PURGE_DELAY, 0);
    }
}
