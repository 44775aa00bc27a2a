//! `GET /leads` and `GET /leads/{id}`.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::answers::{hal, nothing};
use super::pages::{List, Total};
use super::{PREFIX, Params, View, url};
use crate::amocrm::faults::Faults;
use crate::amocrm::model::{Lead, LeadId};
use crate::amocrm::shared::Shared;

const MAX_LIMIT: usize = 250;

pub async fn list(State(shared): State<Arc<Shared>>, params: Params) -> Response {
    let (world, faults) = (shared.world(), shared.faults());
    let filter = if faults.filters_ignored { Filter::default() } else { Filter::read(&params) };
    let deleted = params.with("only_deleted");
    let mut leads: Vec<_> = world.leads.values().filter_map(|lead| as_shown(lead, &faults)).collect();
    leads.retain(|lead| lead.is_deleted == deleted && filter.passes(lead));
    sort(&mut leads, &params);
    let view = View { world: &world, base: format!("{}{PREFIX}", shared.url), params: &params };
    let list = List { url: url(&shared, "leads"), name: "leads", max_limit: MAX_LIMIT, total: Total::Untold };
    list.page(&params, &leads, |lead| shown(&view, lead, &faults))
}

pub async fn one(State(shared): State<Arc<Shared>>, Path(id): Path<LeadId>, params: Params) -> Response {
    let (world, faults) = (shared.world(), shared.faults());
    let lead = world.leads.get(&id).and_then(|lead| as_shown(lead, &faults));
    let Some(lead) = lead.filter(|lead| lead.is_deleted == params.with("only_deleted")) else {
        return nothing();
    };
    let view = View { world: &world, base: format!("{}{PREFIX}", shared.url), params: &params };
    hal(StatusCode::OK, &shown(&view, lead, &faults))
}

/// The state of the lead that the API answers with, which a fault may hold back.
fn as_shown<'a>(lead: &'a Lead, faults: &'a Faults) -> Option<&'a Lead> {
    (!faults.hidden.contains(&lead.id)).then(|| faults.stale.get(&lead.id).unwrap_or(lead))
}

fn shown(view: &View<'_>, lead: &Lead, faults: &Faults) -> Value {
    let mut shown = view.lead(lead);
    if faults.broken.contains(&lead.id) {
        shown["name"] = json!([]);
        shown["status_id"] = json!("soon");
        shown["updated_at"] = json!({ "date": "yesterday" });
    }
    shown
}

/// `None` lets everything pass: what is absent or malformed does not filter.
#[derive(Default)]
struct Filter<'a> {
    params: Option<&'a Params>,
    ids: Option<Vec<i64>>,
    stages: Option<BTreeSet<(i64, Option<i64>)>>,
    pipelines: Option<Vec<i64>>,
    responsible: Option<Vec<i64>>,
}

impl<'a> Filter<'a> {
    fn read(params: &'a Params) -> Self {
        Self {
            params: Some(params),
            ids: params.numbers("filter[id]"),
            stages: stages(params),
            pipelines: params.numbers("filter[pipeline_id]"),
            responsible: params.numbers("filter[responsible_user_id]"),
        }
    }

    fn passes(&self, lead: &Lead) -> bool {
        let is_in = |ids: &Option<Vec<i64>>, id| ids.as_ref().is_none_or(|ids| ids.contains(&id));
        let within = |key, at: i64| self.params.is_none_or(|params| params.range(key).contains(&at));
        is_in(&self.ids, lead.id)
            && is_in(&self.pipelines, lead.stage.pipeline)
            && is_in(&self.responsible, lead.responsible)
            && within("filter[updated_at]", lead.updated_at)
            && within("filter[created_at]", lead.created_at)
            && self.stages.as_ref().is_none_or(|stages| stages.iter().any(|stage| fits(*stage, lead)))
    }
}

/// AmoCRM knows a filter by stages only with the pipeline beside the status.
fn stages(params: &Params) -> Option<BTreeSet<(i64, Option<i64>)>> {
    let statuses = params.column("filter[statuses]", "status_id");
    let pipelines = params.column("filter[statuses]", "pipeline_id");
    let status_of = |n: &str| statuses.iter().find(|(index, _)| *index == n).map(|(_, status)| *status);
    let stages: BTreeSet<_> = pipelines.iter().map(|(n, pipeline)| (*pipeline, status_of(n))).collect();
    (!stages.is_empty()).then_some(stages)
}

fn fits((pipeline, status): (i64, Option<i64>), lead: &Lead) -> bool {
    pipeline == lead.stage.pipeline && status.is_none_or(|id| id == lead.stage.status)
}

fn sort(leads: &mut [&Lead], params: &Params) {
    type Key = fn(&&Lead) -> (i64, i64);
    let orders: [(&str, Key); 3] = [
        ("order[updated_at]", |lead| (lead.updated_at, lead.id)),
        ("order[created_at]", |lead| (lead.created_at, lead.id)),
        ("order[id]", |lead| (lead.id, lead.id)),
    ];
    for (name, key) in orders {
        match params.get(name) {
            Some("asc") => leads.sort_by_key(key),
            Some("desc") => leads.sort_by_key(|lead| Reverse(key(lead))),
            _ => continue,
        }
        return;
    }
}
