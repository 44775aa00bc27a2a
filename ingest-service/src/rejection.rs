//! Why a request was not accepted, as the sender may know it.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// Every answer that is not a success. AmoCRM tries a 5xx more often and for longer than a 4xx.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejection {
    NotFound,
    Method,
    Unauthorized,
    OtherAccount,
    /// The body is compressed; AmoCRM never does that.
    Encoded,
    TooLarge,
    /// The body did not arrive in time, or broke off.
    SlowBody,
    /// More requests at once than we can answer in time.
    Overloaded,
    /// Neither did the broker confirm in time, nor was it written to the spool.
    NowhereSafe,
    /// A defect of ours.
    Internal,
}

impl Rejection {
    pub const ALL: [Self; 10] = [
        Self::NotFound,
        Self::Method,
        Self::Unauthorized,
        Self::OtherAccount,
        Self::Encoded,
        Self::TooLarge,
        Self::SlowBody,
        Self::Overloaded,
        Self::NowhereSafe,
        Self::Internal,
    ];

    /// The body's `error`, and the outcome in metrics and logs.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Method => "method_not_allowed",
            Self::Unauthorized => "unauthorized",
            Self::OtherAccount => "other_account",
            Self::Encoded => "content_encoding",
            Self::TooLarge => "too_large",
            Self::SlowBody => "slow_body",
            Self::Overloaded => "overloaded",
            Self::NowhereSafe => "broker_unavailable",
            Self::Internal => "internal",
        }
    }

    pub fn status(self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::OtherAccount => StatusCode::FORBIDDEN,
            Self::Encoded => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::SlowBody | Self::Overloaded | Self::NowhereSafe => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        (self.status(), Json(serde_json::json!({ "error": self.code() }))).into_response()
    }
}
