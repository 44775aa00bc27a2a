//! What must hold for whatever reaches bot-service from Telegram.

use bot_service::domain::comment::{Attachment, Place};
use bot_service::telegram::callback::{Callback, MAX_DATA};
use bot_service::telegram::incoming::{Brought, IncomingKind, Media};
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
        match incoming.kind {
            IncomingKind::Text(text) => storable([Some(text)]),
            IncomingKind::Press { data: Some(data), .. } => callback(data.as_bytes()),
            IncomingKind::Media(Media { text, what, album }) => {
                storable([text, album]);
                brought(what);
            }
            _ => {}
        }
    }
}

fn brought(what: Brought) {
    match what {
        Brought::File(Attachment { file_id, file_unique_id, name, mime, .. }) => {
            storable([Some(file_id), Some(file_unique_id), name, mime]);
        }
        Brought::Place(Place { latitude, longitude }) => {
            assert!(latitude.abs() <= 90.0 && longitude.abs() <= 180.0, "nowhere on earth");
        }
    }
}

/// PostgreSQL keeps no text with NUL in it.
fn storable<const N: usize>(texts: [Option<String>; N]) {
    assert!(texts.into_iter().flatten().all(|text| !text.contains('\0')), "NUL got through");
}
