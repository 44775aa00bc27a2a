//! The methods of the Bot API that the simulator knows. A method it does not know is refused as unknown.

mod bot;
mod callback;
mod chat;
mod commands;
mod delete;
mod edit;
mod file;
mod media;
pub(super) mod polling;
mod send;
mod webhook;

use Method::{Checked, Plain};
use serde_json::Value;

use super::params::Params;
use super::refusal::Answer;
use super::state::State;

#[derive(Clone, Copy)]
pub(super) enum Method {
    Checked(fn(&mut State, &Params) -> Answer),
    /// Cannot be refused.
    Plain(fn(&mut State, &Params) -> Value),
}

impl Method {
    pub fn call(self, state: &mut State, params: &Params) -> Answer {
        match self {
            Self::Checked(method) => method(state, params),
            Self::Plain(method) => Ok(method(state, params)),
        }
    }
}

/// The one method that waits; it is served by [`polling`].
pub(super) const GET_UPDATES: &str = "getUpdates";

const METHODS: [(&str, Method); 41] = [
    ("answerCallbackQuery", Checked(callback::answer)),
    ("deleteMessage", Checked(delete::one)),
    ("deleteMessages", Checked(delete::many)),
    ("deleteMyCommands", Checked(commands::delete)),
    ("deleteWebhook", Plain(webhook::delete)),
    ("editMessageCaption", Checked(edit::caption)),
    ("editMessageReplyMarkup", Checked(edit::reply_markup)),
    ("editMessageText", Checked(edit::text)),
    ("getChat", Checked(chat::get)),
    ("getChatMember", Checked(chat::member)),
    ("getChatMenuButton", Checked(bot::get_menu_button)),
    ("getFile", Checked(file::get)),
    ("getMe", Plain(bot::get_me)),
    ("getMyCommands", Checked(commands::get)),
    ("getMyDescription", Plain(bot::get_description)),
    ("getMyName", Plain(bot::get_name)),
    ("getMyShortDescription", Plain(bot::get_short_description)),
    ("getWebhookInfo", Plain(webhook::info)),
    ("leaveChat", Checked(chat::leave)),
    ("pinChatMessage", Checked(chat::pin)),
    ("sendAnimation", Checked(media::animation)),
    ("sendAudio", Checked(media::audio)),
    ("sendChatAction", Checked(send::chat_action)),
    ("sendContact", Checked(send::contact)),
    ("sendDocument", Checked(media::document)),
    ("sendLocation", Checked(send::location)),
    ("sendMediaGroup", Checked(media::group)),
    ("sendMessage", Checked(send::text)),
    ("sendPhoto", Checked(media::photo)),
    ("sendVenue", Checked(send::venue)),
    ("sendVideo", Checked(media::video)),
    ("sendVideoNote", Checked(media::video_note)),
    ("sendVoice", Checked(media::voice)),
    ("setChatMenuButton", Checked(bot::set_menu_button)),
    ("setMyCommands", Checked(commands::set)),
    ("setMyDescription", Checked(bot::set_description)),
    ("setMyName", Checked(bot::set_name)),
    ("setMyShortDescription", Checked(bot::set_short_description)),
    ("setWebhook", Checked(webhook::set)),
    ("unpinAllChatMessages", Checked(chat::unpin_all)),
    ("unpinChatMessage", Checked(chat::unpin)),
];

/// The method of this name in any case, with its documented name.
pub(super) fn find(name: &str) -> Option<(&'static str, Method)> {
    METHODS.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name))
}
