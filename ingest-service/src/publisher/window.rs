//! What is unconfirmed on a channel, and the order in which its confirms are looked at.
//!
//! The client library attaches a returned message to the next confirm of the channel, whichever message that one
//! is of; it is never later than the returned message's own. So nobody may judge a confirm before he has seen
//! every one that came earlier. A set of futures alone does not promise that: it may yield while some that were
//! woken are not polled yet. Here it is polled until none is left.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use futures_util::Stream;
use futures_util::future::poll_fn;
use futures_util::stream::FuturesUnordered;

/// Futures that are woken by their outcome and by nothing that runs on.
#[derive(Debug)]
pub struct Window<F>(FuturesUnordered<F>);

impl<F: Future> Window<F> {
    pub fn new() -> Self {
        Self(FuturesUnordered::new())
    }

    pub fn push(&self, future: F) {
        self.0.push(future);
    }

    /// Waits for the next outcomes, at least one. What came before one of them is among them or was given out
    /// before. May be dropped and asked again.
    pub async fn outcomes(&mut self) -> Vec<F::Output> {
        poll_fn(|context| self.poll_outcomes(context)).await
    }

    fn poll_outcomes(&mut self, context: &Context<'_>) -> Poll<Vec<F::Output>> {
        let bell = Arc::new(Bell { task: context.waker().clone(), has_rung: AtomicBool::new(false) });
        let waker = Waker::from(bell.clone());
        let mut outcomes = Vec::new();
        loop {
            match Pin::new(&mut self.0).poll_next(&mut Context::from_waker(&waker)) {
                Poll::Ready(Some(outcome)) => outcomes.push(outcome),
                Poll::Pending if bell.has_rung.swap(false, Ordering::AcqRel) => {}
                Poll::Pending | Poll::Ready(None) => break,
            }
        }
        if outcomes.is_empty() { Poll::Pending } else { Poll::Ready(outcomes) }
    }
}

/// Wakes the task, and tells whether somebody did.
struct Bell {
    task: Waker,
    has_rung: AtomicBool,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.has_rung.store(true, Ordering::Release);
        self.task.wake_by_ref();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Duration;

    use tokio::sync::oneshot;
    use tokio::time::timeout;

    use super::*;

    /// A library that wakes one after the other from a thread of its own, as the broker's confirms come.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn an_outcome_is_never_given_out_before_one_that_came_earlier() {
        const MANY: usize = 20_000;
        let resolved = Arc::new(Mutex::new(Vec::new()));
        let mut window = Window::new();
        let mut senders = Vec::new();
        for number in 0..MANY {
            let (sender, receiver) = oneshot::channel();
            // Without the runtime's budget, as the client library is.
            window.push(tokio::task::unconstrained(receiver));
            senders.push((number, sender));
        }
        // Not in the order of pushing.
        senders.sort_by_key(|(number, _)| (number % 7, *number));
        let log = resolved.clone();
        let resolving = std::thread::spawn(move || {
            for (number, sender) in senders {
                log.lock().unwrap().push(number);
                sender.send(number).unwrap();
            }
        });
        let mut seen = vec![false; MANY];
        let mut count = 0;
        while count < MANY {
            let outcomes = timeout(Duration::from_secs(20), window.outcomes()).await.unwrap();
            for outcome in &outcomes {
                seen[*outcome.as_ref().unwrap()] = true;
            }
            count += outcomes.len();
            let resolved = resolved.lock().unwrap().clone();
            let last = resolved.iter().rposition(|number| seen[*number]).unwrap();
            assert!(resolved[..=last].iter().all(|number| seen[*number]), "one that came earlier is missing");
        }
        resolving.join().unwrap();
    }

    #[tokio::test]
    async fn an_empty_window_says_nothing() {
        let mut window = Window::<std::future::Ready<()>>::new();
        assert!(timeout(Duration::from_millis(10), window.outcomes()).await.is_err());
    }
}
