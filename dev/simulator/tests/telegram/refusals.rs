//! What the server refuses, in its words.

use chrono::TimeDelta;
use serde_json::{Value, json};
use simulator::telegram::{Group, GroupKind, Options};

use crate::raw::{ANNA, BLOCKER, GONE, STRANGER, call, done, refused, sent, telegram};

fn text(chat: i64, text: &str) -> Value {
    json!({ "chat_id": chat, "text": text })
}

fn html(text: &str) -> Value {
    json!({ "chat_id": ANNA, "text": text, "parse_mode": "HTML" })
}

fn with_button(button: &Value) -> Value {
    json!({ "chat_id": ANNA, "text": "x", "reply_markup": { "inline_keyboard": [[button]] } })
}

#[tokio::test]
async fn chats_that_cannot_be_written_to() {
    let telegram = telegram(Options::unlimited()).await;
    let cases = [
        (text(STRANGER, "x"), "403 Forbidden: bot can't initiate conversation with a user"),
        (text(BLOCKER, "x"), "403 Forbidden: bot was blocked by the user"),
        (text(GONE, "x"), "403 Forbidden: user is deactivated"),
        (text(5, "x"), "400 Bad Request: chat not found"),
        (text(-5, "x"), "400 Bad Request: chat not found"),
        (json!({ "text": "x" }), "400 Bad Request: chat_id is empty"),
    ];
    for (params, expected) in cases {
        assert_eq!(refused(&telegram, "sendMessage", params).await, expected);
    }
}

#[tokio::test]
async fn texts_that_are_empty_or_too_long() {
    let telegram = telegram(Options::unlimited()).await;
    let id = sent(&telegram, "x").await;
    let long = "ы".repeat(4097);
    let cases = [
        ("sendMessage", text(ANNA, ""), "400 Bad Request: message text is empty"),
        ("sendMessage", text(ANNA, " \n "), "400 Bad Request: text must be non-empty"),
        ("sendMessage", html("<b></b>"), "400 Bad Request: text must be non-empty"),
        ("sendMessage", text(ANNA, &long), "400 Bad Request: message is too long"),
        ("sendMessage", html(&"<b></b>".repeat(9400)), "400 Bad Request: message is too long"),
        (
            "editMessageText",
            json!({ "chat_id": ANNA, "message_id": id, "text": long }),
            "400 Bad Request: MESSAGE_TOO_LONG",
        ),
    ];
    for (method, params, expected) in cases {
        assert_eq!(refused(&telegram, method, params).await, expected);
    }
    // 4096 characters that are 8192 UTF-16 units, in markup that is not counted.
    let fits = done(&telegram, "sendMessage", html(&format!("<b>{}</b>", "😀".repeat(4096)))).await;
    assert_eq!(fits["entities"][0]["length"], 8192);
}

#[tokio::test]
async fn markup_that_does_not_parse() {
    let telegram = telegram(Options::unlimited()).await;
    let expected = "400 Bad Request: can't parse entities: Unsupported start tag \"Окна\" at byte offset 12";
    assert_eq!(refused(&telegram, "sendMessage", html("Замер: <Окна>")).await, expected);
    let unclosed = refused(&telegram, "sendMessage", html("<b>x")).await;
    assert!(unclosed.ends_with("Can't find end tag corresponding to start tag \"b\""), "{unclosed}");
    // Without a mode the same text is only a text.
    assert_eq!(done(&telegram, "sendMessage", text(ANNA, "<b>x")).await["text"], "<b>x");
}

#[tokio::test]
async fn keyboards_that_are_wrong() {
    let telegram = telegram(Options::unlimited()).await;
    let long_data = "ы".repeat(32) + "x";
    let cases = [
        (json!({ "text": "a", "callback_data": long_data }), "BUTTON_DATA_INVALID"),
        (json!({ "text": "a", "callback_data": "" }), "BUTTON_DATA_INVALID"),
        (json!({ "text": "a", "url": "" }), "BUTTON_URL_INVALID"),
        (
            json!({ "text": "a", "url": "tel:+79161234567" }),
            "inline keyboard button URL 'tel:+79161234567' is invalid: Wrong port number specified in the URL",
        ),
        (
            json!({ "text": "a", "url": "yandexnavi://x" }),
            "inline keyboard button URL 'yandexnavi://x' is invalid: Unsupported URL protocol",
        ),
        (
            json!({ "text": "a" }),
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            json!({ "text": "a", "callback_data": "x", "url": "https://a.b" }),
            "can't parse inline keyboard button: Exactly one action must be specified for a button",
        ),
        (json!({ "callback_data": "x" }), "can't parse inline keyboard button: Can't find field \"text\""),
    ];
    for (button, reason) in cases {
        let refusal = refused(&telegram, "sendMessage", with_button(&button)).await;
        assert_eq!(refusal, format!("400 Bad Request: {reason}"));
    }
}

