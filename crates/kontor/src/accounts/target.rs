//! Where somebody goes on after signing in: the page that asked for it.

/// The page to go on to, if it is one of this site: a path without a host,
/// without the language's prefix, which the account chooses.
pub fn local(asked: &str) -> Option<&str> {
    let is_plain = asked.len() <= 500
        && asked.starts_with('/')
        && !asked.starts_with("//")
        && asked.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    // What signs in or out leads in a circle.
    let path = asked.split(['?', '#']).next().unwrap_or_default();
    let is_door = path.starts_with("/anmelden") || path == "/abmelden";
    let is_prefixed = path == "/en" || path.starts_with("/en/");
    (is_plain && !is_door && !is_prefixed).then_some(asked)
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for good in ["/mein-kontor", "/verwaltung/import?cluster=a%20b", "/"] {
            assert_eq!(local(good), Some(good));
        }
        for bad in [
            "",
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "javascript:alert(1)",
            "evil.example",
            "/a b",
            "/ä",
            "/en//evil.example",
            "/anmelden?weiter=/anmelden",
            "/abmelden",
        ] {
            assert_eq!(local(bad), None, "{bad:?}");
        }
    }
}
