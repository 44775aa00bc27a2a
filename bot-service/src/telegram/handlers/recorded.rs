//! The buttons under «В этапах замера уже 312 сделок».

use chrono::DateTime;

use super::{Ask, Outcome};
use crate::actions::views::RecordedChoice;
use crate::actions::{ActionError, Refused, recorded, setup};
use crate::telegram::screens::alert;
use crate::telegram::toasts;

/// Whoever is first decides for all; under the messages of the others the buttons go when they are pressed.
pub async fn decide(ask: &mut Ask<'_>, recording: i64, choice: RecordedChoice) -> Outcome {
    let actor = ask.actor()?;
    let recording = DateTime::from_timestamp(recording, 0).ok_or(Refused::Unknown)?;
    let triggers = setup::intake(ask.conn, &ask.app.config.intake).await?.triggers;
    let decided = recorded::decide(ask.conn, &actor, recording, choice, &triggers, ask.now).await;
    let context = ask.context();
    match decided {
        Ok(opened) => {
            let screen = alert::decided(opened, &context);
            ask.show(&screen).await?;
            Ok(None)
        }
        Err(ActionError::Refused(Refused::AlreadyDone)) => {
            let screen = alert::decided_before(&context);
            ask.show(&screen).await?;
            Ok(Some(toasts::refused(&Refused::AlreadyDone, &context)))
        }
        Err(error) => Err(error),
    }
}
