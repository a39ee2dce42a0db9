//! What an operator is told about a wrong key or value.

use super::*;

fn load(text: &str, env: &[(&str, &str)]) -> Result<Config> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("kontor.toml"), text).unwrap();
    let env = env.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
    Config::load(None, folder.path(), &env.collect())
}

/// What is said of a wrong file, from its name on.
fn said(text: &str) -> String {
    let said = load(text, &[]).unwrap_err().to_string();
    let (_, from_name) = said
        .split_once("/kontor.toml: ")
        .expect("the file is named");
    from_name.to_owned()
}

/// What is said of a wrong variable.
fn said_of(env: &[(&str, &str)]) -> String {
    load("", env).unwrap_err().to_string()
}

#[test]
fn a_wrong_key_names_its_line_and_the_right_one() {
    let text = "listen = \"127.0.0.1:1\"\nlistn = 3\n";
    assert_eq!(
        said(text),
        "line 2: unknown key listn; did you mean listen?"
    );
    let text = "[smtp]\nhost = \"mail\"\nprot = 25\n";
    assert_eq!(
        said(text),
        "line 3: unknown key smtp.prot; did you mean smtp.port?"
    );
    assert!(said("\nsmtp = \"mail\"\n").starts_with("line 2: smtp is a section"));
    assert!(said("listen = \"a\"\nlisten = \"b\"").starts_with("line 2: "));
    assert!(said("listen 3").starts_with("line 1: "));
}

#[test]
fn a_wrong_value_names_line_key_and_right_form() {
    for (text, expected) in [
        (
            "\npublic_url = 5",
            "line 2: public_url = 5: write the server's",
        ),
        (
            "trusted_proxies = \"127.0.0.1\"",
            "line 1: trusted_proxies = \"127.0.0.1\": write addresses or networks in",
        ),
        (
            "trusted_proxies = [\n \"10.0.0.1\",\n \"nix\",\n]",
            "line 3: trusted_proxies = \"nix\": write addresses or networks in",
        ),
        (
            "[smtp]\nport = \"abc\"",
            "line 2: smtp.port = \"abc\": write a port number without quotes, such as 587",
        ),
        ("smtp.port = 70_000", "line 1: smtp.port = 70_000: write"),
        ("listen = \"eight\"", "line 1: listen = \"eight\": write an"),
        ("[smtp]\nhost = \"tls://mail\"", "line 2: smtp.host = "),
        ("[smtp]\nsecurity = \"ssl\"", "line 2: smtp.security = "),
    ] {
        assert!(said(text).starts_with(expected), "{}", said(text));
    }
    let good =
        "listen = \"[::1]:80\"\ntrusted_proxies = [\"10.0.0.1\", \"::1\"]\n[smtp]\nport = 25\n";
    let config = load(good, &[]).unwrap();
    assert_eq!(config.trusted_proxies.len(), 2);
    assert_eq!((config.listen.as_str(), config.smtp.port), ("[::1]:80", 25));
}

#[test]
fn what_is_secret_is_refused_with_its_place_and_not_repeated() {
    for (text, expected) in [
        (
            "\nsecret = \"kurz-und-geheim\"",
            "line 2: secret: write at least 32",
        ),
        (
            "metrics_token = \"geheim\"",
            "line 1: metrics_token: write at least 16",
        ),
        (
            "metrics_token = 123456",
            "line 1: metrics_token: write at least 16",
        ),
        (
            "database_url = \"mysql://u:geheim@h/d\"",
            "line 1: database_url: ",
        ),
        (
            "\n\ndatabase_url = \"postgres://h/d?sslmode=verify-ca\"",
            "line 3: database_url: sslmode=verify-ca: write disable",
        ),
    ] {
        let said = said(text);
        assert!(said.starts_with(expected), "{said}");
        assert!(
            !said.contains("geheim") && !said.contains("123456"),
            "{said}"
        );
    }
    let said = said_of(&[("KONTOR_SECRET", "kurz-und-geheim")]);
    assert!(said.starts_with("KONTOR_SECRET: secret: write"), "{said}");
    assert!(!said.contains("geheim"), "{said}");
}

