//! People and their chats.

use serde_json::{Value, json};

use crate::telegram::{Author, Body, Happening, Message, Person, Simulator, Standing};

/// Older steps of a chat are not shown.
const STEPS: usize = 200;

pub fn bot(telegram: &Simulator) -> Value {
    json!({ "username": telegram.bot_username(), "name": telegram.bot_name() })
}

pub fn person(telegram: &Simulator, person: &Person, standing: Standing) -> Value {
    let mut shown = json!(person);
    shown["standing"] = json!(standing);
    shown["commands"] = json!(telegram.commands_shown_to(person.id));
    shown
}

/// The steps under `chat/<person>/<place>`.
pub fn history(telegram: &Simulator, person: i64) -> Vec<(String, Value)> {
    let steps = telegram.history(person, STEPS);
    let under = |(place, step): &(usize, Happening)| {
        let shown = match step {
            Happening::Message(message) => show(message, &steps),
            Happening::Press { message_id, label, answer } => {
                json!({ "kind": "press", "message_id": message_id, "label": label, "answer": answer })
            }
            Happening::Note(note) => json!({ "kind": "note", "note": note }),
        };
        (format!("chat/{person}/{place}"), shown)
    };
    steps.iter().map(under).collect()
}

fn show(message: &Message, steps: &[(usize, Happening)]) -> Value {
    let replied = message.reply_to.map(|id| {
        let found = steps.iter().find_map(|(_, step)| match step {
            Happening::Message(message) if message.id == id => Some(&message.text),
            _ => None,
        });
        json!({ "id": id, "text": found.and_then(|text| text.lines().next()) })
    });
    json!({
        "kind": "message",
        "id": message.id,
        "is_own": message.author != Author::Bot,
        "text": message.text,
        "entities": message.entities,
        "media": media(message),
        "keyboard": message.rows(),
        "reply_to": replied,
        "sent_at": message.sent_at,
        "edits": message.edits,
    })
}

/// What is in a message beside its text.
fn media(message: &Message) -> Value {
    match &message.body {
        Body::Text => Value::Null,
        Body::Photo(photo) => {
            let source = format!("/photos/{}/{}", message.chat_id, message.id);
            let source = (!photo.jpeg.is_empty()).then_some(source);
            json!({ "type": "photo", "source": source, "width": photo.width, "height": photo.height })
        }
        Body::Sticker => json!({ "type": "sticker" }),
        Body::File(file) => {
            let source = format!("/photos/{}/{}", message.chat_id, message.id);
            json!({ "type": "file", "kind": file.kind.field(), "name": file.name, "size": file.size, "source": source })
        }
        Body::Contact(contact) => json!({ "type": "contact", "contact": contact }),
        Body::Location { latitude, longitude } => {
            json!({ "type": "location", "latitude": latitude, "longitude": longitude })
        }
        Body::Venue { title, address, .. } => json!({ "type": "venue", "title": title, "address": address }),
        Body::BotJoined => json!({ "type": "joined" }),
        Body::Pinned(id) => json!({ "type": "pinned", "message_id": id }),
    }
}
