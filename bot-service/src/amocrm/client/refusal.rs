//! What an answer says that is no success.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use serde_json::Value;

use crate::amocrm::error::{AmoCrmError, Call};

/// The status decides; a body is looked at only where it says more, and is never required.
pub(in crate::amocrm) async fn refusal(call: Call, response: Response) -> AmoCrmError {
    match response.status() {
        StatusCode::UNAUTHORIZED => AmoCrmError::TokenRefused { call },
        StatusCode::FORBIDDEN if is_json(&response) => AmoCrmError::Forbidden { call },
        StatusCode::FORBIDDEN => AmoCrmError::Blocked { call },
        StatusCode::TOO_MANY_REQUESTS => {
            AmoCrmError::TooMany { call, retry_after: retry_after(response).await }
        }
        status => AmoCrmError::Status { call, status },
    }
}

fn is_json(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.contains("json"))
}

/// From the header or the body, in whole seconds.
async fn retry_after(response: Response) -> Option<Duration> {
    let header = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    if let Some(seconds) = header {
        return Some(Duration::from_secs(seconds));
    }
    let body: Value = serde_json::from_slice(&response.bytes().await.ok()?).ok()?;
    body.get("retry_after")?.as_u64().map(Duration::from_secs)
}
