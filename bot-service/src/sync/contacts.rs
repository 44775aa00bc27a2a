//! The contacts of a round, read together.

use std::collections::{BTreeSet, HashMap};

use shared::ids::ContactId;

use super::gateway::{CallError, Gateway};
use crate::amocrm::client::Found;
use crate::amocrm::error::AmoCrmError;
use crate::amocrm::gate::Closed;
use crate::amocrm::model::{Contact, Lead};

#[derive(Default)]
pub struct Contacts {
    pub read: HashMap<ContactId, Contact>,
    /// Asked for, and not in the answer or not readable.
    pub lost: BTreeSet<ContactId>,
    /// Not asked for yet, because AmoCRM failed meanwhile.
    to_come: BTreeSet<ContactId>,
    pub error: Option<CallError>,
}

impl Contacts {
    pub async fn read(gateway: &Gateway, wanted: BTreeSet<ContactId>) -> Self {
        let mut contacts = Self::default();
        if wanted.is_empty() {
            return contacts;
        }
        let ids: Vec<ContactId> = wanted.iter().copied().collect();
        match gateway.contacts(&ids).await {
            Ok(Found { elements, .. }) => {
                contacts.read = elements.into_iter().map(|contact| (contact.id, contact)).collect();
                contacts.lost = wanted.into_iter().filter(|id| !contacts.read.contains_key(id)).collect();
            }
            // We may not see contacts at all: deals do without.
            Err(
                CallError::Closed(Closed::Forbidden(_)) | CallError::Failed(AmoCrmError::Forbidden { .. }, _),
            ) => {}
            Err(error) => {
                contacts.to_come = wanted;
                contacts.error = Some(error);
            }
        }
        contacts
    }

    pub fn is_still_to_come(&self, lead: &Lead) -> bool {
        lead.contact_id().is_some_and(|id| self.to_come.contains(&id))
    }
}
