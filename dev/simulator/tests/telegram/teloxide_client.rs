//! Every object parses with teloxide, and what people do arrives as updates.

use std::time::Duration;

use simulator::telegram::{Contact, Group, Membership, Options, Person, Simulator};
use teloxide::payloads::{
    AnswerCallbackQuerySetters, GetUpdatesSetters, SendMessageSetters, SetMyCommandsSetters,
};
use teloxide::prelude::{Bot, Requester};
use teloxide::types::{
    AllowedUpdate, BotCommand, BotCommandScope, ChatId, ChatMemberKind, InlineKeyboardButton,
    InlineKeyboardMarkup, MaybeInaccessibleMessage, MediaKind, MessageId, MessageKind, ParseMode, Recipient,
    ReplyParameters, Update, UpdateKind,
};

const ANNA: i64 = 1001;
const SOON: Duration = Duration::from_secs(5);

async fn telegram() -> (Simulator, Bot) {
    let telegram = Simulator::start(Options::unlimited()).await.unwrap();
    telegram.add_person(Person::new(ANNA, "Анна").last_name("Серова").username("anna"));
    let bot = Bot::new(telegram.token()).set_api_url(telegram.url().parse().unwrap());
    (telegram, bot)
}

/// The updates that wait, confirmed by the call after.
async fn updates(bot: &Bot) -> Vec<UpdateKind> {
    let found = bot.get_updates().await.unwrap();
    if let Some(last) = found.last() {
        bot.get_updates().offset(last.id.as_offset()).timeout(0).limit(1).await.unwrap();
    }
    found.into_iter().map(|update| update.kind).collect()
}

fn keyboard(buttons: &[(&str, &str)]) -> InlineKeyboardMarkup {
    let row = |(label, data): &(&str, &str)| vec![InlineKeyboardButton::callback(*label, *data)];
    InlineKeyboardMarkup::new(buttons.iter().map(row))
}

#[tokio::test]
async fn the_bot_learns_who_it_is() {
    let (telegram, bot) = telegram().await;

    let me = bot.get_me().await.unwrap();

    assert_eq!(me.username(), telegram.bot_username());
    assert_eq!(me.id.0, telegram.bot_id().unsigned_abs());
}

#[tokio::test]
async fn a_start_with_a_payload_arrives_and_is_answered() {
    let (telegram, bot) = telegram().await;
    telegram.starts(ANNA, Some("invite-1")).unwrap();

    let found = updates(&bot).await;
    let [UpdateKind::Message(message)] = &found[..] else { panic!("{found:?}") };
    assert_eq!(message.text(), Some("/start invite-1"));
    assert_eq!(message.from.as_ref().unwrap().language_code.as_deref(), Some("ru"));

    let sent = bot
        .send_message(ChatId(ANNA), "<b>Добро</b> пожаловать &amp; т. д.")
        .parse_mode(ParseMode::Html)
        .reply_parameters(ReplyParameters::new(message.id))
        .reply_markup(keyboard(&[("⏳ Новые замеры", "menu:new")]))
        .await
        .unwrap();
    assert_eq!(sent.text(), Some("Добро пожаловать & т. д."));
    assert_eq!(sent.entities().unwrap().len(), 1);
    assert_eq!(sent.reply_to_message().unwrap().id, message.id);
    assert_eq!(sent.reply_markup().unwrap().inline_keyboard.len(), 1);
    assert_eq!(telegram.last_message(ANNA).unwrap().labels(), [["⏳ Новые замеры"]]);
}

#[tokio::test]
async fn a_press_is_answered_and_the_message_edited_in_place() {
    let (telegram, bot) = telegram().await;
    telegram.starts(ANNA, None).unwrap();
    let card =
        bot.send_message(ChatId(ANNA), "Замер №1").reply_markup(keyboard(&[("Начать", "go")])).await.unwrap();
    updates(&bot).await;

    let press = telegram.press(ANNA, card.id.0.into(), "Начать").unwrap();
    let found = updates(&bot).await;
    let [UpdateKind::CallbackQuery(query)] = &found[..] else { panic!("{found:?}") };
    assert_eq!(query.data.as_deref(), Some("go"));
    bot.answer_callback_query(query.id.clone()).text("🔄 Замер начат").await.unwrap();
    let edited = bot.edit_message_text(ChatId(ANNA), card.id, "Замер №1 · В процессе").await.unwrap();

    assert!(edited.edit_date().is_some());
    assert_eq!(telegram.answer_of(&press, SOON).await.unwrap().text, "🔄 Замер начат");
    assert_eq!(
        telegram.transcript(ANNA),
        "Анна Серова: /start\n🤖: Замер №1 · В процессе\nАнна Серова ▸ [Начать] → 🔄 Замер начат\n"
    );
}

#[tokio::test]
async fn a_press_on_a_message_that_is_gone_has_an_inaccessible_message() {
    let (telegram, bot) = telegram().await;
    telegram.starts(ANNA, None).unwrap();
    updates(&bot).await;

    telegram.press_data(ANNA, 77, "forged").unwrap();

    let found = updates(&bot).await;
    let [UpdateKind::CallbackQuery(query)] = &found[..] else { panic!("{found:?}") };
    let Some(MaybeInaccessibleMessage::Inaccessible(message)) = &query.message else { panic!("{query:?}") };
    assert_eq!(message.message_id, MessageId(77));
}

