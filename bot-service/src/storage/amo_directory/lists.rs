//! The mirrored lists, for people to choose from.

use shared::ids::{PipelineId, Stage, StatusId};
use sqlx::PgConnection;

use super::{AmoField, AmoStage};
use crate::storage::StorageError;

/// Pipeline by pipeline, in the order of their boards.
pub async fn list_stages(conn: &mut PgConnection) -> Result<Vec<AmoStage>, StorageError> {
    let rows = sqlx::query!(
        "select pipeline_id, status_id, pipeline_name, name, is_unsorted, sort from amo_stages
         order by pipeline_name, pipeline_id, sort, status_id"
    )
    .fetch_all(conn)
    .await?;
    let stages = rows.into_iter().map(|row| AmoStage {
        stage: Stage { pipeline_id: PipelineId(row.pipeline_id), status_id: StatusId(row.status_id) },
        pipeline_name: row.pipeline_name,
        name: row.name,
        is_unsorted: row.is_unsorted,
        sort: row.sort,
    });
    Ok(stages.collect())
}

/// By name.
pub async fn list_fields(conn: &mut PgConnection) -> Result<Vec<AmoField>, StorageError> {
    let fields = sqlx::query_as!(
        AmoField,
        r#"select field_id as id, name, code, kind from amo_fields order by lower(name), field_id"#
    )
    .fetch_all(conn)
    .await?;
    Ok(fields)
}
