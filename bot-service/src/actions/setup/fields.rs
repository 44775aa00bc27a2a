//! Where the facts of a deal stand, chosen among the custom fields that AmoCRM has, with a recent deal to look at.

use sqlx::PgConnection;

use super::find;
use crate::actions::paging::{cut, window};
use crate::actions::views::{FIELDS_A_PAGE, FactRow, FieldRow, FieldView, FieldsView};
use crate::actions::{ActionError, Refused};
use crate::domain::permissions::{Area, check_area};
use crate::domain::setup::{Fact, FieldChoice, SAMPLE, Sample, Setup};
use crate::domain::setup::{FieldKeys, Intake, is_called};
use crate::domain::user::Actor;
use crate::storage::amo_directory::{self, AmoField};
use crate::storage::settings;

/// Every fact, with what it is in the deal that was read lately; where there is none yet, one is asked for.
///
/// # Errors
///
/// Refused to who is not an admin.
pub async fn fields(
    conn: &mut PgConnection,
    actor: &Actor,
    start: &Intake,
) -> Result<FieldsView, ActionError> {
    check_area(actor, Area::Settings)?;
    let today = start.under(&find(conn).await?).fields;
    let listed = amo_directory::list_fields(conn).await?;
    let sample: Option<Sample> = settings::find(conn, SAMPLE).await?;
    if sample.is_none() {
        settings::announce(conn, amo_directory::CHANNEL).await?;
    }
    let row = |fact: Fact| {
        let meant = meant(today.of(fact), &listed);
        let filled = sample.as_ref().and_then(|sample| {
            meant.iter().find_map(|field| Some((field.name.clone(), sample.fields.get(&field.id)?.clone())))
        });
        let field = filled.as_ref().map(|(name, _)| name.clone());
        let field = field.or_else(|| meant.first().map(|field| field.name.clone()));
        FactRow { fact, field, value: filled.map(|(_, value)| value) }
    };
    let rows = Fact::ALL.into_iter().map(row).collect();
    Ok(FieldsView { rows, sample: sample.map(|sample| sample.name) })
}

/// A page of the fields that a fact may stand in.
///
/// # Errors
///
/// Refused to who is not an admin.
pub async fn field(
    conn: &mut PgConnection,
    actor: &Actor,
    (fact, page): (Fact, u32),
    start: &Intake,
) -> Result<FieldView, ActionError> {
    check_area(actor, Area::Settings)?;
    let setup = find(conn).await?;
    let mut listed = amo_directory::list_fields(conn).await?;
    // Where the client came from is nothing that people measure by.
    listed.retain(|field| field.kind != "tracking_data");
    let sample: Option<Sample> = settings::find(conn, SAMPLE).await?;
    let today = start.under(&setup).fields;
    let on: Vec<i64> = meant(today.of(fact), &listed).into_iter().map(|field| field.id).collect();
    let (offset, limit) = window(page, FIELDS_A_PAGE);
    let (offset, limit) =
        (usize::try_from(offset).unwrap_or(usize::MAX), usize::try_from(limit).unwrap_or(0));
    let row = |field: AmoField| FieldRow {
        is_on: on.contains(&field.id),
        value: sample.as_ref().and_then(|sample| sample.fields.get(&field.id).cloned()),
        id: field.id,
        name: field.name,
    };
    let mut rows: Vec<FieldRow> = listed.into_iter().skip(offset).take(limit).map(row).collect();
    let has_next = cut(&mut rows, FIELDS_A_PAGE);
    let choice = setup.fields.get(&fact).copied().unwrap_or(FieldChoice::AsStarted);
    let started = start.fields.of(fact).0.clone();
    Ok(FieldView { fact, choice, started, rows, page, has_next, sample: sample.map(|sample| sample.name) })
}

/// The field's name goes to the audit.
pub(super) async fn changed(
    conn: &mut PgConnection,
    before: &Setup,
    (fact, choice): (Fact, FieldChoice),
) -> Result<(Setup, String), ActionError> {
    let name = match choice {
        FieldChoice::Field(id) => {
            let listed = amo_directory::list_fields(conn).await?;
            let field = listed.into_iter().find(|field| field.id == id);
            field.ok_or(Refused::Unknown)?.name
        }
        FieldChoice::Nothing | FieldChoice::AsStarted => String::new(),
    };
    Ok((before.clone().with_field(fact, choice), name))
}

/// The fields that the keys mean, in the keys' order.
fn meant<'a>(keys: &FieldKeys, listed: &'a [AmoField]) -> Vec<&'a AmoField> {
    let called = |key: &String| {
        let is = |field: &&AmoField| is_called(Some(field.id), field.code.as_deref(), Some(&field.name), key);
        listed.iter().find(is)
    };
    keys.0.iter().filter_map(called).collect()
}
