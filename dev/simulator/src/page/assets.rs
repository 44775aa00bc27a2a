//! The page's files, part of the program.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

const INDEX: &str = include_str!("assets/index.html");

/// Names below `/assets/`, with their contents.
macro_rules! files {
    ($($name:literal),+ $(,)?) => { [$(($name, include_str!(concat!("assets/", $name)))),+] };
}

const FILES: [(&str, &str); 39] = files![
    "chat/answers.js",
    "chat/attach.js",
    "chat/column.js",
    "chat/columns.js",
    "chat/composer.js",
    "chat/keyboard.js",
    "chat/links.js",
    "chat/log.js",
    "chat/media.js",
    "chat/message.js",
    "chat/photo.js",
    "chat/popup.js",
    "chat/text.js",
    "crm/board.js",
    "crm/card.js",
    "crm/deal-dialog.js",
    "crm/drag.js",
    "crm/example.js",
    "crm/trouble.js",
    "crm/webhooks.js",
    "css/base.css",
    "css/chat.css",
    "css/crm.css",
    "css/dialog.css",
    "css/message.css",
    "icon.svg",
    "lib/api.js",
    "lib/dialogs.js",
    "lib/dom.js",
    "lib/notice.js",
    "lib/store.js",
    "lib/stream.js",
    "lib/tabs.js",
    "lib/time.js",
    "main.js",
    "people/avatar.js",
    "people/deep-link.js",
    "people/new-person.js",
    "people/strip.js",
];

pub async fn index() -> Html<&'static str> {
    Html(INDEX)
}

pub async fn one(Path(name): Path<String>) -> Response {
    let Some((name, content)) = FILES.into_iter().find(|(known, _)| *known == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kind = match name.rsplit_once('.') {
        Some((_, "js")) => "text/javascript; charset=utf-8",
        Some((_, "css")) => "text/css; charset=utf-8",
        _ => "image/svg+xml",
    };
    ([(header::CONTENT_TYPE, kind)], content).into_response()
}