#[tokio::test]
async fn keyboards_that_are_cut() {
    let telegram = telegram(Options::unlimited()).await;
    let row: Vec<Value> = (0..14).map(|n| json!({ "text": format!("{n}"), "callback_data": "x" })).collect();
    let nameless = vec![json!({ "text": " ", "callback_data": "x" })];
    let rows: Vec<Vec<Value>> = std::iter::once(nameless).chain(std::iter::repeat_n(row, 30)).collect();
    let params = json!({ "chat_id": ANNA, "text": "x", "reply_markup": { "inline_keyboard": rows } });

    done(&telegram, "sendMessage", params).await;

    let labels = telegram.last_message(ANNA).unwrap().labels();
    assert_eq!((labels.len(), labels[0].len()), (25, 12), "the empty button and its row are gone");
}

#[tokio::test]
async fn edits_that_cannot_be() {
    let telegram = telegram(Options::unlimited()).await;
    let id = sent(&telegram, "было").await;
    telegram.sends_photo(ANNA, "").unwrap();
    let reply_keyboard = json!({ "keyboard": [[{ "text": "Да" }]] });
    let with_keyboard = json!({ "chat_id": ANNA, "text": "x", "reply_markup": reply_keyboard });
    let stuck = done(&telegram, "sendMessage", with_keyboard).await["message_id"].take();
    let place = json!({ "chat_id": ANNA, "latitude": 55.7, "longitude": 37.6 });
    let place = done(&telegram, "sendLocation", place).await["message_id"].take();
    let edit = |id: Value, text: &str| json!({ "chat_id": ANNA, "message_id": id, "text": text });
    let same = "message is not modified: specified new message content and reply markup are exactly the same \
                as a current content and reply markup of the message";
    let cases = [
        (edit(json!(id), "было"), same),
        (edit(json!(99), "x"), "message to edit not found"),
        (edit(json!(1), "x"), "message can't be edited"),
        (edit(stuck, "x"), "message can't be edited"),
        (edit(place, "x"), "there is no text in the message to edit"),
        (json!({ "chat_id": ANNA, "text": "x" }), "message identifier is not specified"),
    ];
    for (params, reason) in cases {
        let refusal = refused(&telegram, "editMessageText", params).await;
        assert_eq!(refusal, format!("400 Bad Request: {reason}"));
    }
}

#[tokio::test]
async fn an_edit_without_a_keyboard_removes_it() {
    let telegram = telegram(Options::unlimited()).await;
    let button = json!({ "text": "a", "callback_data": "x" });
    let id = done(&telegram, "sendMessage", with_button(&button)).await["message_id"].take();

    done(&telegram, "editMessageText", json!({ "chat_id": ANNA, "message_id": id, "text": "x" })).await;

    let message = telegram.last_message(ANNA).unwrap();
    assert_eq!((message.rows().len(), message.edits), (0, 1));
    let again = json!({ "chat_id": ANNA, "message_id": id });
    assert!(refused(&telegram, "editMessageReplyMarkup", again).await.contains("message is not modified"));
}

#[tokio::test]
async fn replies_to_what_is_not_there() {
    let telegram = telegram(Options::unlimited()).await;
    let reply = |parameters: Value| json!({ "chat_id": ANNA, "text": "x", "reply_parameters": parameters });

    let refusal = refused(&telegram, "sendMessage", reply(json!({ "message_id": 99 }))).await;
    assert_eq!(refusal, "400 Bad Request: message to be replied not found");

    let lenient = json!({ "message_id": 99, "allow_sending_without_reply": true });
    assert!(done(&telegram, "sendMessage", reply(lenient)).await["reply_to_message"].is_null());
}

#[tokio::test]
async fn presses_are_answered_once_and_in_time() {
    let telegram = telegram(Options::unlimited()).await;
    let too_old = "400 Bad Request: query is too old and response timeout expired or query ID is invalid";
    let answer = |id: &str, text: &str| json!({ "callback_query_id": id, "text": text });
    let press = telegram.press_data(ANNA, 1, "x").unwrap().0;

    let long = refused(&telegram, "answerCallbackQuery", answer(&press, &"ы".repeat(201))).await;
    assert_eq!(long, "400 Bad Request: MESSAGE_TOO_LONG");
    done(&telegram, "answerCallbackQuery", answer(&press, &"ы".repeat(200))).await;
    assert_eq!(refused(&telegram, "answerCallbackQuery", answer(&press, "x")).await, too_old);
    assert_eq!(refused(&telegram, "answerCallbackQuery", answer("no such", "x")).await, too_old);

    let late = telegram.press_data(ANNA, 1, "x").unwrap().0;
    telegram.advance(TimeDelta::seconds(16));
    assert_eq!(refused(&telegram, "answerCallbackQuery", answer(&late, "x")).await, too_old);
    assert_eq!(telegram.unanswered_presses(), 1);
}