#[test]
fn the_public_address_is_a_server_and_nothing_below() {
    for right in [
        "https://kontor.example.org",
        "https://kontor.example.org/",
        "http://127.0.0.1:8017",
        "http://[::1]:8017",
        "https://münster.example",
    ] {
        assert!(is_site_address(right), "{right}");
    }
    for wrong in [
        "kontor.example.org",
        "ftp://kontor.example.org",
        "https://",
        "https:///",
        "https://a.example/pfad",
        "https://a.example/pfad?x=1",
        "https://a.example?x=1",
        "https://a.example#x",
        "https://user@a.example",
        "https://a.example:port",
        "https://a.example:",
        "https://a .example",
    ] {
        assert!(!is_site_address(wrong), "{wrong}");
    }
    let said = said("public_url = \"https://a.example/pfad?x=1\"");
    assert!(said.starts_with("line 1: public_url = "), "{said}");
    assert!(said.contains("without a path"), "{said}");
}

#[test]
fn a_misspelt_variable_is_refused_with_the_right_name() {
    let misspelt = said_of(&[("KONTOR_LISTN", "1")]);
    let expected = "KONTOR_LISTN: there is no such setting; did you mean KONTOR_LISTEN?";
    assert_eq!(misspelt, expected);
    assert!(said_of(&[("KONTOR_DATEN", "x")]).ends_with("KONTOR_DATA?"));
    assert!(said_of(&[("KONTOR_PORT", "80")]).contains("did you mean"));
    let known = [
        ("KONTOR_DATA", "x"),
        ("KONTOR_LOG", "debug"),
        ("KONTOR_PICTURES", "x"),
        ("KONTOR_SHARED", "x"),
        ("KONTOR_TEST_POSTGRES", "x"),
        // As a container platform tells where services are.
        ("KONTOR_SERVICE_HOST", "10.0.0.7"),
        ("KONTOR_SERVICE_PORT_HTTP", "80"),
        ("KONTOR_PORT", "tcp://10.0.0.7:80"),
        ("KONTOR_DB_SERVICE_HOST", "10.0.0.8"),
        ("KONTOR_DB_PORT_5432_TCP_ADDR", "10.0.0.8"),
    ];
    load("", &known).unwrap();
}

#[test]
fn a_wrong_variable_names_the_right_form() {
    for (name, value, expected) in [
        ("KONTOR_LISTEN", "eight", "such as \"127.0.0.1:8017\""),
        ("KONTOR_SMTP_PORT", "abc", "write a port number such as 587"),
        (
            "KONTOR_TRUSTED_PROXIES",
            "nix",
            "such as 10.0.0.1,172.16.0.0/12",
        ),
        ("KONTOR_PUBLIC_URL", "https://a/b", "without a path"),
    ] {
        let said = said_of(&[(name, value)]);
        assert!(said.starts_with(name) && said.contains(expected), "{said}");
    }
    // The variable wins, and so it is what is named.
    let both = load("listen = \"127.0.0.1:1\"", &[("KONTOR_LISTEN", "x")]);
    assert!(both.unwrap_err().to_string().starts_with("KONTOR_LISTEN: "));
}

#[test]
fn a_mail_server_needs_a_sender_and_the_place_is_named() {
    let without = said("listen = \"127.0.0.1:1\"\n[smtp]\nhost = \"mail\"\n");
    assert!(without.starts_with("smtp.from is not set"), "{without}");
    assert!(without.contains("KONTOR_SMTP_FROM"), "{without}");
    let bad = said("[smtp]\nhost = \"mail\"\nfrom = \"nobody\"\n");
    assert!(bad.starts_with("line 3: smtp.from = \"nobody\""), "{bad}");
    let env = [("KONTOR_SMTP_HOST", "mail"), ("KONTOR_SMTP_FROM", "x")];
    assert!(said_of(&env).starts_with("KONTOR_SMTP_FROM: "));
    let good = "[smtp]\nhost = \"mail\"\nfrom = \"Kontor <k@example.org>\"\n";
    assert_eq!(load(good, &[]).unwrap().smtp.host, "mail");
}

#[test]
fn a_name_set_to_nothing_is_not_set() {
    let env = [("KONTOR_SMTP_PORT", ""), ("KONTOR_TRUSTED_PROXIES", " ")];
    let config = load("trusted_proxies = [\"10.0.0.1\"]\n", &env).unwrap();
    assert_eq!((config.smtp.port, config.trusted_proxies.len()), (0, 1));
}

#[test]
fn the_file_is_known_that_was_read() {
    assert!(load("", &[]).unwrap().file.is_some());
    let none = Config::load(None, Path::new("/nowhere"), &BTreeMap::new()).unwrap();
    assert_eq!(none.file, None);
}
