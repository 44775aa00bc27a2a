//! Entities by their ids, in as few calls as the API allows.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde_json::Value;
use shared::ids::{CompanyId, ContactId, LeadId};

use super::{Client, Found, PAGE};
use crate::amocrm::error::{AmoCrmError, Call};
use crate::amocrm::model::{Company, Contact, Lead, Page};

/// The most that one page holds.
const MOST_IDS: usize = PAGE as usize;
/// Bytes of a query; the web server in front of AmoCRM refuses URLs of 8 kB.
const LONGEST_QUERY: usize = 6_000;
/// A batch that is halved more often than this is not of one bad element: AmoCRM refuses us.
const MOST_REFUSALS: u32 = 24;
/// Where a batch this small is still too heavy, the weight is not the batch's.
const LIGHT: usize = 60;

/// How one kind of entity is asked for.
pub struct Kind<T, Id> {
    call: Call,
    path: &'static str,
    /// The query before the ids.
    query: &'static str,
    id_of: fn(&T) -> Id,
    number: fn(Id) -> i64,
}

pub const LEADS: Kind<Lead, LeadId> = Kind {
    call: Call::Leads,
    path: "leads",
    query: "limit=250&with=contacts",
    id_of: |lead| lead.id,
    number: |id| id.0,
};

pub const CONTACTS: Kind<Contact, ContactId> = Kind {
    call: Call::Contacts,
    path: "contacts",
    query: "limit=250",
    id_of: |contact| contact.id,
    number: |id| id.0,
};

pub const COMPANIES: Kind<Company, CompanyId> = Kind {
    call: Call::Companies,
    path: "companies",
    query: "limit=250",
    id_of: |company| company.id,
    number: |id| id.0,
};

/// The same for whoever is in no hurry.
pub const OPEN_LEADS: Kind<Lead, LeadId> = Kind { call: Call::OpenLeads, ..LEADS };
pub const OPEN_CONTACTS: Kind<Contact, ContactId> = Kind { call: Call::OpenContacts, ..CONTACTS };
/// Deals in the bin, which no other list shows.
pub const DELETED_LEADS: Kind<Lead, LeadId> =
    Kind { call: Call::OpenLeads, query: "limit=250&with=only_deleted", ..LEADS };

pub async fn read<T, Id>(client: &Client, kind: &Kind<T, Id>, ids: &[Id]) -> Result<Found<T, Id>, AmoCrmError>
where
    T: DeserializeOwned,
    Id: Copy + Ord,
{
    let mut found = Found { elements: Vec::with_capacity(ids.len()), unreadable: BTreeSet::new() };
    let mut parts = parts(kind, ids);
    let mut refusals = 0;
    while let Some(part) = parts.pop() {
        match client.page(kind.call, kind.path, &query(kind, part)).await {
            Ok(Some(page)) => take(kind, part, page, &mut found),
            Ok(None) => {}
            Err(error) if is_divisible(&error, part.len()) && refusals < MOST_REFUSALS => {
                refusals += 1;
                let (left, right) = part.split_at(part.len() / 2);
                parts.extend([right, left]);
            }
            Err(error) if error.is_of_the_batch() && part.len() == 1 && refusals < MOST_REFUSALS => {
                let id = (kind.number)(part[0]);
                tracing::warn!(call = %kind.call, id, error = %error, "AmoCRM refuses to show one entity");
                found.unreadable.extend(part);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// Whether to ask for each half of the batch alone.
fn is_divisible(error: &AmoCrmError, length: usize) -> bool {
    (error.is_of_the_batch() && length > 1) || (error.is_late() && length > LIGHT)
}

/// The ids in parts that fit into one call each, the first part last.
fn parts<'a, T, Id: Copy>(kind: &Kind<T, Id>, ids: &'a [Id]) -> Vec<&'a [Id]> {
    let mut parts = Vec::new();
    let (mut start, mut length) = (0, kind.query.len());
    for (n, id) in ids.iter().enumerate() {
        let added = parameter((kind.number)(*id)).len();
        if n - start == MOST_IDS || length + added > LONGEST_QUERY {
            parts.push(&ids[start..n]);
            (start, length) = (n, kind.query.len());
        }
        length += added;
    }
    if start < ids.len() {
        parts.push(&ids[start..]);
    }
    parts.reverse();
    parts
}

fn query<T, Id: Copy>(kind: &Kind<T, Id>, ids: &[Id]) -> String {
    ids.iter().fold(kind.query.to_owned(), |query, id| query + &parameter((kind.number)(*id)))
}

fn parameter(id: i64) -> String {
    format!("&filter[id][]={id}")
}

/// Keeps what was asked for. Filters can be off in an account, and then anything comes back.
fn take<T, Id>(kind: &Kind<T, Id>, asked: &[Id], mut page: Page, found: &mut Found<T, Id>)
where
    T: DeserializeOwned,
    Id: Copy + Ord,
{
    let asked: BTreeSet<Id> = asked.iter().copied().collect();
    let values = page.embedded.remove(kind.path).unwrap_or_default();
    let mut strangers = 0_usize;
    for (place, value) in values.into_iter().enumerate() {
        let id = value.get("id").and_then(Value::as_i64);
        let id = asked.iter().find(|asked| Some((kind.number)(**asked)) == id).copied();
        match (id, super::element::<T>(kind.call, place, value)) {
            (Some(id), Some(element)) if (kind.id_of)(&element) == id => found.elements.push(element),
            (Some(id), _) => found.unreadable.extend([id]),
            (None, _) => strangers += 1,
        }
    }
    if strangers > 0 {
        tracing::warn!(call = %kind.call, strangers, "AmoCRM answered with what was not asked for: are filters off?");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(ids: &[LeadId]) -> Vec<usize> {
        parts(&LEADS, ids).iter().rev().map(|part| part.len()).collect()
    }

    #[test]
    fn a_part_holds_what_one_page_and_one_address_hold() {
        let short: Vec<_> = (1..=600).map(|n| LeadId(10_000_000 + n)).collect();
        assert_eq!(lengths(&short), [250, 250, 100]);
        let long: Vec<_> = (1..=600).map(|n| LeadId(1_000_000_000_000_000 + n)).collect();
        assert_eq!(lengths(&long), [199, 199, 199, 3]);
        assert!(query(&LEADS, parts(&LEADS, &long)[3]).len() <= LONGEST_QUERY);
        assert_eq!(lengths(&[]), [0; 0]);
    }
}
