//! An update's bytes become what a person did, without NUL and lone surrogates. Whatever Telegram invents
//! tomorrow is no error.

use serde::Deserialize;
use teloxide::types::{Chat, ChatMemberKind, Message, Update, UpdateKind, User};

use super::incoming::{Contact, Incoming, IncomingKind, MessagePlace, Sender};
use super::media;
use crate::domain::ids::ChatId;
use crate::storage::telegram_updates::Raw;

/// Reads an update; `None` if it holds nothing that concerns the bot, or cannot be understood.
pub fn read(body: &[u8]) -> Option<Incoming> {
    let update: Update = shared::json::read(body).ok()?;
    let update_id = i64::from(update.id.0);
    let mut place = None;
    let (chat, person, kind) = match update.kind {
        UpdateKind::Message(message) => {
            let reply_to = message.reply_to_message().map(|replied| replied.id.0);
            place = Some(MessagePlace { id: message.id.0, reply_to });
            of_message(&message, body)?
        }
        UpdateKind::CallbackQuery(query) => {
            let message = query.message.as_ref();
            let chat = message.map_or(query.from.id.0.cast_signed(), |message| message.chat().id.0);
            let kind = IncomingKind::Press {
                callback_id: query.id.0,
                message_id: message.map(|message| message.id().0),
                data: query.data,
            };
            let is_private = message.is_none_or(|message| message.chat().is_private());
            (chat, query.from, if is_private { kind } else { IncomingKind::Group })
        }
        UpdateKind::MyChatMember(change) => {
            let is_member =
                !matches!(change.new_chat_member.kind, ChatMemberKind::Banned(_) | ChatMemberKind::Left);
            let kind = match (is_private(&change.chat), is_member) {
                (true, is_member) => IncomingKind::Reachability { is_member },
                (false, true) => IncomingKind::Group,
                (false, false) => return None,
            };
            (change.chat.id.0, change.from, kind)
        }
        _ => return None,
    };
    Some(Incoming { update_id, chat_id: ChatId(chat), person: sender(person), message: place, kind })
}

/// An update as it came, ready to be stored, however little of it is understood; `None` if it has no number.
pub fn raw(update: &[u8]) -> Option<Raw> {
    let (update_id, chat) = place(std::str::from_utf8(update).ok()?)?;
    Some(Raw { update_id, chat, body: update.to_vec() })
}

/// The number and the chat of an update that need not be understood otherwise, to store it by; the chat is 0
/// where it belongs to none, or where it cannot be told.
fn place(update: &str) -> Option<(i64, ChatId)> {
    let Ok(place) = serde_json::from_str(update) else {
        let Number { update_id } = serde_json::from_str(update).ok()?;
        return Some((update_id, ChatId(0)));
    };
    let Placed { update_id, message, callback_query, my_chat_member } = place;
    let pressed = callback_query.map(|query| query.message.map_or(query.from, |message| message.chat));
    let chat = message.or(my_chat_member).map(|inside| inside.chat).or(pressed);
    Some((update_id, ChatId(chat.map_or(0, |chat| chat.id))))
}

/// Everything else is skipped unread, whatever it holds.
#[derive(Deserialize)]
struct Placed {
    update_id: i64,
    message: Option<InChat>,
    callback_query: Option<InQuery>,
    my_chat_member: Option<InChat>,
}

#[derive(Deserialize)]
struct Number {
    update_id: i64,
}

#[derive(Deserialize)]
struct InChat {
    chat: Id,
}

#[derive(Deserialize)]
struct InQuery {
    from: Id,
    message: Option<InChat>,
}

#[derive(Deserialize)]
struct Id {
    id: i64,
}

