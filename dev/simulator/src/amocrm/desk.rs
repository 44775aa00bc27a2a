//! The hands of AmoCRM's people: what managers and administrators do in its interface.

use anyhow::Context as _;

use super::Simulator;
use super::deal::{ContactEdit, Deal, DealContact, DealEdit, NewContact};
use super::hooks::{self, Raised};
use super::model::{Contact, ContactId, Directory, Lead, LeadId, Stage, User, UserId};
use super::world::{Change, StageRef, Stamp, UserRef, World};

impl Simulator {
    /// Creates the deal, and its contact if that is new.
    pub fn create_deal(&self, deal: Deal) -> anyhow::Result<LeadId> {
        self.shared.change(|world| {
            let mut new = deal.resolve(world)?;
            let creator = deal.created_by.as_ref().map(|user| world.user(user)).transpose()?;
            let stamp = self.shared.stamp(creator.unwrap_or(new.responsible));
            let (contact, mut changes) = client(world, deal.contact, new.responsible, stamp)?;
            new.contacts = contact.into_iter().collect();
            new.company = deal.company.map(|name| world.company_named(&name, new.responsible, stamp));
            let (id, added) = world.add_lead(new, stamp);
            changes.extend(added);
            Ok((id, changes))
        })
    }

    /// Moves the deal on the board; nothing happens if it is there already.
    pub fn move_deal(&self, id: LeadId, stage: impl Into<StageRef>) -> anyhow::Result<()> {
        self.edit_deal(id, DealEdit::default().stage(stage))
    }

    pub fn change_responsible(&self, id: LeadId, user: impl Into<UserRef>) -> anyhow::Result<()> {
        self.edit_deal(id, DealEdit::default().responsible(user))
    }

    pub fn edit_deal(&self, id: LeadId, edit: DealEdit) -> anyhow::Result<()> {
        self.shared.change(|world| {
            let change = edit.resolve(world)?;
            let stamp = self.shared.stamp(world.lead_mut(id)?.responsible);
            Ok(((), world.change_lead(id, change, stamp)?))
        })
    }

    pub fn delete_deal(&self, id: LeadId) -> anyhow::Result<()> {
        self.act_on(id, |world, stamp| Ok(world.delete_lead(id, stamp)?))
    }

    pub fn restore_deal(&self, id: LeadId) -> anyhow::Result<()> {
        self.act_on(id, |world, stamp| Ok(world.restore_lead(id, stamp)?))
    }

    /// Links a contact to the deal as its main one.
    pub fn link_contact(&self, id: LeadId, contact: ContactId) -> anyhow::Result<()> {
        self.act_on(id, |world, stamp| Ok(world.link_contact(id, contact, stamp)?))
    }

    /// Gives the deal the company of this name, a new one if there is none, or none at all.
    pub fn link_company(&self, id: LeadId, name: Option<&str>) -> anyhow::Result<()> {
        self.act_on(id, |world, stamp| {
            let company = name.map(|name| world.company_named(name, stamp.by, stamp));
            Ok(world.link_company(id, company, stamp)?)
        })
    }

    pub fn create_contact(&self, contact: NewContact) -> anyhow::Result<ContactId> {
        self.shared.change(|world| {
            let owner = world.directory.account.current_user;
            let change = contact.resolve(world);
            Ok(world.add_contact(change, owner, self.shared.stamp(owner)))
        })
    }

    pub fn edit_contact(&self, id: ContactId, edit: ContactEdit) -> anyhow::Result<()> {
        self.shared.change(|world| {
            let stamp = self.shared.stamp(world.directory.account.current_user);
            let change = edit.resolve(world);
            Ok(((), world.change_contact(id, change, stamp)?))
        })
    }

    /// Changes the deal's main contact; a deal without one gets it.
    pub fn edit_client(&self, lead: LeadId, edit: ContactEdit) -> anyhow::Result<ContactId> {
        if let Some(contact) = self.main_contact(lead) {
            self.edit_contact(contact.id, edit)?;
            return Ok(contact.id);
        }
        self.deal(lead)
            .filter(|lead| !lead.is_deleted)
            .with_context(|| format!("there is no lead {lead}"))?;
        let id = self.create_contact(edit.into())?;
        self.link_contact(lead, id)?;
        Ok(id)
    }

