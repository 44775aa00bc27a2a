//! Presses on the card of a measurement.

use super::{Ask, Outcome};
use crate::actions::measurements::{asks_why, explain, follow_up, transit_saying, would_allow};
use crate::actions::proposals::confirm;
use crate::actions::views::Face;
use crate::actions::{ActionError, DOUBLE_TAP, Refused, history, views_of};
use crate::domain::conversation::{Flow, ReasonOf};
use crate::domain::ids::{HistoryId, MeasurementId, UserId};
use crate::domain::measurement::{CancelReason, DeclineReason, ProblemReason, ReassignReason, Transition};
use crate::domain::permissions::{self, Action, Refusal};
use crate::domain::user::Name;
use crate::format;
use crate::storage::{cards, conversations, measurements, outbox, users};
use crate::telegram::callback::CardPress;
use crate::telegram::screens::{self, limits, texts};
use crate::telegram::toasts;

/// From a list: the card comes as a new message, and an older one of the same measurement loses its buttons.
pub async fn open(ask: &mut Ask<'_>, id: MeasurementId) -> Outcome {
    let user = ask.member()?.clone();
    let view = views_of::card(ask.conn, &user, id, Face::Main, None, (true, ask.now)).await?;
    if view.look.is_none() {
        return Err(Refusal::NotYours.into());
    }
    let is_new = outbox::enqueue_card(ask.conn, ask.chat, user.id, id, ask.now - DOUBLE_TAP, ask.now).await?;
    if is_new { Ok(None) } else { Err(Refused::AlreadyDone.into()) }
}

/// What happened to it: from the card as a message of its own, because the card stays what it is. Pages turn in place.
pub async fn history(ask: &mut Ask<'_>, id: MeasurementId, before: Option<HistoryId>) -> Outcome {
    let actor = ask.actor()?;
    let view = history::page(ask.conn, &actor, id, before).await?;
    let screen = screens::history::render(&view, &ask.context());
    match before {
        None => ask.say(&screen).await?,
        Some(_) => ask.show(&screen).await?,
    }
    Ok(None)
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
        let face = match press {
            CardPress::AssignTo(_) => asks_why(ask.conn, id).await?.then_some(Face::Reassigned),
            _ => turn.map(|(_, face)| face),
        };
        // The second of two taps takes nothing away.
        let is_done = matches!(outcome, Ok(_) | Err(ActionError::Refused(Refused::AlreadyDone)));
        redraw(ask, id, face.filter(|_| is_done)).await?;
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
        CardPress::AskDecline => Some((Action::Decline, Face::Decline)),
        CardPress::AskProblem => Some((Action::ReportProblem, Face::Problem)),
        CardPress::AskCancel => Some((Action::Cancel, Face::Cancel)),
        CardPress::AskRestore => Some((Action::Restore, Face::Restore)),
        CardPress::AskFollowUp => Some((Action::FollowUp, Face::FollowUp)),
        CardPress::Keep => Some((Action::View, Face::Main)),
        CardPress::AssignTo(_)
        | CardPress::Confirm(_)
        | CardPress::Accept
        | CardPress::Start
        | CardPress::Complete
        | CardPress::Decline(_)
        | CardPress::ReportProblem(_)
        | CardPress::ClearProblem
        | CardPress::Explain(_)
        | CardPress::Cancel(_)
        | CardPress::FollowUp
        | CardPress::Undo
        | CardPress::Restore => None,
    })
}

