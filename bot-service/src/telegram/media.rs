//! What a message brings besides words. Read by ourselves: teloxide takes no video of whose type Telegram says nothing,
//! and what a person sends must not be lost for that.

use serde::Deserialize;

use super::incoming::{Brought, Media};
use crate::domain::comment::{Attachment, FileKind, Place};

#[derive(Deserialize)]
struct InUpdate {
    message: InMessage,
}

#[derive(Deserialize)]
struct InMessage {
    caption: Option<String>,
    media_group_id: Option<String>,
    #[serde(default)]
    photo: Vec<InFile>,
    animation: Option<InFile>,
    video: Option<InFile>,
    audio: Option<InFile>,
    voice: Option<InFile>,
    video_note: Option<InFile>,
    document: Option<InFile>,
    location: Option<InPlace>,
    venue: Option<InVenue>,
}

#[derive(Deserialize)]
struct InFile {
    file_id: String,
    file_unique_id: String,
    file_size: Option<i64>,
    file_name: Option<String>,
    mime_type: Option<String>,
    #[serde(default)]
    width: u32,
    #[serde(default)]
    height: u32,
}

#[derive(Deserialize)]
struct InPlace {
    latitude: f64,
    longitude: f64,
}

#[derive(Deserialize)]
struct InVenue {
    #[serde(default)]
    title: String,
    #[serde(default)]
    address: String,
}

/// None if there is neither a file nor a place in it.
pub fn read(body: &[u8]) -> Option<Media> {
    let InUpdate { mut message } = shared::json::read(body).ok()?;
    let (caption, album, venue) =
        (message.caption.take(), message.media_group_id.take(), message.venue.take());
    let what = match message.location.take() {
        Some(place) => Brought::Place(on_earth(&place)?),
        None => Brought::File(file(message)?),
    };
    Some(Media { text: caption.or_else(|| venue.map(name_of)), what, album })
}

fn on_earth(InPlace { latitude, longitude }: &InPlace) -> Option<Place> {
    let is_on_earth = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
    is_on_earth.then_some(Place { latitude: *latitude, longitude: *longitude })
}

/// What a venue is called, and where it is.
fn name_of(InVenue { title, address }: InVenue) -> String {
    [title, address].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// Of a photo, the largest size. An animation is a document, too, for clients that know no animations.
fn file(message: InMessage) -> Option<Attachment> {
    let largest = message.photo.into_iter().max_by_key(|size| u64::from(size.width) * u64::from(size.height));
    let (kind, file) = [
        (FileKind::Photo, largest),
        (FileKind::Animation, message.animation),
        (FileKind::Video, message.video),
        (FileKind::Audio, message.audio),
        (FileKind::Voice, message.voice),
        (FileKind::VideoNote, message.video_note),
        (FileKind::Document, message.document),
    ]
    .into_iter()
    .find_map(|(kind, file)| Some((kind, file?)))?;
    let InFile { file_id, file_unique_id, file_size: size, file_name: name, mime_type: mime, .. } = file;
    Some(Attachment { kind, file_id, file_unique_id, name, mime, size })
}
