//! `PATCH /leads` and `PATCH /leads/{id}`: a client's own changes, which raise hooks like anyone's.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, FixedOffset};
use serde_json::{Map, Value, json};

use super::answers::{hal, invalid, problem};
use super::url;
use crate::amocrm::model::{Directory, Field, FieldId, FieldKind, Item, LeadId, Stage, midnight};
use crate::amocrm::shared::Shared;
use crate::amocrm::world::{Invalid, LeadChange, World};

const MAX_BATCH: usize = 250;

type Body<T> = Result<Json<T>, JsonRejection>;
type Wish = Map<String, Value>;

pub async fn one(State(shared): State<Arc<Shared>>, Path(id): Path<LeadId>, body: Body<Wish>) -> Response {
    let Ok(Json(wish)) = body else { return empty_request() };
    if wish.is_empty() {
        return empty_request();
    }
    match apply(&shared, &[(id, wish)]) {
        Ok(mut done) => hal(StatusCode::OK, &done.pop().unwrap_or_default()),
        Err((_, refusal)) if refusal.code == "NotFound" => problem(StatusCode::NOT_FOUND, "Lead not found"),
        Err((_, refusal)) => invalid("0", &refusal),
    }
}

pub async fn many(State(shared): State<Arc<Shared>>, body: Body<Vec<Wish>>) -> Response {
    let Ok(Json(wishes)) = body else { return empty_request() };
    if wishes.is_empty() {
        return empty_request();
    }
    if wishes.len() > MAX_BATCH {
        return problem(StatusCode::UNPROCESSABLE_ENTITY, "Limit 250 per request");
    }
    let with_id = |wish: Wish| Some((wish.get("id")?.as_i64()?, wish));
    let Some(wishes) = wishes.into_iter().map(with_id).collect::<Option<Vec<_>>>() else {
        return invalid("0", &Invalid::kind("id", "int"));
    };
    match apply(&shared, &wishes) {
        Ok(leads) => {
            let links = json!({ "self": { "href": url(&shared, "leads") } });
            hal(StatusCode::OK, &json!({ "_links": links, "_embedded": { "leads": leads } }))
        }
        Err((n, refusal)) => invalid(&n.to_string(), &refusal),
    }
}

/// All or nothing: every wish is read before the first is applied. An error names the wish by place.
fn apply(shared: &Shared, wishes: &[(LeadId, Wish)]) -> Result<Vec<Value>, (usize, Invalid)> {
    shared.change(|world| {
        let mut changes = Vec::new();
        for (n, (id, wish)) in wishes.iter().enumerate() {
            let read = world.lead_mut(*id).map(|lead| lead.stage).and_then(|stage| read(world, stage, wish));
            changes.push(read.map_err(|refusal| (n, refusal))?);
        }
        let stamp = shared.stamp(world.directory.account.current_user);
        let (mut answers, mut happened) = (Vec::new(), Vec::new());
        for (n, ((id, wish), change)) in wishes.iter().zip(changes).enumerate() {
            happened.extend(world.change_lead(*id, change, stamp).map_err(|refusal| (n, refusal))?);
            let updated_at = world.leads.get(id).map(|lead| lead.updated_at);
            let request_id = wish.get("request_id").cloned().unwrap_or_else(|| json!(n.to_string()));
            let links = json!({ "self": { "href": url(shared, &format!("leads/{id}")) } });
            answers.push(
                json!({ "id": id, "updated_at": updated_at, "request_id": request_id, "_links": links }),
            );
        }
        Ok((answers, happened))
    })
}

fn read(world: &World, current: Stage, wish: &Wish) -> Result<LeadChange, Invalid> {
    let number = |key: &str| match wish.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value.as_i64().map(Some).ok_or_else(|| Invalid::kind(key, "int")),
    };
    let name = match wish.get("name") {
        None | Some(Value::Null) => None,
        Some(Value::String(name)) => Some(name.clone()),
        Some(_) => return Err(Invalid::kind("name", "string")),
    };
    let responsible = number("responsible_user_id")?;
    let active = |id: &i64| world.directory.user(*id).is_some_and(|user| user.is_active);
    if responsible.as_ref().is_some_and(|id| !active(id)) {
        return Err(Invalid::choice("responsible_user_id"));
    }
    let stage = stage(&world.directory, current, number("pipeline_id")?, number("status_id")?)?;
    let values = match wish.get("custom_fields_values") {
        None | Some(Value::Null) => BTreeMap::new(),
        Some(Value::Array(fields)) => values(&world.directory, fields)?,
        Some(_) => return Err(Invalid::kind("custom_fields_values", "array")),
    };
    Ok(LeadChange { name, price: number("price")?, stage, responsible, values })
}