async fn act(ask: &mut Ask<'_>, id: MeasurementId, step: i32, press: CardPress) -> Outcome {
    let actor = ask.actor()?;
    let context = ask.context();
    let (transition, toast) = match press {
        CardPress::Confirm(number) => {
            let measurer = confirm(ask.conn, &actor, (id, step), number, ask.now).await?;
            return Ok(Some(toasts::assigned(&name_of(ask, measurer).await?, &context)));
        }
        CardPress::AssignTo(measurer) => {
            let name = name_of(ask, measurer).await?;
            (Transition::Assign(measurer), toasts::assigned(&name, &context))
        }
        CardPress::Accept => (Transition::Accept, toasts::accepted(&context)),
        CardPress::Start => (Transition::Start, toasts::started(&context)),
        CardPress::Complete => (Transition::Complete, toasts::completed(&context)),
        CardPress::Decline(DeclineReason::Other) => return ask_why(ask, ReasonOf::Decline, (id, step)).await,
        CardPress::Cancel(CancelReason::Other) => return ask_why(ask, ReasonOf::Cancel, (id, step)).await,
        CardPress::Explain(ReassignReason::Other) => {
            return ask_why(ask, ReasonOf::Reassign, (id, step)).await;
        }
        CardPress::Explain(reason) => {
            explain(ask.conn, &actor, (id, step), (reason, None), ask.now).await?;
            return Ok(Some(toasts::explained(&context)));
        }
        CardPress::ReportProblem(ProblemReason::Other) => {
            return ask_why(ask, ReasonOf::Problem, (id, step)).await;
        }
        CardPress::ReportProblem(reason) => {
            (Transition::ReportProblem(reason), toasts::problem_reported(&context))
        }
        CardPress::Undo => (Transition::Undo, toasts::undone(&context)),
        CardPress::FollowUp => return another_visit(ask, (id, step)).await,
        CardPress::ClearProblem => (Transition::ClearProblem, toasts::problem_cleared(&context)),
        CardPress::Decline(reason) => (Transition::Decline(reason), toasts::declined(&context)),
        CardPress::Restore => (Transition::Restore, toasts::restored(&context)),
        CardPress::Cancel(reason) => (Transition::Cancel(reason), toasts::cancelled(&context)),
        CardPress::Reassign
        | CardPress::Measurers(_)
        | CardPress::AskDecline
        | CardPress::AskProblem
        | CardPress::AskCancel
        | CardPress::AskRestore
        | CardPress::AskFollowUp
        | CardPress::Keep => return Ok(None),
    };
    transit_saying(ask.conn, &actor, (id, step), (transition, None), ask.now).await?;
    Ok(Some(toast))
}

/// Its card comes as a new message: who asks for a visit assigns it next.
async fn another_visit(ask: &mut Ask<'_>, at_step: (MeasurementId, i32)) -> Outcome {
    let actor = ask.actor()?;
    let opened = follow_up(ask.conn, &actor, at_step, ask.now).await?;
    outbox::enqueue_card(ask.conn, ask.chat, actor.id, opened, ask.now - DOUBLE_TAP, ask.now).await?;
    Ok(Some(toasts::opened(opened, &ask.context())))
}

/// The reason comes as the next words that he types.
async fn ask_why(ask: &mut Ask<'_>, of: ReasonOf, (id, step): (MeasurementId, i32)) -> Outcome {
    let actor = ask.actor()?;
    let action = match of {
        ReasonOf::Decline => Action::Decline,
        ReasonOf::Cancel => Action::Cancel,
        ReasonOf::Reassign => Action::Reassign,
        ReasonOf::Problem => Action::ReportProblem,
    };
    would_allow(ask.conn, &actor, (id, step), action).await?;
    conversations::ask(ask.conn, ask.chat, &Flow::Reason { of, id, step }, ask.now).await?;
    let screen = texts::ask_reason(of, id, &ask.context());
    ask.say(&screen).await?;
    Ok(None)
}

/// What somebody does to a measurement, with his reason in his own words.
pub async fn because(ask: &mut Ask<'_>, of: ReasonOf, at_step: (MeasurementId, i32), words: &str) -> Outcome {
    let (actor, context) = (ask.actor()?, ask.context());
    let words = Some(format::line(words, limits::REASON)).filter(|words| !words.is_empty());
    let (transition, toast) = match of {
        ReasonOf::Decline => (Transition::Decline(DeclineReason::Other), toasts::declined(&context)),
        ReasonOf::Problem => {
            (Transition::ReportProblem(ProblemReason::Other), toasts::problem_reported(&context))
        }
        ReasonOf::Cancel => (Transition::Cancel(CancelReason::Other), toasts::cancelled(&context)),
        ReasonOf::Reassign => {
            explain(ask.conn, &actor, at_step, (ReassignReason::Other, words), ask.now).await?;
            ask.say(&texts::toast(&toasts::explained(&context))).await?;
            return Ok(None);
        }
    };
    transit_saying(ask.conn, &actor, at_step, (transition, words), ask.now).await?;
    ask.say(&texts::toast(&toast)).await?;
    Ok(None)
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
