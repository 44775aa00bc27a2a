//! What happened to one measurement, for who sees all of them.

use sqlx::PgConnection;

use super::names::Names;
use super::views::{By, HistoryRow, HistoryView, LATEST, LINES_A_PAGE};
use super::views_of::comment_of;
use super::{ActionError, Refused, paging};
use crate::domain::history::{Author, Line};
use crate::domain::ids::{HistoryId, MeasurementId, UserId};
use crate::domain::notices::Delivery;
use crate::domain::permissions::{self, Action};
use crate::domain::user::Actor;
use crate::storage::{StorageError, history, measurements, outbox};

/// A page of a measurement's history, the latest first.
///
/// # Errors
///
/// Refused to who does not see all measurements, and for an unknown one.
pub async fn page(
    conn: &mut PgConnection,
    actor: &Actor,
    id: MeasurementId,
    before: Option<HistoryId>,
) -> Result<HistoryView, ActionError> {
    let measurement = measurements::find(conn, id).await?.ok_or(Refused::Unknown)?;
    permissions::check(actor, Action::History, &measurement)?;
    let mut lines = history::page(conn, id, before, i64::from(LINES_A_PAGE) + 1).await?;
    let has_next = paging::cut(&mut lines, LINES_A_PAGE);
    let next = lines.last().filter(|_| has_next).map(|line| line.id);
    let ids: Vec<_> = lines.iter().map(|line| line.id).collect();
    let told = outbox::list_deliveries(conn, id, &ids).await?;
    let mut names = Names::default();
    let mut rows = Vec::with_capacity(lines.len());
    for line in lines {
        rows.push(row(conn, &mut names, line, &told).await?);
    }
    let lead_name = measurement.facts.lead_name;
    Ok(HistoryView { id, lead_name, rows, is_first: before.is_none_or(|before| before == LATEST), next })
}

async fn row(
    conn: &mut PgConnection,
    names: &mut Names,
    line: Line,
    told: &[(HistoryId, UserId, Delivery)],
) -> Result<HistoryRow, StorageError> {
    let (from, to) = line.what.measurers();
    let author = match line.author {
        Author::Person(user) => match names.of(conn, Some(user)).await? {
            Some(name) => By::Person(name),
            None => By::System,
        },
        Author::AmoCrm => By::AmoCrm,
        Author::System => By::System,
    };
    let mut heard = Vec::new();
    for (_, user, delivery) in told.iter().filter(|(of, ..)| *of == line.id) {
        heard.extend(names.of(conn, Some(*user)).await?.map(|name| (name, *delivery)));
    }
    let comment = comment_of(conn, &line.what).await?;
    Ok(HistoryRow {
        id: line.id,
        at: line.at,
        author,
        from: names.of(conn, from).await?,
        to: names.of(conn, to).await?,
        what: line.what,
        told: heard,
        comment,
    })
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;
    use crate::actions::measurements::transit;
    use crate::domain::history::What;
    use crate::domain::measurement::Transition;
    use crate::domain::permissions::Refusal;
    use crate::domain::user::{Name, Role};
    use crate::testing::{at, measurement, person};

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn who_sees_everything_reads_what_happened_and_who_heard_of_it(db: PgPool) {
        let conn = &mut *db.acquire().await.unwrap();
        let anna = person(conn, "Анна", Role::Admin).await;
        let owner = person(conn, "Олеся", Role::Observer).await;
        let ivan = person(conn, "Иван", Role::Measurer).await;
        let id = measurement(conn, 1).await;
        for step in 0..10 {
            let transition = match step % 3 {
                0 => Transition::Assign(ivan.id),
                1 => Transition::Start,
                _ => Transition::Return,
            };
            let actor = if transition == Transition::Start { &ivan } else { &anna };
            transit(conn, actor, (id, step), transition, at(10 + i64::from(step))).await.unwrap();
        }
        let first = page(conn, &owner, id, None).await.unwrap();
        assert_eq!((first.rows.len(), first.is_first), (usize::from(LINES_A_PAGE), true));
        let newest = &first.rows[0];
        assert_eq!(
            (&newest.what, &newest.author),
            (
                &What::Assigned { to: ivan.id, instead_of: None },
                &By::Person(Name { first: "Анна".into(), last: None })
            )
        );
        let heard: Vec<_> = newest.told.iter().map(|(name, delivery)| (name.full(), *delivery)).collect();
        assert_eq!(heard, [("Иван".to_owned(), Delivery::Waiting), ("Олеся".to_owned(), Delivery::Waiting)]);
        let second = page(conn, &anna, id, first.next).await.unwrap();
        assert_eq!((second.rows.len(), second.next), (7, None));
        assert_eq!(second.rows[6].author, By::AmoCrm);
        for (actor, refusal) in
            [(ivan, Refusal::AdminOnly), (person(conn, "Пётр", Role::Measurer).await, Refusal::NotYours)]
        {
            let refused = page(conn, &actor, id, None).await;
            assert!(matches!(refused, Err(ActionError::Refused(Refused::Denied(why))) if why == refusal));
        }
    }
}
