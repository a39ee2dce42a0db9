//! What can be changed of an organisation, as text.

use kontor_platform::words;

use crate::directory::model::Organisation;

words! {
    /// A field of the profile. Where a member list has the same, the word is
    /// the same. In the order of the form.
    pub enum Field {
        Name = "name",
        Summary = "summary",
        SummaryEn = "summary_en",
        About = "about",
        AboutEn = "about_en",
        Competences = "competences",
        CompetencesEn = "competences_en",
        Website = "website",
        Street = "street",
        Postcode = "postcode",
        City = "city",
        Side = "side",
        Size = "size",
        SizeAsOf = "size_as_of",
        Founded = "founded",
        Classes = "classes",
        Visibility = "visibility",
    }
}

impl Field {
    /// Key of the field's name.
    pub fn key(self) -> &'static str {
        match self {
            Field::Name => "profile-field-name",
            Field::Summary => "profile-field-summary",
            Field::SummaryEn => "profile-field-summary-en",
            Field::About => "profile-field-about",
            Field::AboutEn => "profile-field-about-en",
            Field::Competences => "profile-field-competences",
            Field::CompetencesEn => "profile-field-competences-en",
            Field::Website => "directory-website",
            Field::Street => "profile-field-street",
            Field::Postcode => "profile-field-postcode",
            Field::City => "directory-filter-place",
            Field::Side => "directory-filter-side",
            Field::Size => "directory-filter-size",
            Field::SizeAsOf => "profile-field-size-as-of",
            Field::Founded => "directory-founded",
            Field::Classes => "directory-filter-class",
            Field::Visibility => "profile-field-visibility",
        }
    }

    /// Most characters.
    pub fn most(self) -> usize {
        match self {
            Field::Summary | Field::SummaryEn | Field::Website => 300,
            Field::About | Field::AboutEn => 6000,
            Field::Competences | Field::CompetencesEn => 600,
            Field::Postcode => 20,
            _ => 200,
        }
    }

    /// Key of the text for more characters than that; none where another check
    /// speaks of the field.
    pub fn too_long(self) -> Option<&'static str> {
        Some(match self {
            Field::Name => "profile-error-long-name",
            Field::Summary => "profile-error-long-summary",
            Field::SummaryEn => "profile-error-long-summary-en",
            Field::About => "profile-error-long-about",
            Field::AboutEn => "profile-error-long-about-en",
            Field::Competences => "profile-error-long-competences",
            Field::CompetencesEn => "profile-error-long-competences-en",
            Field::Website => "profile-error-long-website",
            Field::Street => "profile-error-long-street",
            Field::Postcode => "profile-error-long-postcode",
            Field::City => "profile-error-long-city",
            _ => return None,
        })
    }
}

/// A profile as text, field by field; lists are parted by commas.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values([String; Field::ALL.len()]);

impl Values {
    pub fn get(&self, field: Field) -> &str {
        &self.0[field as usize]
    }

    pub fn set(&mut self, field: Field, value: impl Into<String>) {
        self.0[field as usize] = value.into();
    }

    /// The profile as it is stored.
    pub fn of(o: &Organisation, classes: &[String]) -> Values {
        let mut values = Values::default();
        let founded = o.founded.map(|year| year.to_string());
        for (field, text) in [
            (Field::Name, o.name.as_str()),
            (Field::Summary, &o.summary_de),
            (Field::SummaryEn, &o.summary_en),
            (Field::About, &o.about_de),
            (Field::AboutEn, &o.about_en),
            (Field::Competences, &o.competences_de.replace('|', ", ")),
            (Field::CompetencesEn, &o.competences_en.replace('|', ", ")),
            (Field::Website, &o.website),
            (Field::Street, &o.street),
            (Field::Postcode, &o.postcode),
            (Field::City, &o.city),
            (Field::Side, o.helix.map_or("", |h| h.as_str())),
            (Field::Size, o.size.map_or("", |s| s.as_str())),
            (Field::SizeAsOf, o.size_as_of.as_deref().unwrap_or_default()),
            (Field::Founded, founded.as_deref().unwrap_or_default()),
            (Field::Classes, &classes.join(", ")),
            (Field::Visibility, o.visibility.as_str()),
        ] {
            values.set(field, text);
        }
        values
    }

    /// Fields in which two profiles differ.
    pub fn differences(&self, other: &Values) -> Vec<Field> {
        let differs = |f: &Field| self.get(*f) != other.get(*f);
        Field::ALL.iter().copied().filter(differs).collect()
    }

    /// What was typed onto a profile that somebody else has changed meanwhile:
    /// fields that were not touched take the present value.
    pub fn onto(&self, base: &Values, present: &Values) -> Values {
        let mut merged = self.clone();
        for field in Field::ALL {
            if self.get(*field) == base.get(*field) {
                merged.set(*field, present.get(*field));
            }
        }
        merged
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn untouched_fields_take_the_present_value_and_typed_ones_stay() {
        let mut base = Values::default();
        base.set(Field::City, "Kiel");
        base.set(Field::Street, "Kai 1");
        let (mut typed, mut present) = (base.clone(), base.clone());
        typed.set(Field::City, "Hamburg");
        present.set(Field::City, "Bremen");
        present.set(Field::Street, "Kai 2");
        let merged = typed.onto(&base, &present);
        assert_eq!(merged.get(Field::City), "Hamburg");
        assert_eq!(merged.get(Field::Street), "Kai 2");
        assert_eq!(present.differences(&base), [Field::Street, Field::City]);
    }
}
