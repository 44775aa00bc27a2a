//! Pages of what was found: which search, and where in it. The words do not fit into a button.

use std::fmt;

use super::{number, read_cursor, write_cursor};
use crate::actions::views::Cursor;
use crate::domain::ids::SearchId;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FindPress {
    pub search: SearchId,
    pub cursor: Cursor,
}

pub fn write(f: &mut fmt::Formatter<'_>, press: FindPress) -> fmt::Result {
    write!(f, "{}:", press.search)?;
    write_cursor(f, press.cursor)
}

pub fn read<'a>(parts: &mut impl Iterator<Item = &'a str>) -> Option<FindPress> {
    Some(FindPress { search: SearchId(number(parts.next()?)?), cursor: read_cursor(parts.next()?)? })
}
