//! Keyboards under messages: what the server accepts, cuts and refuses.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::params::{NotJson, Params};
use super::refusal::Refusal;
use super::text::links;

const BUTTONS_IN_A_ROW: usize = 12;
const BUTTONS_IN_ALL: usize = 300;
const MAX_CALLBACK_DATA: usize = 64;

/// The `reply_markup` a message was sent with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Markup {
    Inline(Vec<Vec<Button>>),
    /// Labels of a keyboard that replaces the person's own; pressing one says its label.
    Reply(Vec<Vec<String>>),
    Remove,
    ForceReply,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Button {
    pub text: String,
    #[serde(flatten)]
    pub action: ButtonAction,
}

/// What an inline button does. Serialised as the one field that names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ButtonAction {
    CallbackData(String),
    Url(String),
    CopyText(Value),
    WebApp(Value),
    SwitchInlineQuery(String),
    SwitchInlineQueryCurrentChat(String),
    SwitchInlineQueryChosenChat(Value),
    LoginUrl(Value),
}

impl Markup {
    pub(super) fn to_json(&self) -> Option<Value> {
        match self {
            Self::Inline(rows) => Some(json!({ "inline_keyboard": rows })),
            Self::Reply(_) | Self::Remove | Self::ForceReply => None,
        }
    }
}

/// Reads `reply_markup`; a keyboard without a visible button counts as none.
pub(super) fn read(params: &Params) -> Result<Option<Markup>, Refusal> {
    let not_json = |NotJson| Refusal::bad_request("can't parse reply keyboard markup JSON object");
    let Some(value) = params.json("reply_markup").map_err(not_json)? else { return Ok(None) };
    let Value::Object(fields) = value else {
        return Err(Refusal::bad_request("object expected as reply markup"));
    };
    if let Some(rows) = fields.get("inline_keyboard") {
        let rows = inline_rows(rows)?;
        return Ok(Some(rows).filter(|rows| !rows.is_empty()).map(Markup::Inline));
    }
    if let Some(rows) = fields.get("keyboard") {
        return reply_rows(rows).map(|rows| Some(Markup::Reply(rows)));
    }
    let is_set = |name: &str| fields.get(name) == Some(&Value::Bool(true));
    Ok(if is_set("remove_keyboard") {
        Some(Markup::Remove)
    } else if is_set("force_reply") {
        Some(Markup::ForceReply)
    } else {
        None
    })
}

/// Edits take inline keyboards only.
pub(super) fn read_inline(params: &Params) -> Result<Option<Markup>, Refusal> {
    match read(params)? {
        Some(Markup::Reply(_) | Markup::Remove | Markup::ForceReply) => {
            Err(Refusal::bad_request("inline keyboard expected"))
        }
        markup => Ok(markup),
    }
}

fn rows_of<'a>(rows: &'a Value, field: &str) -> Result<Vec<&'a Vec<Value>>, Refusal> {
    let not_an_array = || Refusal::bad_request(&format!("field \"{field}\" must be an Array of Arrays"));
    let rows = rows.as_array().ok_or_else(not_an_array)?;
    rows.iter().map(|row| row.as_array().ok_or_else(not_an_array)).collect()
}

fn inline_rows(rows: &Value) -> Result<Vec<Vec<Button>>, Refusal> {
    let mut kept = vec![];
    let mut left = BUTTONS_IN_ALL;
    for row in rows_of(rows, "inline_keyboard")? {
        let mut buttons = vec![];
        for button in row {
            // Every button is checked, also one that is then cut off.
            let Some(button) = inline_button(button)? else { continue };
            if buttons.len() < BUTTONS_IN_A_ROW && left > 0 {
                buttons.push(button);
                left -= 1;
            }
        }
        if !buttons.is_empty() {
            kept.push(buttons);
        }
    }
    Ok(kept)
}