/// A new pipeline needs one of its statuses beside it; nothing moves into the unsorted stage.
fn stage(
    directory: &Directory,
    current: Stage,
    pipeline: Option<i64>,
    status: Option<i64>,
) -> Result<Option<Stage>, Invalid> {
    if pipeline.is_none() && status.is_none() {
        return Ok(None);
    }
    let wanted = Stage::new(pipeline.unwrap_or(current.pipeline), status.unwrap_or(current.status));
    let found = directory.status(wanted).filter(|status| !status.is_unsorted || wanted == current);
    found.map(|_| Some(wanted)).ok_or_else(|| Invalid::choice("status_id"))
}

fn values(directory: &Directory, fields: &[Value]) -> Result<BTreeMap<FieldId, Vec<Item>>, Invalid> {
    let read = |(n, wish): (usize, &Value)| {
        let place = format!("custom_fields_values.{n}");
        let field = wish["field_id"].as_i64().and_then(|id| directory.lead_field(id)).or_else(|| {
            let code = wish["field_code"].as_str()?;
            directory.lead_fields.iter().find(|field| field.code.as_deref() == Some(code))
        });
        let field = field.ok_or_else(|| Invalid::choice("field_id").under(&place))?;
        let items = wish["values"].as_array().map_or(&[][..], Vec::as_slice);
        let items = items.iter().map(|wish| item(field, wish, directory.account.utc_offset));
        Ok((field.id, items.collect::<Result<_, _>>().map_err(|refusal: Invalid| refusal.under(&place))?))
    };
    fields.iter().enumerate().map(read).collect()
}

fn item(field: &Field, wish: &Value, zone: FixedOffset) -> Result<Item, Invalid> {
    let chosen = |path: &str| {
        let choice = match (&wish["enum_id"], &wish["enum_code"], &wish["value"]) {
            (Value::Number(id), ..) => id.as_i64().and_then(|id| field.choice(id)),
            (_, Value::String(code), _) => {
                field.choices.iter().find(|choice| choice.code.as_deref() == Some(code))
            }
            (.., Value::String(text)) => field.choices.iter().find(|choice| choice.value == *text),
            _ => None,
        };
        choice.ok_or_else(|| Invalid::choice(path))
    };
    let value = wish["value"].clone();
    match field.kind {
        FieldKind::Select | FieldKind::Multiselect | FieldKind::Radiobutton => {
            Ok(Item::chosen(chosen("values.0.enum_id")?))
        }
        FieldKind::Multitext => {
            let kind = chosen("values.0.enum_code").ok().or(field.choices.first());
            Ok(Item { enum_id: kind.map(|kind| kind.id), ..Item::plain(value) })
        }
        FieldKind::Date | FieldKind::DateTime | FieldKind::Birthday => {
            let at = moment(&value).ok_or_else(|| Invalid::kind("values.0.value", "timestamp"))?;
            let is_moment = field.kind == FieldKind::DateTime;
            let day = at.with_timezone(&zone).date_naive();
            Ok(Item::plain(if is_moment { at.timestamp() } else { midnight(day, zone) }))
        }
        FieldKind::Numeric if value.is_number() => Ok(Item::plain(value.to_string())),
        FieldKind::SmartAddress => {
            Ok(Item { subtype: wish["enum_code"].as_str().map(str::to_owned), ..Item::plain(value) })
        }
        _ => Ok(Item::plain(value)),
    }
}

fn moment(value: &Value) -> Option<DateTime<FixedOffset>> {
    match value {
        Value::String(text) => DateTime::parse_from_rfc3339(text).ok(),
        number => Some(DateTime::from_timestamp(number.as_i64()?, 0)?.fixed_offset()),
    }
}

fn empty_request() -> Response {
    problem(StatusCode::BAD_REQUEST, "Request data can not be empty")
}
