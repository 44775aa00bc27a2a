//! How the face of a card is written in its row: `main`, `measurers:0`, `cancel` and so on.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use super::views::Face;

impl fmt::Display for Face {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Main => f.write_str("main"),
            Self::Measurers(page) => write!(f, "measurers:{page}"),
            Self::Cancel => f.write_str("cancel"),
            Self::Restore => f.write_str("restore"),
            Self::Decline => f.write_str("decline"),
            Self::Problem => f.write_str("problem"),
            Self::FollowUp => f.write_str("follow_up"),
            Self::Reassigned => f.write_str("reassigned"),
        }
    }
}

impl FromStr for Face {
    type Err = Infallible;

    /// Anything unknown is the main face: a card of an earlier version is drawn all the same.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "cancel" => Self::Cancel,
            "restore" => Self::Restore,
            "decline" => Self::Decline,
            "problem" => Self::Problem,
            "follow_up" => Self::FollowUp,
            "reassigned" => Self::Reassigned,
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
        let questions = [Face::Cancel, Face::Restore, Face::Decline, Face::Problem, Face::FollowUp];
        let others = [Face::Main, Face::Measurers(0), Face::Measurers(12), Face::Reassigned];
        for face in questions.into_iter().chain(others) {
            assert_eq!(face.to_string().parse(), Ok(face));
        }
        assert_eq!("stub".parse(), Ok(Face::Main));
        assert_eq!("measurers:x".parse(), Ok(Face::Main));
    }
}
