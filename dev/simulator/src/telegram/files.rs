//! Photos by the ids of their files: what was sent once can be sent again and fetched.

use std::collections::BTreeMap;

use axum::body::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::photo::Photo;

/// How long a path from `getFile` leads to the file.
const LINK_LIFETIME: TimeDelta = TimeDelta::hours(1);

/// Photos outlive the messages that they came in.
#[derive(Debug, Default)]
pub(super) struct Files {
    photos: BTreeMap<Uuid, Photo>,
    /// By path.
    links: BTreeMap<String, Link>,
}

#[derive(Debug)]
struct Link {
    photo: Uuid,
    ends_at: DateTime<Utc>,
}

impl Files {
    pub fn keep(&mut self, photo: &Photo) {
        self.photos.insert(photo.id, photo.clone());
    }

    /// The photo one of whose sizes has this `file_id`. A `file_unique_id` leads nowhere.
    pub fn photo(&self, file_id: &str) -> Option<&Photo> {
        self.size(file_id).map(|(photo, _)| photo)
    }

    /// A `File` object with a path to fetch it from.
    pub fn link(&mut self, file_id: &str, now: DateTime<Utc>) -> Option<Value> {
        let (photo, mut file) = self.size(file_id)?;
        let path = format!("photos/{}.jpg", file_id.trim_start_matches("photo-"));
        let link = Link { photo: photo.id, ends_at: now + LINK_LIFETIME };
        for side in ["width", "height"] {
            file.as_object_mut()?.remove(side);
        }
        file["file_path"] = path.as_str().into();
        self.links.insert(path, link);
        Some(file)
    }

    /// The picture behind a path that still holds, whichever its size: the simulator keeps one. None for a photo
    /// that is without a picture.
    pub fn fetch(&self, path: &str, now: DateTime<Utc>) -> Option<Bytes> {
        let link = self.links.get(path).filter(|link| now < link.ends_at)?;
        let jpeg = &self.photos.get(&link.photo)?.jpeg;
        (!jpeg.is_empty()).then(|| Bytes::copy_from_slice(jpeg))
    }

    fn size(&self, file_id: &str) -> Option<(&Photo, Value)> {
        let (id, _) = file_id.strip_prefix("photo-")?.rsplit_once('-')?;
        let photo = self.photos.get(&id.parse().ok()?)?;
        let size = photo.sizes().into_iter().find(|size| size["file_id"] == file_id)?;
        Some((photo, size))
    }
}
