//! Photos in both directions, and their captions.

use chrono::{DateTime, TimeDelta};
use serde_json::{Value, json};
use simulator::clock::Clock;
use simulator::telegram::{Body, Message, Options, Photo, Simulator};
use teloxide::net::Download;
use teloxide::payloads::{EditMessageCaptionSetters, SendPhotoSetters};
use teloxide::prelude::{Bot, Requester};
use teloxide::types::{
    ChatId, FileId, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, MessageId, ParseMode,
};

use crate::raw::{ANNA, done, refused, sent, telegram};

/// A JPEG as far as its frame header, 1000×500.
const JPEG: [u8; 17] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC0, 0, 11, 8, 0x01, 0xF4, 0x03, 0xE8];

fn client(telegram: &Simulator) -> Bot {
    Bot::new(telegram.token()).set_api_url(telegram.url().parse().unwrap())
}

fn keyboard() -> InlineKeyboardMarkup {
    InlineKeyboardMarkup::new([[InlineKeyboardButton::callback("Ещё", "more")]])
}

/// What a person sent, as the id of its largest size.
fn file_of(telegram: &Simulator) -> impl Future<Output = Value> {
    let url = format!("{}/bot{}/getUpdates", telegram.url(), telegram.token());
    async move {
        let mut updates: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
        let found = updates["result"].as_array_mut().unwrap().pop().unwrap();
        found["message"]["photo"].as_array().unwrap().last().unwrap()["file_id"].clone()
    }
}

/// A photo that Anna sent and the bot sent back with this caption.
async fn captioned(telegram: &Simulator, caption: &str) -> Value {
    telegram.sends_photo(ANNA, "").unwrap();
    let photo = file_of(telegram).await;
    let params = json!({ "chat_id": ANNA, "photo": photo, "caption": caption });
    done(telegram, "sendPhoto", params).await["message_id"].take()
}

fn last(telegram: &Simulator) -> Message {
    telegram.last_message(ANNA).unwrap()
}

#[tokio::test]
async fn a_photo_is_uploaded_once_and_sent_again_by_its_id() {
    let telegram = telegram(Options::unlimited()).await;
    let bot = client(&telegram);

    let first = bot
        .send_photo(ChatId(ANNA), InputFile::memory(JPEG.as_slice()).file_name("фасад.jpg"))
        .caption("<b>Фасад</b>")
        .parse_mode(ParseMode::Html)
        .reply_markup(keyboard())
        .await
        .unwrap();

    assert_eq!(first.caption(), Some("Фасад"));
    assert_eq!(first.caption_entities().unwrap()[0].length, 5);
    let seen = last(&telegram);
    assert_eq!(seen.rendered(), "(photo)\nФасад\n[Ещё]");
    let Body::Photo(photo) = &seen.body else { panic!("{seen:?}") };
    assert_eq!((photo.width, photo.height, &*photo.jpeg), (1000, 500, &JPEG[..]));

    let largest = first.photo().unwrap().last().unwrap().clone();
    assert_eq!((largest.width, largest.height), (1000, 500));
    telegram.advance(TimeDelta::days(30));
    let again = bot.send_photo(ChatId(ANNA), InputFile::file_id(largest.file.id.clone())).await.unwrap();
    assert_eq!(again.photo().unwrap().last().unwrap().file.unique_id, largest.file.unique_id);
    assert_eq!((again.caption(), last(&telegram).rows().len()), (None, 0));
}

#[tokio::test]
async fn a_photo_that_a_person_sent_is_fetched_within_an_hour() {
    let telegram = telegram(Options::unlimited().clock(Clock::manual(DateTime::UNIX_EPOCH))).await;
    let bot = client(&telegram);
    telegram.sends_picture(ANNA, Photo::read(&JPEG).unwrap(), "").unwrap();
    let id = file_of(&telegram).await;
    let id = id.as_str().unwrap();

    let file = bot.get_file(FileId(id.to_owned())).await.unwrap();
    let mut fetched = vec![];
    bot.download_file(&file.path, &mut fetched).await.unwrap();
    assert_eq!(fetched, JPEG);

    let fetch = async |token: &str| {
        let url = format!("{}/file/bot{token}/{}", telegram.url(), file.path);
        reqwest::get(url).await.unwrap().status().as_u16()
    };
    telegram.advance(TimeDelta::minutes(59));
    assert_eq!((fetch(&telegram.token()).await, fetch("1:wrong").await), (200, 401));
    telegram.advance(TimeDelta::minutes(1));
    assert_eq!(fetch(&telegram.token()).await, 404);

    let unknown = "400 Bad Request: wrong file_id or the file is temporarily unavailable";
    for id in ["", "photo-1-90", &file.meta.unique_id.0] {
        assert_eq!(refused(&telegram, "getFile", json!({ "file_id": id })).await, unknown);
    }
}

