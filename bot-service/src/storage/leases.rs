//! `leases`: which replica leads. Times are the database's own: the clocks of replicas may differ.

use std::time::Duration;

use sqlx::PgConnection;
use sqlx::postgres::types::PgInterval;
use uuid::Uuid;

use super::StorageError;

/// A lease as it was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    pub epoch: i64,
    /// How long ago it was given back. None where it ran out, which is seconds after its holder last worked, or where
    /// nobody had it yet.
    pub given_back: Option<Duration>,
}

/// Takes the leader's lease for so long, if it is free or has run out.
///
/// Waits for transactions that are fenced by the old epoch; later ones fail. To be called outside of a
/// transaction.
pub async fn take(
    conn: &mut PgConnection,
    holder: Uuid,
    lasts: Duration,
) -> Result<Option<Taken>, StorageError> {
    use sqlx::Connection;

    let mut transaction = conn.begin().await?;
    // The strongest lock, which an update of these columns would not take: it conflicts with the fence.
    let free = sqlx::query!(
        "select case when holder is null and isfinite(expires_at)
                     then (extract(epoch from clock_timestamp() - expires_at) * 1000)::bigint end as milliseconds
         from leases
         where name = 'leader' and expires_at <= clock_timestamp() for update"
    )
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(free) = free else {
        transaction.rollback().await?;
        return Ok(None);
    };
    let given_back = free.milliseconds.and_then(|since| u64::try_from(since).ok()).map(Duration::from_millis);
    let epoch = sqlx::query_scalar!(
        "update leases set holder = $1::text::uuid, epoch = epoch + 1, expires_at = clock_timestamp() + $2::interval
         where name = 'leader' returning epoch",
        holder.to_string(),
        interval(lasts),
    )
    .fetch_one(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(Some(Taken { epoch, given_back }))
}

/// Prolongs the lease; `false` if another replica has taken it.
pub async fn renew(conn: &mut PgConnection, epoch: i64, lasts: Duration) -> Result<bool, StorageError> {
    let done = sqlx::query!(
        "update leases set expires_at = clock_timestamp() + $2::interval where name = 'leader' and epoch = $1",
        epoch,
        interval(lasts),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives the lease back, so that another replica need not wait until it runs out.
pub async fn release(conn: &mut PgConnection, epoch: i64) -> Result<(), StorageError> {
    sqlx::query!(
        "update leases set holder = null, expires_at = clock_timestamp() where name = 'leader' and epoch = $1",
        epoch,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether the epoch is still the newest; if so, nobody else can take the lease before the transaction ends.
pub async fn hold(conn: &mut PgConnection, epoch: i64) -> Result<bool, StorageError> {
    let held = sqlx::query_scalar!(
        r#"select true as "held!" from leases where name = 'leader' and epoch = $1 for key share"#,
        epoch,
    )
    .fetch_optional(conn)
    .await?;
    Ok(held.is_some())
}

/// Makes replicas that prepare the database at their start do so one after the other: the next one waits
/// until the transaction ends.
pub async fn start_alone(conn: &mut PgConnection) -> Result<(), StorageError> {
    sqlx::query!("select pg_advisory_xact_lock(1, 1)").fetch_one(conn).await?;
    Ok(())
}

fn interval(duration: Duration) -> PgInterval {
    let microseconds = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
    PgInterval { months: 0, days: 0, microseconds }
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;
    use tokio::time::timeout;

    use super::*;

    const LONG: Duration = Duration::from_mins(1);
    const OVER: Duration = Duration::ZERO;
    const SOON: Duration = Duration::from_secs(10);

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn one_of_two_has_it_until_it_runs_out_or_is_given_back(db: PgPool) {
        let conn = &mut *db.acquire().await.unwrap();
        let (anna, boris) = (Uuid::new_v4(), Uuid::new_v4());
        let Taken { epoch: first, given_back } = take(conn, anna, LONG).await.unwrap().unwrap();
        assert_eq!(given_back, None, "nobody had it");
        assert_eq!(take(conn, boris, LONG).await.unwrap(), None);
        assert!(renew(conn, first, OVER).await.unwrap());

        let Taken { epoch: second, given_back } = take(conn, boris, LONG).await.unwrap().unwrap();
        assert_eq!((second, given_back), (first + 1, None), "it ran out");
        assert!(!renew(conn, first, LONG).await.unwrap(), "the old leader learns of it");
        release(conn, first).await.unwrap();
        assert_eq!(take(conn, anna, LONG).await.unwrap(), None, "and cannot give away what it has not");

        release(conn, second).await.unwrap();
        let third = take(conn, anna, LONG).await.unwrap().unwrap();
        assert_eq!(third.epoch, second + 1);
        assert!(third.given_back.is_some_and(|since| since < SOON), "{third:?}");
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn an_old_epoch_holds_nothing(db: PgPool) {
        let conn = &mut *db.acquire().await.unwrap();
        let first = take(conn, Uuid::new_v4(), OVER).await.unwrap().unwrap().epoch;
        assert!(hold(conn, first).await.unwrap(), "run out, but nobody took it");
        let second = take(conn, Uuid::new_v4(), LONG).await.unwrap().unwrap().epoch;
        assert!(!hold(conn, first).await.unwrap());
        assert!(hold(conn, second).await.unwrap());
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn taking_it_waits_for_fenced_transactions_and_prolonging_does_not(db: PgPool) {
        let conn = &mut *db.acquire().await.unwrap();
        let epoch = take(conn, Uuid::new_v4(), OVER).await.unwrap().unwrap().epoch;
        let mut fenced = db.begin().await.unwrap();
        assert!(hold(&mut fenced, epoch).await.unwrap());
        assert!(renew(conn, epoch, OVER).await.unwrap());

        let taking = async {
            let conn = &mut *db.acquire().await.unwrap();
            take(conn, Uuid::new_v4(), LONG).await.unwrap()
        };
        let mut taking = std::pin::pin!(taking);
        assert!(timeout(Duration::from_millis(200), &mut taking).await.is_err(), "it waits");
        fenced.commit().await.unwrap();
        assert_eq!(timeout(SOON, taking).await.unwrap().map(|taken| taken.epoch), Some(epoch + 1));
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_fence_that_meets_a_change_of_leaders_fails_after_it(db: PgPool) {
        let conn = &mut *db.acquire().await.unwrap();
        let epoch = take(conn, Uuid::new_v4(), OVER).await.unwrap().unwrap().epoch;
        let mut taking = db.begin().await.unwrap();
        sqlx::query("select 1 from leases where name = 'leader' for update")
            .execute(&mut *taking)
            .await
            .unwrap();
        sqlx::query("update leases set epoch = epoch + 1").execute(&mut *taking).await.unwrap();

        let mut holding = std::pin::pin!(hold(conn, epoch));
        assert!(timeout(Duration::from_millis(200), &mut holding).await.is_err(), "it waits for the outcome");
        taking.commit().await.unwrap();
        assert!(!timeout(SOON, holding).await.unwrap().unwrap());
    }
}
