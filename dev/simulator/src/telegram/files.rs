//! Files by their ids: what was sent once can be sent again and fetched.

use std::collections::BTreeMap;

use axum::body::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::attachment::{Attachment, MOST_FETCHED};
use super::message::Body;
use super::photo::Photo;
use super::refusal::Refusal;

/// How long a path from `getFile` leads to the file.
const LINK_LIFETIME: TimeDelta = TimeDelta::hours(1);

/// Files outlive the messages that they came in.
#[derive(Debug, Default)]
pub(super) struct Files {
    photos: BTreeMap<Uuid, Photo>,
    /// By `file_id`.
    attachments: BTreeMap<String, Attachment>,
    /// By path.
    links: BTreeMap<String, Link>,
}

#[derive(Debug)]
struct Link {
    content: Bytes,
    ends_at: DateTime<Utc>,
}

impl Files {
    pub fn keep(&mut self, body: &Body) {
        match body {
            Body::Photo(photo) => drop(self.photos.insert(photo.id, photo.clone())),
            Body::File(file) => drop(self.attachments.insert(file.file_id(), file.clone())),
            _ => {}
        }
    }

    /// Files that were sent before are known no more: neither can they be sent again, nor fetched.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// The same of one.
    pub fn forget_one(&mut self, file_id: &str) {
        self.attachments.remove(file_id);
        if let Some(id) = self.photo(file_id).map(|photo| photo.id) {
            self.photos.remove(&id);
        }
    }

    /// The photo one of whose sizes has this `file_id`. A `file_unique_id` leads nowhere.
    pub fn photo(&self, file_id: &str) -> Option<&Photo> {
        self.size(file_id).map(|(photo, _)| photo)
    }

    pub fn attachment(&self, file_id: &str) -> Option<&Attachment> {
        self.attachments.get(file_id)
    }

    /// A `File` object with a path to fetch it from.
    pub fn link(&mut self, file_id: &str, now: DateTime<Utc>) -> Result<Value, Refusal> {
        let unknown = || Refusal::bad_request("wrong file_id or the file is temporarily unavailable");
        let (path, content, mut file) = match self.attachments.get(file_id) {
            Some(file) if file.size > MOST_FETCHED => return Err(Refusal::bad_request("file is too big")),
            Some(file) => {
                let path = format!("{}s/{}", file.kind.field(), file.id.simple());
                (path, Bytes::copy_from_slice(&file.bytes), file.to_json())
            }
            None => {
                let (photo, file) = self.size(file_id).ok_or_else(unknown)?;
                let path = format!("photos/{}.jpg", file_id.trim_start_matches("photo-"));
                (path, Bytes::copy_from_slice(&photo.jpeg), file)
            }
        };
        let known =
            ["file_id", "file_unique_id", "file_size"].map(|field| (field.to_owned(), file[field].take()));
        let mut file = Value::Object(known.into_iter().collect());
        file["file_path"] = json!(path);
        self.links.insert(path, Link { content, ends_at: now + LINK_LIFETIME });
        Ok(file)
    }

    /// What is behind a path that still holds; of a photo, whichever its size, the one picture that the simulator
    /// keeps. None for a photo that is without a picture.
    pub fn fetch(&self, path: &str, now: DateTime<Utc>) -> Option<Bytes> {
        let link = self.links.get(path).filter(|link| now < link.ends_at)?;
        (!link.content.is_empty()).then(|| link.content.clone())
    }

    fn size(&self, file_id: &str) -> Option<(&Photo, Value)> {
        let (id, _) = file_id.strip_prefix("photo-")?.rsplit_once('-')?;
        let photo = self.photos.get(&id.parse().ok()?)?;
        let size = photo.sizes().into_iter().find(|size| size["file_id"] == file_id)?;
        Some((photo, size))
    }
}
