//! A form that two people have open at once. It carries what it showed in fields
//! `base-NAME`, so that what somebody did not touch cannot undo what another has saved.

use kontor_platform::web::Form;

/// A field of a form: its name, the key of its label, and what is stored now.
pub struct Present {
    pub name: String,
    pub key: &'static str,
    pub value: String,
}

/// A field that somebody else has changed meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Key of the field's label.
    pub key: &'static str,
    /// As the typing person found it.
    pub before: String,
    /// As it is stored now.
    pub present: String,
    /// As it was typed; none when it was not touched.
    pub typed: Option<String>,
}

/// What was typed, met by what is stored now.
pub struct Met {
    /// The form with the present values where nothing was touched.
    pub form: Form,
    /// Everything that was changed meanwhile.
    pub differences: Vec<Difference>,
    /// Whether both have changed one field, to different values.
    pub is_conflict: bool,
}

/// Lays what was typed onto what is stored now. A field without its base was typed.
pub fn meet(typed: &Form, fields: &[Present]) -> Met {
    let mut met = Met {
        form: typed.clone(),
        differences: Vec::new(),
        is_conflict: false,
    };
    for field in fields {
        let base = format!("base-{}", field.name);
        if !typed.has(&base) {
            continue;
        }
        let (before, value) = (plain(typed.text(&base)), plain(typed.text(&field.name)));
        let present = plain(&field.value);
        let is_touched = value != before;
        if !is_touched {
            met.form.set(&field.name, &field.value);
        }
        if present == before {
            continue;
        }
        met.is_conflict |= is_touched && value != present;
        met.differences.push(Difference {
            key: field.key,
            before,
            present,
            typed: is_touched.then_some(value),
        });
    }
    met
}

/// What a form showed: name and value of each field as it carries them along.
pub fn bases(form: &Form, fields: &[Present]) -> Vec<(String, String)> {
    let carried = |f: &Present| {
        let base = format!("base-{}", f.name);
        match form.has(&base) {
            true => (f.name.clone(), form.text(&base).to_owned()),
            false => (f.name.clone(), f.value.clone()),
        }
    };
    fields.iter().map(carried).collect()
}

/// Ends of lines as they are stored.
fn plain(text: &str) -> String {
    text.trim().replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn present(values: [(&str, &str); 2]) -> Vec<Present> {
        let one = |(name, value): (&str, &str)| Present {
            name: name.to_owned(),
            key: "k",
            value: value.to_owned(),
        };
        values.into_iter().map(one).collect()
    }

    #[test]
    fn what_was_not_touched_takes_the_present_value() {
        let typed = Form::parse("a=mine&base-a=old&b=line%0D%0Atwo&base-b=line%0Atwo");
        let met = meet(&typed, &present([("a", "old"), ("b", "theirs")]));
        assert!(!met.is_conflict);
        assert_eq!((met.form.text("a"), met.form.text("b")), ("mine", "theirs"));
        assert_eq!(met.differences.len(), 1);
        assert_eq!(met.differences[0].typed, None);
    }

    #[test]
    fn both_changed_is_a_conflict_unless_they_agree() {
        let typed = Form::parse("a=mine&base-a=old&b=&base-b=");
        let met = meet(&typed, &present([("a", "theirs"), ("b", "")]));
        assert!(met.is_conflict);
        assert_eq!(met.form.text("a"), "mine", "nothing is lost");
        let met = meet(&typed, &present([("a", "mine"), ("b", "")]));
        assert!(!met.is_conflict);
    }

    #[test]
    fn a_form_without_bases_is_taken_as_it_is() {
        let met = meet(
            &Form::parse("a=mine"),
            &present([("a", "theirs"), ("b", "x")]),
        );
        assert!(!met.is_conflict && met.differences.is_empty());
        assert_eq!(met.form.text("a"), "mine");
    }
}