#[tokio::test]
async fn media_of_people_arrive_as_their_kinds() {
    let (telegram, bot) = telegram().await;
    telegram.sends_photo(ANNA, "подпись").unwrap();
    telegram.sends_sticker(ANNA).unwrap();
    telegram.sends_voice(ANNA).unwrap();
    let contact = Contact {
        phone_number: "+79161234567".to_owned(),
        first_name: "Анна".to_owned(),
        last_name: None,
        user_id: Some(ANNA),
    };
    telegram.sends_contact(ANNA, contact).unwrap();
    telegram.sends_location(ANNA, 55.7, 37.6).unwrap();

    let kinds: Vec<&str> = updates(&bot).await.iter().map(kind_of_media).collect();

    assert_eq!(kinds, ["photo", "sticker", "voice", "contact", "location"]);
}

fn kind_of_media(update: &UpdateKind) -> &'static str {
    let UpdateKind::Message(message) = update else { panic!("{update:?}") };
    let MessageKind::Common(common) = &message.kind else { panic!("{message:?}") };
    match &common.media_kind {
        MediaKind::Photo(_) => "photo",
        MediaKind::Sticker(_) => "sticker",
        MediaKind::Voice(_) => "voice",
        MediaKind::Contact(_) => "contact",
        MediaKind::Location(_) => "location",
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn blocking_and_unblocking_are_told() {
    let (telegram, bot) = telegram().await;
    telegram.starts(ANNA, None).unwrap();
    telegram.block(ANNA).unwrap();
    telegram.starts(ANNA, None).unwrap();

    let found = updates(&bot).await;

    let [_, UpdateKind::MyChatMember(blocked), UpdateKind::MyChatMember(back), UpdateKind::Message(_)] =
        &found[..]
    else {
        panic!("{found:?}")
    };
    assert!(matches!(blocked.new_chat_member.kind, ChatMemberKind::Banned(_)));
    assert!(matches!(back.new_chat_member.kind, ChatMemberKind::Member(_)));
}

#[tokio::test]
async fn a_group_can_be_left() {
    let (telegram, bot) = telegram().await;
    let group = Group { id: -500, title: "Цех".to_owned(), kind: simulator::telegram::GroupKind::Group };
    telegram.add_bot_to_group(group, ANNA).unwrap();

    let found = updates(&bot).await;
    let [UpdateKind::MyChatMember(added), UpdateKind::Message(_)] = &found[..] else { panic!("{found:?}") };
    assert!(added.chat.is_group());
    bot.leave_chat(ChatId(-500)).await.unwrap();

    assert_eq!(telegram.bot_in_group(-500), Some(Membership::Left));
    let refusal = bot.send_message(ChatId(-500), "x").await.unwrap_err().to_string();
    assert!(refusal.contains("bot is not a member of the group chat"), "{refusal}");
}

#[tokio::test]
async fn commands_are_shown_by_the_narrowest_scope() {
    let (telegram, bot) = telegram().await;
    telegram.starts(ANNA, None).unwrap();
    bot.set_my_commands([BotCommand::new("start", "Начать")]).await.unwrap();
    bot.set_my_commands([BotCommand::new("menu", "Меню"), BotCommand::new("my", "Мои замеры")])
        .scope(BotCommandScope::Chat { chat_id: Recipient::Id(ChatId(ANNA)) })
        .await
        .unwrap();

    let shown: Vec<String> =
        telegram.commands_shown_to(ANNA).into_iter().map(|found| found.command).collect();

    assert_eq!(shown, ["menu", "my"]);
    assert_eq!(bot.get_my_commands().await.unwrap(), [BotCommand::new("start", "Начать")]);
}

#[tokio::test]
async fn a_long_poll_wakes_when_something_happens() {
    let (telegram, bot) = telegram().await;
    let poll = tokio::spawn(async move { bot.get_updates().timeout(10).await });
    telegram.wait_until("the bot polls", SOON, |telegram| telegram.is_polled().then_some(())).await.unwrap();

    telegram.says(ANNA, "привет").unwrap();

    let found: Vec<Update> = tokio::time::timeout(SOON, poll).await.unwrap().unwrap().unwrap();
    assert!(matches!(&found[..], [Update { kind: UpdateKind::Message(_), .. }]));
}

#[tokio::test]
async fn only_wanted_kinds_are_queued() {
    let (telegram, bot) = telegram().await;
    bot.get_updates().allowed_updates([AllowedUpdate::CallbackQuery]).await.unwrap();

    telegram.starts(ANNA, None).unwrap();
    telegram.press_data(ANNA, 1, "x").unwrap();

    assert!(matches!(&updates(&bot).await[..], [UpdateKind::CallbackQuery(_)]));
}

#[tokio::test]
async fn pins_menu_buttons_and_chats_parse() {
    let (telegram, bot) = telegram().await;
    telegram.starts(ANNA, None).unwrap();
    let card = bot.send_message(ChatId(ANNA), "x").await.unwrap();

    bot.pin_chat_message(ChatId(ANNA), card.id).await.unwrap();
    bot.send_chat_action(ChatId(ANNA), teloxide::types::ChatAction::Typing).await.unwrap();
    bot.send_venue(ChatId(ANNA), 55.7, 37.6, "Цех", "ул. Ленина, 5").await.unwrap();
    bot.send_contact(ChatId(ANNA), "+79161234567", "Пётр").await.unwrap();
    bot.get_chat(ChatId(ANNA)).await.unwrap();
    bot.get_chat_menu_button().await.unwrap();
    bot.get_webhook_info().await.unwrap();
    bot.delete_message(ChatId(ANNA), card.id).await.unwrap();

    assert!(updates(&bot).await.len() >= 2);
    assert!(telegram.message(ANNA, card.id.0.into()).is_none());
}
