//! /failures: what is stuck, and what becomes of it. Whatever comes of a press, its message shows what is true now.

use shared::ids::LeadId;

use super::{Ask, Outcome};
use crate::actions::failures::messages::Repeated;
use crate::actions::failures::{self, deals, messages};
use crate::actions::views::{DealCursor, MessageCursor};
use crate::actions::{ActionError, Refused};
use crate::domain::ids::ParkedId;
use crate::telegram::callback::FailurePress;
use crate::telegram::screens::failures as screens;
use crate::telegram::toasts;

pub async fn press(ask: &mut Ask<'_>, press: FailurePress) -> Outcome {
    let outcome = act(ask, press).await;
    if let Err(ActionError::Refused(refused)) = &outcome {
        redraw(ask, press, refused).await?;
    }
    outcome
}

pub async fn overview(ask: &mut Ask<'_>) -> Outcome {
    let actor = ask.actor()?;
    let view = failures::overview(ask.conn, &actor, ask.now).await?;
    let screen = screens::overview(&view, &ask.context());
    ask.show(&screen).await?;
    Ok(None)
}

async fn act(ask: &mut Ask<'_>, press: FailurePress) -> Outcome {
    match press {
        FailurePress::Overview => overview(ask).await,
        FailurePress::Decisions => decisions(ask).await,
        FailurePress::Deals(cursor) => list_deals(ask, cursor).await,
        FailurePress::Deal(lead) => deal(ask, lead).await,
        FailurePress::RepeatDeal(lead) => {
            let actor = ask.actor()?;
            deals::repeat(ask.conn, &actor, lead, ask.now).await?;
            deal(ask, lead).await?;
            Ok(Some(toasts::deal_is_read_again(&ask.context())))
        }
        FailurePress::AskSkipDeal(lead) => {
            let actor = ask.actor()?;
            let view = deals::deal(ask.conn, &actor, lead).await?;
            let screen = screens::ask_skip_deal(&view, &ask.context());
            ask.show(&screen).await?;
            Ok(None)
        }
        FailurePress::SkipDeal { lead, seq } => {
            let actor = ask.actor()?;
            deals::skip(ask.conn, &actor, (lead, seq), ask.now).await?;
            list_deals(ask, DealCursor::First).await?;
            Ok(Some(toasts::skipped(&ask.context())))
        }
        FailurePress::Messages(cursor) => list_messages(ask, cursor).await,
        FailurePress::Message(id) => message(ask, id).await,
        FailurePress::RepeatMessage(id) => repeat_message(ask, id).await,
        FailurePress::AskSkipMessage(id) => {
            let actor = ask.actor()?;
            let view = messages::message(ask.conn, &actor, id).await?;
            let screen = screens::ask_skip_message(&view, &ask.context());
            ask.show(&screen).await?;
            Ok(None)
        }
        FailurePress::SkipMessage { id, arrivals } => {
            let actor = ask.actor()?;
            messages::skip(ask.conn, &actor, (id, arrivals), ask.now).await?;
            list_messages(ask, MessageCursor::First).await?;
            Ok(Some(toasts::skipped(&ask.context())))
        }
    }
}

/// Who is refused because of what happened meanwhile is shown that; who has no right is shown nothing.
async fn redraw(ask: &mut Ask<'_>, press: FailurePress, refused: &Refused) -> Result<(), ActionError> {
    let is_gone = matches!(refused, Refused::Decided(_) | Refused::NotStuck | Refused::Unknown);
    let has_changed = matches!(refused, Refused::MovedOn | Refused::StillUnreadable(_) | Refused::IsSending);
    match press {
        FailurePress::Deal(_)
        | FailurePress::RepeatDeal(_)
        | FailurePress::AskSkipDeal(_)
        | FailurePress::SkipDeal { .. }
            if is_gone =>
        {
            list_deals(ask, DealCursor::First).await?;
        }
        FailurePress::SkipDeal { lead, .. } if has_changed => {
            deal(ask, lead).await?;
        }
        FailurePress::Message(_)
        | FailurePress::RepeatMessage(_)
        | FailurePress::AskSkipMessage(_)
        | FailurePress::SkipMessage { .. }
            if is_gone =>
        {
            list_messages(ask, MessageCursor::First).await?;
        }
        FailurePress::RepeatMessage(id) | FailurePress::SkipMessage { id, .. } if has_changed => {
            message(ask, id).await?;
        }
        _ => {}
    }
    Ok(())
}

async fn decisions(ask: &mut Ask<'_>) -> Outcome {
    let actor = ask.actor()?;
    let view = failures::decisions(ask.conn, &actor).await?;
    let screen = screens::decisions(&view, &ask.context());
    ask.show(&screen).await?;
    Ok(None)
}

async fn list_deals(ask: &mut Ask<'_>, cursor: DealCursor) -> Outcome {
    let actor = ask.actor()?;
    let page = deals::page(ask.conn, &actor, cursor, ask.now).await?;
    let screen = screens::deals(&page, &ask.context());
    ask.show(&screen).await?;
    Ok(None)
}

async fn deal(ask: &mut Ask<'_>, lead: LeadId) -> Outcome {
    let actor = ask.actor()?;
    let view = deals::deal(ask.conn, &actor, lead).await?;
    let screen = screens::deal(&view, link(ask, lead).as_deref(), &ask.context());
    ask.show(&screen).await?;
    Ok(None)
}

async fn list_messages(ask: &mut Ask<'_>, cursor: MessageCursor) -> Outcome {
    let actor = ask.actor()?;
    let page = messages::page(ask.conn, &actor, cursor).await?;
    let screen = screens::messages(&page, &ask.context());
    ask.show(&screen).await?;
    Ok(None)
}

async fn message(ask: &mut Ask<'_>, id: ParkedId) -> Outcome {
    let actor = ask.actor()?;
    let view = messages::message(ask.conn, &actor, id).await?;
    let screen = screens::message(&view, &ask.context());
    ask.show(&screen).await?;
    Ok(None)
}

async fn repeat_message(ask: &mut Ask<'_>, id: ParkedId) -> Outcome {
    let actor = ask.actor()?;
    let can_send = ask.app.config.webhook.is_some();
    let repeated = messages::repeat(ask.conn, &actor, id, can_send, ask.now).await?;
    match repeated {
        Repeated::Understood => {
            list_messages(ask, MessageCursor::First).await?;
            Ok(Some(toasts::message_is_understood(&ask.context())))
        }
        Repeated::Sending => {
            message(ask, id).await?;
            Ok(Some(toasts::message_is_sent_again(&ask.context())))
        }
    }
}

/// Where AmoCRM shows the deal.
fn link(ask: &Ask<'_>, lead: LeadId) -> Option<String> {
    let account = ask.app.config.amocrm.base_url.as_ref()?;
    account.join(&format!("/leads/detail/{}", lead.0)).ok().map(|link| link.to_string())
}
