//! A page with Anna in it, and a viewer that reads its stream.

use std::time::Duration;

use serde_json::Value;
use simulator::page::Page;
use simulator::{amocrm, telegram};
use tokio::time::timeout;

pub const ANNA: i64 = 1001;

/// More than any answer takes.
const LIMIT: Duration = Duration::from_secs(5);

pub struct Stage {
    pub telegram: telegram::Simulator,
    pub amocrm: amocrm::Simulator,
    pub page: Page,
    pub client: reqwest::Client,
}

pub async fn stage() -> Stage {
    let telegram = telegram::Simulator::start(telegram::Options::unlimited()).await.unwrap();
    let amocrm = amocrm::Simulator::start(amocrm::Options::demo()).await.unwrap();
    telegram.add_person(telegram::Person::new(ANNA, "Анна"));
    let page = Page::start(telegram.clone(), amocrm.clone()).await.unwrap();
    Stage { telegram, amocrm, page, client: reqwest::Client::builder().no_proxy().build().unwrap() }
}

impl Stage {
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.page.url())
    }

    /// A POST of JSON, as the page does it; the status.
    pub async fn post(&self, path: &str, body: Value) -> u16 {
        self.client.post(self.url(path)).json(&body).send().await.unwrap().status().as_u16()
    }

    pub async fn viewer(&self) -> Viewer {
        let response = self.client.get(self.url("events")).send().await.unwrap();
        Viewer { response, unread: vec![] }
    }
}

pub struct Viewer {
    response: reqwest::Response,
    /// Bytes, since a chunk may end inside a letter.
    unread: Vec<u8>,
}

impl Viewer {
    /// The next event: its name, and its pairs of key and value.
    pub async fn next(&mut self) -> (String, Vec<(String, Value)>) {
        loop {
            if let Some(end) = self.unread.windows(2).position(|two| two == b"\n\n") {
                let event: Vec<u8> = self.unread.drain(..end + 2).collect();
                let event = String::from_utf8(event).unwrap();
                let field = |name| event.lines().find_map(|line| line.strip_prefix(name));
                // A comment keeps the connection alive and tells nothing.
                let Some((name, data)) = field("event: ").zip(field("data: ")) else { continue };
                return (name.to_owned(), serde_json::from_str(data).unwrap());
            }
            let chunk = timeout(LIMIT, self.response.chunk()).await.expect("nothing was told").unwrap();
            self.unread.extend(chunk.expect("the stream has ended"));
        }
    }

    /// The value that is told next under this key; changes of others are passed over.
    pub async fn told(&mut self, key: &str) -> Value {
        loop {
            let (_, pairs) = self.next().await;
            if let Some((_, value)) = pairs.into_iter().find(|(known, _)| known == key) {
                return value;
            }
        }
    }

    /// Whether the server has closed the stream.
    pub async fn is_over(&mut self) -> bool {
        while let Ok(Ok(chunk)) = timeout(LIMIT, self.response.chunk()).await {
            if chunk.is_none() {
                return true;
            }
        }
        false
    }
}
