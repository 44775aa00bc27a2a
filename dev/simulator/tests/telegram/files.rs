//! Files other than photos, albums, and answers to messages.

use serde_json::{Value, json};
use simulator::telegram::{Attachment, AttachmentKind, Body, Message, Options, Photo, Simulator};
use teloxide::net::Download;
use teloxide::payloads::{SendDocumentSetters, SendMediaGroupSetters};
use teloxide::prelude::{Bot, Requester};
use teloxide::types::{
    ChatId, FileId, InputFile, InputMedia, InputMediaDocument, InputMediaPhoto, MessageId, ReplyParameters,
};

use crate::raw::{ANNA, done, refused, sent, telegram};

/// A JPEG as far as its frame header, 1000×500.
const JPEG: [u8; 17] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC0, 0, 11, 8, 0x01, 0xF4, 0x03, 0xE8];

fn client(telegram: &Simulator) -> Bot {
    Bot::new(telegram.token()).set_api_url(telegram.url().parse().unwrap())
}

fn document(name: &str) -> Body {
    Body::File(Attachment::new(AttachmentKind::Document, name.as_bytes()).named(name, "text/plain"))
}

fn photo() -> Body {
    Body::Photo(Photo::read(&JPEG).unwrap())
}

/// What a person sends, as the bot names its file.
fn file_of(telegram: &Simulator, body: Body) -> String {
    let message = telegram.sends(ANNA, body, "", None).unwrap();
    telegram.file_id_of(&message).unwrap()
}

fn last(telegram: &Simulator) -> Message {
    telegram.last_message(ANNA).unwrap()
}

async fn updates(telegram: &Simulator) -> Vec<Value> {
    let url = format!("{}/bot{}/getUpdates", telegram.url(), telegram.token());
    let mut updates: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    serde_json::from_value(updates["result"].take()).unwrap()
}

#[tokio::test]
async fn a_document_is_uploaded_fetched_and_sent_again() {
    let telegram = telegram(Options::unlimited()).await;
    let bot = client(&telegram);
    let plan = InputFile::memory(b"plan".as_slice()).file_name("план.pdf");
    let message = bot.send_document(ChatId(ANNA), plan).caption("План").await.unwrap();
    assert_eq!(last(&telegram).rendered(), "(document план.pdf)\nПлан");
    let found = message.document().unwrap();
    assert_eq!((found.file_name.as_deref(), found.file.size), (Some("план.pdf"), 4));
    let file = bot.get_file(found.file.id.clone()).await.unwrap();
    let mut fetched = vec![];
    bot.download_file(&file.path, &mut fetched).await.unwrap();
    assert_eq!(fetched, b"plan");
    bot.send_document(ChatId(ANNA), InputFile::file_id(found.file.id.clone())).await.unwrap();
    assert_eq!(last(&telegram).rendered(), "(document план.pdf)");

    telegram.forgets_files();
    let again = bot.send_document(ChatId(ANNA), InputFile::file_id(found.file.id.clone())).await;
    let again = again.unwrap_err().to_string();
    assert!(again.contains("wrong file identifier"), "{again}");
    bot.get_file(found.file.id.clone()).await.unwrap_err();
}

#[tokio::test]
async fn a_file_goes_out_as_what_it_is_and_no_bot_gets_a_large_one() {
    let telegram = telegram(Options::unlimited()).await;
    let plan = file_of(&telegram, document("a.txt"));
    let picture = file_of(&telegram, photo());
    let mixed = [
        ("sendPhoto", json!({ "chat_id": ANNA, "photo": plan }), "can't use file of type Document as Photo"),
        (
            "sendVoice",
            json!({ "chat_id": ANNA, "voice": plan }),
            "can't use file of type Document as VoiceNote",
        ),
        (
            "sendDocument",
            json!({ "chat_id": ANNA, "document": picture }),
            "can't use file of type Photo as Document",
        ),
        ("sendVideo", json!({ "chat_id": ANNA }), "there is no video in the request"),
    ];
    for (method, params, reason) in mixed {
        assert_eq!(refused(&telegram, method, params).await, format!("400 Bad Request: {reason}"));
    }
    let huge = Attachment::new(AttachmentKind::Video, b"x").of_size(20 * 1024 * 1024 + 1);
    let huge = file_of(&telegram, Body::File(huge));
    let too_big = refused(&telegram, "getFile", json!({ "file_id": huge })).await;
    assert_eq!(too_big, "400 Bad Request: file is too big");
    done(&telegram, "sendVideo", json!({ "chat_id": ANNA, "video": huge })).await;
    assert_eq!(last(&telegram).rendered(), "(video)");
    let round = file_of(&telegram, Body::File(Attachment::new(AttachmentKind::VideoNote, b"x")));
    let sent = json!({ "chat_id": ANNA, "video_note": round, "caption": "не видно" });
    assert!(done(&telegram, "sendVideoNote", sent).await["caption"].is_null());
}

