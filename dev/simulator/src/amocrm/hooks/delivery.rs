//! Carrying hooks to their addresses.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use uuid::Uuid;

use super::{Hook, HookId, Hooks, Outcome};

/// A later answer counts as none.
const DEADLINE: Duration = Duration::from_secs(2);

pub fn client() -> anyhow::Result<reqwest::Client> {
    let builder = reqwest::Client::builder()
        .user_agent("amoCRM-Webhooks/3.0")
        .timeout(DEADLINE)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy();
    Ok(builder.build()?)
}

impl Hooks {
    /// Each hook in a task of its own: they overtake each other as AmoCRM's do.
    pub(super) fn deliver_at_once(self: &Arc<Self>, ids: Vec<HookId>) {
        for id in ids {
            self.deliver_in_turn(vec![id]);
        }
    }

    pub(super) fn deliver_later(self: &Arc<Self>, ids: Vec<HookId>, by: Duration) {
        self.ahead.send_modify(|count| *count += ids.len());
        let hooks = Arc::clone(self);
        tokio::spawn(async move {
            let stop = hooks.stop.clone();
            if stop.run_until_cancelled(tokio::time::sleep(by)).await.is_some() {
                let count = ids.len();
                hooks.deliver_at_once(ids);
                hooks.ahead.send_modify(|ahead| *ahead -= count);
            }
        });
    }

    pub(super) fn deliver_in_turn(self: &Arc<Self>, ids: Vec<HookId>) {
        self.waiting.send_modify(|count| *count += ids.len());
        let hooks = Arc::clone(self);
        tokio::spawn(async move {
            let all = async {
                for id in ids {
                    hooks.deliver(id).await;
                    hooks.waiting.send_modify(|count| *count -= 1);
                }
            };
            hooks.stop.run_until_cancelled(all).await
        });
    }

    async fn deliver(self: &Arc<Self>, id: HookId) {
        let hook = self.state().log.find(id).cloned();
        let Some(hook) = hook.filter(|hook| hook.outcome == Outcome::Waiting) else { return };
        let _slot = self.slots.acquire().await;
        let outcome = self.post(&hook.destination, hook.body).await;
        tracing::debug!(hook = id, ?outcome, "Sent a hook");
        let (is_too_bad, again) = {
            let now = self.clock.now();
            let mut state = self.state();
            let persistence = state.persistence;
            let again = persistence.again_after(hook.attempt, &outcome);
            state.log.settle(id, outcome);
            let is_too_bad = persistence.gives_up && state.log.is_too_bad(id, now - persistence.judged());
            (is_too_bad, again)
        };
        if is_too_bad {
            self.disable(&hook.destination);
        }
        if let Some(pause) = again {
            self.come_again(id, pause);
        }
        self.changes.tell();
    }

    /// An address that is switched off meanwhile gets nothing.
    fn come_again(self: &Arc<Self>, id: HookId, pause: Duration) {
        self.ahead.send_modify(|ahead| *ahead += 1);
        let hooks = Arc::clone(self);
        tokio::spawn(async move {
            let stop = hooks.stop.clone();
            if stop.run_until_cancelled(tokio::time::sleep(pause)).await.is_some() {
                hooks.deliver_at_once(hooks.next_attempt(id).into_iter().collect());
                hooks.ahead.send_modify(|ahead| *ahead -= 1);
            }
        });
    }

    fn next_attempt(&self, id: HookId) -> Option<HookId> {
        let hook = self.state().log.find(id).cloned()?;
        let is_off = self
            .world
            .lock()
            .expect("nothing panics while it holds the world")
            .is_disabled(&hook.destination);
        let attempt = hook.attempt + 1;
        let next = Hook { outcome: Outcome::Waiting, at: self.clock.now(), attempt, ..hook };
        (!is_off).then(|| self.state().log.add(next))
    }

    async fn post(&self, destination: &str, body: String) -> Outcome {
        let started = Instant::now();
        let request = self
            .client
            .post(destination)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Accept-Encoding", "gzip")
            .header("X-Amocrm-Requestid", Uuid::new_v4().to_string())
            .header("Uber-Trace-Id", trace_id())
            .body(body);
        match request.send().await {
            Ok(answer) => Outcome::Answered { status: answer.status().as_u16(), after: started.elapsed() },
            Err(error) if error.is_timeout() => Outcome::TimedOut,
            Err(error) => Outcome::Unreachable { reason: error.without_url().to_string() },
        }
    }
}

fn trace_id() -> String {
    let (trace, span) = (Uuid::new_v4().simple().to_string(), Uuid::new_v4().simple().to_string());
    format!("{trace}:{}:0:1", &span[..16])
}
