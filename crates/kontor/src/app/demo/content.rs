//! The demo's words, read from the files in `demo/`.

use kontor_platform::{Error, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// All of the demo's content.
pub struct Content {
    pub clusters: Vec<ClusterText>,
    pub institutions: Vec<Institution>,
    pub words: Words,
    pub people: People,
}

#[derive(Deserialize)]
pub struct ClusterText {
    pub slug: String,
    pub code: String,
    pub name: String,
    pub purpose_de: String,
    pub purpose_en: String,
    pub about_de: String,
    pub about_en: String,
    pub themes_de: Vec<String>,
    pub themes_en: Vec<String>,
    #[serde(default)]
    pub website: String,
    pub founded: Option<i64>,
}

#[derive(Deserialize)]
pub struct Institution {
    pub name: String,
    pub helix: String,
    pub city: String,
    pub country: String,
    #[serde(default)]
    pub website: String,
    #[serde(default)]
    pub ror: String,
    pub about_de: String,
    pub about_en: String,
}

/// Material for example organisations.
#[derive(Deserialize)]
pub struct Words {
    pub field: Vec<Field>,
    /// Form and weight.
    pub legal_forms: Vec<(String, u32)>,
    /// Name, postcodes, weight, NUTS 3 code.
    pub cities: Vec<(String, Vec<String>, u32, String)>,
    pub streets: Vec<String>,
    pub helix_examples: HelixExamples,
    pub helix_texts: HelixTexts,
}

#[derive(Deserialize)]
pub struct Field {
    pub cluster: String,
    pub stems: Vec<String>,
    pub suffixes: Vec<String>,
    pub wz: Vec<String>,
    pub competences_de: Vec<String>,
    pub competences_en: Vec<String>,
    pub summary_de: Vec<String>,
    pub summary_en: Vec<String>,
    pub detail_de: Vec<String>,
    pub detail_en: Vec<String>,
}

/// The sentences for one kind of organisation.
pub struct Texts<'a> {
    pub competences_de: &'a [String],
    pub competences_en: &'a [String],
    pub summary_de: &'a [String],
    pub summary_en: &'a [String],
    pub detail_de: &'a [String],
    pub detail_en: &'a [String],
}

impl Field {
    /// The field's own sentences.
    pub fn texts(&self) -> Texts<'_> {
        Texts {
            competences_de: &self.competences_de,
            competences_en: &self.competences_en,
            summary_de: &self.summary_de,
            summary_en: &self.summary_en,
            detail_de: &self.detail_de,
            detail_en: &self.detail_en,
        }
    }
}

#[derive(Deserialize)]
pub struct HelixExamples {
    pub science: Vec<String>,
    pub civil_society: Vec<String>,
    pub policy_admin: Vec<String>,
}

#[derive(Deserialize)]
pub struct HelixTexts {
    pub science: SideTexts,
    pub civil_society: SideTexts,
    pub policy_admin: SideTexts,
}

#[derive(Deserialize)]
pub struct SideTexts {
    pub summary_de: Vec<String>,
    pub summary_en: Vec<String>,
    pub detail_de: Vec<String>,
    pub detail_en: Vec<String>,
}

#[derive(Deserialize)]
pub struct People {
    pub given: Vec<String>,
    pub family: Vec<String>,
    pub functions_de: Vec<String>,
    pub persona: Vec<Persona>,
}

/// Somebody behind a sign-in button.
#[derive(Deserialize)]
pub struct Persona {
    pub key: String,
    pub name: String,
    pub function_de: String,
    pub mail: String,
    #[serde(default)]
    pub cluster: String,
}

#[derive(Deserialize)]
struct Clusters {
    cluster: Vec<ClusterText>,
}

#[derive(Deserialize)]
struct Institutions {
    institution: Vec<Institution>,
}

impl Content {
    /// Reads the embedded files.
    pub fn load() -> Result<Content> {
        Ok(Content {
            clusters: read::<Clusters>(include_str!("../../../demo/clusters.toml"))?.cluster,
            institutions: read::<Institutions>(include_str!("../../../demo/institutions.toml"))?
                .institution,
            words: read(include_str!("../../../demo/words.toml"))?,
            people: read(include_str!("../../../demo/people.toml"))?,
        })
    }
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T> {
    toml::from_str(text).map_err(|e| Error::broken(format!("the demo's content: {e}")))
}
