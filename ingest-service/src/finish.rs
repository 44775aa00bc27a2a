//! Work that is finished even if nobody waits for it any more.

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::runtime::Handle;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TrackedFuture;

/// Does the work in the task that waits for it. Where that one gives up, what is left of the work gets a task of its
/// own. So the usual webhook costs no task.
#[must_use = "nothing is done before it is awaited"]
pub struct Finish<F: Future<Output: Send + 'static> + Send + 'static> {
    /// None once it is done, and while it is under way: what panics is not taken up again.
    work: Option<Pin<Box<TrackedFuture<F>>>>,
    tasks: TaskTracker,
}

impl<F: Future<Output: Send + 'static> + Send + 'static> Finish<F> {
    /// `tasks` counts the work from now on, whichever task does it.
    pub fn new(tasks: &TaskTracker, work: F) -> Self {
        Self { work: Some(Box::pin(tasks.track_future(work))), tasks: tasks.clone() }
    }
}

impl<F: Future<Output: Send + 'static> + Send + 'static> Future for Finish<F> {
    type Output = F::Output;

    /// # Panics
    ///
    /// If it is asked again after its end.
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let mut work = self.work.take().expect("nobody asks again after the end");
        let outcome = work.as_mut().poll(context);
        if outcome.is_pending() {
            self.work = Some(work);
        }
        outcome
    }
}

impl<F: Future<Output: Send + 'static> + Send + 'static> Drop for Finish<F> {
    fn drop(&mut self) {
        if let (Some(work), Ok(runtime)) = (self.work.take(), Handle::try_current()) {
            self.tasks.spawn_on(work, &runtime);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::AssertUnwindSafe;
    use std::time::Duration;

    use futures_util::FutureExt;
    use tokio::sync::oneshot;
    use tokio::time::timeout;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(20);

    #[tokio::test]
    async fn who_waits_gets_the_outcome() {
        let tasks = TaskTracker::new();
        assert_eq!(Finish::new(&tasks, async { 7 }).await, 7);
        assert!(tasks.is_empty());
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_is_finished_and_counted_until_then() {
        let tasks = TaskTracker::new();
        let (start, started) = oneshot::channel::<()>();
        let (finish, finished) = oneshot::channel();
        let work = Finish::new(&tasks, async move {
            started.await.unwrap();
            finish.send(()).unwrap();
        });
        assert!(work.now_or_never().is_none(), "it waits");
        assert!(!tasks.is_empty());
        start.send(()).unwrap();
        timeout(PATIENCE, finished).await.unwrap().unwrap();
        tasks.close();
        timeout(PATIENCE, tasks.wait()).await.unwrap();
    }

    #[tokio::test]
    async fn work_that_panics_is_not_taken_up_again() {
        let tasks = TaskTracker::new();
        let work = Finish::new(&tasks, async { panic!("as a test") });
        let outcome: Result<(), _> = AssertUnwindSafe(work).catch_unwind().await;
        assert!(outcome.is_err());
        assert!(tasks.is_empty());
    }
}
