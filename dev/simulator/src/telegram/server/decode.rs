//! From an HTTP request to arguments: query string, JSON, urlencoded form or multipart.

use axum::body::to_bytes;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};
use serde_json::{Map, Value, json};

use crate::telegram::params::Params;
use crate::telegram::refusal::Refusal;

/// The server takes files of 50 MB; all that is beside them has to fit in here, too.
pub(super) const MAX_BODY: usize = 50 * 1024 * 1024 + 64 * 1024;

/// Arguments of the body win over those of the query string.
pub(super) async fn params(request: Request) -> Result<Params, Refusal> {
    let query = pairs(request.uri().query().unwrap_or_default().as_bytes());
    let mut params = Params { values: query, ..Params::default() };
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = kind.unwrap_or_default().to_lowercase();
    if kind.starts_with("multipart/form-data") {
        multipart(request, &mut params).await?;
    } else {
        let wrong = |_| Refusal::new(413, "Request Entity Too Large");
        let bytes = to_bytes(request.into_body(), MAX_BODY).await.map_err(wrong)?;
        params.values.extend(if kind.starts_with("application/json") {
            object(&bytes)?
        } else {
            pairs(&bytes)
        });
    }
    Ok(params)
}

fn pairs(bytes: &[u8]) -> Map<String, Value> {
    form_urlencoded::parse(bytes).map(|(name, value)| (name.into_owned(), value.into())).collect()
}

fn object(bytes: &[u8]) -> Result<Map<String, Value>, Refusal> {
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(Value::Null) => Ok(Map::new()),
        Ok(_) | Err(_) => Err(Refusal::bad_request("can't parse JSON object")),
    }
}

/// A file is a value too, so that logs of calls show what was sent.
async fn multipart(request: Request, params: &mut Params) -> Result<(), Refusal> {
    let wrong = || Refusal::bad_request("can't parse multipart form data");
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| wrong())?;
    let refused = |error: MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::new(413, "Request Entity Too Large"),
        _ => wrong(),
    };
    while let Some(field) = form.next_field().await.map_err(refused)? {
        let Some(name) = field.name().map(str::to_owned) else { return Err(wrong()) };
        let file = field.file_name().map(str::to_owned);
        let bytes = field.bytes().await.map_err(refused)?;
        let value = match file {
            Some(file) => {
                let shown = json!({ "file_name": file, "file_size": bytes.len() });
                params.files.insert(name.clone(), bytes);
                shown
            }
            None => String::from_utf8(bytes.to_vec()).map_err(|_| wrong())?.into(),
        };
        params.values.insert(name, value);
    }
    Ok(())
}
