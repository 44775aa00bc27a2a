//! One card on its way to the version that is wanted.

use tracing::{error, warn};

use super::backoff;
use super::call::Call;
use super::desk::Outcome;
use super::draft::context;
use super::settle::{self, Drawn};
use crate::actions::views_of;
use crate::app::App;
use crate::domain::ids::CardId;
use crate::leader::Fence;
use crate::storage::cards::{self, Card};
use crate::storage::{heard, users};
use crate::telegram::screens;

struct Redraw {
    /// As read before the measurement: a change in between raises the version again.
    card: Card,
    call: Call,
    drawn: Drawn,
}

pub async fn redraw(app: &App, fence: &Fence, id: CardId) -> Outcome {
    match heard(draw(app, fence, id)).await {
        Ok(Some(Redraw { card, mut call, drawn })) => {
            let mut result = call.make(app, card.chat).await;
            while let Err(failure) = &result
                && let Some(plainer) = call.instead(failure)
            {
                error!(card_id = %id, trouble = ?failure.trouble, "Telegram refused a card as malformed");
                call = plainer;
                result = call.make(app, card.chat).await;
            }
            settle::redraw(app, fence, &card, drawn, result.map(drop)).await
        }
        Ok(None) => Outcome::Idle,
        Err(error) => {
            warn!(card_id = %id, error = error.as_ref() as &dyn std::error::Error, "Cannot draw a card");
            postpone(app, fence, id).await
        }
    }
}

/// Fenced like a change: an old leader must not draw an old state over a newer one.
async fn draw(app: &App, fence: &Fence, id: CardId) -> anyhow::Result<Option<Redraw>> {
    let mut tx = app.db.begin().await?;
    let conn = &mut *tx;
    let Some(card) = cards::find(conn, id).await? else { return Ok(None) };
    let Some(message_id) = card.message_id else { return Ok(None) };
    let Some(user) = users::find(conn, card.user).await? else { return Ok(None) };
    let Ok(face) = card.face.parse();
    let view = views_of::card(conn, &user, card.measurement, face, None, (card.is_live, app.now())).await?;
    let screen = screens::card::render(&view, &context(app, user.language));
    cards::drawing(conn, id, app.now()).await?;
    fence.hold(conn).await?;
    tx.commit().await?;
    let drawn = if view.look.is_some() { Drawn::Facts } else { Drawn::Stub };
    Ok(Some(Redraw { card, call: Call::Edit { message_id, screen }, drawn }))
}

async fn postpone(app: &App, fence: &Fence, id: CardId) -> Outcome {
    let done = async {
        let mut tx = app.db.begin().await?;
        let attempts = cards::find(&mut tx, id).await?.map_or(0, |card| card.attempts);
        let until = app.now() + backoff::after(attempts);
        cards::postpone(&mut tx, id, until, "it cannot be drawn").await?;
        fence.hold(&mut tx).await?;
        anyhow::Ok(tx.commit().await?)
    };
    match heard(done).await {
        Ok(()) => Outcome::Idle,
        Err(error) => {
            warn!(card_id = %id, error = error.as_ref() as &dyn std::error::Error, "Cannot postpone a card");
            Outcome::Broken
        }
    }
}
