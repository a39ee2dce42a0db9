//! What the administration's forms may hold.

use kontor_platform::config::{Smtp, is_site_address};
use kontor_platform::web::Form;
use kontor_platform::{FieldErrors, Result};

use crate::accounts::commands::looks_like_mail;
use crate::accounts::meanwhile::Present;
use crate::accounts::settings::{MailServer, Region};

/// The region and the address that people see.
#[derive(Debug, Clone, Default)]
pub struct RegionForm {
    pub region: Region,
    pub public_url: String,
}

impl RegionForm {
    /// Reads the form; texts are cut at a length nobody needs.
    pub fn read(form: &Form) -> RegionForm {
        let text = |name: &str, most: usize| form.text(name).chars().take(most).collect::<String>();
        RegionForm {
            region: Region {
                name: text("name", 120),
                controller: text("controller", 4000),
                imprint: text("imprint", 8000),
                controller_en: text("controller-en", 4000),
                imprint_en: text("imprint-en", 8000),
            },
            public_url: text("public-url", 300),
        }
    }

    /// Name in the form, key of the label and value of each field; the public address
    /// only where it can be changed here.
    pub fn present(&self, with_url: bool) -> Vec<Present> {
        let region = &self.region;
        let mut all = vec![
            ("name", "admin-field-region", &region.name),
            ("controller", "admin-field-controller", &region.controller),
            (
                "controller-en",
                "admin-field-controller-en",
                &region.controller_en,
            ),
            ("imprint", "admin-field-imprint", &region.imprint),
            ("imprint-en", "admin-field-imprint-en", &region.imprint_en),
        ];
        if with_url {
            all.push(("public-url", "admin-field-url", &self.public_url));
        }
        let present = |(name, key, value): (&str, &'static str, &String)| Present {
            name: name.to_owned(),
            key,
            value: value.clone(),
        };
        all.into_iter().map(present).collect()
    }

    /// Every field error at once.
    pub fn check(&self) -> Result<()> {
        let mut fields = FieldErrors::default();
        if self.region.name.is_empty() {
            fields.add("name", "admin-error-region");
        }
        if !self.public_url.is_empty() && !is_site_address(&self.public_url) {
            fields.add("public-url", "admin-error-url");
        }
        fields.done(())
    }
}

/// The ways to protect the line to the mail server.
pub const SECURITIES: [(&str, &str); 3] = [
    ("starttls", "admin-mail-starttls"),
    ("tls", "admin-mail-tls"),
    ("none", "admin-mail-none"),
];

/// Reads the mail server; an empty password keeps the stored one.
pub fn read_smtp(form: &Form, server: &MailServer) -> Result<Smtp> {
    let stored = &server.smtp;
    let text = |name: &str| form.text(name).chars().take(300).collect::<String>();
    let mut fields = FieldErrors::default();
    let host = text("host");
    if host.contains(|c: char| c.is_whitespace() || c == '/') {
        fields.add("host", "admin-error-host");
    }
    let port = match form.text("port") {
        "" => 0,
        typed => typed.parse().unwrap_or_else(|_| {
            fields.add("port", "admin-error-port");
            0
        }),
    };
    let security = text("security");
    if !SECURITIES.iter().any(|(word, _)| *word == security) {
        fields.add("security", "accounts-error-choice");
    }
    let from = text("from");
    if !host.is_empty() && !looks_like_mail(&address_of(&from).to_lowercase()) {
        fields.add("from", "admin-error-from");
    }
    let typed = form.raw("smtp-password");
    let same = host == stored.host && text("user") == stored.user;
    let password = match typed {
        // A stored password never goes to another server or user.
        "" if same => stored.password.clone(),
        typed => typed.to_owned(),
    };
    if server.is_unreadable && same && typed.is_empty() && !stored.user.is_empty() {
        fields.add("smtp-password", "admin-error-password-again");
    }
    fields.done(Smtp {
        host,
        port,
        security,
        user: text("user"),
        password,
        from,
    })
}

/// The address in `Kontor <kontor@example.org>`, or the text itself.
fn address_of(from: &str) -> &str {
    match from.split_once('<') {
        Some((_, rest)) => rest.trim_end().trim_end_matches('>'),
        None => from,
    }
}

#[cfg(test)]
mod tests {
    use kontor_platform::Error;

    use super::*;

    #[test]
    fn a_public_address_is_a_server_and_nothing_else() {
        let check = |url: &str| {
            let form = Form::parse(&format!("name=Elbland&public-url={url}"));
            RegionForm::read(&form).check()
        };
        for right in ["", "https://kontor.example.org", "http://127.0.0.1:8017/"] {
            assert!(check(right).is_ok(), "{right}");
        }
        for wrong in [
            "kontor.example.org",
            "javascript:alert(1)",
            "https://x@y.example",
            "https://y.example/pfad",
            "https://y.example/?a=b",
        ] {
            let Err(Error::Invalid(fields)) = check(wrong) else {
                panic!("{wrong}")
            };
            assert_eq!(fields.of("public-url"), Some("admin-error-url"), "{wrong}");
        }
    }

    #[test]
    fn a_stored_password_does_not_follow_to_another_server() {
        let smtp = Smtp {
            host: "mail.example.org".into(),
            user: "kontor".into(),
            password: "geheim".into(),
            ..Smtp::default()
        };
        let mut stored = MailServer {
            smtp,
            is_unreadable: false,
        };
        let form = |host: &str| {
            Form::parse(&format!(
                "host={host}&port=&security=tls&user=kontor&from=a@example.org&smtp-password="
            ))
        };
        let kept = read_smtp(&form("mail.example.org"), &stored).unwrap();
        assert_eq!(kept.password, "geheim");
        let moved = read_smtp(&form("evil.example.org"), &stored).unwrap();
        assert_eq!(moved.password, "");
        stored.is_unreadable = true;
        assert!(read_smtp(&form("mail.example.org"), &stored).is_err());
        assert!(read_smtp(&form("evil.example.org"), &stored).is_ok());
    }
}
