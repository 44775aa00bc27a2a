//! One deal, one transaction: taken in and its nudge settled together, or neither.

use chrono::{DateTime, Utc};
use shared::ids::{ContactId, LeadId};
use tokio_util::sync::CancellationToken;
use tracing::info;

use super::LOOP;
use super::round::{PATIENCE, back_off};
use super::trouble::{self, CONTACT_NOT_READ, STALE};
use crate::actions::intake::{self, Linked, Sight, Taken};
use crate::actions::{ActionError, proposals};
use crate::amocrm::facts::Reader;
use crate::app::App;
use crate::domain::failures::WhyStuck;
use crate::domain::intake::{Decision, Rules, Source};
use crate::leader::{Fence, LostLeadership};
use crate::storage::lead_nudges::{self, Claim, Failure};
use crate::storage::{Cause, StorageError, cause_of, gave_way, heard, leads};

/// A transaction that gave way to another one is done again at once.
const TRIES: usize = 3;

/// What a round works with.
pub struct Desk<'a> {
    pub app: &'a App,
    pub fence: &'a Fence,
    pub over: &'a CancellationToken,
    pub rules: Rules,
    pub reader: Reader<'a>,
    /// Companies are read: they may be dealers.
    pub reads_companies: bool,
    pub now: DateTime<Utc>,
}

/// What becomes of the nudge once its deal is taken in.
#[derive(Debug, Clone, Copy)]
pub enum After {
    Settle,
    /// Taken from the hook: AmoCRM is to be asked at this moment.
    AskAmoCrm {
        at: DateTime<Utc>,
    },
    /// Something is missing still.
    Retry {
        at: DateTime<Utc>,
        error: &'static str,
    },
}

