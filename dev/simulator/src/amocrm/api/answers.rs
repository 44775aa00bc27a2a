//! The answers of API v4 and of the gateway before it.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::amocrm::world::Invalid;

const HAL: &str = "application/hal+json";
const PROBLEM: &str = "application/problem+json";

pub fn hal(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, HAL)], body.to_string()).into_response()
}

/// The answer to an empty list and to a missing entity alike.
pub fn nothing() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

pub fn problem(status: StatusCode, detail: &str) -> Response {
    problem_with(status, json!({ "detail": detail }))
}

pub fn too_many(retry_after: Option<u64>) -> Response {
    let mut extra = json!({ "detail": "Too many requests, try again later" });
    if let Some(seconds) = retry_after {
        extra["retry_after"] = json!(seconds);
    }
    problem_with(StatusCode::TOO_MANY_REQUESTS, extra)
}

pub fn forbidden() -> Response {
    problem(StatusCode::FORBIDDEN, "Недостаточно прав для совершения операции")
}

/// The validation errors of one request, or of one element of a batch.
pub fn invalid(request_id: &str, invalid: &Invalid) -> Response {
    let error = json!({ "code": invalid.code, "path": invalid.path, "detail": invalid.detail });
    let errors = json!([{ "request_id": request_id, "errors": [error] }]);
    let extra = json!({ "validation-errors": errors, "detail": "Request validation failed" });
    problem_with(StatusCode::BAD_REQUEST, extra)
}

/// The page of the web server in front of AmoCRM.
pub fn gateway_page(status: StatusCode) -> Response {
    let title = format!("{} {}", status.as_u16(), status.canonical_reason().unwrap_or("Error"));
    let page = format!(
        "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n\
         <hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    );
    (status, [(header::CONTENT_TYPE, "text/html")], page).into_response()
}

fn problem_with(status: StatusCode, mut body: Value) -> Response {
    body["title"] = json!(status.canonical_reason().unwrap_or("Error"));
    body["type"] = json!(format!("https://httpstatus.es/{}", status.as_u16()));
    body["status"] = json!(status.as_u16());
    (status, [(header::CONTENT_TYPE, PROBLEM)], body.to_string()).into_response()
}
