//! Only private chats are served: a group is left. Its update waits until that is done, however long Telegram cannot
//! be asked.

use std::time::Duration;

use super::failure;
use crate::app::App;
use crate::domain::ids::ChatId;
use crate::storage::heard;
use crate::storage::telegram_updates::{self, Due};
use crate::telegram::sender::{Trouble, direct};

/// After the first tries there is no hurry: nobody waits for this.
const SELDOM: Duration = Duration::from_mins(1);

/// Leaves the group that an update came from. Returns how long to wait before the next try; `None` if the bot is out
/// and the update is handled. Another replica may do the same at the same time, which does no harm.
///
/// # Errors
///
/// If the database fails: the update will be taken up again.
pub async fn leave(app: &App, update: &Due, chat: ChatId) -> anyhow::Result<Option<Duration>> {
    let left = direct::leave(&app.bot, chat).await;
    let again = left.err().and_then(|failure| Some((again_after(failure.trouble, update)?, failure)));
    let noting = async {
        let (now, mut conn) = (app.now(), app.db.acquire().await?);
        if let Some((pause, failure)) = &again {
            tracing::warn!(trouble = failure.trouble.as_str(), ?pause, "Could not leave a group");
            telegram_updates::set_failed(&mut conn, update.place, &failure.to_string(), now + *pause).await
        } else {
            telegram_updates::set_handled(&mut conn, update.place, now).await.map(drop)
        }
    };
    heard(noting).await?;
    Ok(again.map(|(pause, _)| pause))
}

/// `None` where there is nothing to leave any more.
fn again_after(trouble: Trouble, update: &Due) -> Option<Duration> {
    let usual = failure::pause(update).unwrap_or(SELDOM);
    match trouble {
        Trouble::Wait(time) => Some(time.max(usual)),
        Trouble::Retry | Trouble::Uncertain | Trouble::Storage | Trouble::Fatal => Some(usual),
        Trouble::Moot | Trouble::Gone | Trouble::Unreachable(_) | Trouble::Malformed(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use simulator::telegram::{Fault, FaultRule, Group, GroupKind, Membership, Options, Person, Simulator};
    use sqlx::{PgConnection, PgPool};

    use super::super::tests::take_in;
    use super::super::{Handler, Turn, turn};
    use super::*;
    use crate::telegram::incoming::{Answer, Incoming};
    use crate::test_app;

    const GROUP: i64 = -100_500;

    /// Groups are not his business.
    struct Nobody;

    impl Handler for Nobody {
        async fn handle(&self, _: &App, _: &mut PgConnection, _: &Incoming) -> anyhow::Result<Answer> {
            anyhow::bail!("a group is served")
        }
    }

    /// The bot has been taken into a group, and has heard of it.
    async fn added(db: PgPool) -> (App, Simulator) {
        let telegram = Simulator::start(Options::unlimited()).await.unwrap();
        telegram.add_person(Person::new(1, "Анна"));
        let group = Group { id: GROUP, title: "Цех".into(), kind: GroupKind::Supergroup };
        telegram.add_bot_to_group(group, 1).unwrap();
        let app = test_app::with_telegram(db, &telegram);
        take_in(&app, &telegram).await;
        (app, telegram)
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_group_is_left_although_telegram_cannot_be_asked_at_first(db: PgPool) {
        let (app, telegram) = added(db).await;
        telegram.fault(FaultRule::on("leaveChat", Fault::too_many_requests(7)));
        telegram.fault(FaultRule::on("leaveChat", Fault::BadGateway).times(9));
        telegram.fault(FaultRule::on("leaveChat", Fault::LoseAnswer));
        let mut pauses = Vec::new();
        while let Turn::Again(pause) = turn::take(&app, &Nobody, ChatId(GROUP)).await {
            pauses.push(pause.as_secs());
            app.clock.advance(TimeDelta::from_std(pause).unwrap());
            assert!(pauses.len() < 20, "it has no end: {pauses:?}");
        }
        assert_eq!(pauses, [7, 1, 3, 10, 60, 60, 60, 60, 60, 60, 60]);
        assert_eq!(telegram.bot_in_group(GROUP), Some(Membership::Left));
        let conn = &mut app.db.acquire().await.unwrap();
        assert_eq!(telegram_updates::count_unhandled(conn).await.unwrap(), 0);
        let said: i64 =
            sqlx::query_scalar("select count(*) from outbox").fetch_one(&mut **conn).await.unwrap();
        assert_eq!(said, 0, "nothing is said in a group");
    }
}
