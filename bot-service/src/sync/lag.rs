//! AmoCRM's answers may lag behind its own hooks: an answer older than the newest hook is asked for again.

use chrono::{DateTime, TimeDelta, Utc};

use super::trouble::BEHIND;
use crate::domain::intake::Deal;
use crate::storage::lead_nudges::Claim;

/// Where the answer still lags after so long, hook and answer are taken together.
const PATIENCE: TimeDelta = TimeDelta::minutes(2);
const SHORTEST: TimeDelta = TimeDelta::seconds(2);
const LONGEST: TimeDelta = TimeDelta::seconds(30);

/// Whether AmoCRM shows the deal as it was before a change that its hook told of.
pub fn is_behind(claim: &Claim, shown: &Deal) -> bool {
    matches!((shown.updated_at, claim.changed_at), (Some(shown), Some(told)) if shown < told)
}

/// When to ask again; `None` if it was asked for long enough.
pub fn ask_again_at(claim: &Claim, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let behind_for = claim.failing_for(BEHIND, now);
    (behind_for < PATIENCE).then(|| now + behind_for.clamp(SHORTEST, LONGEST))
}

/// The older answer with the newer hook over it.
pub fn laid_over(shown: Deal, hook: Deal) -> Deal {
    Deal {
        stage: hook.stage.or(shown.stage),
        updated_at: hook.updated_at.max(shown.updated_at),
        responsible: hook.responsible.or(shown.responsible),
        facts: shown.facts.overlaid_by(hook.facts),
        ..shown
    }
}
