//! What /settings lets choose of AmoCRM's account, and the time zone.

use super::{Button, Row, back_row};
use crate::telegram::callback::{Callback, DispatchPress, SetupPress};
use crate::telegram::words::Words;

pub mod fields;
pub mod stages;
pub mod timezones;

/// More than Telegram allows in one message are not shown.
const BUTTONS: usize = 90;

fn press(label: String, press: SetupPress) -> Button {
    Button::press(label, Callback::Setup(press))
}

fn back(words: &Words) -> Row {
    back_row(Callback::Dispatch(DispatchPress::Open), words)
}

#[cfg(test)]
mod tests;
