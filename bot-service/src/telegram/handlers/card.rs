//! Presses on the card of a measurement.

use super::{Ask, Outcome};
use crate::actions::measurements::{transit, would_allow};
use crate::actions::views::Face;
use crate::actions::{ActionError, Refused, views_of};
use crate::domain::ids::{MeasurementId, UserId};
use crate::domain::measurement::Transition;
use crate::domain::permissions::{self, Action, Refusal};
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
    outbox::enqueue_card(ask.conn, ask.chat, user.id, id, ask.now).await?;
    Ok(None)
}

/// A press on a card. Whatever comes of it, the card is redrawn to what is true now.
pub async fn press(ask: &mut Ask<'_>, id: MeasurementId, step: i32, press: CardPress) -> Outcome {
    let outcome = act(ask, id, step, press).await;
    if matches!(outcome, Ok(_) | Err(ActionError::Refused(_))) {
        refresh(ask, id).await?;
    }
    outcome
}

async fn act(ask: &mut Ask<'_>, id: MeasurementId, step: i32, press: CardPress) -> Outcome {
    let actor = ask.actor()?;
    let context = ask.context();
    let transition = match press {
        CardPress::AssignTo(measurer) => Transition::Assign(measurer),
        CardPress::Start => Transition::Start,
        CardPress::Complete => Transition::Complete,
        CardPress::Cancel => Transition::Cancel,
        CardPress::Restore => Transition::Restore,
        CardPress::Reassign => return turn(ask, id, step, Action::Reassign, Face::Measurers(0)).await,
        CardPress::AskCancel => return turn(ask, id, step, Action::Cancel, Face::ConfirmCancel).await,
        CardPress::Measurers(page) => {
            let action = assigning(ask, id).await?;
            return turn(ask, id, step, action, Face::Measurers(page)).await;
        }
        CardPress::Keep => return turn(ask, id, step, Action::View, Face::Main).await,
    };
    transit(ask.conn, &actor, (id, step), transition, ask.now).await?;
    Ok(Some(match transition {
        Transition::Assign(measurer) => toasts::assigned(&name_of(ask, measurer).await?, &context),
        Transition::Start => toasts::started(&context),
        Transition::Complete => toasts::completed(&context),
        Transition::Restore => toasts::restored(&context),
        Transition::Cancel | Transition::EndWithDeal(_) | Transition::Return => toasts::cancelled(&context),
    }))
}

/// Gives the card another keyboard; the measurement stays as it is.
async fn turn(ask: &mut Ask<'_>, id: MeasurementId, step: i32, action: Action, face: Face) -> Outcome {
    let actor = ask.actor()?;
    would_allow(ask.conn, &actor, (id, step), action).await?;
    if let Some(message) = adopted(ask, id).await? {
        cards::set_face(ask.conn, ask.chat, message, face, ask.now).await?;
    }
    Ok(None)
}

/// A pending measurement is assigned, an assigned one reassigned: two rights, one choice of people.
async fn assigning(ask: &mut Ask<'_>, id: MeasurementId) -> Result<Action, ActionError> {
    let actor = ask.actor()?;
    let measurement = measurements::find(ask.conn, id).await?.ok_or(Refused::Unknown)?;
    let is_assignable = permissions::check(&actor, Action::Assign, &measurement).is_ok();
    Ok(if is_assignable { Action::Assign } else { Action::Reassign })
}

/// The pressed message becomes the card it claims to be, if we did not know it (its sending was uncertain).
/// A card that shows nothing to this person is never adopted.
async fn adopted(ask: &mut Ask<'_>, id: MeasurementId) -> Result<Option<i32>, ActionError> {
    let (Some(message), Some(user)) = (ask.pressed, ask.user.clone()) else { return Ok(None) };
    let Some(measurement) = measurements::find(ask.conn, id).await? else { return Ok(None) };
    if permissions::look(&user.actor(), &measurement).is_some() {
        cards::adopt(ask.conn, ask.chat, message, user.id, id, ask.now).await?;
    }
    Ok(Some(message))
}

/// Redraws the pressed card at once, whatever its turn.
async fn refresh(ask: &mut Ask<'_>, id: MeasurementId) -> Result<(), ActionError> {
    if let Some(message) = adopted(ask, id).await? {
        cards::touch_pressed(ask.conn, ask.chat, message, ask.now).await?;
    }
    Ok(())
}

async fn name_of(ask: &mut Ask<'_>, user: UserId) -> Result<crate::domain::user::Name, ActionError> {
    Ok(users::find(ask.conn, user).await?.ok_or(Refused::Unknown)?.name)
}
