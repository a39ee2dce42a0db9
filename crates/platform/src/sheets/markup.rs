//! A small reader for the XML of an OpenDocument list: tags and text, nothing else.
//!
//! It never fails; where the text ends early, so does the sequence, and the caller notices
//! because the closing tags are missing.

/// One step through the text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step<'a> {
    /// `<name …>`; `closed` for `<name …/>`.
    Open {
        name: &'a str,
        attributes: &'a str,
        closed: bool,
    },
    /// `</name>`.
    Close(&'a str),
    /// Text between tags, references resolved.
    Text(String),
}

/// Steps through markup from its start.
pub(super) struct Markup<'a> {
    rest: &'a str,
}

impl<'a> Markup<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    /// Cuts off everything up to and including `end`; nothing is left when it never comes.
    fn up_to(&mut self, end: &str) -> &'a str {
        match self.rest.split_once(end) {
            Some((inside, rest)) => {
                self.rest = rest;
                inside
            }
            None => {
                self.rest = "";
                ""
            }
        }
    }

    fn tag(&mut self) -> Step<'a> {
        let rest = self.rest;
        let mut quote = None;
        let end = rest.bytes().position(|b| match quote {
            Some(mark) => {
                if b == mark {
                    quote = None;
                }
                false
            }
            None => {
                if matches!(b, b'"' | b'\'') {
                    quote = Some(b);
                }
                b == b'>'
            }
        });
        let Some(end) = end else {
            self.rest = "";
            return Step::Text(String::new());
        };
        let inside = &rest[1..end];
        self.rest = &rest[end + 1..];
        if let Some(name) = inside.strip_prefix('/') {
            return Step::Close(name.trim());
        }
        let (inside, closed) = match inside.strip_suffix('/') {
            Some(inside) => (inside, true),
            None => (inside, false),
        };
        let (name, attributes) = inside
            .split_once(|c: char| c.is_ascii_whitespace())
            .unwrap_or((inside, ""));
        Step::Open {
            name,
            attributes,
            closed,
        }
    }
}

impl<'a> Iterator for Markup<'a> {
    type Item = Step<'a>;

    fn next(&mut self) -> Option<Step<'a>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            if self.rest.starts_with("<!--") {
                self.up_to("-->");
            } else if self.rest.starts_with("<![CDATA[") {
                self.rest = &self.rest["<![CDATA[".len()..];
                return Some(Step::Text(self.up_to("]]>").to_owned()));
            } else if self.rest.starts_with("<?") {
                self.up_to("?>");
            } else if self.rest.starts_with("<!") {
                self.up_to(">");
            } else if self.rest.starts_with('<') {
                return Some(self.tag());
            } else {
                let end = self.rest.find('<').unwrap_or(self.rest.len());
                let text = resolved(&self.rest[..end]);
                self.rest = &self.rest[end..];
                return Some(Step::Text(text));
            }
        }
    }
}

/// The value of one attribute, references resolved.
pub(super) fn attribute(attributes: &str, wanted: &str) -> Option<String> {
    let mut rest = attributes;
    loop {
        let (name, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let mark = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, tail) = after[1..].split_once(mark)?;
        if name.trim() == wanted {
            return Some(resolved(value));
        }
        rest = tail;
    }
}

/// Text with the five named references and numeric ones replaced; unknown ones stay.
fn resolved(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.bytes().take(12).position(|b| b == b';');
        match end.and_then(|end| reference(&rest[1..end]).map(|c| (c, end))) {
            Some((c, end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn reference(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}
