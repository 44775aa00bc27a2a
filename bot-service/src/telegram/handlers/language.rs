//! Which language a person reads.

use super::{Ask, Outcome, menu};
use crate::actions::people;
use crate::domain::user::Language;
use crate::telegram::screens::texts;

pub async fn choose(ask: &mut Ask<'_>) -> Outcome {
    ask.actor()?;
    let screen = texts::languages(&ask.context());
    ask.show(&screen).await?;
    Ok(None)
}

/// The menu answers in it; what he has on his screen follows.
pub async fn speak(ask: &mut Ask<'_>, language: Language) -> Outcome {
    let actor = ask.actor()?;
    people::speak(ask.conn, &actor, ask.chat, language, ask.now).await?;
    ask.language = language;
    if let Some(user) = &mut ask.user {
        user.language = language;
    }
    menu::menu(ask).await
}
