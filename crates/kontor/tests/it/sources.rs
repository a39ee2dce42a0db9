//! The sources as the tests of the house read them.

use std::path::{Path, PathBuf};

/// The repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("crates/kontor lies two folders deep")
        .to_owned()
}

/// A source file: its path inside the repository, with slashes, and its text.
pub struct File {
    pub path: String,
    pub text: String,
}

impl File {
    /// The file's own name.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// A file of tests, wherever it lies.
    pub fn is_test(&self) -> bool {
        self.path.contains("/tests/") || self.name() == "tests.rs"
    }

    /// The text before its own module of tests.
    pub fn product(&self) -> &str {
        self.text
            .split("\n#[cfg(test)]\nmod tests {")
            .next()
            .unwrap_or(&self.text)
    }
}

/// Every file below a folder whose name ends so, in the order of names.
pub fn files(folder: &str, end: &str) -> Vec<File> {
    let root = repository();
    let mut found = Vec::new();
    walk(&root.join(folder), &mut |path| {
        if path.to_string_lossy().ends_with(end) {
            let inside = path.strip_prefix(&root).expect("below the repository");
            found.push(File {
                path: inside.to_string_lossy().replace('\\', "/"),
                text: std::fs::read_to_string(path).expect("a source is text"),
            });
        }
    });
    assert!(!found.is_empty(), "no {end} below {folder}");
    found
}

/// Calls `take` for every file below a folder, in the order of names.
pub fn walk(folder: &Path, take: &mut impl FnMut(&Path)) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            walk(&path, take);
        } else {
            take(&path);
        }
    }
}

/// Rust text taken apart.
pub struct Rust {
    /// The text without comments; strings are there, but empty.
    pub code: String,
    /// Every string, in order, with its line breaks undone (`\` at a line's end).
    pub strings: Vec<String>,
    /// What stands right before each string, without blanks.
    pub before: Vec<String>,
}

/// Takes Rust text apart into code and strings; comments are dropped.
pub fn rust(text: &str) -> Rust {
    let mut out = Rust {
        code: String::new(),
        strings: Vec::new(),
        before: Vec::new(),
    };
    let chars: Vec<char> = text.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let mut i = 0;
    while i < chars.len() {
        match (at(i), at(i + 1)) {
            ('/', '/') => {
                while i < chars.len() && at(i) != '\n' {
                    i += 1;
                }
            }
            ('/', '*') => {
                while i < chars.len() && !(at(i) == '*' && at(i + 1) == '/') {
                    i += 1;
                }
                i += 2;
            }
            // A character; a lifetime has no second quote there.
            ('\'', '\\') => {
                i += 2;
                while i < chars.len() && at(i) != '\'' {
                    i += 1;
                }
                i += 1;
            }
            ('\'', _) if at(i + 2) == '\'' => i += 3,
            ('r', '"' | '#') if is_raw(&chars, i) => i = raw(&chars, i, &mut out),
            ('"', _) => i = quoted(&chars, i, &mut out),
            (c, _) => {
                out.code.push(c);
                i += 1;
            }
        }
    }
    out
}

fn is_raw(chars: &[char], at: usize) -> bool {
    let inside_word = at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
    let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
    !inside_word && chars.get(at + 1 + hashes) == Some(&'"')
}

fn keep(out: &mut Rust, string: String) {
    let before: String = out.code.trim_end().chars().rev().take(40).collect();
    out.before.push(before.chars().rev().collect());
    out.code.push_str("\"\"");
    out.strings.push(string);
}

fn raw(chars: &[char], start: usize, out: &mut Rust) -> usize {
    let hashes = chars[start + 1..].iter().take_while(|c| **c == '#').count();
    let end: String = std::iter::once('"')
        .chain(std::iter::repeat_n('#', hashes))
        .collect();
    let rest: String = chars[start + hashes + 2..].iter().collect();
    let string = rest.split(&end).next().unwrap_or_default().to_owned();
    let next = start + hashes + 2 + string.chars().count() + end.len();
    keep(out, string);
    next
}

fn quoted(chars: &[char], start: usize, out: &mut Rust) -> usize {
    let mut string = String::new();
    let mut i = start + 1;
    while i < chars.len() && chars[i] != '"' {
        if chars[i] == '\\' {
            i += 1;
            if chars.get(i) == Some(&'\n') {
                while chars.get(i + 1).is_some_and(|c| c.is_whitespace()) {
                    i += 1;
                }
            } else {
                string.extend(chars.get(i));
            }
        } else {
            string.push(chars[i]);
        }
        i += 1;
    }
    keep(out, string);
    i + 1
}

#[test]
fn rust_text_is_taken_apart() {
    let taken = rust(
        "a(\"x\\\"y\"); // \"no\"\nlet c = '\"'; fn f<'a>() {} /* \"no\" */ b(r#\"z\"q\"#, \"s \\\n   t\")",
    );
    assert_eq!(taken.strings, ["x\"y", "z\"q", "s t"]);
    assert_eq!(taken.before[0], "a(");
    assert!(!taken.code.contains("no") && taken.code.contains("fn f<'a>()"));
}
