//! Long lists read portion by portion, by whoever compares AmoCRM with what we know.

use std::fmt::Write as _;

use serde::de::DeserializeOwned;
use shared::ids::Stage;

use super::{Client, PAGE, element};
use crate::amocrm::error::{AmoCrmError, Call};
use crate::amocrm::model::{Event, ListedLead, Page};

/// AmoCRM gives the journal in smaller pages.
const EVENTS_PAGE: u32 = 100;
/// What a deal's way is made of.
const KINDS: &str = "lead_added,lead_status_changed,lead_deleted,lead_restored";

/// One page of a long list, as far as it could be read.
#[derive(Debug)]
pub struct Portion<T> {
    pub elements: Vec<T>,
    pub has_more: bool,
}

/// Which part of the journal: both ends included, in unix seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventsOf {
    pub from: i64,
    pub to: Option<i64>,
    /// From 1.
    pub page: u32,
}

/// Which deals, the longest unchanged first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeadsOf<'a> {
    /// Changed at this moment or later, in unix seconds.
    pub from: i64,
    /// Only those in one of these stages; none for all deals.
    pub stages: &'a [Stage],
    /// From 1.
    pub page: u32,
}

impl Client {
    /// Lines of the journal about deals, newest first.
    ///
    /// # Errors
    ///
    /// If AmoCRM does not answer; a line that cannot be read is left out.
    pub async fn events(&self, of: EventsOf) -> Result<Portion<Event>, AmoCrmError> {
        let EventsOf { from, to, page } = of;
        let to = to.map(|to| format!("&filter[created_at][to]={to}")).unwrap_or_default();
        let query = format!(
            "limit={EVENTS_PAGE}&page={page}&filter[entity]=lead&filter[type]={KINDS}\
             &filter[created_at][from]={from}{to}"
        );
        self.portion(Call::Events, "events", &query).await
    }

    /// # Errors
    ///
    /// As [`Client::events`].
    pub async fn changed_leads(&self, of: LeadsOf<'_>) -> Result<Portion<ListedLead>, AmoCrmError> {
        let mut query = format!(
            "limit={PAGE}&page={}&order[updated_at]=asc&filter[updated_at][from]={}",
            of.page, of.from
        );
        for (n, Stage { pipeline_id, status_id }) in of.stages.iter().enumerate() {
            let stage = format!("&filter[statuses][{n}]");
            let _ = write!(query, "{stage}[pipeline_id]={pipeline_id}{stage}[status_id]={status_id}");
        }
        self.portion(Call::ChangedLeads, "leads", &query).await
    }

    /// The deal that was changed last.
    ///
    /// # Errors
    ///
    /// As [`Client::events`].
    pub async fn newest_lead(&self) -> Result<Option<ListedLead>, AmoCrmError> {
        let query = "limit=1&page=1&order[updated_at]=desc";
        let portion = self.portion::<ListedLead>(Call::ChangedLeads, "leads", query).await?;
        Ok(portion.elements.into_iter().max_by_key(|lead| lead.updated_at))
    }

    async fn portion<T: DeserializeOwned>(
        &self,
        call: Call,
        name: &str,
        query: &str,
    ) -> Result<Portion<T>, AmoCrmError> {
        let page: Option<Page> = self.page(call, name, query).await?;
        let Some(mut page) = page else { return Ok(Portion { elements: Vec::new(), has_more: false }) };
        let values = page.embedded.remove(name).unwrap_or_default();
        let has_more = page.links.next.is_some() && !values.is_empty();
        let values = values.into_iter().enumerate();
        let elements = values.filter_map(|(place, value)| element(call, place, value)).collect();
        Ok(Portion { elements, has_more })
    }
}
