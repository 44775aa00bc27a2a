//! /find, text that is no command, and links to a card.

use super::{Ask, Outcome, card, invite, menu};
use crate::actions::find;
use crate::actions::views::Cursor;
use crate::domain::find::Query;
use crate::domain::ids::{MeasurementId, SearchId};
use crate::storage::searches;
use crate::telegram::callback::FindPress;
use crate::telegram::screens::find as screens;
use crate::telegram::toasts;

/// What a link to a card carries behind `?start=`, before the number. An invite's code is longer than this with any
/// number, and so never taken for it.
const CARD: &str = "m_";

/// /start: a link to a card, or all that it was before.
pub async fn start(ask: &mut Ask<'_>, payload: &str) -> Outcome {
    match card_of(payload) {
        Some(id) => card::open(ask, id).await,
        None => invite::start(ask, payload).await,
    }
}

/// /find with what is looked for, or without.
pub async fn command(ask: &mut Ask<'_>, words: &str) -> Outcome {
    ask.actor()?;
    match Query::parse(words) {
        Some(query) => begin(ask, words, &query).await,
        None => {
            let screen = screens::hint(&ask.context());
            ask.say(&screen).await?;
            Ok(None)
        }
    }
}

/// Text that is no command is looked for, where there is anything in it to look for.
pub async fn typed(ask: &mut Ask<'_>, text: &str) -> Outcome {
    let actor = ask.actor()?;
    match Query::parse(text) {
        Some(query) if !text.starts_with('/') && find::sees_any(&actor) => begin(ask, text, &query).await,
        _ => menu::hint(ask).await,
    }
}

/// Another page of the chat's last search.
pub async fn page(ask: &mut Ask<'_>, press: FindPress) -> Outcome {
    let search = searches::find(ask.conn, ask.chat, press.search).await?;
    match search.and_then(|search| Query::parse(&search.words)) {
        Some(query) => show(ask, &query, press.search, press.cursor).await,
        None => Ok(Some(toasts::search_is_over(&ask.context()))),
    }
}

async fn begin(ask: &mut Ask<'_>, words: &str, query: &Query) -> Outcome {
    let search = searches::save(ask.conn, ask.chat, words, ask.now).await?;
    show(ask, query, search, Cursor::First).await
}

async fn show(ask: &mut Ask<'_>, query: &Query, search: SearchId, cursor: Cursor) -> Outcome {
    let actor = ask.actor()?;
    let view = find::page(ask.conn, &actor, query, cursor).await?;
    let screen = screens::render(&view, search, &ask.context());
    ask.show(&screen).await?;
    Ok(None)
}

fn card_of(payload: &str) -> Option<MeasurementId> {
    let number = payload.strip_prefix(CARD)?;
    let id = number.parse().ok().map(MeasurementId)?;
    (id.0 > 0 && id.to_string() == number).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::invite::Code;

    #[test]
    fn a_link_to_a_card_is_no_invite_and_an_invite_no_link() {
        assert_eq!(card_of("m_123"), Some(MeasurementId(123)));
        let longest = format!("m_{}", i64::MAX);
        assert_eq!(
            (card_of(&longest), Code::parse(&longest).is_some()),
            (Some(MeasurementId(i64::MAX)), false)
        );
        let code = "m_1234567890123456789A";
        assert_eq!((card_of(code), Code::parse(code).is_some()), (None, true));
        for payload in
            ["", "m_", "m_0", "m_-1", "m_+1", "m_012", "m_1x", "m_ 1", "M_1", "m_99999999999999999999"]
        {
            assert_eq!(card_of(payload), None, "{payload}");
        }
    }
}
