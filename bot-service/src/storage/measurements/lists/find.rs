//! Measurements by words, by a number, by a deal: the newest first, and only those that the person sees.
//!
//! Words are looked for twice. First among the newest few thousand beside the page's place, one after the other: what
//! occurs often fills a page there at once. What does not is rare, and the index of all words finds it; how often it may
//! occur after all is limited, so that no words make the database sort a hundred thousand rows.
//!
//! A pattern stands in a `select` of its own to keep its selectivity out of the plan: PostgreSQL guesses it badly, and one
//! wrong guess is a walk through everything.

use shared::ids::LeadId;
use sqlx::PgConnection;

use super::{From, Listed, Row};
use crate::domain::find::Wanted;
use crate::domain::ids::MeasurementId;
use crate::domain::permissions::Sight;
use crate::storage::StorageError;

/// How many of the newest are looked at one after the other.
const NEAR: i64 = 3_000;
/// Found in the index beyond this, words say too little.
const MOST: i64 = 10_000;

/// Whose measurements a person sees, as `measurement_words.whose` has it.
#[derive(Debug, Clone)]
pub struct Seen(Option<Vec<String>>);

impl Seen {
    /// `None` for who sees nothing.
    pub fn of(sight: Sight) -> Option<Self> {
        let Sight::Own { measurer, responsible } = sight else { return Some(Self(None)) };
        let tags = [measurer.map(|id| format!("m{id}")), responsible.map(|id| format!("r{id}"))];
        let tags: Vec<String> = tags.into_iter().flatten().collect();
        (!tags.is_empty()).then_some(Self(Some(tags)))
    }

    fn tags(&self) -> Option<&[String]> {
        self.0.as_deref()
    }
}

/// At most `limit` rows, the nearest to `from`, without those `except`; `None` where the words are in too many to tell.
pub async fn by_words(
    conn: &mut PgConnection,
    (wanted, seen, except): (&Wanted, &Seen, &[MeasurementId]),
    from: From,
    limit: i64,
) -> Result<Option<Vec<Listed>>, StorageError> {
    let search = Search { wanted, tags: seen.tags(), except: except.iter().map(|id| id.0).collect(), limit };
    let near = match from {
        From::Start => search.newest_before(conn, i64::MAX).await?,
        From::After(id) => search.newest_before(conn, id.0).await?,
        From::Before(id) => search.oldest_after(conn, id.0).await?,
    };
    let is_enough = i64::try_from(near.len()).is_ok_and(|count| count == limit);
    let ids = if is_enough { Some(near) } else { search.all(conn, from).await? };
    match ids {
        Some(ids) => rows(conn, &ids).await.map(Some),
        None => Ok(None),
    }
}

/// The measurement of this number, and the newest few of the deal of this number.
pub async fn by_number(
    conn: &mut PgConnection,
    number: i64,
    seen: &Seen,
    limit: i64,
) -> Result<Vec<Listed>, StorageError> {
    let ids = sqlx::query_scalar!(
        r#"
        select found.id as "id!" from (
            select id from measurements where id = $1
            union
            (select id from measurements where lead_id = $1 order by id desc limit $3)
        ) as found join measurement_words w on w.measurement_id = found.id
        where $2::text[] is null or w.whose && $2
        order by found.id = $1 desc, found.id desc limit $3
        "#,
        number,
        seen.tags() as Option<&[String]>,
        limit,
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut rows = rows(conn, &ids).await?;
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id.0));
    Ok(rows)
}

/// Those of a deal: at most `limit`, the nearest to `from`.
pub async fn of_deal(
    conn: &mut PgConnection,
    (lead, seen): (LeadId, &Seen),
    from: From,
    limit: i64,
) -> Result<Vec<Listed>, StorageError> {
    let (above, below, sign) = bounds(from);
    let ids = sqlx::query_scalar!(
        r#"
        select m.id from measurements m join measurement_words w on w.measurement_id = m.id
        where m.lead_id = $1 and m.id > $2 and m.id < $3 and ($4::text[] is null or w.whose && $4)
        order by m.id * $5 limit $6
        "#,
        lead.0,
        above,
        below,
        seen.tags() as Option<&[String]>,
        sign,
        limit,
    )
    .fetch_all(&mut *conn)
    .await?;
    rows(conn, &ids).await
}

struct Search<'a> {
    wanted: &'a Wanted,
    tags: Option<&'a [String]>,
    except: Vec<i64>,
    limit: i64,
}

