//! Plays what the plan has for deals, and keeps the book of AmoCRM's side: what must have become of each.

use std::time::Duration;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use simulator::amocrm::{Deal, DealEdit, HookBehaviour, LeadId, Sending, Simulator, Stage, UserId, demo};
use tokio::time::{Instant, sleep_until};

use super::plan::At;
use super::plan::deals::{DealAct, DealStep, EMPLOYEES, Place, Telling};

/// What happened to a deal in AmoCRM.
#[derive(Debug, Clone)]
pub struct DealBook {
    /// As the plan counts them.
    pub deal: usize,
    pub lead: LeadId,
    pub name: String,
    /// As they are now.
    pub address: String,
    pub phone: String,
    pub place: Place,
    pub is_deleted: bool,
    /// When it entered the stage in which measurements open, by AmoCRM's whole seconds.
    pub entries: Vec<DateTime<Utc>>,
    /// It was deleted, won or lost at some time.
    pub had_an_end: bool,
}

impl DealBook {
    /// No measurement of it may be open.
    pub fn is_over(&self) -> bool {
        self.is_deleted || self.place == Place::Refused
    }
}

const STAFF: [UserId; EMPLOYEES] = [demo::OLGA, demo::OLEG, demo::MARINA];
/// For the hooks of the last acts to be on their way.
const AFTERWARDS: Duration = Duration::from_millis(100);

/// # Errors
///
/// If the simulator refuses what a person can do in AmoCRM.
pub async fn play(amocrm: &Simulator, steps: &[At<DealStep>], start: Instant) -> Result<Vec<DealBook>> {
    let count = steps.iter().map(|step| step.what.deal + 1).max().unwrap_or_default();
    let mut books: Vec<Option<DealBook>> = vec![None; count];
    for step in steps {
        sleep_until(start + step.after).await;
        let DealStep { deal, act, telling } = step.what;
        amocrm.set_hook_behaviour(behaviour(telling));
        let book = &mut books[deal];
        match act {
            DealAct::Create { place } => *book = Some(create(amocrm, deal, place)?),
            act => apply(amocrm, book.as_mut().context("a deal is created first")?, act)
                .with_context(|| format!("{}", step.what))?,
        }
    }
    tokio::time::sleep(AFTERWARDS).await;
    amocrm.set_hook_behaviour(HookBehaviour::default());
    Ok(books.into_iter().flatten().collect())
}

fn behaviour(telling: Telling) -> HookBehaviour {
    let good = HookBehaviour::default();
    match telling {
        Telling::AtOnce => good,
        Telling::Twice => HookBehaviour { copies: 2, ..good },
        Telling::Late(by) => HookBehaviour { sending: Sending::Late { by }, ..good },
        Telling::Never => HookBehaviour { sending: Sending::Lost, ..good },
    }
}

fn create(amocrm: &Simulator, deal: usize, place: Place) -> Result<DealBook> {
    let (name, address, phone) = (name(deal), address(deal, 0), phone(deal, 99));
    let new = Deal::named(&name)
        .stage(stage(place))
        .responsible(STAFF[deal % EMPLOYEES])
        .address(&address)
        .client(format!("Клиент {deal}"), &phone);
    let lead = amocrm.create_deal(new)?;
    let mut book = DealBook {
        deal,
        lead,
        name,
        address,
        phone,
        place,
        is_deleted: false,
        entries: vec![],
        had_an_end: false,
    };
    book.comes_to(amocrm, place);
    Ok(book)
}

fn apply(amocrm: &Simulator, book: &mut DealBook, act: DealAct) -> Result<()> {
    let lead = book.lead;
    match act {
        DealAct::Create { .. } => {}
        DealAct::Move { to } => {
            amocrm.move_deal(lead, stage(to))?;
            book.comes_to(amocrm, to);
        }
        DealAct::Address { house } => {
            book.address = address(book.deal, house);
            amocrm.edit_deal(lead, DealEdit::default().field("Адрес", &book.address))?;
        }
        DealAct::Phone { number } => {
            book.phone = phone(book.deal, number);
            amocrm.edit_client_phone(lead, &book.phone)?;
        }
        DealAct::Price { roubles } => {
            amocrm.edit_deal(lead, DealEdit::default().price(i64::try_from(roubles)?))?;
        }
        DealAct::Responsible { employee } => amocrm.change_responsible(lead, STAFF[employee % EMPLOYEES])?,
        DealAct::Delete => {
            amocrm.delete_deal(lead)?;
            (book.is_deleted, book.had_an_end) = (true, true);
        }
    }
    Ok(())
}

impl DealBook {
    fn comes_to(&mut self, amocrm: &Simulator, place: Place) {
        self.place = place;
        self.had_an_end |= matches!(place, Place::Sold | Place::Refused);
        if place == Place::Measurement {
            let at = amocrm.deal(self.lead).and_then(|lead| DateTime::from_timestamp(lead.updated_at, 0));
            self.entries.extend(at);
        }
    }
}

fn name(deal: usize) -> String {
    format!("Сделка {deal}")
}

fn address(deal: usize, house: usize) -> String {
    format!("ул. Испытаний, {deal}-{house}")
}

/// One of its own for every deal, so that a phone in a chat tells whose it is.
fn phone(deal: usize, number: usize) -> String {
    format!("+7916{:05}{number:02}", deal % 100_000)
}

fn stage(place: Place) -> Stage {
    match place {
        Place::New => demo::NEW,
        Place::Measurement => demo::MEASUREMENT,
        Place::Production => demo::PRODUCTION,
        Place::Sold => demo::SOLD,
        Place::Refused => demo::REFUSED,
    }
}
