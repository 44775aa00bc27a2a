//! `getFile`, and the file behind it. Its address holds the token, so it goes into no message and no log.

use std::time::Duration;

use axum::body::Bytes;
use serde_json::json;
use teloxide::Bot;

use super::calls::call;
use super::failure::{self, Failure, Part, Trouble};
use crate::domain::comment::COPIED_UP_TO;

/// How long a file of 20 MB may take, over a slow proxy too.
const PATIENCE: Duration = Duration::from_mins(3);

/// A file, whole.
///
/// # Errors
///
/// [`Trouble::Malformed`] where Telegram refuses it, as one that it does not know or that is too big.
pub async fn download(bot: &Bot, file_id: &str) -> Result<Bytes, Failure> {
    let file = call(bot, "getFile", &json!({ "file_id": file_id })).await?;
    let Some(path) = file["file_path"].as_str() else {
        return Err(Failure::new(Trouble::Retry, "an answer without the path of the file"));
    };
    let request = bot.client().get(address(bot, path)?).timeout(PATIENCE);
    let mut response = request.send().await.map_err(|error| failure::of_network(&error))?;
    if !response.status().is_success() {
        return Err(failure::of_strange_answer(response.status().as_u16()));
    }
    let limit = usize::try_from(COPIED_UP_TO).unwrap_or(usize::MAX);
    let size = response.content_length().and_then(|size| usize::try_from(size).ok());
    let mut content = Vec::with_capacity(size.unwrap_or_default().min(limit));
    while let Some(chunk) = response.chunk().await.map_err(|error| failure::of_network(&error))? {
        if content.len() + chunk.len() > limit {
            return Err(Failure::new(Trouble::Malformed(Part::Text), "file is too big after all"));
        }
        content.extend_from_slice(&chunk);
    }
    Ok(content.into())
}

/// `<api>/file/bot<token>/<path>`: never logged.
fn address(bot: &Bot, path: &str) -> Result<reqwest::Url, Failure> {
    let mut url = bot.api_url();
    let token = format!("bot{}", bot.token());
    match url.path_segments_mut() {
        Ok(mut segments) => {
            segments.pop_if_empty().extend(["file", &token]).extend(path.split('/'));
        }
        Err(()) => return Err(Failure::new(Trouble::Fatal, "the address of the Bot API has no path")),
    }
    Ok(url)
}