#[tokio::test]
async fn uploads_may_be_large_and_not_larger() {
    let telegram = telegram(Options::unlimited()).await;
    let bot = client(&telegram);
    let upload = |size| bot.send_document(ChatId(ANNA), InputFile::memory(vec![1; size]).file_name("a"));
    assert_eq!(upload(3 * 1024 * 1024).await.unwrap().document().unwrap().file.size, 3 * 1024 * 1024);
    let refused = upload(51 * 1024 * 1024).await.unwrap_err().to_string();
    assert!(refused.contains("Request Entity Too Large"), "{refused}");
    telegram.forgets_file(&file_of(&telegram, document("a.txt")));
    assert_eq!(telegram.bot_messages(ANNA).len(), 1);
}

#[tokio::test]
async fn an_album_is_several_messages_and_has_rules() {
    let telegram = telegram(Options::unlimited()).await;
    let bot = client(&telegram);
    let to = MessageId(i32::try_from(sent(&telegram, "x").await).unwrap());
    let known = FileId(file_of(&telegram, photo()));
    let media = [
        InputMedia::Photo(InputMediaPhoto::new(InputFile::memory(JPEG.as_slice())).caption("Фасад")),
        InputMedia::Photo(InputMediaPhoto::new(InputFile::file_id(known.clone()))),
    ];
    let reply = ReplyParameters::new(to).allow_sending_without_reply();
    let sent = bot.send_media_group(ChatId(ANNA), media).reply_parameters(reply).await.unwrap();
    assert_eq!(sent.len(), 2);
    assert!(sent[0].media_group_id().is_some() && sent[0].media_group_id() == sent[1].media_group_id());
    assert_eq!((sent[0].caption(), sent[1].caption()), (Some("Фасад"), None));
    assert_eq!(last(&telegram).reply_to, Some(to.0.into()));

    let plan = InputMedia::Document(InputMediaDocument::new(InputFile::memory(b"plan".as_slice())));
    let beside = [plan, InputMedia::Photo(InputMediaPhoto::new(InputFile::file_id(known.clone())))];
    let mixed = bot.send_media_group(ChatId(ANNA), beside).await.unwrap_err().to_string();
    assert!(mixed.contains("Document can't be mixed with other media types"), "{mixed}");
    let item = json!({ "type": "photo", "media": known });
    let markup = json!({ "inline_keyboard": [] });
    let cases = [
        (json!({ "chat_id": ANNA, "media": [item] }), "wrong number of messages in the album"),
        (
            json!({ "chat_id": ANNA, "media": vec![item.clone(); 11] }),
            "wrong number of messages in the album",
        ),
        (
            json!({ "chat_id": ANNA, "media": [item, { "type": "voice", "media": "x" }] }),
            "type of the media is not supported in an album",
        ),
        (
            json!({ "chat_id": ANNA, "media": [item, item], "reply_markup": markup }),
            "reply markup is not supported for albums",
        ),
        (json!({ "chat_id": ANNA, "media": "x" }), "can't parse media JSON object"),
        (json!({ "chat_id": 5, "media": [item, item] }), "chat not found"),
    ];
    for (params, reason) in cases {
        assert_eq!(refused(&telegram, "sendMediaGroup", params).await, format!("400 Bad Request: {reason}"));
    }
    assert_eq!(telegram.bot_messages(ANNA).len(), 3);
}

#[tokio::test]
async fn people_answer_messages_and_send_albums() {
    let telegram = telegram(Options::unlimited()).await;
    let card = sent(&telegram, "Замер №1").await;
    telegram.replies(ANNA, card, "Домофон 12").unwrap();
    let album = telegram.sends_album(ANNA, vec![photo(), photo()], "Вход", Some(card)).unwrap();
    assert_eq!(album.len(), 2);
    assert!(
        telegram.replies(ANNA, 999, "x").is_err()
            && telegram.sends_album(ANNA, vec![photo()], "", None).is_err()
    );
    let updates = updates(&telegram).await;
    let [.., answer, first, second] = &updates[..] else { panic!("{updates:?}") };
    assert_eq!(answer["message"]["reply_to_message"]["message_id"], card);
    assert_eq!(answer["message"]["text"], "Домофон 12");
    for part in [first, second] {
        assert_eq!(part["message"]["media_group_id"], first["message"]["media_group_id"]);
        assert_eq!(part["message"]["reply_to_message"]["message_id"], card);
    }
    assert!(first["message"]["media_group_id"].is_string());
    assert_eq!((&first["message"]["caption"], &second["message"]["caption"]), (&json!("Вход"), &Value::Null));
}
