//! Objects as they travel: complete, because clients refuse a missing field.

use serde_json::{Value, json};

use super::attachment::AttachmentKind;
use super::chat::GroupKind;
use super::keyboard::Markup;
use super::message::{Author, Body, Message};
use super::people::Person;
use super::state::State;

pub(super) fn person(person: &Person) -> Value {
    let mut user = json!(person);
    user["is_bot"] = false.into();
    user
}

pub(super) fn bot(state: &State) -> Value {
    json!({
        "id": state.bot_id,
        "is_bot": true,
        "first_name": state.bot.first_name,
        "username": state.bot.username,
    })
}

pub(super) fn me(state: &State) -> Value {
    let mut me = bot(state);
    for (ability, has) in [
        ("can_join_groups", true),
        ("can_read_all_group_messages", false),
        ("supports_inline_queries", false),
        ("can_connect_to_business", false),
        ("has_main_web_app", false),
    ] {
        me[ability] = has.into();
    }
    me
}

/// The short form that stands inside messages.
pub(super) fn chat(state: &State, id: i64) -> Value {
    if let Some(group) = state.chats.get(&id).and_then(|chat| chat.group.as_ref()) {
        let kind = match group.group.kind {
            GroupKind::Group => "group",
            GroupKind::Supergroup => "supergroup",
        };
        return json!({ "id": id, "type": kind, "title": group.group.title });
    }
    let mut chat = json!({ "id": id, "type": "private" });
    if let Some(resident) = state.people.get(&id) {
        chat["first_name"] = resident.person.first_name.as_str().into();
        set_some(&mut chat, "last_name", resident.person.last_name.as_deref());
        set_some(&mut chat, "username", resident.person.username.as_deref());
    }
    chat
}

fn set_some<T: Into<Value>>(object: &mut Value, field: &str, value: Option<T>) {
    if let Some(value) = value {
        object[field] = value.into();
    }
}

pub(super) fn author(state: &State, author: Author) -> Value {
    match author {
        Author::Bot => bot(state),
        Author::Person(id) => state.people.get(&id).map_or(Value::Null, |found| person(&found.person)),
    }
}

pub(super) fn message(state: &State, message: &Message) -> Value {
    let mut object = without_reply(state, message);
    let replied = message.reply_to.and_then(|id| state.chats.get(&message.chat_id)?.messages.get(&id));
    set_some(&mut object, "reply_to_message", replied.map(|replied| without_reply(state, replied)));
    object
}

fn without_reply(state: &State, message: &Message) -> Value {
    let mut object = json!({
        "message_id": message.id,
        "from": author(state, message.author),
        "chat": chat(state, message.chat_id),
        "date": message.sent_at.timestamp(),
    });
    set_some(&mut object, "edit_date", message.edited_at.map(|at| at.timestamp()));
    set_some(&mut object, "media_group_id", message.album.as_deref());
    set_some(&mut object, "reply_markup", message.markup.as_ref().and_then(Markup::to_json));
    set_body(state, &mut object, message);
    object
}

fn set_body(state: &State, object: &mut Value, message: &Message) {
    let id = format!("{}x{}", message.chat_id.unsigned_abs(), message.id);
    match &message.body {
        Body::Text => object["text"] = message.text.as_str().into(),
        Body::Photo(photo) => object["photo"] = photo.sizes().into(),
        Body::Sticker => object["sticker"] = sticker(&id),
        Body::File(file) => {
            object[file.kind.field()] = file.to_json();
            // For clients that know no animations.
            if file.kind == AttachmentKind::Animation {
                object["document"] = file.to_json();
            }
        }
        Body::Contact(contact) => object["contact"] = json!(contact),
        Body::Location { latitude, longitude } => object["location"] = location(*latitude, *longitude),
        Body::Venue { latitude, longitude, title, address } => {
            object["location"] = location(*latitude, *longitude);
            object["venue"] =
                json!({ "location": location(*latitude, *longitude), "title": title, "address": address });
        }
        Body::BotJoined => object["new_chat_members"] = json!([bot(state)]),
        Body::Pinned(id) => {
            let pinned = state.chats.get(&message.chat_id).and_then(|chat| chat.messages.get(id));
            set_some(object, "pinned_message", pinned.map(|pinned| without_reply(state, pinned)));
        }
    }
    let is_text = message.body == Body::Text;
    if !is_text && !message.text.is_empty() {
        object["caption"] = message.text.as_str().into();
    }
    if !message.entities.is_empty() {
        object[if is_text { "entities" } else { "caption_entities" }] = json!(message.entities);
    }
}

fn file(id: &str) -> Value {
    json!({ "file_id": format!("file-{id}"), "file_unique_id": format!("unique-{id}"), "file_size": 12_345 })
}

fn sized(id: &str, width: u32, height: u32) -> Value {
    let mut photo = file(id);
    photo["width"] = width.into();
    photo["height"] = height.into();
    photo
}

fn sticker(id: &str) -> Value {
    let mut sticker = sized(id, 512, 512);
    for kind in ["is_animated", "is_video"] {
        sticker[kind] = false.into();
    }
    sticker["type"] = "regular".into();
    sticker["emoji"] = "👍".into();
    sticker
}

fn location(latitude: f64, longitude: f64) -> Value {
    json!({ "latitude": latitude, "longitude": longitude })
}

/// The bot as a member of a chat.
pub(super) fn chat_member(state: &State, status: &str) -> Value {
    let mut member = json!({ "user": bot(state), "status": status });
    if status == "kicked" {
        member["until_date"] = 0.into();
    }
    member
}

/// What stands for a message that is gone: a chat, an id and the date 0.
pub(super) fn inaccessible(state: &State, chat_id: i64, message_id: i64) -> Value {
    json!({ "chat": chat(state, chat_id), "message_id": message_id, "date": 0 })
}