#[tokio::test]
async fn photos_that_are_refused() {
    let telegram = telegram(Options::unlimited()).await;
    telegram.sends_photo(ANNA, "").unwrap();
    let known = file_of(&telegram).await;
    let unique = known.as_str().unwrap().replace("photo-", "photo-unique-");
    let photo = |photo: &str| json!({ "chat_id": ANNA, "photo": photo });
    let long = json!({ "chat_id": ANNA, "photo": known, "caption": "ы".repeat(1025) });
    let markup = json!({ "inline_keyboard": [[{ "text": "a", "callback_data": "" }]] });
    let cases = [
        (json!({ "chat_id": ANNA }), "there is no photo in the request"),
        (photo("attach://absent"), "there is no photo in the request"),
        (photo("AgACAgIAAx"), "wrong file identifier/HTTP URL specified"),
        (photo(&unique), "wrong file identifier/HTTP URL specified"),
        (photo("https://example.ru/a.jpg"), "failed to get HTTP URL content"),
        (long, "message caption is too long"),
        (json!({ "chat_id": ANNA, "photo": known, "reply_markup": markup }), "BUTTON_DATA_INVALID"),
        (json!({ "chat_id": 5, "photo": known }), "chat not found"),
    ];
    for (params, reason) in cases {
        assert_eq!(refused(&telegram, "sendPhoto", params).await, format!("400 Bad Request: {reason}"));
    }
    let bot = client(&telegram);
    for (bytes, reason) in [(&b"GIF89a"[..], "IMAGE_PROCESS_FAILED"), (&[], "file must be non-empty")] {
        let error = bot.send_photo(ChatId(ANNA), InputFile::memory(bytes)).await.unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
    }
    assert_eq!(telegram.bot_messages(ANNA).len(), 0);
}

#[tokio::test]
async fn a_caption_has_1024_characters_that_people_see() {
    let telegram = telegram(Options::unlimited()).await;
    let id = captioned(&telegram, "было").await;
    let edit = |caption: String| json!({ "chat_id": ANNA, "message_id": id, "caption": caption, "parse_mode": "HTML" });
    // Markup is not counted, nor are there two of a character outside the basic plane.
    let fits = format!("<b>{}</b>", "😀".repeat(1024));
    let edited = done(&telegram, "editMessageCaption", edit(fits)).await;
    assert_eq!(edited["caption_entities"][0]["length"], 2048);

    let too_long = refused(&telegram, "editMessageCaption", edit("😀".repeat(1025))).await;
    assert_eq!(too_long, "400 Bad Request: message caption is too long");
    let unclosed = refused(&telegram, "editMessageCaption", edit("<b>x".into())).await;
    assert!(unclosed.starts_with("400 Bad Request: can't parse entities: "), "{unclosed}");
}

#[tokio::test]
async fn captions_are_edited_as_texts_are() {
    let telegram = telegram(Options::unlimited()).await;
    let id = captioned(&telegram, "было").await;
    let number = i32::try_from(id.as_i64().unwrap()).unwrap();
    let bot = client(&telegram);
    let edit = bot.edit_message_caption(ChatId(ANNA), MessageId(number)).caption("стало");
    let edited = edit.reply_markup(keyboard()).await.unwrap();
    assert_eq!((edited.caption(), edited.edit_date().is_some()), (Some("стало"), true));
    assert_eq!(last(&telegram).data_of("Ещё"), Some("more"));

    let caption = |text: &str| json!({ "chat_id": ANNA, "message_id": id, "caption": text });
    done(&telegram, "editMessageCaption", caption("стало")).await;
    assert_eq!(last(&telegram).rows().len(), 0, "an edit without a keyboard removes it");
    let same = refused(&telegram, "editMessageCaption", caption("стало")).await;
    assert!(same.starts_with("400 Bad Request: message is not modified: "), "{same}");
    done(&telegram, "editMessageCaption", json!({ "chat_id": ANNA, "message_id": id })).await;
    assert_eq!(last(&telegram).text, "");

    let text =
        refused(&telegram, "editMessageText", json!({ "chat_id": ANNA, "message_id": id, "text": "x" }));
    assert_eq!(text.await, "400 Bad Request: there is no text in the message to edit");
    let plain = json!({ "chat_id": ANNA, "message_id": sent(&telegram, "x").await, "caption": "y" });
    let none = refused(&telegram, "editMessageCaption", plain).await;
    assert_eq!(none, "400 Bad Request: there is no caption in the message to edit");
}
