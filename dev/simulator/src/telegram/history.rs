//! A chat as its person lived it: messages, presses with their answers, and what happened between.

use super::Simulator;
use super::callbacks::Toast;
use super::chat::{Chat, Moment, Note};
use super::message::Message;
use super::state::State;

/// A step of a chat. A message is shown as it is now.
#[derive(Clone, Debug, PartialEq)]
pub enum Happening {
    Message(Box<Message>),
    Press { message_id: i64, label: String, answer: Option<Toast> },
    Note(Note),
}

impl Simulator {
    /// The last `count` steps of a chat, oldest first, each with its place, which stays its own for ever.
    /// Deleted messages are left out.
    pub fn history(&self, chat: i64, count: usize) -> Vec<(usize, Happening)> {
        self.shared.look(|state| {
            let Some(chat) = state.chats.get(&chat) else { return vec![] };
            let first = chat.timeline.len().saturating_sub(count);
            let steps = chat.timeline.iter().enumerate().skip(first);
            steps.filter_map(|(place, moment)| Some((place, happening(state, chat, moment)?))).collect()
        })
    }
}

fn happening(state: &State, chat: &Chat, moment: &Moment) -> Option<Happening> {
    Some(match moment {
        Moment::Message(id) => Happening::Message(Box::new(chat.messages.get(id)?.clone())),
        Moment::Press { message_id, callback, label, .. } => Happening::Press {
            message_id: *message_id,
            label: label.clone(),
            answer: state.callbacks.answer_to(callback).cloned(),
        },
        Moment::Note(note) => Happening::Note(*note),
    })
}
