//! Companies, and the deals that have one.

use super::journal::Note;
use super::{Change, Invalid, Stamp, World};
use crate::amocrm::model::{Company, CompanyId, LeadId, UserId};

impl World {
    /// The company of this name, made if there is none.
    pub fn company_named(&mut self, name: &str, responsible: UserId, stamp: Stamp) -> CompanyId {
        if let Some(known) = self.companies.values().find(|company| company.name == name) {
            return known.id;
        }
        let id = self.new_id();
        let company = Company {
            id,
            name: name.to_owned(),
            responsible,
            created_by: stamp.by,
            updated_by: stamp.by,
            created_at: stamp.at,
            updated_at: stamp.at,
        };
        self.companies.insert(id, company);
        id
    }

    /// Gives the deal this company in place of the one that it has, or takes that one away.
    pub fn link_company(
        &mut self,
        id: LeadId,
        company: Option<CompanyId>,
        stamp: Stamp,
    ) -> Result<Vec<Change>, Invalid> {
        let lead = self.lead_mut(id)?;
        if lead.company == company {
            return Ok(Vec::new());
        }
        lead.company = company;
        lead.updated_at = stamp.at;
        lead.updated_by = stamp.by;
        let what = if company.is_some() { "entity_linked" } else { "entity_unlinked" };
        self.note(("lead", id), Note::bare(what), stamp);
        Ok(vec![Change::LeadUpdated { lead: id, from: None }])
    }
}
