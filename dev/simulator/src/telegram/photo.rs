//! Photos: a client makes a JPEG of whatever it is given, the server makes smaller sizes of that.

use std::fmt;
use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

use super::refusal::Refusal;

/// Larger ones are refused by the server.
const MAX_BYTES: usize = 10 * 1024 * 1024;
/// Width and height together, in pixels.
const MAX_SIDES: u32 = 10_000;
const MAX_RATIO: u32 = 20;
/// The longer side of each size that the server keeps.
const SIZES: [u32; 4] = [90, 320, 800, 1280];

/// A photo of known size. `jpeg` is empty where nobody will look at it.
#[derive(Clone, PartialEq, Eq)]
pub struct Photo {
    /// The same wherever the photo is sent again.
    pub(super) id: Uuid,
    pub width: u32,
    pub height: u32,
    pub jpeg: Arc<[u8]>,
}

/// Why the server refuses a photo. Of the kinds of pictures, the simulator knows JPEG alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    Empty,
    TooBig,
    NotJpeg,
    Dimensions,
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "there is nothing in the file",
            Self::TooBig => "a photo has at most 10 MB",
            Self::NotJpeg => "this is not a JPEG",
            Self::Dimensions => "a photo this large or this narrow is refused",
        })
    }
}

impl std::error::Error for Unfit {}

impl From<Unfit> for Refusal {
    fn from(unfit: Unfit) -> Self {
        Self::bad_request(match unfit {
            Unfit::Empty => "file must be non-empty",
            Unfit::TooBig => "file is too big",
            Unfit::NotJpeg => "IMAGE_PROCESS_FAILED",
            Unfit::Dimensions => "PHOTO_INVALID_DIMENSIONS",
        })
    }
}

impl Photo {
    /// # Errors
    ///
    /// If it is not a JPEG, or one that the server would refuse.
    pub fn read(jpeg: &[u8]) -> Result<Self, Unfit> {
        if jpeg.is_empty() {
            return Err(Unfit::Empty);
        }
        if jpeg.len() > MAX_BYTES {
            return Err(Unfit::TooBig);
        }
        let (width, height) = dimensions(jpeg).ok_or(Unfit::NotJpeg)?;
        let (short, long) = (width.min(height), width.max(height));
        if width + height > MAX_SIDES || long > short * MAX_RATIO {
            return Err(Unfit::Dimensions);
        }
        Ok(Self { id: Uuid::new_v4(), width, height, jpeg: jpeg.into() })
    }

    /// Says only how large it is.
    pub(super) fn unseen() -> Self {
        Self { id: Uuid::new_v4(), width: 1280, height: 960, jpeg: Arc::default() }
    }

    /// `PhotoSize` objects, the smallest first.
    pub(super) fn sizes(&self) -> Vec<Value> {
        let long = self.width.max(self.height);
        let smaller = SIZES.into_iter().filter(|size| *size < long);
        let largest = long.min(SIZES[SIZES.len() - 1]);
        let sizes = smaller.filter(|size| *size < largest).chain([largest]);
        sizes.map(|size| self.scaled(size, long)).collect()
    }

    fn scaled(&self, size: u32, long: u32) -> Value {
        let id = self.id.simple();
        let scale = |side: u32| (side * size / long).max(1);
        let share = u64::from(size) * u64::from(size) * 100 / (u64::from(long) * u64::from(long));
        json!({
            "file_id": format!("photo-{id}-{size}"),
            "file_unique_id": format!("photo-unique-{id}-{size}"),
            "file_size": (self.jpeg.len() as u64 * share / 100).max(1000),
            "width": scale(self.width),
            "height": scale(self.height),
        })
    }
}

impl fmt::Debug for Photo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Photo({}×{}, {} bytes)", self.width, self.height, self.jpeg.len())
    }
}

/// Width and height from the frame header of a JPEG.
fn dimensions(jpeg: &[u8]) -> Option<(u32, u32)> {
    let mut rest = jpeg.strip_prefix(&[0xFF, 0xD8])?;
    loop {
        let [0xFF, marker, high, low, segment @ ..] = rest else { return None };
        let length = usize::from(u16::from_be_bytes([*high, *low])).checked_sub(2)?;
        let is_frame = matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC);
        if is_frame {
            let [_, h1, h2, w1, w2, ..] = segment else { return None };
            let side = |high: u8, low: u8| u32::from(u16::from_be_bytes([high, low]));
            return Some((side(*w1, *w2), side(*h1, *h2)))
                .filter(|(width, height)| *width > 0 && *height > 0);
        }
        rest = segment.get(length..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::{Photo, Unfit};

    /// A JPEG as far as its frame header.
    fn jpeg(width: u16, height: u16) -> Vec<u8> {
        let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC0, 0, 11, 8];
        bytes.extend(height.to_be_bytes());
        bytes.extend(width.to_be_bytes());
        bytes
    }

    #[test]
    fn a_large_photo_comes_in_four_sizes() {
        let photo = Photo::read(&jpeg(2000, 1000)).unwrap();
        let found: Vec<_> = photo
            .sizes()
            .iter()
            .map(|size| (size["width"].as_u64().unwrap(), size["height"].as_u64().unwrap()))
            .collect();
        assert_eq!(found, [(90, 45), (320, 160), (800, 400), (1280, 640)]);
    }

    #[test]
    fn a_small_photo_is_not_blown_up() {
        let sizes = Photo::read(&jpeg(100, 60)).unwrap().sizes();
        assert_eq!(sizes.len(), 2);
        assert_eq!((&sizes[1]["width"], &sizes[1]["height"]), (&100.into(), &60.into()));
    }

    #[test]
    fn what_the_server_refuses_is_refused() {
        let mut heavy = jpeg(2000, 1000);
        heavy.resize(10 * 1024 * 1024 + 1, 0);
        let cases = [
            (vec![], Unfit::Empty),
            (heavy, Unfit::TooBig),
            (b"GIF89a".to_vec(), Unfit::NotJpeg),
            (jpeg(0, 10), Unfit::NotJpeg),
            (jpeg(2100, 100), Unfit::Dimensions),
            (jpeg(9000, 1001), Unfit::Dimensions),
        ];
        for (bytes, unfit) in cases {
            assert_eq!(Photo::read(&bytes), Err(unfit));
        }
    }
}
