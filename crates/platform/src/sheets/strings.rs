//! How long the shared texts of a binary workbook are.

/// Longest a text can be: 65,535 characters of up to three bytes.
const LONGEST: usize = 65_535 * 3;

/// Upper bound in bytes for each shared text, in order.
///
/// The table may run over several records; a text may be cut by a record's end, after which one
/// byte repeats whether its characters take one byte or two. Where the table makes no sense, the
/// rest is taken to be as long as a text can be.
pub(super) fn lengths(data: &[u8], more: &[&[u8]]) -> Vec<usize> {
    let mut cursor = Cursor {
        parts: std::iter::once(data).chain(more.iter().copied()).collect(),
        part: 0,
        at: 8,
    };
    let promised = data
        .get(4..8)
        .and_then(|four| four.try_into().ok())
        .map_or(0, u32::from_le_bytes);
    let all: usize = cursor.parts.iter().map(|part| part.len()).sum();
    // Each text takes at least three bytes.
    let promised = usize::try_from(promised)
        .unwrap_or(usize::MAX)
        .min(all / 3 + 1);
    let mut found = Vec::with_capacity(promised);
    while found.len() < promised {
        match cursor.text() {
            Some(length) => found.push(length),
            None => found.resize(promised, LONGEST),
        }
    }
    found
}

struct Cursor<'a> {
    parts: Vec<&'a [u8]>,
    part: usize,
    at: usize,
}

impl Cursor<'_> {
    fn byte(&mut self) -> Option<u8> {
        while self.at >= self.parts.get(self.part)?.len() {
            self.part += 1;
            self.at = 0;
        }
        let byte = self.parts[self.part][self.at];
        self.at += 1;
        Some(byte)
    }

    fn number(&mut self, bytes: usize) -> Option<usize> {
        let mut n = 0;
        for place in 0..bytes {
            n |= usize::from(self.byte()?) << (8 * place);
        }
        Some(n)
    }

    fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > 0 {
            let left = self.parts.get(self.part)?.len().saturating_sub(self.at);
            let step = left.min(bytes);
            self.at += step;
            bytes -= step;
            if bytes > 0 {
                self.part += 1;
                self.at = 0;
            }
        }
        Some(())
    }

    /// Steps over one text and says how many bytes it can take at most.
    fn text(&mut self) -> Option<usize> {
        let characters = self.number(2)?;
        let flags = self.byte()?;
        let runs = if flags & 8 == 8 { self.number(2)? } else { 0 };
        let extra = if flags & 4 == 4 { self.number(4)? } else { 0 };
        let mut wide = flags & 1 == 1;
        let mut left = characters;
        while left > 0 {
            let room = self.parts.get(self.part)?.len().saturating_sub(self.at);
            if room == 0 {
                self.part += 1;
                self.at = 0;
                wide = self.byte()? & 1 == 1;
                continue;
            }
            let size = if wide { 2 } else { 1 };
            let step = left.min(room / size);
            if step == 0 {
                return None;
            }
            self.at += step * size;
            left -= step;
        }
        self.skip(runs * 4)?;
        self.skip(extra)?;
        Some(characters * 3)
    }
}
