//! The body of a hook: the account and one or more events.

use std::collections::BTreeMap;

use super::behaviour::Layout;
use super::entry::{Entry, Source};
use super::form::Form;
use crate::amocrm::model::Account;

/// How far the indexes of events of one entity and action are apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spacing {
    Dense,
    Sparse,
}

/// Digital Pipeline hooks keep the account last and without links, whatever the layout.
pub fn compose(account: &Account, entries: &[Entry], layout: Layout, spacing: Spacing) -> String {
    let crm = entries.iter().any(|entry| entry.source == Source::Crm);
    let account = if crm { crm_account(account) } else { pipeline_account(account) };
    let mut body = Form::default();
    if crm && layout == Layout::AccountFirst {
        body.extend_under("", &account);
    }
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for entry in entries {
        let count = counts.entry((entry.entity, entry.action)).or_default();
        let index = match spacing {
            Spacing::Dense => *count,
            Spacing::Sparse => 1 + *count * 3,
        };
        *count += 1;
        body.extend_under(&format!("{}[{}][{index}]", entry.entity, entry.action), &entry.form);
    }
    if !crm || layout == Layout::AccountLast {
        body.extend_under("", &account);
    }
    body.encode()
}

fn crm_account(account: &Account) -> Form {
    let mut form = Form::default();
    form.push("account[subdomain]", &account.subdomain);
    form.push("account[id]", account.id);
    form.push("account[_links][self]", format!("https://{}.amocrm.ru", account.subdomain));
    form
}

fn pipeline_account(account: &Account) -> Form {
    let mut form = Form::default();
    form.push("account[id]", account.id);
    form.push("account[subdomain]", &account.subdomain);
    form
}