fn inline_button(button: &Value) -> Result<Option<Button>, Refusal> {
    let wrong = |reason: &str| Refusal::bad_request(&format!("can't parse inline keyboard button: {reason}"));
    let fields = button.as_object().ok_or_else(|| wrong("InlineKeyboardButton must be an Object"))?;
    let text = fields.get("text").ok_or_else(|| wrong("Can't find field \"text\""))?;
    let text = text.as_str().ok_or_else(|| wrong("Field \"text\" must be of type String"))?;
    let mut actions = actions(fields)?;
    let action = match actions.len() {
        0 => return Err(wrong("Text buttons are unallowed in the inline keyboard")),
        1 => actions.remove(0),
        _ => return Err(wrong("Exactly one action must be specified for a button")),
    };
    Ok((!text.trim().is_empty()).then(|| Button { text: text.to_owned(), action }))
}

fn actions(fields: &Map<String, Value>) -> Result<Vec<ButtonAction>, Refusal> {
    let known = fields.iter().filter(|(_, value)| !value.is_null());
    known.filter_map(|(name, value)| action(name, value).transpose()).collect()
}

fn action(name: &str, value: &Value) -> Result<Option<ButtonAction>, Refusal> {
    let string = || {
        let wrong = || Refusal::bad_request(&format!("field \"{name}\" must be of type String"));
        value.as_str().map(str::to_owned).ok_or_else(wrong)
    };
    Ok(Some(match name {
        "callback_data" => ButtonAction::CallbackData(callback_data(string()?)?),
        "url" => ButtonAction::Url(button_url(string()?)?),
        "copy_text" => ButtonAction::CopyText(copy_text(value)?),
        "web_app" => ButtonAction::WebApp(web_app(value)?),
        "switch_inline_query" => ButtonAction::SwitchInlineQuery(string()?),
        "switch_inline_query_current_chat" => ButtonAction::SwitchInlineQueryCurrentChat(string()?),
        "switch_inline_query_chosen_chat" => ButtonAction::SwitchInlineQueryChosenChat(value.clone()),
        "login_url" => ButtonAction::LoginUrl(value.clone()),
        _ => return Ok(None),
    }))
}

fn callback_data(data: String) -> Result<String, Refusal> {
    if data.is_empty() || data.len() > MAX_CALLBACK_DATA {
        return Err(Refusal::bad_request("BUTTON_DATA_INVALID"));
    }
    Ok(data)
}

fn button_url(url: String) -> Result<String, Refusal> {
    if url.is_empty() {
        return Err(Refusal::bad_request("BUTTON_URL_INVALID"));
    }
    links::check(&url).map_err(|reason| {
        Refusal::bad_request(&format!("inline keyboard button URL '{url}' is invalid: {reason}"))
    })?;
    Ok(url)
}

fn copy_text(value: &Value) -> Result<Value, Refusal> {
    let length = value["text"].as_str().map_or(0, |text| text.chars().count());
    if (1..=256).contains(&length) {
        Ok(value.clone())
    } else {
        Err(Refusal::bad_request("BUTTON_COPY_TEXT_INVALID"))
    }
}

fn web_app(value: &Value) -> Result<Value, Refusal> {
    let url = value["url"].as_str().unwrap_or_default();
    links::check_https(url).map_err(|reason| {
        Refusal::bad_request(&format!("inline keyboard button Web App URL '{url}' is invalid: {reason}"))
    })?;
    Ok(value.clone())
}

fn reply_rows(rows: &Value) -> Result<Vec<Vec<String>>, Refusal> {
    let label = |button: &Value| match button {
        Value::String(text) => Ok(text.clone()),
        Value::Object(fields) => match fields.get("text") {
            Some(Value::String(text)) => Ok(text.clone()),
            _ => Err(Refusal::bad_request("can't parse keyboard button: Can't find field \"text\"")),
        },
        _ => Err(Refusal::bad_request("can't parse keyboard button: KeyboardButton must be an Object")),
    };
    rows_of(rows, "keyboard")?.into_iter().map(|row| row.iter().map(label).collect()).collect()
}
