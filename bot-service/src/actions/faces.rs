//! How the face of a card is written in its row: `main`, `measurers:0`, `confirm_cancel`.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use super::views::Face;

impl fmt::Display for Face {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Main => f.write_str("main"),
            Self::Measurers(page) => write!(f, "measurers:{page}"),
            Self::ConfirmCancel => f.write_str("confirm_cancel"),
        }
    }
}

impl FromStr for Face {
    type Err = Infallible;

    /// Anything unknown is the main face: a card of an earlier version is drawn all the same.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "confirm_cancel" => Self::ConfirmCancel,
            _ => text
                .strip_prefix("measurers:")
                .and_then(|page| page.parse().ok())
                .map_or(Self::Main, Self::Measurers),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_face_is_read_as_it_was_written() {
        for face in [Face::Main, Face::Measurers(0), Face::Measurers(12), Face::ConfirmCancel] {
            assert_eq!(face.to_string().parse(), Ok(face));
        }
        assert_eq!("stub".parse(), Ok(Face::Main));
        assert_eq!("measurers:x".parse(), Ok(Face::Main));
    }
}
