//! What stands behind the buttons of a chat, read as the bot wrote it.

use simulator::telegram::{ButtonAction, Message};

use super::plan::people::Button;

/// A button somewhere in a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub message_id: i64,
    pub label: String,
    pub data: String,
}

/// A press that changes a measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    pub measurement: i64,
    /// For which the button was drawn.
    pub step: i32,
    /// As the history calls it; an assignment may be a `reassigned` there.
    pub what: &'static str,
}

pub fn in_messages(messages: &[Message]) -> Vec<Found> {
    let buttons =
        messages.iter().flat_map(|message| message.buttons().map(move |button| (message.id, button)));
    buttons
        .filter_map(|(message_id, button)| match &button.action {
            ButtonAction::CallbackData(data) => {
                Some(Found { message_id, label: button.text.clone(), data: data.clone() })
            }
            _ => None,
        })
        .collect()
}

/// What a button does; none for those that nobody presses here.
pub fn kind(data: &str) -> Option<Button> {
    let mut parts = data.split(':');
    match parts.next()? {
        "1o" => return Some(Button::Open),
        "1l" => return Some(Button::Page),
        "1c" => {}
        _ => return None,
    }
    Some(match parts.nth(2)? {
        "r" => Button::Reassign,
        "s" => Button::Start,
        "d" => Button::Complete,
        "q" => Button::AskCancel,
        "k" => Button::Keep,
        "b" => Button::Restore,
        cancel if cancel.starts_with('x') => Button::Cancel,
        assign if assign.starts_with(['a', 'o']) => Button::Assign,
        _ => return None,
    })
}

/// The measurement and the step that a button of a card was drawn for.
pub fn drawn_for(data: &str) -> Option<(i64, i32)> {
    let mut parts = data.strip_prefix("1c:")?.split(':');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// The change that a press asks for; none if it only shows something.
pub fn change(data: &str) -> Option<Change> {
    let what = match kind(data)? {
        Button::Assign => "assigned",
        Button::Start => "started",
        Button::Complete => "completed",
        Button::Cancel => "cancelled",
        Button::Restore => "restored",
        Button::Reassign | Button::AskCancel | Button::Keep | Button::Open | Button::Page => return None,
    };
    let (measurement, step) = drawn_for(data)?;
    Some(Change { measurement, step, what })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buttons_of_cards_say_what_they_do_and_for_which_step() {
        let wanted = Change { measurement: 12, step: 3, what: "assigned" };
        assert_eq!(change("1c:12:3:a7"), Some(wanted));
        assert_eq!(change("1c:12:3:o1"), Some(wanted), "what the rules propose");
        assert_eq!(change("1c:12:3:s"), Some(Change { what: "started", ..wanted }));
        assert_eq!(change("1c:12:3:xd"), Some(Change { what: "cancelled", ..wanted }));
        assert_eq!((kind("1c:12:3:q"), change("1c:12:3:q")), (Some(Button::AskCancel), None));
        assert_eq!((kind("1o:12"), kind("1m"), kind("junk")), (Some(Button::Open), None, None));
    }
}
