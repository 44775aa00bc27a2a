use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::time::Instant;

use super::*;
use crate::spool::{Spool, SpoolConfig, SpoolError, SpoolState, writer};

const PATIENCE: Duration = Duration::from_secs(20);

fn spool(dir: &Path, max_bytes: u64) -> Arc<Spool> {
    Arc::new(Spool::new(&SpoolConfig { dir: Some(dir.to_owned()), max_bytes }).unwrap())
}

/// What becomes of messages while the spool's writer runs.
async fn kept(spool: &Arc<Spool>, messages: Vec<Message>) -> Result<(), SpoolError> {
    let messages = messages.into_iter().map(Arc::new).collect();
    tokio::select! {
        outcome = spool.keep(messages, second(0), Instant::now() + PATIENCE) => outcome,
        () = writer::run(spool) => unreachable!("it never ends"),
    }
}

#[tokio::test]
async fn many_webhooks_at_once_share_one_sync() {
    let dir = tempfile::tempdir().unwrap();
    let spool = spool(dir.path(), 1 << 30);
    let deadline = Instant::now() + PATIENCE;
    let hooks = (0..100)
        .map(|number| spool.keep(vec![event(number).into(), event(number).into()], second(0), deadline));
    let mut hooks: Vec<_> = hooks.map(Box::pin).collect();
    assert!(hooks.iter_mut().all(|hook| hook.as_mut().now_or_never().is_none()), "all of them wait");
    writer::write(&spool);
    let answers: Vec<_> = hooks.into_iter().map(FutureExt::now_or_never).collect();
    assert_eq!(answers, vec![Some(Ok(())); 100], "one write answers all");
    assert_eq!(spool.report().waiting, 200);
    assert_eq!(spool.report().spooled, 200);
}

#[tokio::test]
async fn what_is_too_much_for_one_sync_is_left_for_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let spool = spool(dir.path(), 1 << 30);
    let deadline = Instant::now() + PATIENCE;
    let hooks = (0..6).map(|_| spool.keep(vec![raw(1 << 20).into()], second(0), deadline));
    let mut hooks: Vec<_> = hooks.map(Box::pin).collect();
    let mut waiting = || {
        hooks.retain_mut(|hook| hook.as_mut().now_or_never().is_none());
        hooks.len()
    };
    assert_eq!(waiting(), 6);
    writer::write(&spool);
    assert_eq!(waiting(), 2, "each takes two megabytes");
    writer::write(&spool);
    assert_eq!(waiting(), 0);
}

#[tokio::test]
async fn a_webhook_that_was_refused_meanwhile_is_not_written() {
    let dir = tempfile::tempdir().unwrap();
    let spool = spool(dir.path(), 1 << 30);
    assert_eq!(spool.keep(vec![event(1).into()], second(0), Instant::now()).await, Err(SpoolError::Slow));
    writer::write(&spool);
    assert_eq!(spool.report().waiting, 0);
}

#[tokio::test]
async fn a_full_spool_refuses_and_takes_again_once_there_is_room() {
    let dir = tempfile::tempdir().unwrap();
    let spool = spool(dir.path(), 6 << 20);
    for _ in 0..3 {
        assert_eq!(kept(&spool, vec![raw(1 << 20)]).await, Ok(()));
    }
    assert_eq!(spool.state(), SpoolState::Works);
    assert_eq!(kept(&spool, vec![event(1), event(2)]).await, Err(SpoolError::Full), "all of them or none");
    assert_eq!(spool.state(), SpoolState::Full);
    assert_eq!(spool.report().waiting, 3);
    spool.stores()[0].remove(&[0]).unwrap();
    assert_eq!(spool.state(), SpoolState::Works);
    assert_eq!(kept(&spool, vec![event(1), event(2)]).await, Ok(()));
    assert_eq!(spool.state(), SpoolState::Works);
}

#[tokio::test]
async fn what_others_left_counts_against_the_limit() {
    let dir = tempfile::tempdir().unwrap();
    let other = spool(dir.path(), 6 << 20);
    assert_eq!(kept(&other, vec![raw(1 << 20), raw(1 << 20), raw(1 << 20)]).await, Ok(()));
    let spool = spool(dir.path(), 6 << 20);
    crate::spool::adoption::look(&spool).unwrap();
    assert_eq!(kept(&spool, vec![event(1)]).await, Err(SpoolError::Full), "while it is theirs");
    drop(other);
    crate::spool::adoption::look(&spool).unwrap();
    assert_eq!(kept(&spool, vec![event(1)]).await, Err(SpoolError::Full), "and when it is ours");
    assert_eq!(spool.report().waiting, 3);
}

#[tokio::test]
async fn a_disk_that_fails_refuses_and_is_tried_again() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("spool");
    std::fs::write(&folder, "a file where the folder should be").unwrap();
    let spool = spool(&folder, 1 << 30);
    assert_eq!(kept(&spool, vec![event(1)]).await, Err(SpoolError::Failing));
    assert_eq!(spool.state(), SpoolState::Failing);
    std::fs::remove_file(&folder).unwrap();
    assert_eq!(kept(&spool, vec![event(1)]).await, Ok(()));
    assert_eq!(spool.state(), SpoolState::Works);
}

#[tokio::test]
async fn a_file_that_has_grown_is_replaced_once_it_is_empty() {
    let dir = tempfile::tempdir().unwrap();
    let spool = spool(dir.path(), 1 << 30);
    assert_eq!(kept(&spool, (0..10).map(|_| raw(1 << 20)).collect()).await, Ok(()));
    let large = spool.stores().remove(0);
    writer::write(&spool);
    assert_eq!(spool.paths(), [large.path()], "not while it holds something");
    large.remove(&(0..10).collect::<Vec<_>>()).unwrap();
    writer::write(&spool);
    assert_ne!(spool.paths(), [large.path()]);
    assert!(!large.path().exists());
    assert_eq!(kept(&spool, vec![event(1)]).await, Ok(()));
}

#[tokio::test]
async fn a_stop_leaves_what_waits_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let files = || std::fs::read_dir(dir.path()).unwrap().count();
    let spool = |dir: &Path| spool(dir, 1 << 30);
    let (idle, busy) = (spool(dir.path()), spool(dir.path()));
    writer::write(&idle);
    assert_eq!(kept(&busy, vec![event(1)]).await, Ok(()));
    assert_eq!(files(), 2);
    idle.close();
    busy.close();
    assert_eq!(files(), 1);
    let next = spool(dir.path());
    crate::spool::adoption::look(&next).unwrap();
    assert_eq!(messages(&next.stores()[0]), [event(1)]);
}