impl Search<'_> {
    async fn newest_before(&self, conn: &mut PgConnection, before: i64) -> Result<Vec<i64>, StorageError> {
        let ids = sqlx::query_scalar!(
            r#"
            select near.measurement_id from (
                select measurement_id, words, whose from measurement_words
                where measurement_id < $1 order by measurement_id desc limit $2
            ) as near
            where (near.words like all ($3::text[]) or near.words like $4)
              and ($5::text[] is null or near.whose && $5) and near.measurement_id <> all ($6::bigint[])
            order by near.measurement_id desc limit $7
            "#,
            before,
            NEAR,
            &self.wanted.words,
            self.wanted.phone,
            self.tags as Option<&[String]>,
            &self.except,
            self.limit,
        )
        .fetch_all(conn)
        .await?;
        Ok(ids)
    }

    async fn oldest_after(&self, conn: &mut PgConnection, after: i64) -> Result<Vec<i64>, StorageError> {
        let ids = sqlx::query_scalar!(
            r#"
            select near.measurement_id from (
                select measurement_id, words, whose from measurement_words
                where measurement_id > $1 order by measurement_id limit $2
            ) as near
            where (near.words like all ($3::text[]) or near.words like $4)
              and ($5::text[] is null or near.whose && $5) and near.measurement_id <> all ($6::bigint[])
            order by near.measurement_id limit $7
            "#,
            after,
            NEAR,
            &self.wanted.words,
            self.wanted.phone,
            self.tags as Option<&[String]>,
            &self.except,
            self.limit,
        )
        .fetch_all(conn)
        .await?;
        Ok(ids)
    }

    /// From the index of all words; `None` where it gives too many.
    async fn all(&self, conn: &mut PgConnection, from: From) -> Result<Option<Vec<i64>>, StorageError> {
        let found = match self.tags {
            None => self.everybodys(conn).await?,
            Some(tags) => self.own(conn, tags).await?,
        };
        if i64::try_from(found.len()).is_ok_and(|count| count > MOST) {
            return Ok(None);
        }
        let (above, below, sign) = bounds(from);
        let mut ids = found;
        ids.retain(|id| *id > above && *id < below && !self.except.contains(id));
        ids.sort_unstable_by_key(|id| id * sign);
        ids.truncate(usize::try_from(self.limit).unwrap_or_default());
        Ok(Some(ids))
    }

    async fn everybodys(&self, conn: &mut PgConnection) -> Result<Vec<i64>, StorageError> {
        let [first, second, third, fourth, fifth] = self.words();
        let ids = sqlx::query_scalar!(
            r#"
            (select measurement_id as "id!" from measurement_words
             where words like (select $1::text) and words like (select $2::text) and words like (select $3::text)
               and words like (select $4::text) and words like (select $5::text)
             limit $7)
            union
            (select measurement_id from measurement_words where words like (select $6::text) limit $7)
            "#,
            first,
            second,
            third,
            fourth,
            fifth,
            self.wanted.phone,
            MOST + 1,
        )
        .fetch_all(conn)
        .await?;
        Ok(ids)
    }

    async fn own(&self, conn: &mut PgConnection, tags: &[String]) -> Result<Vec<i64>, StorageError> {
        let [first, second, third, fourth, fifth] = self.words();
        let ids = sqlx::query_scalar!(
            r#"
            (select measurement_id as "id!" from measurement_words
             where words like (select $1::text) and words like (select $2::text) and words like (select $3::text)
               and words like (select $4::text) and words like (select $5::text) and whose && (select $8::text[])
             limit $7)
            union
            (select measurement_id from measurement_words
             where words like (select $6::text) and whose && (select $8::text[]) limit $7)
            "#,
            first,
            second,
            third,
            fourth,
            fifth,
            self.wanted.phone,
            MOST + 1,
            tags,
        )
        .fetch_all(conn)
        .await?;
        Ok(ids)
    }

    /// Fewer words are the last one several times, which the index answers once.
    fn words(&self) -> [Option<&str>; 5] {
        let words = &self.wanted.words;
        std::array::from_fn(|place| words.get(place).or(words.last()).map(String::as_str))
    }
}

/// Above and below which numbers, and the sign by which a number is ordered.
fn bounds(from: From) -> (i64, i64, i64) {
    match from {
        From::Start => (0, i64::MAX, -1),
        From::After(id) => (0, id.0, -1),
        From::Before(id) => (id.0, i64::MAX, 1),
    }
}

/// The newest first.
async fn rows(conn: &mut PgConnection, ids: &[i64]) -> Result<Vec<Listed>, StorageError> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        select m.id, m.lead_name, m.address, m.status,
               coalesce(m.cancelled_at, m.completed_at, m.started_at, m.assigned_at, m.waiting_since) as "since!",
               u.first_name as "first_name?", u.last_name as "last_name?"
        from measurements m left join users u on u.id = m.measurer_id
        where m.id = any ($1)
        order by m.id desc
        "#,
        ids,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Listed::try_from).collect()
}
