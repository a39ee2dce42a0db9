//! Reading and judging a typed profile.

use kontor_platform::web::Form;
use kontor_platform::{Day, FieldErrors, Result};

use super::model::{Field, Values};
use crate::directory::industries::{is_code, normal};
use crate::directory::manage::{bars, is_web_address, web_address};
use crate::directory::model::{Helix, Size, Visibility};

/// Most classes of an organisation.
const CLASSES: usize = 20;
/// Most of the codes that an error names, and most letters of them.
const NAMED: usize = 5;
const NAMED_LETTERS: usize = 80;

/// Reads the fields whose names begin with `prefix`. Lists, ends of lines and
/// spaces are put into the form in which they are stored.
pub fn read(form: &Form, prefix: &str) -> Values {
    let mut values = Values::default();
    for field in Field::ALL {
        let typed = form.text(&format!("{prefix}{}", field.as_str()));
        let typed = typed.replace("\r\n", "\n");
        values.set(
            *field,
            match field {
                Field::Competences | Field::CompetencesEn => bars(&typed).replace('|', ", "),
                Field::Website => web_address(&typed),
                Field::Classes => classes(&typed).join(", "),
                _ => typed,
            },
        );
    }
    values
}

/// Classes parted by commas, semicolons or spaces, as they are stored; sorted,
/// each once.
pub fn classes(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| c == ',' || c == ';' || c.is_whitespace());
    let mut all: Vec<String> = parts.filter(|p| !p.is_empty()).map(normal).collect();
    all.sort();
    all.dedup();
    all
}

/// The parts of a profile that are more than text.
#[derive(Debug, Clone)]
pub struct Judged {
    pub helix: Option<Helix>,
    pub size: Option<Size>,
    pub size_as_of: Option<String>,
    pub founded: Option<i64>,
    pub visibility: Visibility,
    pub classes: Vec<String>,
}

/// Names what is no code, or says that there are too many.
fn check_classes(fields: &mut FieldErrors, classes: &[String]) {
    let unknown: Vec<&str> = classes
        .iter()
        .map(String::as_str)
        .filter(|c| !is_code(c))
        .collect();
    if !unknown.is_empty() {
        let named = unknown
            .iter()
            .take(NAMED)
            .copied()
            .collect::<Vec<_>>()
            .join(", ");
        let named = named.chars().take(NAMED_LETTERS).collect();
        fields.add_named("classes", "profile-error-classes", named);
    } else if classes.len() > CLASSES {
        fields.add("classes", "profile-error-classes-many");
    }
}

/// Every field error at once, or what the texts mean.
pub fn judge(values: &Values, today: Day) -> Result<Judged> {
    let mut fields = FieldErrors::default();
    for field in Field::ALL {
        let is_too_long = values.get(*field).chars().count() > field.most();
        if let Some(key) = field.too_long().filter(|_| is_too_long) {
            fields.add(field.as_str(), key);
        }
    }
    if values.get(Field::Name).is_empty() {
        fields.add("name", "requests-error-organisation");
    }
    let website = values.get(Field::Website);
    if !website.is_empty() && !is_web_address(website) {
        fields.add("website", "manage-error-website");
    }
    let size = Size::parse(values.get(Field::Size));
    let as_of = match values.get(Field::SizeAsOf) {
        "" => Some(today),
        typed => Day::parse(typed).filter(|day| *day <= today),
    };
    if as_of.is_none() {
        fields.add("size_as_of", "requests-error-since");
    }
    let founded = match values.get(Field::Founded) {
        "" => None,
        typed => {
            let year = typed.parse::<i64>().ok();
            let year = year.filter(|y| (1200..=i64::from(today.0.year())).contains(y));
            if year.is_none() {
                fields.add("founded", "manage-error-founded");
            }
            year
        }
    };
    let classes = classes(values.get(Field::Classes));
    check_classes(&mut fields, &classes);
    let visibility = Visibility::parse(values.get(Field::Visibility));
    if visibility.is_none() {
        fields.add("visibility", "accounts-error-choice");
    }
    let order = Field::ALL.iter().map(|f| f.as_str()).collect::<Vec<_>>();
    fields.in_order(&order).done(Judged {
        helix: Helix::parse(values.get(Field::Side)),
        size,
        size_as_of: size.and(as_of).map(|day| day.to_string()),
        founded,
        visibility: visibility.unwrap_or(Visibility::Cluster),
        classes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_stored_in_one_form_in_order_and_once() {
        assert_eq!(
            classes("J62; 6201, 62.01.0 30.30,62.01"),
            ["30.30", "62", "62.01"]
        );
    }
}
