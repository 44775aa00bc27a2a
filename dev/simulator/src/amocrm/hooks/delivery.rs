//! Carrying hooks to their addresses.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use uuid::Uuid;

use super::{HookId, Hooks, Outcome};

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

    async fn deliver(&self, id: HookId) {
        let hook = self.state().log.find(id).cloned();
        let Some(hook) = hook.filter(|hook| hook.outcome == Outcome::Waiting) else { return };
        let _slot = self.slots.acquire().await;
        let outcome = self.post(&hook.destination, hook.body).await;
        tracing::debug!(hook = id, ?outcome, "Sent a hook");
        let is_too_bad = {
            let log = &mut self.state().log;
            log.settle(id, outcome);
            log.is_too_bad(id, self.clock.now())
        };
        if is_too_bad {
            self.disable(&hook.destination);
        }
        self.changes.tell();
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
