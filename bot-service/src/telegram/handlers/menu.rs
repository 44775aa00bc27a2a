//! /start without an invitation, /menu, /help, and everything that was not understood.

use super::{Ask, Outcome};
use crate::actions::{ActionError, lists};
use crate::telegram::screens::{menu, texts};

/// The menu with what waits.
pub async fn menu(ask: &mut Ask<'_>) -> Outcome {
    let actor = ask.actor()?;
    let view = lists::menu(ask.conn, &actor, ask.now).await?;
    let name = ask.member()?.name.first.clone();
    let screen = menu::render(&view, &name, &ask.context());
    ask.show(&screen).await?;
    Ok(None)
}

/// What the person can do.
pub async fn help(ask: &mut Ask<'_>) -> Outcome {
    let screen = texts::help(ask.actor()?.roles, &ask.context());
    ask.say(&screen).await?;
    Ok(None)
}

/// Text that is no command, a photo, a sticker, a voice: none of them has a purpose here.
pub async fn hint(ask: &mut Ask<'_>) -> Outcome {
    ask.actor()?;
    let screen = texts::hint(&ask.context());
    ask.say(&screen).await?;
    Ok(None)
}

/// Why there is nothing for this person here.
pub async fn no_access(ask: &mut Ask<'_>) -> Result<(), ActionError> {
    let context = ask.context();
    let is_disabled = ask.user.as_ref().is_some_and(|user| user.is_disabled);
    let screen = if is_disabled { texts::disabled(&context) } else { texts::stranger(&context) };
    ask.say(&screen).await?;
    Ok(())
}
