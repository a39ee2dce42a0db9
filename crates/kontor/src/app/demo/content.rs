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
    pub scenes: Scenes,
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
    pub science: Vec<Example>,
    pub civil_society: Vec<Example>,
    pub policy_admin: Vec<Example>,
}

/// A name, and the address of the cluster whose field its bearer works in.
pub type Example = (String, String);

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
    /// Who leads a cluster without a button of their own.
    pub lead: Vec<Persona>,
}

/// Somebody with an account.
#[derive(Deserialize)]
pub struct Persona {
    /// The key of their sign-in button; empty without one.
    #[serde(default)]
    pub key: String,
    pub name: String,
    pub function_de: String,
    pub mail: String,
    #[serde(default)]
    pub phone: String,
    #[serde(default)]
    pub cluster: String,
    /// How the name of their example organisation begins.
    #[serde(default)]
    pub employer: String,
    /// Days for which their role holds; without an end if none.
    pub days: Option<i32>,
    /// Field and audience of what they show.
    #[serde(default)]
    pub shows: Vec<(String, String)>,
}

/// What the people do.
#[derive(Deserialize)]
pub struct Scenes {
    pub region: RegionTexts,
    pub lists: Lists,
    pub pairs: Pairs,
    pub moves: Moves,
    pub request: Vec<Post>,
    pub takeover: Post,
    /// Who changes to another employer.
    pub change: Post,
    pub message: Vec<Post>,
    pub barrier: Post,
}

/// What the region's legal pages say.
#[derive(Deserialize)]
pub struct RegionTexts {
    pub name: String,
    pub controller_de: String,
    pub controller_en: String,
    pub imprint_de: String,
    pub imprint_en: String,
}

/// A row of a member list.
pub type Row = Vec<String>;

/// Member lists.
#[derive(Deserialize)]
pub struct Lists {
    pub header: String,
    /// Where their personal data come from.
    pub source: String,
    pub life: Vec<Row>,
    pub first: Vec<Row>,
    pub next: Vec<Row>,
    /// New streets of members.
    pub moved: Vec<String>,
    pub staged: Vec<Row>,
}

/// Names of the records that stay of three pairs.
#[derive(Deserialize)]
pub struct Pairs {
    pub merged: String,
    pub asks: String,
    pub asked: String,
}

/// Where an organisation with a representative moves to.
#[derive(Deserialize)]
pub struct Moves {
    pub street: String,
}

/// Something that somebody writes, so many days ago.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Post {
    pub days: i32,
    /// The key of the sender's button; empty: from outside.
    pub from: String,
    /// A cluster's address, or how an organisation's name begins.
    pub to: String,
    pub lang: String,
    pub organisation: String,
    pub website: String,
    pub city: String,
    pub name: String,
    pub function: String,
    pub mail: String,
    pub page: String,
    #[serde(alias = "text")]
    pub message: String,
    /// Why its recipients report and block the sender; empty: they do not.
    pub report: String,
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
            scenes: read(include_str!("../../../demo/scenes.toml"))?,
        })
    }
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T> {
    toml::from_str(text).map_err(|e| Error::broken(format!("the demo's content: {e}")))
}
