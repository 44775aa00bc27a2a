//! What people say about a measurement, in other screens.

use super::times::moment;
use super::{Button, Context, limits, name_html};
use crate::actions::views::{COUNT_CAP, CommentView};
use crate::domain::comment::Place;
use crate::domain::ids::MeasurementId;
use crate::domain::user::Name;
use crate::format;
use crate::telegram::callback::Callback;
use crate::telegram::words::{Words, say};

/// «💬 Иван Петров, 14:07: Домофон 12 · 📎 3», for a card.
pub fn on_card(view: &CommentView, context: &Context<'_>) -> String {
    let (who, when) = (author(view, context), moment(view.at, context));
    say!(context.words, "card-said", who = who, when = when, what = in_short(view, context))
}

/// «Домофон 12 · 📎 3».
pub fn in_short(view: &CommentView, context: &Context<'_>) -> String {
    let words = context.words;
    let text = view.text.as_deref().map(|text| format::html(text, limits::SAID));
    let files = (view.files > 0).then(|| say!(words, "comment-files-short", count = view.files.to_string()));
    let place = view.place.map(|_| say!(words, "comment-place-short"));
    let parts = [text.filter(|text| !text.is_empty()), place, files];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// All of it, for who is told: the words, the place, and how many files there are.
pub fn lines(view: &CommentView, context: &Context<'_>) -> Vec<String> {
    let words = context.words;
    let text = view.text.as_deref().map(|text| format::html_lines(text, crate::domain::comment::TEXT));
    let files = view.files;
    let counted = (files > 0).then(|| say!(words, "comment-files", count = files));
    let parts =
        [text.filter(|text| !text.is_empty()), view.place.map(|place| on_map(place, context)), counted];
    parts.into_iter().flatten().collect()
}

/// «Иван Петров (👷 Замерщик)».
pub fn author(view: &CommentView, context: &Context<'_>) -> String {
    let words = context.words;
    let name = view.author.as_ref().map(Name::full).unwrap_or_default();
    let name = name_html(&name, words);
    match view.role {
        Some(role) => say!(words, "comment-author", name = name, role = words.role(role)),
        None => name,
    }
}

/// «📎 Файлы (7)».
pub fn files(id: MeasurementId, count: i64, words: &Words) -> Button {
    let label = format!("{} ({})", say!(words, "button-files"), format::count(count, COUNT_CAP));
    Button::press(label, Callback::Files { id, before: None })
}

/// What stands under a file that somebody asked for: who sent it and when, and under the first of a comment its words.
pub fn under_file(view: &CommentView, is_first: bool, context: &Context<'_>) -> String {
    let words = context.words;
    let (who, when) = (author(view, context), moment(view.at, context));
    let text =
        view.text.as_deref().filter(|_| is_first).map(|text| format::html_lines(text, limits::COMMENT));
    match text.filter(|text| !text.is_empty()) {
        Some(what) => say!(words, "card-said", who = who, when = when, what = what),
        None => say!(words, "who-and-when", who = who, when = when),
    }
}

fn on_map(place: Place, context: &Context<'_>) -> String {
    let url = format::map_url(&format!("{:.6}, {:.6}", place.latitude, place.longitude));
    let place = say!(context.words, "comment-place");
    format!("<a href=\"{url}\">{place}</a>")
}
