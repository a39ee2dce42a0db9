//! Names of organisations: as they sort, as they compare, as addresses.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A name as it sorts, bytewise, in a German list (DIN 5007-1: ä as a, ß as
/// ss): lower case, only letters and digits with single spaces between.
pub fn sort_key(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
    {
        match c {
            'ß' => out.push_str("ss"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'đ' => out.push('d'),
            c if c.is_alphanumeric() => out.push(c),
            // An apostrophe or a point joins: "d'Arc", "e.V." stay one word.
            '\'' | '’' | '.' => {}
            _ if out.ends_with(' ') || out.is_empty() => {}
            _ => out.push(' '),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Legal forms, longest first, as [`sort_key`] writes them.
const LEGAL_FORMS: &[&str] = &[
    "gesellschaft mit beschrankter haftung",
    "gmbh co kgaa",
    "gmbh co kg",
    "ag co kgaa",
    "ag co kg",
    "ug haftungsbeschrankt co kg",
    "ug haftungsbeschrankt",
    "aktiengesellschaft",
    "gemeinnutzige gmbh",
    "eingetragener verein",
    "kommanditgesellschaft",
    "eingetragene genossenschaft",
    "e k",
    "e v",
    "ggmbh",
    "gmbh",
    "mbh",
    "ag",
    "kgaa",
    "kg",
    "ohg",
    "gbr",
    "ug",
    "ev",
    "eg",
    "ek",
    "se",
    "stiftung",
    "ltd",
    "limited",
    "llc",
    "inc",
    "bv",
    "b v",
    "nv",
    "sa",
    "spa",
    "sarl",
    "sas",
    "aps",
    "as",
    "ab",
    "oy",
    "oyj",
    "sro",
    "zs",
];

/// A name as it compares: [`sort_key`] with German vowels in one spelling
/// (ue, ü → u) and the legal form at the end cut off.
pub fn name_key(name: &str) -> String {
    let mut key = sort_key(name);
    for (long, short) in [("ae", "a"), ("oe", "o"), ("ue", "u")] {
        key = key.replace(long, short);
    }
    loop {
        let cut = LEGAL_FORMS.iter().find_map(|form| {
            let head = key.strip_suffix(form)?;
            head.ends_with(' ').then(|| head.trim_end().to_owned())
        });
        match cut {
            Some(head) => key = head,
            None => return key,
        }
    }
}

/// Words before a former name in brackets.
const FORMERLY: &[&str] = &[
    "ehem",
    "ehemals",
    "ehemalige",
    "ehemaliger",
    "ehemaliges",
    "ex",
    "former",
    "formerly",
    "früher",
    "vorm",
    "vormals",
];

/// The former name that a name states itself: "Nordgarn GmbH (ehem. Elbfaser GmbH)".
pub fn stated_former(name: &str) -> Option<&str> {
    let mut brackets = name.split('(').skip(1);
    brackets.find_map(|rest| {
        let inside = rest.split(')').next()?.trim();
        let (word, former) = inside.split_once(|c: char| c.is_whitespace() || c == ':')?;
        let word = word.trim_end_matches('.').to_lowercase();
        let former = former.trim();
        (FORMERLY.contains(&&*word) && !former.is_empty()).then_some(former)
    })
}

/// A name as the last part of an address: ä as ae, words joined by hyphens,
/// at most 80 characters; "ohne-namen" when nothing is left.
pub fn slug(name: &str) -> String {
    let mut spelled = String::with_capacity(name.len());
    for c in name.nfc() {
        match c {
            'ä' | 'Ä' => spelled.push_str("ae"),
            'ö' | 'Ö' => spelled.push_str("oe"),
            'ü' | 'Ü' => spelled.push_str("ue"),
            other => spelled.push(other),
        }
    }
    let mut out = String::new();
    for word in sort_key(&spelled).split(' ') {
        let word: String = word.chars().filter(char::is_ascii_alphanumeric).collect();
        if word.is_empty() || out.len() + word.len() >= 80 {
            continue;
        }
        if !out.is_empty() {
            out.push('-');
        }
        out.push_str(&word);
    }
    if out.is_empty() {
        "ohne-namen".into()
    } else {
        out
    }
}

/// The host of a web address without `www.`: empty when there is none.
pub fn web_host(address: &str) -> String {
    let rest = address
        .trim()
        .split_once("://")
        .map_or(address.trim(), |(_, rest)| rest);
    let host = rest
        .split(['/', '?', '#', ':'])
        .next()
        .unwrap_or("")
        .to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    if host.contains('.') && !host.contains(char::is_whitespace) {
        host.to_owned()
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_may_state_the_one_before() {
        let of = stated_former;
        let name = "Brunkflug Avionics GmbH (ehem. Brunkflug Avionik GmbH)";
        assert_eq!(of(name), Some("Brunkflug Avionik GmbH"));
        assert_eq!(of("Nordgarn (Kiel) (vormals: Elbfaser)"), Some("Elbfaser"));
        assert_eq!(of("Nordgarn (formerly Elbfaser"), Some("Elbfaser"));
        for none in [
            "Nordgarn",
            "Nordgarn (Kiel)",
            "Ex (ehem.)",
            "(ex )",
            "((",
            "Ehem. Werft",
        ] {
            assert_eq!(of(none), None, "{none}");
        }
    }

    #[test]
    fn spellings_of_one_name_compare_equal() {
        assert_eq!(
            name_key("Müller & Söhne GmbH & Co. KG"),
            name_key("MUELLER + SOEHNE")
        );
        assert_eq!(
            name_key("Förderverein Häfen e. V."),
            name_key("Foerderverein Haefen")
        );
        assert_ne!(
            name_key("Nordlicht Technik GmbH"),
            name_key("Nordlicht Systeme GmbH")
        );
    }

    #[test]
    fn a_name_that_is_only_a_legal_form_stays() {
        assert_eq!(name_key("AG"), "ag");
    }

    #[test]
    fn names_sort_as_in_a_german_list() {
        let mut names = vec![
            "Zeppelin", "Ärzte", "Arndt", "Öl", "Olaf", "straße", "Strasse",
        ];
        names.sort_by_key(|n| sort_key(n));
        assert_eq!(
            names,
            [
                "Arndt", "Ärzte", "Öl", "Olaf", "straße", "Strasse", "Zeppelin"
            ]
        );
    }

    #[test]
    fn addresses_are_readable() {
        assert_eq!(slug("Süderkai Logistik GmbH"), "suederkai-logistik-gmbh");
        assert_eq!(slug("東京"), "ohne-namen");
        assert_eq!(
            web_host("https://www.Elbfaser.example/kontakt?x"),
            "elbfaser.example"
        );
        assert_eq!(web_host("keine"), "");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]
        #[test]
        fn keys_are_stable_and_never_panic(name in "\\PC{0,60}") {
            let key = sort_key(&name);
            prop_assert_eq!(sort_key(&key), key.clone());
            prop_assert!(!key.starts_with(' ') && !key.ends_with(' '));
            prop_assert!(slug(&name).len() <= 80);
            let _ = (name_key(&name), web_host(&name));
        }
    }
}
