//! What changes besides measurements: access, roles, invites. Append-only, with whom it concerned and who did it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::dispatch::DispatchChange;
use super::ids::{AuditId, UserId};
use super::setup::SetupChange;
use super::user::Role;

/// A change, with all that a line about it shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Change {
    InviteMade {
        role: Role,
        /// None: as many as come.
        uses: Option<i32>,
    },
    InviteRevoked {
        role: Role,
    },
    /// Came in by an invite.
    Joined {
        role: Role,
    },
    RoleGiven {
        role: Role,
    },
    RoleTaken {
        role: Role,
    },
    Linked {
        /// The employee's name in AmoCRM.
        employee: String,
    },
    Disabled {
        visits: i64,
        /// None: back in the queue.
        to: Option<UserId>,
    },
    Enabled {},
    HandedOver {
        visits: i64,
        /// None: back in the queue.
        to: Option<UserId>,
    },
    ZoneMade {
        name: String,
    },
    ZoneRenamed {
        from: String,
        name: String,
    },
    /// Another spelling of a zone.
    ZoneSpelled {
        zone: String,
        name: String,
    },
    ZoneMerged {
        from: String,
        into: String,
    },
    ZoneDeleted {
        name: String,
    },
    /// Measures in a zone from now on.
    ZoneGiven {
        zone: String,
    },
    ZoneTaken {
        zone: String,
    },
    /// Gets a dealer's customers from now on.
    DealerGiven {
        dealer: String,
    },
    DealerRenamed {
        from: String,
        name: String,
    },
    DealerMerged {
        from: String,
        into: String,
    },
    /// A dealer is gone, or has no measurer of his own any more.
    DealerTaken {
        dealer: String,
    },
    /// Days off, or back from them.
    Away {
        until: Option<DateTime<Utc>>,
    },
    SettingChanged {
        to: DispatchChange,
    },
    SetupChanged {
        to: SetupChange,
        /// Of the stage or the field.
        name: String,
    },
}

impl Change {
    /// As it stands in the column `what`; the rest is in `details`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::InviteMade { .. } => "invite_made",
            Self::InviteRevoked { .. } => "invite_revoked",
            Self::Joined { .. } => "joined",
            Self::RoleGiven { .. } => "role_given",
            Self::RoleTaken { .. } => "role_taken",
            Self::Linked { .. } => "linked",
            Self::Disabled { .. } => "disabled",
            Self::Enabled {} => "enabled",
            Self::HandedOver { .. } => "handed_over",
            Self::ZoneMade { .. } => "zone_made",
            Self::ZoneRenamed { .. } => "zone_renamed",
            Self::ZoneSpelled { .. } => "zone_spelled",
            Self::ZoneMerged { .. } => "zone_merged",
            Self::ZoneDeleted { .. } => "zone_deleted",
            Self::ZoneGiven { .. } => "zone_given",
            Self::ZoneTaken { .. } => "zone_taken",
            Self::DealerGiven { .. } => "dealer_given",
            Self::DealerRenamed { .. } => "dealer_renamed",
            Self::DealerMerged { .. } => "dealer_merged",
            Self::DealerTaken { .. } => "dealer_taken",
            Self::Away { .. } => "away",
            Self::SettingChanged { .. } => "setting_changed",
            Self::SetupChanged { .. } => "setup_changed",
        }
    }
}

/// A line as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    pub id: AuditId,
    pub at: DateTime<Utc>,
    /// None: the service itself.
    pub actor: Option<UserId>,
    pub subject: Option<UserId>,
    pub change: Change,
}
