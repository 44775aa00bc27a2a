//! A chat as text.

use super::callbacks::CallbackId;
use super::chat::{Chat, Moment, Note};
use super::message::{Author, Message};
use super::state::State;

const INDENT: &str = "   ";

pub(super) fn render(state: &State, chat: i64) -> String {
    let Some(chat) = state.chats.get(&chat) else { return String::new() };
    let mut lines = String::new();
    for moment in &chat.timeline {
        match moment {
            Moment::Message(id) => match chat.messages.get(id) {
                Some(message) => render_message(&mut lines, state, chat, message),
                None => lines.push_str("(deleted)\n"),
            },
            Moment::Press { person, callback, label, .. } => {
                render_press(&mut lines, state, *person, (callback, label));
            }
            Moment::Note(note) => line(&mut lines, &format!("({})", words(state, chat.id, *note))),
        }
    }
    lines
}

fn render_message(lines: &mut String, state: &State, chat: &Chat, message: &Message) {
    let replied = message.reply_to.and_then(|id| chat.messages.get(&id));
    let quote = replied.map(|replied| format!("↩ {}", replied.text.lines().next().unwrap_or_default()));
    let name = name(state, message.author);
    for (number, text) in quote.into_iter().chain(message.lines()).enumerate() {
        let prefix = if number == 0 { format!("{name}: ") } else { INDENT.to_owned() };
        line(lines, &format!("{prefix}{text}"));
    }
}

fn render_press(lines: &mut String, state: &State, person: i64, press: (&CallbackId, &str)) {
    let (callback, label) = press;
    let answer = match state.callbacks.answer_to(callback) {
        None => " → (no answer)".to_owned(),
        Some(toast) if toast.text.is_empty() => String::new(),
        Some(toast) if toast.is_alert => format!(" → ⚠ {}", toast.text),
        Some(toast) => format!(" → {}", toast.text),
    };
    line(lines, &format!("{} ▸ [{label}]{answer}", name(state, Author::Person(person))));
}

fn words(state: &State, person: i64, note: Note) -> String {
    let name = || name(state, Author::Person(person));
    match note {
        Note::Blocked => format!("{} blocked the bot", name()),
        Note::Unblocked => format!("{} unblocked the bot", name()),
        Note::BotLeft => "The bot left the group".to_owned(),
    }
}

fn name(state: &State, author: Author) -> String {
    match author {
        Author::Bot => "🤖".to_owned(),
        Author::Person(id) => {
            state.people.get(&id).map_or_else(|| id.to_string(), |known| known.person.full_name())
        }
    }
}

fn line(lines: &mut String, text: &str) {
    lines.push_str(text.trim_end());
    lines.push('\n');
}
