//! A position in the bytes of a text, and what can be read there.

/// Byte offsets are what the server names in its refusals.
pub(super) struct Cursor<'a> {
    text: &'a str,
    pub at: usize,
}

impl<'a> Cursor<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    pub fn peek(&self) -> Option<char> {
        self.text.get(self.at..).and_then(|rest| rest.chars().next())
    }

    pub fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    /// Moves over `expected` if it comes next.
    pub fn eat(&mut self, expected: char) -> bool {
        let found = self.peek() == Some(expected);
        if found {
            self.at += expected.len_utf8();
        }
        found
    }

    pub fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    pub fn skip_spaces(&mut self) {
        self.take_while(is_space);
    }

    /// Reads `&lt; &gt; &amp; &quot; &#38; &#x26;`; anything else stays as it is and is no error.
    /// The closing semicolon may be missing.
    pub fn character_reference(&mut self) -> Option<char> {
        let start = self.at;
        let found = self.read_reference();
        if found.is_none() {
            self.at = start;
        }
        found
    }

    fn read_reference(&mut self) -> Option<char> {
        let start = self.at;
        if !self.eat('&') {
            return None;
        }
        let found = if self.eat('#') {
            let code = if self.eat('x') {
                u32::from_str_radix(self.take_while(|c| c.is_ascii_hexdigit()), 16)
            } else {
                self.take_while(|c| c.is_ascii_digit()).parse()
            };
            let short_enough = self.at - start < 10;
            code.ok().filter(|code| *code != 0 && short_enough).and_then(char::from_u32)?
        } else {
            match self.take_while(|c| c.is_ascii_alphabetic()) {
                "lt" => '<',
                "gt" => '>',
                "amp" => '&',
                "quot" => '"',
                _ => return None,
            }
        };
        self.eat(';');
        Some(found)
    }
}

pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '\0' | '\u{b}')
}
