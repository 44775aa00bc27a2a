//! Presses on the card of a measurement.

use super::{Ask, Outcome};
use crate::actions::measurements::{transit, would_allow};
use crate::actions::views::Face;
use crate::actions::{ActionError, DOUBLE_TAP, Refused, views_of};
use crate::domain::ids::{MeasurementId, UserId};
use crate::domain::measurement::Transition;
use crate::domain::permissions::{self, Action, Refusal};
use crate::domain::user::Name;
use crate::storage::{cards, measurements, outbox, users};
use crate::telegram::callback::CardPress;
use crate::telegram::toasts;

/// From a list: the card comes as a new message, and an older one of the same measurement loses its buttons.
pub async fn open(ask: &mut Ask<'_>, id: MeasurementId) -> Outcome {
    let user = ask.member()?.clone();
    let view = views_of::card(ask.conn, &user, id, Face::Main, None, true).await?;
    if view.look.is_none() {
        return Err(Refusal::NotYours.into());
    }
    let is_new = outbox::enqueue_card(ask.conn, ask.chat, user.id, id, ask.now - DOUBLE_TAP, ask.now).await?;
    if is_new { Ok(None) } else { Err(Refused::AlreadyDone.into()) }
}

/// A press on a card. Whatever comes of it, the card is redrawn at once to what is true now.
pub async fn press(ask: &mut Ask<'_>, id: MeasurementId, step: i32, press: CardPress) -> Outcome {
    let turn = turn(ask, id, press).await?;
    let outcome = match turn {
        Some((action, _)) => {
            let actor = ask.actor()?;
            would_allow(ask.conn, &actor, (id, step), action).await.map(|_| None)
        }
        None => act(ask, id, step, press).await,
    };
    // The card comes after the measurement: whoever changes a measurement holds it while it raises cards.
    if matches!(outcome, Ok(_) | Err(ActionError::Refused(_))) {
        redraw(ask, id, turn.filter(|_| outcome.is_ok()).map(|(_, face)| face)).await?;
    }
    outcome
}

/// A press that only gives the card another keyboard, with the right that the keyboard's buttons will need.
async fn turn(
    ask: &mut Ask<'_>,
    id: MeasurementId,
    press: CardPress,
) -> Result<Option<(Action, Face)>, ActionError> {
    Ok(match press {
        CardPress::Reassign => Some((Action::Reassign, Face::Measurers(0))),
        CardPress::Measurers(page) => Some((assigning(ask, id).await?, Face::Measurers(page))),
        CardPress::AskCancel => Some((Action::Cancel, Face::ConfirmCancel)),
        CardPress::Keep => Some((Action::View, Face::Main)),
        CardPress::AssignTo(_)
        | CardPress::Start
        | CardPress::Complete
        | CardPress::Cancel
        | CardPress::Restore => None,
    })
}

async fn act(ask: &mut Ask<'_>, id: MeasurementId, step: i32, press: CardPress) -> Outcome {
    let actor = ask.actor()?;
    let context = ask.context();
    let (transition, toast) = match press {
        CardPress::AssignTo(measurer) => {
            let name = name_of(ask, measurer).await?;
            (Transition::Assign(measurer), toasts::assigned(&name, &context))
        }
        CardPress::Start => (Transition::Start, toasts::started(&context)),
        CardPress::Complete => (Transition::Complete, toasts::completed(&context)),
        CardPress::Restore => (Transition::Restore, toasts::restored(&context)),
        CardPress::Cancel => (Transition::Cancel, toasts::cancelled(&context)),
        CardPress::Reassign | CardPress::Measurers(_) | CardPress::AskCancel | CardPress::Keep => {
            return Ok(None);
        }
    };
    transit(ask.conn, &actor, (id, step), transition, ask.now).await?;
    Ok(Some(toast))
}

/// A pending measurement is assigned, an assigned one reassigned: two rights, one choice of people.
async fn assigning(ask: &mut Ask<'_>, id: MeasurementId) -> Result<Action, ActionError> {
    let actor = ask.actor()?;
    let measurement = measurements::find(ask.conn, id).await?.ok_or(Refused::Unknown)?;
    let is_assignable = permissions::check(&actor, Action::Assign, &measurement).is_ok();
    Ok(if is_assignable { Action::Assign } else { Action::Reassign })
}

/// Makes the pressed message the card it claims to be, even if we did not know it (its sending was uncertain),
/// and has it drawn with this face. A measurement that the person does not see gives him no card.
async fn redraw(ask: &mut Ask<'_>, id: MeasurementId, face: Option<Face>) -> Result<(), ActionError> {
    let (Some(message), Some(user)) = (ask.pressed, ask.user.clone()) else { return Ok(()) };
    let Some(measurement) = measurements::find(ask.conn, id).await? else { return Ok(()) };
    if permissions::look(&user.actor(), &measurement).is_none() {
        return Ok(cards::touch_pressed(ask.conn, ask.chat, message, ask.now).await?);
    }
    cards::adopt(ask.conn, ask.chat, message, user.id, id, ask.now).await?;
    if let Some(face) = face {
        cards::set_face(ask.conn, ask.chat, message, face, ask.now).await?;
    }
    Ok(())
}

async fn name_of(ask: &mut Ask<'_>, user: UserId) -> Result<Name, ActionError> {
    Ok(users::find(ask.conn, user).await?.ok_or(Refused::MeasurerUnavailable)?.name)
}
