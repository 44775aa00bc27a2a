//! What gets stuck and why, in the few kinds that a person can tell apart.

use serde::{Deserialize, Serialize};

mod outage;

pub use outage::{LINGERS_FOR, OUTAGE, Outage, OutageNews, TOLD_AFTER};

/// Each kind with the name under which it is stored.
macro_rules! kinds {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$about])* $variant,)+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

kinds! {
    /// Why a deal could not be read and taken in.
    WhyStuck {
        /// AmoCRM answers, and not with this deal.
        NotShown = "not_shown",
        /// AmoCRM's answer is older than what is known already.
        Behind = "behind",
        NoContact = "no_contact",
        NotDeleted = "not_deleted",
        /// AmoCRM answers, and what it says of this deal makes no sense.
        Unreadable = "unreadable",
        AmoCrmAway = "amo_crm_away",
        AmoCrmBlocked = "amo_crm_blocked",
        TokenRefused = "token_refused",
        NoRight = "no_right",
        /// The deal was read, and we could not take it in.
        Ours = "ours",
    }
}

impl WhyStuck {
    /// The others are answers of AmoCRM that need some time, and end by themselves.
    pub fn needs_somebody(self) -> bool {
        match self {
            Self::NotShown | Self::Behind | Self::NoContact | Self::NotDeleted => false,
            Self::Unreadable
            | Self::AmoCrmAway
            | Self::AmoCrmBlocked
            | Self::TokenRefused
            | Self::NoRight
            | Self::Ours => true,
        }
    }
}

kinds! {
    /// What the events said of a deal.
    EventKind {
        /// It came into a stage.
        Entry = "entry",
        Deletion = "deletion",
        Change = "change",
        /// Nothing but that it is to be read again.
        Look = "look",
    }
}

kinds! {
    /// What a parked message was to be.
    ParkedKind {
        /// One event of a deal, on its way from ingest-service.
        Event = "event",
        /// The body of a webhook.
        Webhook = "webhook",
    }
}

kinds! {
    /// Why a message was parked.
    WhyParked {
        NotAnEvent = "not_an_event",
        /// Written by a newer ingest-service.
        Newer = "newer",
        NotStored = "not_stored",
        /// It came back too often: whoever took it died of it, or of something else at that moment.
        Returned = "returned",
        ContentType = "content_type",
        Json = "json",
        NotAHook = "not_a_hook",
        TooLarge = "too_large",
        Layout = "layout",
        NoId = "no_id",
        Number = "number",
        Unknown = "unknown",
    }
}

impl WhyParked {
    /// Of ingest-service's names of what is wrong with a body, separated by commas, what tells a person most.
    pub fn of_flaws(flaws: &str) -> Self {
        let why = |flaw: &str| match flaw {
            "content_type" => Self::ContentType,
            "json" => Self::Json,
            "not_a_hook" => Self::NotAHook,
            "too_deep" | "too_many_pairs" => Self::TooLarge,
            "key" | "conflict" | "shape" => Self::Layout,
            "no_id" => Self::NoId,
            "number" => Self::Number,
            _ => Self::Unknown,
        };
        flaws.split(',').map(|flaw| why(flaw.trim())).min().unwrap_or(Self::Unknown)
    }
}

/// What came of sending a webhook's body again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotSent {
    /// It was taken, and found as unreadable as before.
    CameBack,
    NoAnswer,
    Refused(u16),
    /// Nobody knows any more.
    Unknown,
}

impl NotSent {
    /// As it is stored.
    pub fn to_text(self) -> String {
        match self {
            Self::CameBack => "came_back".into(),
            Self::NoAnswer => "no_answer".into(),
            Self::Refused(status) => status.to_string(),
            Self::Unknown => "unknown".into(),
        }
    }

    pub fn of_text(text: &str) -> Self {
        match text {
            "came_back" => Self::CameBack,
            "no_answer" => Self::NoAnswer,
            status => status.parse().map_or(Self::Unknown, Self::Refused),
        }
    }
}

kinds! {
    /// What a person decided about something that was stuck.
    Decided {
        Repeated = "repeated",
        Skipped = "skipped",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_body_is_told_by_what_says_most() {
        assert_eq!(WhyParked::of_flaws("no_id"), WhyParked::NoId);
        assert_eq!(WhyParked::of_flaws("shape,no_id, number"), WhyParked::Layout);
        assert_eq!(WhyParked::of_flaws("tomorrow's,number"), WhyParked::Number);
        assert_eq!(WhyParked::of_flaws(""), WhyParked::Unknown);
    }

    #[test]
    fn names_are_read_back_and_others_are_none() {
        for why in WhyStuck::ALL {
            assert_eq!(WhyStuck::parse(why.as_str()), Some(*why));
        }
        for why in WhyParked::ALL {
            assert_eq!(WhyParked::parse(why.as_str()), Some(*why));
        }
        assert_eq!(ParkedKind::parse("letter"), None);
        for outcome in [NotSent::CameBack, NotSent::NoAnswer, NotSent::Refused(503), NotSent::Unknown] {
            assert_eq!(NotSent::of_text(&outcome.to_text()), outcome);
        }
    }
}
