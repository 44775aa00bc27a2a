//! A person's phone number, by Telegram's own button.

use super::{Ask, Outcome, menu};
use crate::actions::people;
use crate::domain::user::Language;
use crate::telegram::incoming::Contact;
use crate::telegram::screens::contact as screens;
use crate::telegram::words::{Words, say};

/// Asks whoever has just come in; he may decline.
pub async fn ask_for(ask: &mut Ask<'_>) -> Outcome {
    let screen = screens::ask(&ask.context());
    ask.say(&screen).await?;
    Ok(None)
}

/// His own number is kept, somebody else's is not.
pub async fn receive(ask: &mut Ask<'_>, contact: &Contact) -> Outcome {
    let actor = ask.actor()?;
    let context = ask.context();
    let screen = if contact.is_own {
        let is_kept = people::take_phone(ask.conn, &actor, &contact.phone, ask.now).await?;
        if is_kept { screens::thanks(&context) } else { screens::unreadable(&context) }
    } else {
        screens::not_yours(&context)
    };
    ask.say(&screen).await?;
    Ok(None)
}

/// Whether somebody pressed «Не сейчас», in whatever language it was drawn.
pub fn is_declined(text: &str) -> bool {
    Language::ALL.into_iter().any(|language| say!(Words::of(language), "button-not-now") == text)
}

pub async fn decline(ask: &mut Ask<'_>) -> Outcome {
    ask.actor()?;
    let screen = screens::declined(&ask.context());
    ask.say(&screen).await?;
    menu::menu(ask).await
}
