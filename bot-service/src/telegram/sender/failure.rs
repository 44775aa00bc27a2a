//! Why a call to Telegram brought nothing, by the words of the server and by what became of the connection.

use std::time::Duration;

use crate::actions::reach::Why;

/// What to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// What was asked is so already, or does not matter any more: as good as done.
    Moot,
    /// Too much was sent. Not done; to be repeated after this time.
    Wait(Duration),
    /// Not done; the same call may succeed later.
    Retry,
    /// The connection broke after the call had gone out: it may have been done.
    Uncertain,
    /// Nothing can be written to this chat until its person writes first.
    Unreachable(Why),
    /// The message to change is not there any more, or cannot be changed.
    Gone,
    /// Our mistake: the text or the keyboard is refused, and will be whenever it is sent.
    Malformed(Part),
    /// Our own storage does not give the file that was to be sent; Telegram has not been called.
    Storage,
    /// The token is not accepted: nothing can be sent at all.
    Fatal,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Text,
    Keyboard,
}

/// A failed call. The description is the server's; it may quote a message, so it is kept and not logged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{trouble:?}: {description}")]
pub struct Failure {
    pub trouble: Trouble,
    pub description: String,
}

impl Failure {
    pub fn new(trouble: Trouble, description: impl Into<String>) -> Self {
        Self { trouble, description: description.into() }
    }

    /// Updates cannot be asked for, because they go to a webhook.
    pub fn is_of_webhook(&self) -> bool {
        self.description.starts_with("Conflict: can't use getUpdates method while webhook is active")
    }
}

impl Trouble {
    /// As it stands in the outcome of an attempt, and in metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Moot => "moot",
            Self::Wait(_) => "wait",
            Self::Retry => "retry",
            Self::Uncertain => "uncertain",
            Self::Unreachable(_) => "unreachable",
            Self::Gone => "gone",
            Self::Malformed(_) => "malformed",
            Self::Storage => "storage",
            Self::Fatal => "fatal",
        }
    }
}

/// The server's answer `{"ok": false, …}`.
pub fn of_refusal(code: u16, description: &str, retry_after: Option<u32>) -> Failure {
    Failure::new(trouble(code, description, retry_after), description)
}

/// Neither success nor a refusal of the Bot API: a gateway's page, or JSON of another shape.
pub fn of_strange_answer(status: u16) -> Failure {
    let trouble = match status {
        // The gateway gave up waiting; the server behind it may have gone on.
        200..300 | 504 => Trouble::Uncertain,
        413 => Trouble::Malformed(Part::Text),
        _ => Trouble::Retry,
    };
    Failure::new(trouble, format!("status {status} with a body that is no answer"))
}

/// No answer at all. The description leaves the address out: it holds the token.
pub fn of_network(error: &reqwest::Error) -> Failure {
    if error.is_connect() || error.is_builder() {
        Failure::new(Trouble::Retry, "no connection")
    } else if error.is_timeout() {
        Failure::new(Trouble::Uncertain, "no answer in time")
    } else {
        Failure::new(Trouble::Uncertain, "the connection broke")
    }
}

fn trouble(code: u16, description: &str, retry_after: Option<u32>) -> Trouble {
    match code {
        401 | 404 => Trouble::Fatal,
        403 => Trouble::Unreachable(why(description)),
        429 => Trouble::Wait(Duration::from_secs(retry_after.unwrap_or(1).max(1).into())),
        400 => of_bad_request(description),
        // It would be as large the next time.
        413 => Trouble::Malformed(Part::Text),
        // Also 409, another poller or a webhook: the message itself is not at fault.
        _ => Trouble::Retry,
    }
}

fn why(description: &str) -> Why {
    if description.contains("can't initiate conversation") { Why::NeverStarted } else { Why::Left }
}

/// Parts of descriptions, and what they mean; the first that occurs decides.
const BAD_REQUESTS: [(&str, Trouble); 17] = [
    ("message is not modified", Trouble::Moot),
    ("message to delete not found", Trouble::Moot),
    ("query is too old", Trouble::Moot),
    ("message to edit not found", Trouble::Gone),
    ("message can't be edited", Trouble::Gone),
    ("there is no text in the message to edit", Trouble::Gone),
    ("message can't be deleted", Trouble::Gone),
    ("message identifier is not specified", Trouble::Gone),
    ("MESSAGE_ID_INVALID", Trouble::Gone),
    ("chat not found", Trouble::Unreachable(Why::NeverStarted)),
    ("chat was upgraded", Trouble::Unreachable(Why::Left)),
    ("PEER_ID_INVALID", Trouble::Unreachable(Why::NeverStarted)),
    ("BUTTON_", Trouble::Malformed(Part::Keyboard)),
    ("inline keyboard", Trouble::Malformed(Part::Keyboard)),
    ("reply markup", Trouble::Malformed(Part::Keyboard)),
    ("reply keyboard", Trouble::Malformed(Part::Keyboard)),
    ("keyboard button", Trouble::Malformed(Part::Keyboard)),
];

