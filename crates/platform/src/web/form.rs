//! A submitted form as names and values, kept for being shown again.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use percent_encoding::percent_decode_str;

use crate::db::without_nul;
use crate::error::{Error, Result};
use crate::text::printable;

/// What came in, in the order of the fields.
#[derive(Debug, Clone, Default)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads `a=1&b=2`. What nobody sees is left out, except of passwords.
    pub fn parse(text: &str) -> Form {
        let decode = |raw: &str| {
            let text = percent_decode_str(&raw.replace('+', " "))
                .decode_utf8_lossy()
                .into_owned();
            // No keyboard types it, and PostgreSQL does not take it.
            without_nul(&text).into_owned()
        };
        let pairs = text.split('&').filter(|p| !p.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decode(name), decode(value));
            match name.contains("password") {
                true => (name, value),
                false => (name, printable(&value).into_owned()),
            }
        });
        Form(pairs.collect())
    }

    /// Names and values in the order of the fields.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(n, v)| (n.as_str(), v.as_str()))
    }

    /// Whether the form has a field of this name, empty or not.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| n == name)
    }

    /// The trimmed value of a field, empty when it is missing.
    pub fn text(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(n, _)| n == name)
            .map_or("", |(_, v)| v.trim())
    }

    /// The value as typed (passwords keep their spaces).
    pub fn raw(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(n, _)| n == name)
            .map_or("", |(_, v)| v)
    }

    /// Every value of a field that may occur several times.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(n, _)| n == name)
            .map(|(_, v)| v.trim())
    }

    /// Whether a box is ticked.
    pub fn ticked(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| n == name)
    }

    /// Gives a field this value; one that is missing is added.
    pub fn set(&mut self, name: &str, value: &str) {
        match self.0.iter_mut().find(|(n, _)| n == name) {
            Some((_, held)) => *held = value.to_owned(),
            None => self.0.push((name.to_owned(), value.to_owned())),
        }
    }

    /// All names and values.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Error;
    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|_| Error::Refused("form-too-large"))?;
        Ok(Form::parse(&String::from_utf8_lossy(&bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn a_form_keeps_umlauts_and_repeated_fields() {
        assert_eq!(Form::parse("a=%00x%00y").text("a"), "xy");
        let form = Form::parse("name=+Gr%C3%B6%C3%9Fe+&c=a&c=b&ok=on&broken=%zz");
        assert_eq!(form.text("name"), "Größe");
        assert_eq!(form.all("c").collect::<Vec<_>>(), ["a", "b"]);
        let hidden = Form::parse("name=a%E2%80%AEb&password=a%E2%80%AEb&about=a%0D%0Ab");
        assert_eq!(hidden.text("name"), "ab");
        assert_eq!(hidden.raw("password").chars().count(), 3);
        assert_eq!(hidden.text("about"), "a\r\nb");
        assert!(form.ticked("ok") && !form.ticked("no"));
        assert_eq!(form.text("broken"), "%zz");
    }
}
