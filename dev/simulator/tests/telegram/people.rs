//! What people see and how tests look at it.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::json;
use simulator::telegram::{Options, Standing};

use crate::raw::{ANNA, STRANGER, done, sent, telegram};

const SOON: Duration = Duration::from_secs(5);

#[tokio::test]
async fn unread_is_what_came_since_the_last_look() {
    let telegram = telegram(Options::unlimited()).await;
    let first = sent(&telegram, "раз").await;
    assert_eq!(telegram.read(ANNA).len(), 1);

    done(&telegram, "editMessageText", json!({ "chat_id": ANNA, "message_id": first, "text": "иначе" }))
        .await;
    assert!(telegram.unread(ANNA).is_empty(), "an edit makes no sound");
    sent(&telegram, "два").await;

    assert_eq!(telegram.unread(ANNA)[0].text, "два");
}

#[tokio::test]
async fn a_transcript_shows_the_chat_as_it_is_now() {
    let telegram = telegram(Options::unlimited()).await;
    let card = json!({
        "chat_id": ANNA, "text": "<b>Замер №1</b>\nОкна", "parse_mode": "HTML",
        "reply_markup": { "inline_keyboard": [
            [{ "text": "Пётр С. · 0", "callback_data": "1" }, { "text": "Иван П. · 2", "callback_data": "2" }],
            [{ "text": "❌ Отменить", "callback_data": "3" }],
        ] },
    });
    let card = done(&telegram, "sendMessage", card).await["message_id"].as_i64().unwrap();
    let note =
        json!({ "chat_id": ANNA, "text": "Изменён телефон", "reply_parameters": { "message_id": card } });
    done(&telegram, "sendMessage", note).await;
    let press = telegram.press(ANNA, card, "Пётр").unwrap();
    let refusal = json!({ "callback_query_id": press, "text": "Нет прав", "show_alert": true });
    done(&telegram, "answerCallbackQuery", refusal).await;
    telegram.press_newest(ANNA, "❌ Отменить").unwrap();
    telegram.block(ANNA).unwrap();

    let expected = "\
Анна: /start
🤖: Замер №1
   Окна
   [Пётр С. · 0] [Иван П. · 2]
   [❌ Отменить]
🤖: ↩ Замер №1
   Изменён телефон
Анна ▸ [Пётр С. · 0] → ⚠ Нет прав
Анна ▸ [❌ Отменить] → (no answer)
(Анна blocked the bot)
";
    assert_eq!(telegram.transcript(ANNA), expected);
}

#[tokio::test]
async fn waiting_ends_with_the_message_or_with_the_chat_as_it_is() {
    let telegram = telegram(Options::unlimited()).await;
    let waiting = tokio::spawn({
        let telegram = telegram.clone();
        async move { telegram.wait_for(ANNA, |message| message.edits == 1, SOON).await }
    });
    let id = sent(&telegram, "было").await;
    done(&telegram, "editMessageText", json!({ "chat_id": ANNA, "message_id": id, "text": "стало" })).await;
    assert_eq!(waiting.await.unwrap().unwrap().text, "стало");

    let error = telegram.wait_for_text(ANNA, "никогда", Duration::from_millis(1)).await.unwrap_err();
    assert!(format!("{error:#}").contains("стало"), "{error:#}");
}

#[tokio::test]
async fn an_invitation_is_followed_only_if_telegram_would_pass_it_on() {
    let telegram = telegram(Options::unlimited()).await;
    let link = |payload: &str| format!("https://t.me/{}?start={payload}", telegram.bot_username());

    assert_eq!(telegram.follows(STRANGER, &link("Ab-9_")).unwrap().text, "/start Ab-9_");
    assert!(telegram.follows(STRANGER, &link("a.b")).is_err());
    assert!(telegram.follows(STRANGER, &link(&"a".repeat(65))).is_err());
    assert!(telegram.follows(STRANGER, "https://t.me/other_bot?start=x").is_err());
    let standings: Vec<Standing> = telegram.people().into_iter().map(|(_, standing)| standing).collect();
    assert_eq!(standings, [Standing::Started, Standing::Started, Standing::Blocked, Standing::Deactivated]);
}

#[tokio::test]
async fn a_button_is_found_by_a_part_of_its_label_only_if_it_is_alone() {
    let telegram = telegram(Options::unlimited()).await;
    let button = |text: &str| json!([{ "text": text, "callback_data": text }]);
    let rows = json!([button("Иван П. · 2"), button("Иван С. · 0"), button("Иван")]);
    let card = json!({ "chat_id": ANNA, "text": "x", "reply_markup": { "inline_keyboard": rows } });
    done(&telegram, "sendMessage", card).await;
    let message = telegram.last_message(ANNA).unwrap();

    assert_eq!(message.data_of("Иван С."), Some("Иван С. · 0"));
    assert_eq!(message.data_of("Иван"), Some("Иван"), "the whole label goes first");
    assert_eq!(message.data_of(" · "), None);
}

#[tokio::test]
async fn a_poller_that_hangs_up_is_gone() {
    let telegram = telegram(Options::unlimited()).await;
    let poll = tokio::spawn({
        let telegram = telegram.clone();
        async move { done(&telegram, "getUpdates", json!({ "offset": i64::MAX, "timeout": 30 })).await }
    });
    telegram.wait_until("somebody polls", SOON, |it| it.is_polled().then_some(())).await.unwrap();

    poll.abort();

    telegram.wait_until("nobody polls", SOON, |it| (!it.is_polled()).then_some(())).await.unwrap();
}

#[tokio::test]
async fn time_can_be_moved() {
    let telegram = telegram(Options::unlimited()).await;
    telegram.advance(TimeDelta::days(2));
    sent(&telegram, "x").await;

    let age = telegram.last_message(ANNA).unwrap().sent_at - telegram.chat(ANNA)[0].sent_at;
    assert!(age >= TimeDelta::days(2));
}
