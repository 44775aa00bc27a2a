//! A person's roles, who takes over his visits, and what was changed of people.

use super::dispatch::{accepting, quiet, remind};
use super::setup::fields::fact_name;
use super::setup::stages;
use super::setup::timezones::city;
use super::times::moment;
use super::{Button, Context, Row, Screen, back_row, bold, limits, name_html, name_line, onward};
use crate::actions::views::{
    AuditRow, AuditView, COUNT_CAP, PersonView, RoleChoice, RolesView, SuccessorsView,
};
use crate::domain::audit::Change;
use crate::domain::dispatch::{DispatchChange, Quiet};
use crate::domain::setup::{FieldChoice, SetupChange};
use crate::domain::user::{Name, Roles};
use crate::format;
use crate::telegram::callback::{AccessPress, Callback};
use crate::telegram::words::{Words, say};

/// A press on a role gives it, or takes it.
pub fn roles(view: &RolesView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let user = view.user.id;
    let name = name_html(&view.user.name.full(), words);
    let text = format!("{}\n{}", bold(&say!(words, "roles-of", name = name)), say!(words, "roles-choose"));
    let button = |choice: &RoleChoice| {
        let role = words.role(choice.role);
        let (label, press) = if choice.has {
            (say!(words, "role-has", role = role), AccessPress::Take(user, choice.role))
        } else {
            (role, AccessPress::Give(user, choice.role))
        };
        vec![Button::press(label, Callback::Access(press))]
    };
    let mut rows: Vec<Row> = view.choices.iter().map(button).collect();
    rows.push(back_row(Callback::Person(user), words));
    Screen::with(text, rows)
}

/// To the person himself; the menu's buttons go under it.
pub fn your_roles(roles: Roles, context: &Context<'_>) -> Screen {
    Screen::text(say!(context.words, "roles-yours", roles = context.words.roles(roles)))
}

/// «Кому передать его замеры?»
pub fn successors(view: &SuccessorsView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let (user, is_leaving) = (view.user.id, view.is_leaving);
    let name = name_html(&view.user.name.full(), words);
    let mut text = say!(words, "successors", name = name, count = view.visits);
    if is_leaving {
        text = format!("{text}\n{}", say!(words, "successors-leaving"));
    }
    let press = |to| Callback::Access(AccessPress::HandOver { user, to, is_leaving });
    let mut rows: Vec<Row> = Vec::new();
    for row in &view.rows {
        let name = name_line(&row.name.short(), limits::BUTTON, words);
        let label = say!(words, "candidate", name = name, count = format::count(row.open, COUNT_CAP));
        rows.push(vec![Button::press(label, press(Some(row.id)))]);
    }
    let turn = |page| Callback::Access(AccessPress::Successors { user, is_leaving, page });
    rows.extend(super::pages(view.page, view.has_next, turn, words));
    rows.push(vec![Button::press(say!(words, "button-to-queue"), press(None))]);
    rows.push(back_row(Callback::Person(user), words));
    Screen::with(text, rows)
}

/// «Сколько дней не предлагать замеры?»
pub fn choose_away(view: &PersonView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let user = view.user.id;
    let away = |label, days| vec![Button::press(label, Callback::Access(AccessPress::Away(user, days)))];
    let mut rows = vec![
        away(say!(words, "away-today"), Some(0)),
        away(say!(words, "away-tomorrow"), Some(1)),
        away(say!(words, "away-week"), Some(6)),
        away(say!(words, "away-two-weeks"), Some(13)),
        away(say!(words, "away-month"), Some(29)),
    ];
    if view.user.away_until.is_some_and(|at| at > context.now) {
        rows.push(away(say!(words, "away-over"), None));
    }
    rows.push(back_row(Callback::Person(user), words));
    Screen::with(say!(words, "away-choose", name = name_html(&view.user.name.full(), words)), rows)
}

/// «24 ноября в 14:05 · Анна Серова: …», the latest first.
pub fn changes(view: &AuditView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let mut lines = vec![bold(&say!(words, "changes-title"))];
    lines.extend(view.rows.iter().map(|row| line(row, context)));
    if view.rows.is_empty() {
        lines.push(say!(words, "changes-none"));
    }
    let turn = |before| Callback::Access(AccessPress::Changes { subject: view.subject, before });
    let start = (!view.is_first).then(|| turn(None));
    let pages = onward(start, view.next.map(Some), turn, words);
    let back = view.subject.map_or(Callback::People { only: None, page: 0 }, Callback::Person);
    let rows = pages.into_iter().chain([back_row(back, words)]);
    Screen::with(lines.join("\n"), rows.collect())
}

fn line(row: &AuditRow, context: &Context<'_>) -> String {
    let words = context.words;
    let when = moment(row.at, context);
    let name = |name: &Option<Name>| name.as_ref().map(|name| name_html(&name.full(), words));
    let who = name(&row.actor).unwrap_or_else(|| say!(words, "changes-system"));
    let whom = name(&row.subject).unwrap_or_default();
    say!(
        words,
        "changes-line",
        when = when,
        who = who,
        what = what(&row.change, (whom, name(&row.to)), context)
    )
}

