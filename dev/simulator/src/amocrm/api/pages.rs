//! Lists in pages: HAL envelopes with a link to the next page, 204 where a page is empty.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::answers::{hal, nothing, problem};
use super::params::Params;

const DEFAULT_LIMIT: usize = 50;

/// A list of the API: where it is, and how much of it may be had at once.
pub struct List<'a> {
    /// The full URL without a query.
    pub url: String,
    pub name: &'a str,
    pub max_limit: usize,
    pub total: Total,
}

/// Whether the envelope tells how many elements there are in all.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Total {
    Shown,
    Untold,
}

impl List<'_> {
    /// Answers with the page that `params` ask for, its elements rendered by `render`.
    pub fn page<T>(&self, params: &Params, all: &[T], render: impl Fn(&T) -> Value) -> Response {
        let number = |key: &str| params.get(key)?.parse::<usize>().ok().filter(|&number| number > 0);
        let limit = number("limit").unwrap_or(DEFAULT_LIMIT.min(self.max_limit));
        if limit > self.max_limit {
            let detail = format!("Limit {} per page", self.max_limit);
            return problem(StatusCode::UNPROCESSABLE_ENTITY, &detail);
        }
        let page = number("page").unwrap_or(1);
        let start = (page - 1).saturating_mul(limit);
        let elements: Vec<_> = all.iter().skip(start).take(limit).map(render).collect();
        if elements.is_empty() {
            return nothing();
        }
        let link = |page| json!({ "href": format!("{}?{}", self.url, params.for_page(page)) });
        let mut body =
            json!({ "_page": page, "_links": { "self": link(page) }, "_embedded": { self.name: elements } });
        if start.saturating_add(limit) < all.len() {
            body["_links"]["next"] = link(page + 1);
        }
        if self.total == Total::Shown {
            body["_total_items"] = json!(all.len());
        }
        hal(StatusCode::OK, &body)
    }
}
