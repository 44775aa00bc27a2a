//! The server's HTML: a dozen tags, four named character references, and exact refusals.

mod cursor;
mod tag;

use cursor::{Cursor, is_space};
use tag::Tag;

use super::entity::{Entity, EntityKind};

/// Turns HTML into plain text and entities. The error is the reason in the server's words.
pub(super) fn parse(html: &str) -> Result<(String, Vec<Entity>), String> {
    let mut parser =
        Parser { cursor: Cursor::new(html), text: String::new(), units: 0, open: vec![], done: vec![] };
    parser.run()?;
    match parser.open.pop() {
        Some(open) => Err(format!("Can't find end tag corresponding to start tag \"{}\"", open.tag.name)),
        None => Ok((parser.text, parser.done)),
    }
}

struct Parser<'a> {
    cursor: Cursor<'a>,
    text: String,
    /// Length of `text` in UTF-16 code units.
    units: usize,
    open: Vec<Open>,
    done: Vec<Entity>,
}

struct Open {
    tag: Tag,
    offset: usize,
    begin: usize,
}

impl Parser<'_> {
    fn run(&mut self) -> Result<(), String> {
        loop {
            let begin = self.cursor.at;
            if let Some(c) = self.cursor.character_reference() {
                self.push(c);
                continue;
            }
            match self.cursor.next() {
                None => return Ok(()),
                Some('<') if self.cursor.eat('/') => self.end_tag(begin)?,
                Some('<') => {
                    let tag = Tag::read(&mut self.cursor, begin)?;
                    self.open.push(Open { tag, offset: self.units, begin: self.text.len() });
                }
                Some(c) => self.push(c),
            }
        }
    }

    fn push(&mut self, c: char) {
        self.text.push(c);
        self.units += c.len_utf16();
    }

    fn end_tag(&mut self, begin: usize) -> Result<(), String> {
        let Some(open) = self.open.pop() else {
            return Err(format!("Unexpected end tag at byte offset {begin}"));
        };
        let found = self.cursor.take_while(|c| !is_space(c) && c != '>').to_ascii_lowercase();
        self.cursor.skip_spaces();
        if !self.cursor.eat('>') {
            return Err(format!("Unclosed end tag at byte offset {begin}"));
        }
        let expected = &open.tag.name;
        if !found.is_empty() && found != *expected {
            return Err(format!(
                "Unmatched end tag at byte offset {begin}, expected \"</{expected}>\", found \"</{found}>\""
            ));
        }
        self.close(open);
        Ok(())
    }

    fn close(&mut self, open: Open) {
        let (offset, length) = (open.offset, self.units - open.offset);
        if length == 0 {
            return;
        }
        let language = if open.tag.name == "code" { open.tag.argument.clone() } else { None };
        let Some(mut kind) = open.tag.format(&self.text[open.begin..]) else { return };
        // `<pre><code class="language-x">` is one entity; the inner tag closes first.
        if let EntityKind::Pre { .. } = kind
            && let Some(inner) = self
                .done
                .pop_if(|inner| inner.offset == offset && is_code_block(&inner.kind, inner.length, length))
        {
            kind = inner.kind;
        } else if let (EntityKind::Code, Some(_)) = (&kind, &language)
            && self.open.last().is_some_and(|outer| outer.tag.name == "pre" && outer.offset == offset)
        {
            kind = EntityKind::Pre { language };
        }
        self.done.push(Entity { kind, offset, length });
    }
}

fn is_code_block(kind: &EntityKind, length: usize, wanted: usize) -> bool {
    length == wanted && matches!(kind, EntityKind::Pre { language: Some(_) })
}

#[cfg(test)]
mod tests;