fn of_bad_request(description: &str) -> Trouble {
    if let Some(time) = asked_to_wait(description) {
        return Trouble::Wait(time);
    }
    let known = BAD_REQUESTS.iter().find(|(part, _)| description.contains(part));
    known.map_or(Trouble::Malformed(Part::Text), |(_, trouble)| *trouble)
}

/// A part of an album came too early, which is told within the refusal of the whole.
fn asked_to_wait(description: &str) -> Option<Duration> {
    let (_, told) = description.split_once("Too Many Requests: retry after ")?;
    let seconds: String = told.chars().take_while(char::is_ascii_digit).collect();
    Some(Duration::from_secs(seconds.parse().unwrap_or(1).max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEFT: Trouble = Trouble::Unreachable(Why::Left);
    const NEVER_STARTED: Trouble = Trouble::Unreachable(Why::NeverStarted);
    const TEXT: Trouble = Trouble::Malformed(Part::Text);
    const KEYBOARD: Trouble = Trouble::Malformed(Part::Keyboard);

    #[test]
    fn every_known_refusal_has_its_meaning() {
        let table = [
            (403, "Forbidden: bot was blocked by the user", LEFT),
            (403, "Forbidden: user is deactivated", LEFT),
            (403, "Forbidden: bot can't initiate conversation with a user", NEVER_STARTED),
            (400, "Bad Request: chat not found", NEVER_STARTED),
            (400, "Bad Request: private chat not found", NEVER_STARTED),
            (400, "Bad Request: group chat was upgraded to a supergroup chat", LEFT),
            (403, "Forbidden: bot was kicked from the group chat", LEFT),
            (403, "Forbidden: bot is not a member of the supergroup chat", LEFT),
            (403, "Forbidden: the group chat was deleted", LEFT),
            (
                400,
                "Bad Request: query is too old and response timeout expired or query ID is invalid",
                Trouble::Moot,
            ),
            (
                400,
                "Bad Request: message is not modified: specified new message content and reply markup are \
                 exactly the same as a current content and reply markup of the message",
                Trouble::Moot,
            ),
            (400, "Bad Request: message to edit not found", Trouble::Gone),
            (400, "Bad Request: message can't be edited", Trouble::Gone),
            (400, "Bad Request: there is no text in the message to edit", Trouble::Gone),
            (400, "Bad Request: message to delete not found", Trouble::Moot),
            (400, "Bad Request: message can't be deleted for everyone", Trouble::Gone),
            (400, "Bad Request: message is too long", TEXT),
            (400, "Bad Request: message caption is too long", TEXT),
            (400, "Bad Request: MESSAGE_TOO_LONG", TEXT),
            (400, "Bad Request: message text is empty", TEXT),
            (400, "Bad Request: text must be non-empty", TEXT),
            (400, "Bad Request: can't parse entities: Unsupported start tag \"x\" at byte offset 5", TEXT),
            (400, "Bad Request: BUTTON_DATA_INVALID", KEYBOARD),
            (400, "Bad Request: BUTTON_URL_INVALID", KEYBOARD),
            (
                400,
                "Bad Request: inline keyboard button URL 'x' is invalid: Unsupported URL protocol",
                KEYBOARD,
            ),
            (400, "Bad Request: BUTTON_USER_PRIVACY_RESTRICTED", KEYBOARD),
            (400, "Bad Request: reply markup is too long", KEYBOARD),
            (400, "Bad Request: wrong file_id or the file is temporarily unavailable", TEXT),
            (400, "Bad Request: file is too big", TEXT),
            (413, "Request Entity Too Large", TEXT),
            (
                400,
                "Bad Request: failed to send message #2 with the error message \"Too Many Requests: retry after 8\"",
                Trouble::Wait(Duration::from_secs(8)),
            ),
            (
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is \
                 running",
                Trouble::Retry,
            ),
            (
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete \
                 the webhook first",
                Trouble::Retry,
            ),
            (401, "Unauthorized", Trouble::Fatal),
            (404, "Not Found", Trouble::Fatal),
            (500, "Internal Server Error: restart", Trouble::Retry),
        ];
        for (code, description, expected) in table {
            assert_eq!(trouble(code, description, None), expected, "{description}");
        }
    }

    #[test]
    fn too_many_requests_name_the_time_to_wait() {
        let told = of_refusal(429, "Too Many Requests: retry after 17", Some(17));
        assert_eq!(told.trouble, Trouble::Wait(Duration::from_secs(17)));
        let silent = of_refusal(429, "Too Many Requests", None);
        assert_eq!(silent.trouble, Trouble::Wait(Duration::from_secs(1)));
    }

    #[test]
    fn a_gateways_page_is_not_a_lost_message() {
        assert_eq!(of_strange_answer(502).trouble, Trouble::Retry);
        assert_eq!(of_strange_answer(504).trouble, Trouble::Uncertain);
        assert_eq!(of_strange_answer(413).trouble, TEXT, "it would be as large the next time");
        assert_eq!(of_strange_answer(200).trouble, Trouble::Uncertain);
    }
}