    /// Gives the contact this phone and no other.
    pub fn edit_contact_phone(&self, id: ContactId, phone: &str) -> anyhow::Result<()> {
        self.edit_contact(id, ContactEdit::default().phone(phone))
    }

    /// Gives the deal's main contact this phone and no other.
    pub fn edit_client_phone(&self, lead: LeadId, phone: &str) -> anyhow::Result<()> {
        let contact = self.main_contact(lead).with_context(|| format!("lead {lead} has no contact"))?;
        self.edit_contact_phone(contact.id, phone)
    }

    /// Sends what the Digital Pipeline would for a lead that came into its stage from another (a
    /// `status` hook) or was created in it (`add`, where `from` is `None`). Nothing changes.
    pub fn send_pipeline_hook(&self, id: LeadId, from: Option<Stage>) -> anyhow::Result<()> {
        let world = self.shared.world();
        let lead = world.leads.get(&id).with_context(|| format!("there is no lead {id}"))?;
        let entries = vec![hooks::digital_pipeline(lead, from)];
        let (account, webhooks) = (world.directory.account.clone(), world.webhooks.clone());
        self.shared.hooks.raise(Raised { account, webhooks, entries });
        Ok(())
    }

    /// The deal as AmoCRM knows it, deleted ones too.
    pub fn deal(&self, id: LeadId) -> Option<Lead> {
        self.shared.world().leads.get(&id).cloned()
    }

    /// All deals by id, deleted ones too.
    pub fn deals(&self) -> Vec<Lead> {
        self.shared.world().leads.values().cloned().collect()
    }

    pub fn contact(&self, id: ContactId) -> Option<Contact> {
        self.shared.world().contacts.get(&id).cloned()
    }

    pub fn main_contact(&self, lead: LeadId) -> Option<Contact> {
        let world = self.shared.world();
        let link = world.leads.get(&lead)?.contacts.iter().find(|link| link.is_main)?;
        world.contacts.get(&link.id).cloned()
    }

    pub fn directory(&self) -> Directory {
        self.shared.world().directory.clone()
    }

    /// Users, pipelines and fields as an administrator sets them up. Sends no hooks, as AmoCRM.
    pub fn edit_directory(&self, edit: impl FnOnce(&mut Directory)) {
        edit(&mut self.shared.world().directory);
        self.shared.changes.tell();
    }

    /// Adds an active user who is no administrator.
    pub fn add_user(&self, name: &str) -> UserId {
        let mut world = self.shared.world();
        let id = world.new_id();
        let email = format!("user{id}@{}.test", world.directory.account.subdomain);
        let name = name.to_owned();
        world.directory.users.push(User { id, name, email, phone: None, is_active: true, is_admin: false });
        self.shared.changes.tell();
        id
    }

    fn act_on(
        &self,
        id: LeadId,
        act: impl FnOnce(&mut World, Stamp) -> anyhow::Result<Vec<Change>>,
    ) -> anyhow::Result<()> {
        self.shared.change(|world| {
            let lead = world.leads.get(&id).with_context(|| format!("there is no lead {id}"))?;
            let stamp = self.shared.stamp(lead.responsible);
            Ok(((), act(world, stamp)?))
        })
    }
}

fn client(
    world: &mut World,
    contact: Option<DealContact>,
    responsible: UserId,
    stamp: Stamp,
) -> anyhow::Result<(Option<ContactId>, Vec<Change>)> {
    match contact {
        None => Ok((None, Vec::new())),
        Some(DealContact::Known { id }) => {
            world.contacts.get(&id).with_context(|| format!("there is no contact {id}"))?;
            Ok((Some(id), Vec::new()))
        }
        Some(DealContact::New(new)) => {
            let change = new.resolve(world);
            let (id, changes) = world.add_contact(change, responsible, stamp);
            Ok((Some(id), changes))
        }
    }
}
