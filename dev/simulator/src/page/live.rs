//! The stream of events: everything once, then what has changed.

use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use futures_util::stream::unfold;
use serde_json::Value;
use tokio::sync::watch;

use super::Stage;
use super::snapshot::{self, Snapshot};

/// Changes that come this close to each other travel together.
const FRAME: Duration = Duration::from_millis(40);

/// Events `all` and `change`, each a list of `[key, value]`; a value of null says that the key is gone.
pub fn stream(stage: Stage) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let viewer = Viewer::new(stage);
    let events = unfold(viewer, async |mut viewer| viewer.next().await.map(|event| (Ok(event), viewer)));
    Sse::new(events).keep_alive(KeepAlive::default())
}

/// Whom we tell, and what he knows already.
struct Viewer {
    stage: Stage,
    telegram: watch::Receiver<()>,
    amocrm: watch::Receiver<()>,
    known: Option<Snapshot>,
}

impl Viewer {
    fn new(stage: Stage) -> Self {
        let (telegram, amocrm) = (stage.telegram.changes(), stage.amocrm.changes());
        Self { stage, telegram, amocrm, known: None }
    }

    /// `None` when there will be nothing more.
    async fn next(&mut self) -> Option<Event> {
        loop {
            let is_first = self.known.is_none();
            if !is_first {
                self.change().await?;
            }
            let now = snapshot::take(&self.stage);
            let changes = differences(self.known.as_ref(), &now);
            self.known = Some(now);
            if is_first || !changes.is_empty() {
                let data = Value::Array(changes).to_string();
                return Some(Event::default().event(if is_first { "all" } else { "change" }).data(data));
            }
        }
    }

    async fn change(&mut self) -> Option<()> {
        let (telegram, amocrm) = (&mut self.telegram, &mut self.amocrm);
        tokio::select! {
            () = self.stage.stopping.cancelled() => return None,
            changed = telegram.changed() => changed.ok()?,
            changed = amocrm.changed() => changed.ok()?,
        }
        self.stage.stopping.run_until_cancelled(tokio::time::sleep(FRAME)).await?;
        // What came meanwhile is in the next snapshot.
        telegram.mark_unchanged();
        amocrm.mark_unchanged();
        Some(())
    }
}

fn differences(old: Option<&Snapshot>, new: &Snapshot) -> Vec<Value> {
    let pair = |key: &String, value: Value| Value::Array(vec![key.as_str().into(), value]);
    let known = |key: &String| old.and_then(|old| old.get(key));
    let changed = new.iter().filter(|(key, value)| known(key) != Some(value));
    let gone = old.into_iter().flatten().filter(|(key, _)| !new.contains_key(*key));
    changed
        .map(|(key, value)| pair(key, value.clone()))
        .chain(gone.map(|(key, _)| pair(key, Value::Null)))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Snapshot, differences};

    #[test]
    fn only_what_is_new_changed_or_gone_is_told() {
        let snapshot = |pairs: &[(&str, i32)]| -> Snapshot {
            pairs.iter().map(|(key, value)| ((*key).to_owned(), json!(value))).collect()
        };
        let (old, new) =
            (snapshot(&[("a", 1), ("b", 1), ("c", 1)]), snapshot(&[("a", 1), ("b", 2), ("d", 1)]));
        assert_eq!(differences(Some(&old), &new), [json!(["b", 2]), json!(["d", 1]), json!(["c", null])]);
        assert_eq!(differences(None, &old).len(), 3);
        assert!(differences(Some(&new), &new).is_empty());
    }
}
