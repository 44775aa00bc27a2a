//! What must hold for whatever reaches bot-service from Telegram.

use bot_service::telegram::callback::{Callback, MAX_DATA};
use bot_service::telegram::read;

/// The data of a button. What is understood is exactly what is written.
pub fn callback(data: &[u8]) {
    let Ok(data) = std::str::from_utf8(data) else { return };
    if let Some(callback) = Callback::parse(data) {
        assert_eq!(callback.encode(), data);
        assert!(data.len() <= MAX_DATA);
    }
}

/// An update, first placed in the table, then read: as the same one.
pub fn update(body: &[u8]) {
    if let (Some(stored), Some(incoming)) = (read::raw(body), read::read(body)) {
        assert_eq!(incoming.update_id, stored.update_id);
        assert_eq!(stored.body, body);
    }
}