#[tokio::test]
async fn command_lists_keep_the_rules() {
    let telegram = telegram(Options::unlimited()).await;
    let list = |name: &str, description: &str| json!({ "commands": [{ "command": name, "description": description }] });
    let cases = [
        (list("Меню", "x"), "BOT_COMMAND_INVALID"),
        (list("", "x"), "command must be non-empty"),
        (list(&"a".repeat(33), "x"), "command length must not exceed 32"),
        (list("a", " "), "command description must be non-empty"),
        (list("a", &"ы".repeat(257)), "command description length must not exceed 256"),
        (json!({ "commands": "[" }), "can't parse commands JSON object"),
    ];
    for (params, reason) in cases {
        let refusal = refused(&telegram, "setMyCommands", params).await;
        assert_eq!(refusal, format!("400 Bad Request: {reason}"));
    }
    let mut foreign = list("a", "x");
    foreign["scope"] = json!({ "type": "chat", "chat_id": STRANGER });
    assert_eq!(refused(&telegram, "setMyCommands", foreign).await, "400 Bad Request: chat not found");
}

#[tokio::test]
async fn old_messages_cannot_be_deleted() {
    let telegram = telegram(Options::unlimited()).await;
    let id = sent(&telegram, "x").await;
    let params = json!({ "chat_id": ANNA, "message_id": id });
    telegram.advance(TimeDelta::hours(49));

    let refusal = refused(&telegram, "deleteMessage", params).await;
    assert_eq!(refusal, "400 Bad Request: message can't be deleted for everyone");
    let absent = json!({ "chat_id": ANNA, "message_id": 99 });
    assert_eq!(
        refused(&telegram, "deleteMessage", absent).await,
        "400 Bad Request: message to delete not found"
    );
}

#[tokio::test]
async fn groups_that_are_no_more() {
    let telegram = telegram(Options::unlimited()).await;
    for (id, kind) in [(-1, GroupKind::Group), (-2, GroupKind::Supergroup), (-3, GroupKind::Group)] {
        telegram.add_bot_to_group(Group { id, title: "Цех".to_owned(), kind }, ANNA).unwrap();
    }
    telegram.kick_bot_from_group(-1, ANNA).unwrap();
    done(&telegram, "leaveChat", json!({ "chat_id": -2 })).await;
    telegram.upgrade_group(-3, -1_000_003).unwrap();

    let kicked = refused(&telegram, "sendMessage", text(-1, "x")).await;
    assert_eq!(kicked, "403 Forbidden: bot was kicked from the group chat");
    let left = refused(&telegram, "sendMessage", text(-2, "x")).await;
    assert_eq!(left, "403 Forbidden: bot is not a member of the supergroup chat");
    let (status, body) = call(&telegram, "sendMessage", text(-3, "x")).await;
    assert_eq!((status, &body["parameters"]["migrate_to_chat_id"]), (400, &json!(-1_000_003)));
}

#[tokio::test]
async fn wrong_tokens_and_unknown_methods() {
    let telegram = telegram(Options::unlimited()).await;

    assert_eq!(refused(&telegram, "sendTelepathy", json!({})).await, "404 Not Found: method not found");
    let url = format!("{}/bot1:wrong/getMe", telegram.url());
    assert_eq!(reqwest::get(url).await.unwrap().status().as_u16(), 401);
}

#[tokio::test]
async fn arguments_may_come_as_a_form_with_nested_json() {
    let telegram = telegram(Options::unlimited()).await;
    let markup = r#"{"inline_keyboard":[[{"text":"a","callback_data":"x"}]]}"#;
    let url = format!("{}/bot{}/SENDMESSAGE?chat_id={ANNA}", telegram.url(), telegram.token());
    let body = format!("text=%D1%8F+%26&reply_markup={markup}");
    let request = reqwest::Client::new().post(url).body(body);

    let response = request.header("Content-Type", "application/x-www-form-urlencoded").send().await.unwrap();

    assert_eq!(response.status().as_u16(), 200);
    let message = telegram.last_message(ANNA).unwrap();
    assert_eq!((message.text.as_str(), message.data_of("a")), ("я &", Some("x")));
}
