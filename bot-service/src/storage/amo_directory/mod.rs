//! `amo_users`, `amo_stages`, `amo_fields`: AmoCRM's small lists, mirrored so that no press asks AmoCRM.
//!
//! Each is replaced as a whole by a list that was read to its end; any other list only adds and changes.

use chrono::{DateTime, Utc};
use shared::ids::{AmoUserId, PipelineId, Stage, StatusId};
use sqlx::PgConnection;

use super::StorageError;

mod lists;

pub use lists::{list_fields, list_stages};

/// The channel on which somebody asks for fresh lists.
pub const CHANNEL: &str = "directory";

/// An employee of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmoUser {
    pub id: AmoUserId,
    pub name: String,
    pub email: Option<String>,
    /// In E.164, where it is a number.
    pub phone: Option<String>,
    pub is_active: bool,
}

/// A stage with the names it goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmoStage {
    pub stage: Stage,
    pub pipeline_name: String,
    pub name: String,
    /// «Неразобранное».
    pub is_unsorted: bool,
    pub sort: i32,
}

/// A custom field of deals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmoField {
    pub id: i64,
    pub name: String,
    pub code: Option<String>,
    /// AmoCRM's word for the type, as `smart_address`.
    pub kind: String,
}

/// Employees who are gone stay as inactive ones: people are linked to them, and history names them.
pub async fn replace_users(
    conn: &mut PgConnection,
    users: &[AmoUser],
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    add_users(conn, users, now).await?;
    let ids: Vec<i64> = users.iter().map(|user| user.id.0).collect();
    sqlx::query!("update amo_users set is_active = false where is_active and amo_user_id <> all($1)", &ids)
        .execute(conn)
        .await?;
    Ok(())
}

