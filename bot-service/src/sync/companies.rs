//! The companies of a round's deals, read together. None of them holds up a deal: what cannot be read now comes later.

use std::collections::{BTreeSet, HashMap};

use shared::ids::CompanyId;

use super::gateway::{CallError, Gateway, allowed};
use crate::actions::intake::Linked;
use crate::amocrm::model::{Company, Lead};

#[derive(Default)]
pub struct Companies {
    read: HashMap<CompanyId, Company>,
    /// Asked for while AmoCRM failed.
    to_come: BTreeSet<CompanyId>,
}

impl Companies {
    /// # Errors
    ///
    /// If the fault is ours.
    pub async fn read(gateway: &Gateway, wanted: BTreeSet<CompanyId>) -> anyhow::Result<Self> {
        let mut companies = Self::default();
        if wanted.is_empty() {
            return Ok(companies);
        }
        let ids: Vec<CompanyId> = wanted.iter().copied().collect();
        let answer = match gateway.companies(&ids).await {
            Err(error @ CallError::Ours(_)) => return Err(error.into()),
            answer => allowed(answer),
        };
        match answer {
            Ok(found) => {
                let found = found.map(|found| found.elements).unwrap_or_default();
                companies.read = found.into_iter().map(|company| (company.id, company)).collect();
            }
            Err(error) => {
                tracing::info!(error = format!("{error:#}"), companies = ids.len(), "Companies come later");
                companies.to_come = wanted;
            }
        }
        Ok(companies)
    }

    /// The company's name, and whether it is known that this is it.
    pub fn name_of(&self, lead: &Lead) -> (Option<String>, Linked) {
        match lead.company_id().map(|id| self.read.get(&id)) {
            None => (None, Linked::Known),
            Some(Some(company)) => (company.title(), Linked::Known),
            Some(None) => (None, Linked::NotRead),
        }
    }

    pub fn is_still_to_come(&self, lead: &Lead) -> bool {
        lead.company_id().is_some_and(|id| self.to_come.contains(&id))
    }
}
