//! The state of the account and everything that may happen to it. Pure: time comes with each change.

mod change;
mod companies;
mod contacts;
mod journal;
mod leads;
mod lookup;

use std::collections::BTreeMap;

pub(super) use change::{Change, Invalid, Stamp};
pub(super) use contacts::ContactChange;
pub(super) use journal::Event;
pub(super) use leads::{LeadChange, NewLead};
pub use lookup::{StageRef, UserRef};

use super::model::{Company, CompanyId, Contact, ContactId, Directory, Lead, LeadId, Webhook};

const FIRST_ID: i64 = 3_912_001;

#[derive(Debug)]
pub(super) struct World {
    pub directory: Directory,
    pub leads: BTreeMap<LeadId, Lead>,
    pub contacts: BTreeMap<ContactId, Contact>,
    pub companies: BTreeMap<CompanyId, Company>,
    pub webhooks: Vec<Webhook>,
    /// Oldest first.
    pub journal: Vec<Event>,
    next_id: i64,
}

impl World {
    pub fn new(directory: Directory) -> Self {
        Self {
            directory,
            leads: BTreeMap::new(),
            contacts: BTreeMap::new(),
            companies: BTreeMap::new(),
            webhooks: Vec::new(),
            journal: Vec::new(),
            next_id: FIRST_ID,
        }
    }

    /// Ids never repeat, whatever they are given to.
    pub fn new_id(&mut self) -> i64 {
        let id = self.next_id;
        self.next_id += 1;
        id
    }

    pub fn lead_mut(&mut self, id: LeadId) -> Result<&mut Lead, Invalid> {
        self.leads
            .get_mut(&id)
            .filter(|lead| !lead.is_deleted)
            .ok_or_else(|| Invalid::missing(format!("there is no lead {id}")))
    }
}