pub async fn add_users(
    conn: &mut PgConnection,
    users: &[AmoUser],
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let ids: Vec<i64> = users.iter().map(|user| user.id.0).collect();
    let names: Vec<String> = users.iter().map(|user| user.name.clone()).collect();
    let emails: Vec<Option<String>> = users.iter().map(|user| user.email.clone()).collect();
    let phones: Vec<Option<String>> = users.iter().map(|user| user.phone.clone()).collect();
    let active: Vec<bool> = users.iter().map(|user| user.is_active).collect();
    sqlx::query!(
        "insert into amo_users (amo_user_id, name, email, phone, is_active, seen_at)
         select distinct on (id) id, name, email, phone, is_active, $6
         from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::boolean[])
             as u (id, name, email, phone, is_active)
         order by id
         on conflict (amo_user_id) do update
             set name = excluded.name, email = excluded.email, phone = excluded.phone,
                 is_active = excluded.is_active, seen_at = excluded.seen_at",
        &ids,
        &names,
        &emails as &[Option<String>],
        &phones as &[Option<String>],
        &active,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn replace_stages(
    conn: &mut PgConnection,
    stages: &[AmoStage],
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    add_stages(conn, stages, now).await?;
    let pipelines: Vec<i64> = stages.iter().map(|stage| stage.stage.pipeline_id.0).collect();
    let statuses: Vec<i64> = stages.iter().map(|stage| stage.stage.status_id.0).collect();
    sqlx::query!(
        "delete from amo_stages a
         where not exists(
             select from unnest($1::bigint[], $2::bigint[]) as s (pipeline, status)
             where s.pipeline = a.pipeline_id and s.status = a.status_id
         )",
        &pipelines,
        &statuses,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn add_stages(
    conn: &mut PgConnection,
    stages: &[AmoStage],
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let pipelines: Vec<i64> = stages.iter().map(|stage| stage.stage.pipeline_id.0).collect();
    let statuses: Vec<i64> = stages.iter().map(|stage| stage.stage.status_id.0).collect();
    let pipeline_names: Vec<String> = stages.iter().map(|stage| stage.pipeline_name.clone()).collect();
    let names: Vec<String> = stages.iter().map(|stage| stage.name.clone()).collect();
    let unsorted: Vec<bool> = stages.iter().map(|stage| stage.is_unsorted).collect();
    let sort: Vec<i32> = stages.iter().map(|stage| stage.sort).collect();
    sqlx::query!(
        "insert into amo_stages (pipeline_id, status_id, pipeline_name, name, is_unsorted, sort, seen_at)
         select distinct on (pipeline, status) pipeline, status, pipeline_name, name, is_unsorted, sort, $7
         from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::boolean[], $6::integer[])
             as s (pipeline, status, pipeline_name, name, is_unsorted, sort)
         order by pipeline, status
         on conflict (pipeline_id, status_id) do update
             set pipeline_name = excluded.pipeline_name, name = excluded.name,
                 is_unsorted = excluded.is_unsorted, sort = excluded.sort, seen_at = excluded.seen_at",
        &pipelines,
        &statuses,
        &pipeline_names,
        &names,
        &unsorted,
        &sort,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn replace_fields(
    conn: &mut PgConnection,
    fields: &[AmoField],
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    add_fields(conn, fields, now).await?;
    let ids: Vec<i64> = fields.iter().map(|field| field.id).collect();
    sqlx::query!("delete from amo_fields where field_id <> all($1)", &ids).execute(conn).await?;
    Ok(())
}

pub async fn add_fields(
    conn: &mut PgConnection,
    fields: &[AmoField],
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let ids: Vec<i64> = fields.iter().map(|field| field.id).collect();
    let names: Vec<String> = fields.iter().map(|field| field.name.clone()).collect();
    let codes: Vec<Option<String>> = fields.iter().map(|field| field.code.clone()).collect();
    let kinds: Vec<String> = fields.iter().map(|field| field.kind.clone()).collect();
    sqlx::query!(
        "insert into amo_fields (field_id, name, code, kind, seen_at)
         select distinct on (id) id, name, code, kind, $5
         from unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) as f (id, name, code, kind)
         order by id
         on conflict (field_id) do update
             set name = excluded.name, code = excluded.code, kind = excluded.kind, seen_at = excluded.seen_at",
        &ids,
        &names,
        &codes as &[Option<String>],
        &kinds,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The stages of «Неразобранное».
pub async fn unsorted(conn: &mut PgConnection) -> Result<Vec<Stage>, StorageError> {
    let rows = sqlx::query!("select pipeline_id, status_id from amo_stages where is_unsorted")
        .fetch_all(conn)
        .await?;
    let stage = |pipeline, status| Stage { pipeline_id: PipelineId(pipeline), status_id: StatusId(status) };
    Ok(rows.into_iter().map(|row| stage(row.pipeline_id, row.status_id)).collect())
}

/// Whether the list of stages has been received.
pub async fn has_stages(conn: &mut PgConnection) -> Result<bool, StorageError> {
    let has =
        sqlx::query_scalar!(r#"select exists(select from amo_stages) as "has!""#).fetch_one(conn).await?;
    Ok(has)
}

/// What people call a stage; none until the list has been received.
pub async fn stage_name(conn: &mut PgConnection, stage: Stage) -> Result<Option<String>, StorageError> {
    let name = sqlx::query_scalar!(
        "select name from amo_stages where pipeline_id = $1 and status_id = $2",
        stage.pipeline_id.0,
        stage.status_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(name)
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
    }

    fn user(id: i64, name: &str) -> AmoUser {
        AmoUser { id: AmoUserId(id), name: name.to_owned(), email: None, phone: None, is_active: true }
    }

    fn stage(status: i64, name: &str) -> AmoStage {
        AmoStage {
            stage: Stage { pipeline_id: PipelineId(1), status_id: StatusId(status) },
            pipeline_name: "Продажи".to_owned(),
            name: name.to_owned(),
            is_unsorted: status == 1,
            sort: 10,
        }
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn an_employee_who_left_stays_inactive(db: PgPool) {
        let mut conn = db.acquire().await.unwrap();
        replace_users(&mut conn, &[user(1, "Ольга"), user(2, "Олег")], at(0)).await.unwrap();
        replace_users(&mut conn, &[user(1, "Ольга Смирнова"), user(1, "дважды")], at(9)).await.unwrap();
        let rows = sqlx::query!("select name, is_active from amo_users order by amo_user_id")
            .fetch_all(&mut *conn)
            .await
            .unwrap();
        let rows: Vec<_> = rows.iter().map(|row| (row.name.as_str(), row.is_active)).collect();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[1], ("Олег", false));
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_list_that_is_not_whole_adds_and_takes_nothing_away(db: PgPool) {
        let mut conn = db.acquire().await.unwrap();
        replace_users(&mut conn, &[user(1, "Ольга")], at(0)).await.unwrap();
        add_users(&mut conn, &[user(2, "Олег")], at(1)).await.unwrap();
        replace_stages(&mut conn, &[stage(2, "Замер")], at(0)).await.unwrap();
        add_stages(&mut conn, &[stage(1, "Неразобранное")], at(1)).await.unwrap();
        let counts: (i64, i64) = sqlx::query_as(
            "select (select count(*) from amo_users where is_active), (select count(*) from amo_stages)",
        )
        .fetch_one(&mut *conn)
        .await
        .unwrap();
        assert_eq!(counts, (2, 2));
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn stages_and_fields_that_are_gone_go(db: PgPool) {
        let mut conn = db.acquire().await.unwrap();
        assert!(!has_stages(&mut conn).await.unwrap());
        replace_stages(&mut conn, &[stage(1, "Неразобранное"), stage(2, "Замер")], at(0)).await.unwrap();
        replace_stages(&mut conn, &[stage(1, "Неразобранное")], at(1)).await.unwrap();
        assert!(has_stages(&mut conn).await.unwrap());
        assert_eq!(unsorted(&mut conn).await.unwrap(), [stage(1, "").stage]);
        assert_eq!(stage_name(&mut conn, stage(2, "").stage).await.unwrap(), None);
        assert_eq!(
            stage_name(&mut conn, stage(1, "").stage).await.unwrap().as_deref(),
            Some("Неразобранное")
        );

        let field = |id: i64| AmoField { id, name: "Адрес".into(), code: None, kind: "text".into() };
        replace_fields(&mut conn, &[field(1), field(2)], at(0)).await.unwrap();
        replace_fields(&mut conn, &[field(2)], at(1)).await.unwrap();
        let left =
            sqlx::query_scalar!("select field_id from amo_fields").fetch_all(&mut *conn).await.unwrap();
        assert_eq!(left, [2]);
    }
}