impl Desk<'_> {
    /// The same at a later moment.
    pub fn at(&self, now: DateTime<Utc>) -> Self {
        Self { rules: self.rules.clone(), now, ..*self }
    }

    /// Takes in what AmoCRM shows or hooks say. A deal that fails for a reason of its own backs off and holds up no
    /// other.
    pub async fn take(&self, claim: &Claim, sight: Sight, after: After) -> anyhow::Result<()> {
        let mut taken = Ok(());
        for _ in 0..TRIES {
            taken = heard(self.transact(claim, sight.clone(), after)).await;
            let given_way = matches!(&taken, Err(ActionError::Failed(error)) if gave_way(error));
            if !given_way {
                break;
            }
            info!(lead = claim.lead_id.0, "Taking a deal in gave way to another transaction");
        }
        self.own_failure(claim, taken).await
    }

    /// Takes in what the deal's hooks say.
    pub async fn take_hook(&self, claim: &Claim, after: After) -> anyhow::Result<()> {
        self.take_unseen(claim, claim.is_deleted(), after).await
    }

    /// The deal is deleted, whether its hooks told of it or AmoCRM's bin.
    pub async fn take_deletion(&self, claim: &Claim) -> anyhow::Result<()> {
        self.take_unseen(claim, Some(true), After::Settle).await
    }

    async fn take_unseen(&self, claim: &Claim, is_deleted: Option<bool>, after: After) -> anyhow::Result<()> {
        let mut deal = self.reader.hook(&claim.payload);
        deal.is_deleted = is_deleted;
        if deal.is_deleted == Some(true) {
            // The fields may be of an earlier hook; the deletion is not.
            deal.updated_at = None;
        }
        let sight = Sight {
            deal,
            entries: claim.entries.clone(),
            client: Linked::NotRead,
            company: Linked::NotRead,
            is_provisional: matches!(after, After::AskAmoCrm { .. }),
        };
        self.take(claim, sight, after).await
    }

    /// Nothing to take in.
    pub async fn settle(&self, claim: &Claim) -> anyhow::Result<()> {
        heard(async {
            let mut transaction = self.app.db.begin().await?;
            lead_nudges::settle(&mut transaction, claim, self.now).await?;
            self.fence.hold(&mut transaction).await?;
            Ok(transaction.commit().await?)
        })
        .await
    }

    /// Remembers the main contacts of deals, which are about to be read.
    pub async fn remember_contacts(&self, contacts: &[(LeadId, ContactId)]) -> anyhow::Result<()> {
        if contacts.is_empty() {
            return Ok(());
        }
        heard(async {
            let mut transaction = self.app.db.begin().await?;
            leads::remember_contacts(&mut transaction, contacts, self.now).await?;
            self.fence.hold(&mut transaction).await?;
            Ok(transaction.commit().await?)
        })
        .await
    }

    pub async fn retry(&self, claim: &Claim, at: DateTime<Utc>, error: &str) -> anyhow::Result<()> {
        heard(async {
            let mut transaction = self.app.db.begin().await?;
            let failure = Failure { error, why: trouble::of_deal(error) };
            lead_nudges::retry(&mut transaction, claim, self.now, at, failure).await?;
            self.fence.hold(&mut transaction).await?;
            Ok(transaction.commit().await?)
        })
        .await
    }

    /// `why` is none where nothing new is known.
    pub async fn postpone(
        &self,
        claims: &[(&Claim, DateTime<Utc>)],
        error: &str,
        why: Option<WhyStuck>,
    ) -> anyhow::Result<()> {
        heard(async {
            let mut transaction = self.app.db.begin().await?;
            lead_nudges::postpone(&mut transaction, claims, self.now, error, why).await?;
            self.fence.hold(&mut transaction).await?;
            Ok(transaction.commit().await?)
        })
        .await
    }

    async fn transact(&self, claim: &Claim, sight: Sight, mut after: After) -> Result<(), ActionError> {
        if self.over.is_cancelled() {
            return Err(ActionError::Failed(anyhow::anyhow!("leadership is over")));
        }
        self.fence.progressed(LOOP);
        let (rules, lead, now) = (&self.rules, claim.lead_id, self.now);
        // An older answer is asked for again; an old hook does not grow younger.
        let can_be_newer = sight.deal.source == Source::AmoCrm && claim.failing_for(STALE, now) < PATIENCE;
        let is_blind = sight.deal.source == Source::AmoCrm && sight.client == Linked::NotRead;
        let mut transaction = self.app.db.begin().await.map_err(StorageError::from)?;
        let conn = &mut *transaction;
        let Taken { mut decision, mut opened } =
            intake::take_in(conn, rules, lead, sight.clone(), now).await?;
        if decision == Decision::Stale && can_be_newer {
            after = After::Retry { at: now + back_off(claim, STALE, now), error: STALE };
        } else if decision == Decision::Stale {
            Taken { decision, opened } = intake::take_in_entries(conn, rules, lead, sight, now).await?;
        } else if is_blind && matches!((decision, after), (Decision::Open { .. }, After::Settle)) {
            // Somebody closed the open one meanwhile, so nobody thought of reading the contact.
            after = After::Retry { at: now, error: CONTACT_NOT_READ };
        }
        if let Some(opened) = opened {
            proposals::renew(conn, opened, now).await?;
        }
        match after {
            After::Settle => lead_nudges::settle(conn, claim, now).await?,
            After::AskAmoCrm { at } => lead_nudges::mark_from_hook(conn, claim, now, at).await?,
            After::Retry { at, error } => {
                let failure = Failure { error, why: trouble::of_deal(error) };
                lead_nudges::retry(conn, claim, now, at, failure).await?;
            }
        }
        self.fence.hold(conn).await.map_err(anyhow::Error::from)?;
        transaction.commit().await.map_err(StorageError::from)?;
        metrics::counter!("bot_deals_total", "decision" => name(decision)).increment(1);
        Ok(())
    }

    /// A database that is away ends the round, and so does leadership that is over. What is in the way of this deal,
    /// such as a lock, must not hold up the others: it backs off alone, like one that fails for its own reasons.
    async fn own_failure(&self, claim: &Claim, result: Result<(), ActionError>) -> anyhow::Result<()> {
        let error = match result {
            Ok(()) => return Ok(()),
            Err(ActionError::Failed(error)) if !is_own(&error) => return Err(error),
            Err(error) => anyhow::Error::from(error),
        };
        let text = format!("{error:#}");
        tracing::error!(lead = claim.lead_id.0, error = text, "A deal could not be taken in");
        self.retry(claim, self.now + back_off(claim, &text, self.now), &text).await
    }
}

/// Whether it was a statement about this deal that failed, and not the database as a whole.
fn is_own(error: &anyhow::Error) -> bool {
    let is_leadership = error.downcast_ref::<LostLeadership>().is_some();
    !is_leadership && matches!(cause_of(error), Some(Cause::Own | Cause::Busy))
}

fn name(decision: Decision) -> &'static str {
    match decision {
        Decision::Stale => "stale",
        Decision::Record => "recorded",
        Decision::Open { .. } => "opened",
        Decision::End(_) => "ended",
    }
}
