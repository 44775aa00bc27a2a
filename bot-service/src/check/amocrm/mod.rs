//! Does AmoCRM accept the token, and does the account have the stages and fields that the settings name.

use std::time::Duration;

use reqwest::{StatusCode, Url};
use shared::check::Row;

use super::{place, trouble};
use crate::amocrm::client::Client;
use crate::amocrm::error::AmoCrmError;
use crate::amocrm::model::Account;
use crate::amocrm::tokens::Tokens;
use crate::config::{AmoCrmConfig, WebhookConfig};
use crate::domain::setup::Intake;

mod fields;
mod hook;
mod stages;

pub const SUBJECT: &str = "AmoCRM";
/// The client's own limit for lists.
const LIMIT: Duration = Duration::from_secs(20);

/// Four calls at most, none of which changes anything.
pub async fn tried(config: &AmoCrmConfig, intake: &Intake, webhook: Option<&WebhookConfig>) -> Vec<Row> {
    if config.oauth.is_some() {
        let text =
            "the tokens of AMOCRM_REFRESH_TOKEN are the running bot's to renew; they are not tried here";
        return vec![Row::note(SUBJECT, text)];
    }
    let (Some(tokens), Some(base)) = (Tokens::long_lived(config), &config.base_url) else {
        let text =
            "AMOCRM_ACCESS_TOKEN is empty: measurements come from webhooks alone, without client and phone";
        return vec![Row::note(SUBJECT, text)];
    };
    let Ok(client) = Client::new(base, tokens, config.requests_per_second) else {
        return vec![Row::fails(SUBJECT, "its address cannot be used", "Correct AMOCRM_BASE_URL.")];
    };
    let account = match client.account().await {
        Ok(account) => account,
        Err(error) => return vec![refused(SUBJECT, base, &error)],
    };
    let stages = match client.pipelines().await {
        Ok(list) => stages::compared(&list.elements, intake),
        Err(error) => vec![refused(stages::SUBJECT, base, &error)],
    };
    let fields = match client.lead_fields().await {
        Ok(list) => fields::compared(&list.elements, &intake.fields),
        Err(error) => refused(fields::SUBJECT, base, &error),
    };
    let hook = match webhook {
        Some(webhook) => match client.webhooks().await {
            Ok(list) => Some(hook::compared(&list.elements, webhook, config)),
            Err(error) => Some(refused(hook::SUBJECT, base, &error)),
        },
        None => hook::unknown(config),
    };
    [known(&account, config, base)].into_iter().chain(stages).chain([fields]).chain(hook).collect()
}

fn known(account: &Account, config: &AmoCrmConfig, base: &Url) -> Row {
    let name = account.name.as_deref().or(account.subdomain.as_deref()).unwrap_or_default();
    let text = format!("account «{name}», number {}, at {}", account.id, place(base));
    match config.account_id {
        None => Row::works(SUBJECT, format!("{text}; put the number into AMOCRM_ACCOUNT_ID")),
        Some(id) if id == account.id => Row::works(SUBJECT, text),
        Some(id) => Row::fails(
            SUBJECT,
            format!("{text}, but AMOCRM_ACCOUNT_ID is {id}: its webhooks would be refused"),
            format!("Set AMOCRM_ACCOUNT_ID={}, or correct AMOCRM_SUBDOMAIN and the token.", account.id),
        ),
    }
}

fn refused(subject: &'static str, base: &Url, error: &AmoCrmError) -> Row {
    let place = place(base);
    let (found, advice) = match error {
        AmoCrmError::TokenRefused { .. } => (
            format!("{place} refuses the token"),
            "Make a new long-lived token in the integration's settings and put it into AMOCRM_ACCESS_TOKEN; it \
             belongs to one account only."
                .to_owned(),
        ),
        AmoCrmError::Blocked { .. } => (
            format!("{place} has blocked us"),
            "Stop everything that calls AmoCRM's API and ask its support to lift the block.".to_owned(),
        ),
        AmoCrmError::Forbidden { .. } => (
            format!("{place} lets the token's owner not read this"),
            "Let an administrator of the account make the token.".to_owned(),
        ),
        AmoCrmError::RefreshRefused | AmoCrmError::TokenAwaited | AmoCrmError::Storage(_) => {
            (error.to_string(), "See the log of bot-service.".to_owned())
        }
        AmoCrmError::TooMany { .. } | AmoCrmError::Closed(_) => {
            (format!("{place} was asked too often"), "Wait a minute and check again.".to_owned())
        }
        AmoCrmError::Status { status, .. } if status.is_server_error() => {
            (format!("{place} answers {}", status.as_u16()), "AmoCRM itself is in trouble; check again later.".to_owned())
        }
        AmoCrmError::Status { status, .. } => {
            (format!("{place} answers {}", strange(*status)), "Is there such an account? Correct AMOCRM_SUBDOMAIN.".to_owned())
        }
        AmoCrmError::Unreadable { .. } => (
            format!("{place} answers with something else than AmoCRM does"),
            "Correct AMOCRM_SUBDOMAIN or AMOCRM_BASE_URL.".to_owned(),
        ),
        AmoCrmError::Unreachable { source, .. } => {
            let trouble = trouble(source, LIMIT);
            (format!("{place} {trouble}"), trouble.advice("AMOCRM_SUBDOMAIN or AMOCRM_BASE_URL"))
        }
    };
    Row::fails(subject, found, advice)
}

fn strange(status: StatusCode) -> String {
    format!("{} as if there were no API", status.as_u16())
}

#[cfg(test)]
mod tests;