fn what(change: &Change, (whom, to): (String, Option<String>), context: &Context<'_>) -> String {
    let words = context.words;
    let to = to.unwrap_or_else(|| say!(words, "changes-queue"));
    let html = |text: &str| format::html(text, limits::SHORT);
    match change {
        Change::ZoneMade { name } => say!(words, "change-zone-made", name = html(name)),
        Change::ZoneRenamed { from, name } => {
            say!(words, "change-zone-renamed", from = html(from), name = html(name))
        }
        Change::ZoneSpelled { zone, name } => {
            say!(words, "change-zone-spelled", zone = html(zone), name = html(name))
        }
        Change::ZoneMerged { from, into } => {
            say!(words, "change-zone-merged", from = html(from), into = html(into))
        }
        Change::ZoneDeleted { name } => say!(words, "change-zone-deleted", name = html(name)),
        Change::ZoneGiven { zone } => say!(words, "change-zone-given", whom = whom, zone = html(zone)),
        Change::ZoneTaken { zone } => say!(words, "change-zone-taken", whom = whom, zone = html(zone)),
        Change::DealerGiven { dealer } => {
            say!(words, "change-dealer-given", whom = whom, dealer = html(dealer))
        }
        Change::DealerRenamed { from, name } => {
            say!(words, "change-dealer-renamed", from = html(from), name = html(name))
        }
        Change::DealerMerged { from, into } => {
            say!(words, "change-dealer-merged", from = html(from), into = html(into))
        }
        Change::DealerTaken { dealer } => say!(words, "change-dealer-taken", dealer = html(dealer)),
        Change::Away { until: Some(until) } => {
            say!(words, "change-away", whom = whom, until = moment(*until, context))
        }
        Change::Away { until: None } => say!(words, "change-away-over", whom = whom),
        Change::SettingChanged { to } => setting(*to, words),
        Change::SetupChanged { to, name } => setup(*to, &html(name), words),
        Change::InviteMade { role, uses: Some(uses) } => {
            say!(words, "change-invite-made", role = words.role(*role), uses = i64::from(*uses))
        }
        Change::InviteMade { role, uses: None } => {
            say!(words, "change-invite-made-open", role = words.role(*role))
        }
        Change::InviteRevoked { role } => say!(words, "change-invite-revoked", role = words.role(*role)),
        Change::Joined { role } => say!(words, "change-joined", role = words.role(*role)),
        Change::RoleGiven { role } => say!(words, "change-role-given", whom = whom, role = words.role(*role)),
        Change::RoleTaken { role } => say!(words, "change-role-taken", whom = whom, role = words.role(*role)),
        Change::Linked { employee } => {
            say!(words, "change-linked", whom = whom, employee = name_html(employee, words))
        }
        Change::Disabled { visits: 0, .. } => say!(words, "change-disabled", whom = whom),
        Change::Disabled { visits: count, .. } => {
            let count = *count;
            say!(words, "change-disabled-with", whom = whom, count = count, to = to)
        }
        Change::Enabled {} => say!(words, "change-enabled", whom = whom),
        Change::HandedOver { visits: count, .. } => {
            let count = *count;
            say!(words, "change-handed-over", whom = whom, count = count, to = to)
        }
    }
}

/// `name` is escaped.
fn setup(to: SetupChange, name: &str, words: &Words) -> String {
    match to {
        SetupChange::Stage { role, is_on: true, .. } => {
            say!(words, "change-stage-on", what = stages::title(role, words), name = name)
        }
        SetupChange::Stage { role, is_on: false, .. } => {
            say!(words, "change-stage-off", what = stages::title(role, words), name = name)
        }
        SetupChange::Field { fact, choice } => {
            let fact = fact_name(fact, words);
            match choice {
                FieldChoice::Field(_) => say!(words, "change-field", fact = fact, name = name),
                FieldChoice::Nothing => say!(words, "change-field-nothing", fact = fact),
                FieldChoice::AsStarted => say!(words, "change-field-started", fact = fact),
            }
        }
        SetupChange::Timezone { to } => say!(words, "change-timezone", city = city(to, words)),
    }
}

fn setting(to: DispatchChange, words: &Words) -> String {
    match to {
        DispatchChange::Mode { rule, mode } => {
            say!(words, "setting-rule", rule = words.rule(rule), mode = words.mode(mode))
        }
        DispatchChange::RemindAfter { minutes } => remind(minutes, words),
        DispatchChange::AcceptWithin { minutes } => accepting(minutes, words),
        DispatchChange::Quiet { from, until } => quiet(Quiet { from, until }, words),
    }
}

#[cfg(test)]
mod tests;
