//! Nobody gives a measurement to a measurer: the office is reminded, admins first and supervisors after as long again.
//! Each measurement is told of once at either time, and nobody is woken at night.

use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::actions::proposals::dispatch;
use crate::actions::views::Alert;
use crate::app::App;
use crate::domain::user::Role;
use crate::leader::Fence;
use crate::storage::{outbox, proposals, users};

const LOOP: &str = "reminders";
const EVERY: Duration = Duration::from_secs(20);
/// So many are told of in one message.
const TOGETHER: i64 = 1_000;

/// Who is reminded, after how many times the patience.
const TURNS: [(i32, Role); 2] = [(1, Role::Admin), (2, Role::Supervisor)];

/// Looks again and again until `over`.
pub async fn run(app: &App, fence: &Fence, over: &CancellationToken) {
    while !over.is_cancelled() {
        fence.progressed(LOOP);
        if let Err(error) = remind(app, fence).await {
            tracing::warn!(error = format!("{error:#}"), "Could not remind of what waits");
        }
        fence.rest(LOOP, sleep(EVERY), over).await;
    }
}

/// Tells of what has waited long enough, in the transaction that remembers that it was told.
pub async fn remind(app: &App, fence: &Fence) -> anyhow::Result<()> {
    let now = app.now();
    let mut transaction = app.db.begin().await?;
    let dispatch = dispatch(&mut transaction).await?;
    let Some(patience) = dispatch.patience() else { return Ok(()) };
    if dispatch.quiet.is_night(now, app.timezone()) {
        return Ok(());
    }
    for (turn, role) in TURNS {
        let waiting = now - patience * turn;
        let measurements = proposals::take_unreminded(&mut transaction, waiting, turn, TOGETHER).await?;
        if measurements.is_empty() {
            continue;
        }
        let minutes = (patience * turn).num_minutes();
        let alert = Alert::StillWaiting { measurements, minutes };
        for person in users::list_ids_by_role(&mut transaction, role).await? {
            outbox::enqueue_alert(&mut transaction, person, &alert, now).await?;
        }
    }
    fence.hold(&mut transaction).await?;
    Ok(transaction.commit().await?)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use sqlx::PgPool;

    use super::*;
    use crate::actions::dispatch::change;
    use crate::domain::dispatch::DispatchChange;
    use crate::domain::user::Actor;
    use crate::test_app;
    use crate::testing::{measurement, person};

    /// Who was reminded, of how many.
    async fn reminded(app: &App, people: &[Actor]) -> Vec<i64> {
        let mut counts = Vec::new();
        for person in people {
            let sql = "select coalesce(sum(jsonb_array_length(payload -> 'measurements')), 0) from outbox
                       where user_id = $1 and payload ->> 'alert' = 'still_waiting'";
            counts.push(sqlx::query_scalar(sql).bind(person.id.0).fetch_one(&app.db).await.unwrap());
        }
        counts
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn admins_are_reminded_once_and_supervisors_after_as_long_again(db: PgPool) {
        let app = test_app::app(db, &[]);
        let fence = test_app::fence(&app).await;
        let conn = &mut *app.db.acquire().await.unwrap();
        let people = [person(conn, "Анна", Role::Admin).await, person(conn, "Борис", Role::Supervisor).await];
        measurement(conn, 1).await;
        measurement(conn, 2).await;
        let mut seen = Vec::new();
        for minutes in [14, 2, 1, 14, 60] {
            app.clock.advance(TimeDelta::minutes(minutes));
            remind(&app, &fence).await.unwrap();
            seen.push(reminded(&app, &people).await);
        }
        assert_eq!(seen, [[0, 0], [2, 0], [2, 0], [2, 2], [2, 2]]);
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn nobody_is_reminded_at_night_or_where_it_is_switched_off(db: PgPool) {
        let app = test_app::app(db, &[]);
        let fence = test_app::fence(&app).await;
        let conn = &mut *app.db.acquire().await.unwrap();
        let people = [person(conn, "Анна", Role::Admin).await];
        measurement(conn, 1).await;
        let set = async |minutes| {
            let to = DispatchChange::RemindAfter { minutes };
            change(&mut app.db.acquire().await.unwrap(), &people[0], to, app.now()).await.unwrap();
        };
        set(None).await;
        app.clock.advance(TimeDelta::hours(10));
        remind(&app, &fence).await.unwrap();
        assert_eq!(reminded(&app, &people).await, [0], "switched off");
        set(Some(15)).await;
        app.clock.advance(TimeDelta::hours(1));
        remind(&app, &fence).await.unwrap();
        assert_eq!(reminded(&app, &people).await, [0], "ten in the evening");
        app.clock.advance(TimeDelta::hours(11));
        remind(&app, &fence).await.unwrap();
        assert_eq!(reminded(&app, &people).await, [1], "in the morning");
    }
}
