//! Whether a notice is still true, and still for this person, when its turn comes. Pure.

use crate::domain::history::What;
use crate::domain::ids::UserId;
use crate::domain::measurement::{Measurement, StatusKind};
use crate::domain::notices::NoticeKind;
use crate::domain::permissions::{self, Look};
use crate::domain::user::User;

/// What has become of the measurement since may have made the notice wrong; the state that came after has a
/// notice of its own, or is shown by the card.
pub fn still_holds(kind: NoticeKind, what: &What, person: &User, measurement: &Measurement) -> bool {
    let look = permissions::look(&person.actor(), measurement);
    let status = measurement.status().kind();
    let is_his = measurement.measurer() == Some(person.id);
    match kind {
        NoticeKind::NewMeasurement | NoticeKind::BackInQueue => {
            look == Some(Look::Admin) && status == StatusKind::Pending
        }
        NoticeKind::AssignedToYou => look.is_some() && is_his && status == StatusKind::Assigned,
        NoticeKind::TakenOffYou => !is_his && !person.is_disabled,
        NoticeKind::MeasurerFound | NoticeKind::MeasurerChanged => {
            look.is_some() && named_measurer(what) == measurement.measurer()
        }
        NoticeKind::StatusChanged | NoticeKind::NowYours => look.is_some(),
        NoticeKind::CancelledInAmoCrm => look == Some(Look::Admin) && status == StatusKind::Cancelled,
        NoticeKind::FactsChanged => look.is_some() && measurement.is_open(),
    }
}

fn named_measurer(what: &What) -> Option<UserId> {
    match what {
        What::Assigned { to } | What::Reassigned { to, .. } => Some(*to),
        _ => None,
    }
}
