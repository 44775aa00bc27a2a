//! New messages with files: one each, and albums.

use axum::body::Bytes;
use serde_json::{Map, Value};

use super::send::{replied, send};
use crate::telegram::access;
use crate::telegram::attachment::{Attachment, AttachmentKind};
use crate::telegram::chat::Draft;
use crate::telegram::limiter::Spending;
use crate::telegram::message::{Author, Body};
use crate::telegram::params::{NotJson, Params};
use crate::telegram::photo::Photo;
use crate::telegram::refusal::{Answer, Refusal};
use crate::telegram::state::State;
use crate::telegram::text::{self, Formatted};
use crate::telegram::wire;

/// How many messages an album is.
const ALBUM: std::ops::RangeInclusive<usize> = 2..=10;

pub(super) fn photo(state: &mut State, params: &Params) -> Answer {
    one(state, params, None)
}

pub(super) fn video(state: &mut State, params: &Params) -> Answer {
    one(state, params, Some(AttachmentKind::Video))
}

pub(super) fn animation(state: &mut State, params: &Params) -> Answer {
    one(state, params, Some(AttachmentKind::Animation))
}

pub(super) fn video_note(state: &mut State, params: &Params) -> Answer {
    one(state, params, Some(AttachmentKind::VideoNote))
}

pub(super) fn voice(state: &mut State, params: &Params) -> Answer {
    one(state, params, Some(AttachmentKind::Voice))
}

pub(super) fn audio(state: &mut State, params: &Params) -> Answer {
    one(state, params, Some(AttachmentKind::Audio))
}

pub(super) fn document(state: &mut State, params: &Params) -> Answer {
    one(state, params, Some(AttachmentKind::Document))
}

/// A photo where there is no kind.
fn one(state: &mut State, params: &Params, kind: Option<AttachmentKind>) -> Answer {
    let field = kind.map_or("photo", AttachmentKind::field);
    let body = given(state, params, field, kind)?;
    let has_caption = kind.is_none_or(AttachmentKind::has_caption);
    let caption = if has_caption { text::read_caption(params)? } else { Formatted::default() };
    send(state, params, body, caption)
}

/// Everything or nothing. An album has no keyboard.
pub(super) fn group(state: &mut State, params: &Params) -> Answer {
    if params.has("reply_markup") {
        return Err(Refusal::bad_request("reply markup is not supported for albums"));
    }
    let wrong = || Refusal::bad_request("can't parse media JSON object");
    let Some(Value::Array(media)) = params.json("media").map_err(|NotJson| wrong())? else {
        return Err(wrong());
    };
    if !ALBUM.contains(&media.len()) {
        return Err(Refusal::bad_request("wrong number of messages in the album"));
    }
    let mut items = Vec::with_capacity(media.len());
    for item in media {
        let Value::Object(values) = item else { return Err(wrong()) };
        items.push(part(state, params, values)?);
    }
    check_mix(&items)?;
    let chat = access::writable(state, params)?;
    let reply_to = replied(state, params, chat)?;
    // What an album costs is written nowhere; as one message it goes out whole or not at all.
    state.limiter.spend(Spending::Message, chat, state.now)?;
    let album = Some(format!("{}", uuid::Uuid::new_v4().as_u128() % 1_000_000_000_000));
    let silent = params.flag("disable_notification");
    let mut sent = Vec::with_capacity(items.len());
    for (body, caption) in items {
        let album = album.clone();
        let draft = Draft { reply_to, silent, album, ..Draft::new(Author::Bot, body, caption) };
        let message = state.post(chat, draft)?;
        sent.push(wire::message(state, &message));
    }
    Ok(Value::Array(sent))
}

fn part(state: &State, params: &Params, own: Map<String, Value>) -> Result<(Body, Formatted), Refusal> {
    // What was uploaded stands beside the list.
    let uploads = params.values.iter().filter(|(name, _)| params.files.contains_key(*name));
    let uploads = uploads.map(|(name, value)| (name.clone(), value.clone()));
    let item = Params { values: uploads.chain(own).collect(), files: params.files.clone() };
    let named = item.text("type").unwrap_or_default().into_owned();
    let kind = match named.as_str() {
        "photo" => None,
        "video" => Some(AttachmentKind::Video),
        "audio" => Some(AttachmentKind::Audio),
        "document" => Some(AttachmentKind::Document),
        _ => return Err(Refusal::bad_request("type of the media is not supported in an album")),
    };
    Ok((given(state, &item, "media", kind)?, text::read_caption(&item)?))
}

/// Documents and music stand only beside their own kind.
fn check_mix(items: &[(Body, Formatted)]) -> Result<(), Refusal> {
    let family = |(body, _): &(Body, Formatted)| match body {
        Body::File(Attachment { kind: AttachmentKind::Document, .. }) => "Document",
        Body::File(Attachment { kind: AttachmentKind::Audio, .. }) => "Audio",
        _ => "",
    };
    let first = items.first().map(family);
    match items.iter().map(family).find(|other| Some(*other) != first) {
        None => Ok(()),
        Some(other) => {
            let single = [other, first.unwrap_or_default()].into_iter().find(|name| !name.is_empty());
            let single = single.unwrap_or_default();
            Err(Refusal::bad_request(&format!("{single} can't be mixed with other media types")))
        }
    }
}

/// A file is uploaded in the part of this name or one that `attach://` names, or named by a `file_id` of its kind.
fn given(state: &State, params: &Params, field: &str, kind: Option<AttachmentKind>) -> Result<Body, Refusal> {
    let named = params.text(field).unwrap_or_default();
    let attached = named.strip_prefix("attach://");
    let part = attached.unwrap_or(field);
    if let Some(bytes) = params.files.get(part) {
        let name = params.values.get(part).and_then(|value| value["file_name"].as_str());
        return uploaded(bytes, kind, name);
    }
    let what = kind.map_or("photo", AttachmentKind::field);
    if named.is_empty() || attached.is_some() {
        return Err(Refusal::bad_request(&format!("there is no {what} in the request")));
    }
    if named.starts_with("http://") || named.starts_with("https://") {
        // The real server would fetch it.
        return Err(Refusal::bad_request("failed to get HTTP URL content"));
    }
    let wanted = kind.map_or("Photo", AttachmentKind::type_name);
    let mixed = |found: &str| Refusal::bad_request(&format!("can't use file of type {found} as {wanted}"));
    match (state.files.photo(&named), state.files.attachment(&named)) {
        (Some(photo), _) if kind.is_none() => Ok(Body::Photo(photo.clone())),
        (Some(_), _) => Err(mixed("Photo")),
        (None, Some(file)) if kind == Some(file.kind) => Ok(Body::File(file.clone())),
        (None, Some(file)) => Err(mixed(file.kind.type_name())),
        (None, None) => Err(Refusal::bad_request("wrong file identifier/HTTP URL specified")),
    }
}

fn uploaded(bytes: &Bytes, kind: Option<AttachmentKind>, name: Option<&str>) -> Result<Body, Refusal> {
    let Some(kind) = kind else { return Ok(Body::Photo(Photo::read(bytes)?)) };
    if bytes.is_empty() {
        return Err(Refusal::bad_request("file must be non-empty"));
    }
    let file = Attachment::uploaded(kind, bytes, name);
    file.map(Body::File).ok_or_else(|| Refusal::new(413, "Request Entity Too Large"))
}