fn of_message(message: &Message, body: &[u8]) -> Option<(i64, User, IncomingKind)> {
    let from = message.from.clone()?;
    let kind = if !is_private(&message.chat) {
        IncomingKind::Group
    } else if let Some(text) = message.text() {
        IncomingKind::Text(text.to_owned())
    } else if let Some(contact) = message.contact() {
        let is_own = contact.user_id == Some(from.id);
        IncomingKind::Contact(Contact { phone: contact.phone_number.clone(), is_own })
    } else {
        media::read(body).map_or(IncomingKind::Other, IncomingKind::Media)
    };
    Some((message.chat.id.0, from, kind))
}

fn is_private(chat: &Chat) -> bool {
    chat.is_private()
}

fn sender(user: User) -> Sender {
    Sender {
        telegram_id: user.id.0.cast_signed(),
        first_name: Some(user.first_name).filter(|name| !name.is_empty()).unwrap_or_else(|| "—".into()),
        last_name: user.last_name,
        username: user.username,
        language_code: user.language_code,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::comment::{FileKind, Place};
    use crate::telegram::incoming::Brought;

    fn anna() -> serde_json::Value {
        json!({ "id": 1001, "is_bot": false, "first_name": "Анна", "language_code": "ru" })
    }

    fn private() -> serde_json::Value {
        json!({ "id": 1001, "type": "private", "first_name": "Анна" })
    }

    fn message(extra: &serde_json::Value) -> serde_json::Value {
        let mut message = json!({ "message_id": 5, "date": 1, "chat": private(), "from": anna() });
        message.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        json!({ "update_id": 7, "message": message })
    }

    fn kind(update: &serde_json::Value) -> Option<IncomingKind> {
        kind_of(update.to_string().as_bytes())
    }

    fn kind_of(body: &[u8]) -> Option<IncomingKind> {
        read(body).map(|incoming| incoming.kind)
    }

    #[test]
    fn text_is_text_without_nul() {
        let update = message(&json!({ "text": "/start\u{0}x" }));
        let incoming = read(update.to_string().as_bytes()).unwrap();
        assert_eq!(incoming.kind, IncomingKind::Text("/startx".into()));
        assert_eq!((incoming.update_id, incoming.chat_id), (7, ChatId(1001)));
        assert_eq!(place(&update.to_string()), Some((7, ChatId(1001))));
    }

    #[test]
    fn a_sticker_has_no_purpose_and_a_group_is_a_group() {
        let sticker = json!({ "dice": { "emoji": "🎲", "value": 3 } });
        assert_eq!(kind(&message(&sticker)), Some(IncomingKind::Other));
        let group = json!({ "text": "hi", "chat": { "id": -9, "type": "group", "title": "g" } });
        assert_eq!(kind(&message(&group)), Some(IncomingKind::Group));
    }

    #[test]
    fn files_and_places_are_read_with_their_words_and_what_they_answer() {
        let size = |id: &str, width: u32| json!({ "file_id": id, "file_unique_id": id, "file_size": 9, "width": width, "height": 5 });
        let replied = json!({ "message_id": 3, "date": 1, "chat": private(), "from": anna(), "text": "x" });
        let photo = json!({
            "photo": [size("small", 90), size("large", 800), size("middle", 320)],
            "caption": "Вход", "media_group_id": "77", "reply_to_message": replied
        });
        let incoming = read(message(&photo).to_string().as_bytes()).unwrap();
        assert_eq!(incoming.message, Some(MessagePlace { id: 5, reply_to: Some(3) }));
        let IncomingKind::Media(media) = incoming.kind else { panic!("{:?}", incoming.kind) };
        assert_eq!((media.text.as_deref(), media.album.as_deref()), (Some("Вход"), Some("77")));
        let Brought::File(file) = media.what else { panic!("a place") };
        assert_eq!((file.kind, file.file_id.as_str(), file.size), (FileKind::Photo, "large", Some(9)));

        let animation = json!({ "file_id": "a", "file_unique_id": "a", "width": 1, "height": 1, "duration": 1,
                                "file_name": "a.mp4", "mime_type": "video/mp4" });
        let animation =
            json!({ "animation": animation, "document": { "file_id": "a", "file_unique_id": "a" } });
        let Some(IncomingKind::Media(media)) = kind(&message(&animation)) else { panic!("no media") };
        let Brought::File(file) = media.what else { panic!("a place") };
        assert_eq!((file.kind, file.name.as_deref(), file.size), (FileKind::Animation, Some("a.mp4"), None));
        assert_eq!(file.mime.as_deref(), Some("video/mp4"));

        // Telegram says no more of it.
        let video = json!({ "file_id": "v", "file_unique_id": "v", "width": 1, "height": 1, "duration": 1 });
        let Some(IncomingKind::Media(media)) = kind(&message(&json!({ "video": video }))) else {
            panic!("no media")
        };
        assert!(matches!(media.what, Brought::File(file) if file.kind == FileKind::Video));

        let at = json!({ "latitude": 55.75, "longitude": 37.62 });
        let venue =
            json!({ "location": at, "venue": { "location": at, "title": "Офис", "address": "Ленина, 5" } });
        let Some(IncomingKind::Media(media)) = kind(&message(&venue)) else { panic!("no media") };
        assert_eq!(media.text.as_deref(), Some("Офис, Ленина, 5"));
        let place = Place { latitude: 55.75, longitude: 37.62 };
        assert!(matches!(media.what, Brought::Place(found) if found == place));
        let nowhere = json!({ "location": { "latitude": 91.0, "longitude": 2.0 } });
        assert_eq!(kind(&message(&nowhere)), Some(IncomingKind::Other));
    }

    #[test]
    fn a_number_is_ones_own_only_where_telegram_says_so() {
        let contact = |user_id: Option<i64>| {
            let contact = json!({ "phone_number": "79161234567", "first_name": "Анна", "user_id": user_id });
            kind(&message(&json!({ "contact": contact })))
        };
        let expected = |is_own| Some(IncomingKind::Contact(Contact { phone: "79161234567".into(), is_own }));
        assert_eq!(contact(Some(1001)), expected(true));
        assert_eq!(contact(Some(1002)), expected(false));
        assert_eq!(contact(None), expected(false));
    }

    #[test]
    fn a_press_names_its_message_even_when_telegram_forgot_it() {
        let press = |message| {
            json!({ "update_id": 8, "callback_query": {
                "id": "77", "from": anna(), "chat_instance": "1", "data": "x", "message": message } })
        };
        let forgotten = press(json!({ "message_id": 5, "date": 0, "chat": private() }));
        let expected =
            IncomingKind::Press { callback_id: "77".into(), message_id: Some(5), data: Some("x".into()) };
        assert_eq!(kind(&forgotten), Some(expected));
        assert_eq!(place(&forgotten.to_string()), Some((8, ChatId(1001))));
    }

    #[test]
    fn what_is_not_understood_is_still_placed() {
        let future = json!({ "update_id": 9, "telepathy": { "from": anna() } });
        assert_eq!(kind(&future), None);
        assert_eq!(place(&future.to_string()), Some((9, ChatId(0))));
        assert_eq!(read(b"\xff"), None);
        assert_eq!(place(r#"{"update_id":9,"message":{"chat":"of a new kind"}}"#), Some((9, ChatId(0))));
        assert_eq!(place(r#"{"message":1}"#), None);
        assert_eq!(raw(b"\xff"), None);
        let half_an_emoji =
            r#"{"update_id":10,"message":{"message_id":1,"text":"\ud83d","chat":{"id":5,"type":"private"}}}"#;
        assert_eq!(place(half_an_emoji), Some((10, ChatId(5))));
    }

    #[test]
    fn half_an_emoji_costs_a_person_nothing_but_itself() {
        let update = message(&json!({ "text": "X меню" })).to_string().replace('X', r"\ud83d");
        assert_eq!(kind_of(update.as_bytes()), Some(IncomingKind::Text(" меню".into())));
    }
}
