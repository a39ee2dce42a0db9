//! The index on disk: its fields, its folder, what is written and how it is
//! opened. It is derived from the log and the tables and may be thrown away.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use kontor_analysis::words::{PARTS, Word, words};
use kontor_platform::readers::Card;
use kontor_platform::text::Lang;
use kontor_platform::{Error, Result, secret};
use tantivy::schema::{
    Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, TantivyError, Term};

use super::model::Cursor;

/// Changes whenever cards are made, taken apart or kept in another way.
const VERSION: u32 = 2;
/// Bytes a writer may gather before it writes; the least that it accepts.
const BUFFER: usize = 15_000_000;

/// An error of the index as one of ours.
pub fn broken(error: TantivyError) -> Error {
    Error::Broken(Box::new(error))
}

/// What is kept of a card, each in a form of its own.
#[derive(Debug, Clone, Copy)]
pub struct Fields {
    /// Kind and identifier: the card's own.
    pub key: Field,
    pub kind: Field,
    /// Words, one of which an asker must have.
    pub audience: Field,
    /// Title and names as they are spelled.
    pub exact: Field,
    /// Title and names by their stems.
    pub name: Field,
    /// German and English texts by their stems.
    pub de: Field,
    pub en: Field,
}

fn schema() -> (Schema, Fields) {
    let text = || {
        let how = TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        TextOptions::default().set_indexing_options(how)
    };
    let mut schema = Schema::builder();
    let fields = Fields {
        key: schema.add_text_field("key", STRING | STORED),
        kind: schema.add_text_field("kind", STRING),
        audience: schema.add_text_field("audience", STRING),
        exact: schema.add_text_field("exact", text()),
        name: schema.add_text_field("name", text()),
        de: schema.add_text_field("de", text()),
        en: schema.add_text_field("en", text()),
    };
    (schema.build(), fields)
}

/// The folder of this version's index.
pub fn place(folder: &Path) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    (VERSION, PARTS).hash(&mut hasher);
    folder.join(format!("v{VERSION}-{:08x}", hasher.finish() as u32))
}

/// Whether an index lies there.
pub fn exists(place: &Path) -> bool {
    place.join("meta.json").is_file()
}

/// An index that can be asked and written to.
pub struct Opened {
    pub index: Index,
    pub reader: IndexReader,
    pub fields: Fields,
}

/// Opens an index and checks all of it; says where it stands in the log.
pub fn open(place: &Path) -> Result<(Opened, Cursor)> {
    let index = Index::open_in_dir(place).map_err(broken)?;
    let damaged = index.validate_checksum().map_err(broken)?;
    if !damaged.is_empty() {
        return Err(Error::broken(format!("damaged files: {damaged:?}")));
    }
    let (schema, fields) = schema();
    if index.schema() != schema {
        return Err(Error::broken("it has other fields"));
    }
    let payload = index.load_metas().map_err(broken)?.payload;
    let cursor = Cursor::read(&payload.unwrap_or_default())
        .ok_or_else(|| Error::broken("it does not say where it stands"))?;
    let reader = index
        .reader_builder()
        .reload_policy(ReloadPolicy::Manual)
        .doc_store_cache_num_blocks(4)
        .try_into()
        .map_err(broken)?;
    let opened = Opened {
        index,
        reader,
        fields,
    };
    Ok((opened, cursor))
}

/// Begins an empty index in a folder of its own.
pub fn begin(place: &Path) -> Result<(Writer, Index)> {
    if place.exists() {
        std::fs::remove_dir_all(place)?;
    }
    // It holds words of organisations that are not public.
    secret::private_folder(place)?;
    let (schema, fields) = schema();
    let index = Index::create_in_dir(place, schema).map_err(broken)?;
    Ok((Writer::open(&index, fields)?, index))
}

/// The one writer: a thread and a buffer, so it is kept open only while there
/// is work.
pub struct Writer {
    inner: IndexWriter,
    fields: Fields,
}

impl Writer {
    /// Fails when another process writes to the same index.
    pub fn open(index: &Index, fields: Fields) -> Result<Writer> {
        let inner = index.writer_with_num_threads(1, BUFFER).map_err(broken)?;
        Ok(Writer { inner, fields })
    }

    /// Takes a card out; nothing happens when there is none.
    pub fn remove(&self, kind: &str, id: &str) {
        let key = Term::from_field_text(self.fields.key, &key(kind, id));
        self.inner.delete_term(key);
    }

    /// Puts a card in; an older one of the same key must have been removed.
    pub fn add(&self, card: &Card) -> Result<()> {
        let document = document(&self.fields, card);
        self.inner.add_document(document).map_err(broken).map(drop)
    }

    /// Keeps what was put in and where it stands in the log, as one.
    pub fn commit(&mut self, cursor: &Cursor) -> Result<()> {
        let mut commit = self.inner.prepare_commit().map_err(broken)?;
        commit.set_payload(&cursor.stored());
        commit.commit().map_err(broken).map(drop)
    }

    /// Waits for what still runs and gives the buffer back.
    pub fn close(self) -> Result<()> {
        self.inner.wait_merging_threads().map_err(broken)
    }
}

/// The key of a card; a kind has no colon.
pub fn key(kind: &str, id: &str) -> String {
    format!("{kind}:{id}")
}

fn document(fields: &Fields, card: &Card) -> TantivyDocument {
    let mut document = TantivyDocument::default();
    document.add_text(fields.key, key(card.kind, &card.id));
    document.add_text(fields.kind, card.kind);
    for word in &card.audience {
        document.add_text(fields.audience, word);
    }
    let mut put = |field, tokens| {
        let text = PreTokenizedString {
            text: String::new(),
            tokens,
        };
        document.add_pre_tokenized_text(field, text);
    };
    for name in std::iter::once(&card.title).chain(&card.names) {
        let found = words(name);
        put(fields.exact, spelled(&found));
        put(fields.name, stems(&found, true, true));
    }
    for (lang, text) in &card.texts {
        let found = words(text);
        match lang {
            Lang::De => put(fields.de, stems(&found, true, false)),
            Lang::En => put(fields.en, stems(&found, false, true)),
        }
    }
    document
}

fn token(position: usize, text: &str) -> Token {
    Token {
        offset_from: 0,
        offset_to: 0,
        position,
        text: text.to_owned(),
        position_length: 1,
    }
}

/// Words as they are spelled, each umlaut in both ways.
fn spelled(words: &[Word]) -> Vec<Token> {
    let tokens = words.iter().enumerate().flat_map(|(at, word)| {
        let both = std::iter::once(&word.fold).chain(&word.spelled);
        both.map(move |text| token(at, text))
    });
    tokens.collect()
}

/// Words by their stems; a compound stands there as a whole and, beginning at
/// the same place, in its parts.
fn stems(words: &[Word], german: bool, english: bool) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    for word in words {
        if german {
            tokens.push(token(at, &word.german));
        }
        if english && !(german && word.english == word.german) {
            tokens.push(token(at, &word.english));
        }
        let parts = if german { &word.parts[..] } else { &[] };
        for (n, part) in parts.iter().enumerate() {
            tokens.push(token(at + n, part));
        }
        at += parts.len().max(1);
    }
    tokens.sort_by_key(|t| t.position);
    tokens
}
