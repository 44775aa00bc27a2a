use std::sync::Arc;

use super::*;
use crate::spool::store::Backlog;

fn records(numbers: std::ops::Range<i64>) -> Vec<Record> {
    numbers.map(record).collect()
}

fn empty(folder: &Path) -> Store {
    let path = folder.join("a.spool");
    Store::create(&path, path.clone()).unwrap()
}

/// What the next process finds after a kill: the file as it is on the disk at this moment.
fn killed(store: &Store) -> Store {
    let left = store.path().with_extension("left");
    std::fs::copy(store.path(), &left).unwrap();
    open(&left).unwrap()
}

#[test]
fn what_was_appended_survives_a_kill_with_number_order_and_properties() {
    let folder = tempfile::tempdir().unwrap();
    let store = empty(folder.path());
    store.append(&records(0..50)).unwrap();
    store.append(&[Record::new(raw(300_000).into(), second(50)).unwrap()]).unwrap();
    store.remove(&[0, 7]).unwrap();

    let left = killed(&store);
    let expected = (0..50).filter(|number| ![0, 7].contains(number)).map(event).chain([raw_as_in(&store)]);
    assert_eq!(messages(&left), expected.collect::<Vec<_>>());
    assert_eq!(left.backlog(), store.backlog());
    assert_eq!(left.backlog().events, 49);
    left.append(&records(60..61)).unwrap();
    assert_eq!(messages(&left).last(), Some(&event(60)), "a new number for it");
}

/// Its id is random, so it is compared with itself.
fn raw_as_in(store: &Store) -> Message {
    messages(store).pop().unwrap()
}

#[test]
fn batches_go_round_the_file_and_are_bounded_in_number_and_size() {
    let folder = tempfile::tempdir().unwrap();
    let store = empty(folder.path());
    store.append(&records(0..40)).unwrap();
    assert_eq!(numbers(&store.next_batch().unwrap()), (0..32).collect::<Vec<_>>());
    assert_eq!(numbers(&store.next_batch().unwrap()), (32..40).collect::<Vec<_>>());
    assert!(store.next_batch().unwrap().is_empty(), "the end");
    assert_eq!(numbers(&store.next_batch().unwrap())[0], 0, "from the start again");
    assert_eq!(numbers(&store.next_batch().unwrap()).len(), 8);

    let large = Arc::new(raw(600_000));
    let large = [(); 5].map(|()| Record::new(large.clone(), second(0)).unwrap());
    store.append(&large).unwrap();
    assert_eq!(numbers(&store.next_batch().unwrap()), [40, 41], "no more than fits into memory");
}

#[test]
fn what_waits_is_told_at_every_step() {
    let folder = tempfile::tempdir().unwrap();
    let store = empty(folder.path());
    assert_eq!(store.backlog(), Backlog::default());
    store.append(&records(3..6)).unwrap();
    let bytes: u64 = records(3..6).iter().map(Record::room).sum();
    assert_eq!(store.backlog(), Backlog { events: 3, bytes, oldest_at: Some(second(3)) });
    store.remove(&[0]).unwrap();
    let left = Backlog { events: 2, bytes: bytes - record(3).room(), oldest_at: Some(second(4)) };
    assert_eq!(store.backlog(), left);
    store.remove(&[1, 2, 2, 99]).unwrap();
    assert_eq!(store.backlog(), Backlog::default());
    store.append(&records(9..10)).unwrap();
    assert_eq!(numbers(&store.next_batch().unwrap()), [3], "numbers are not used again");
}

#[test]
fn a_file_takes_no_more_room_than_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    for (bytes, count) in [(10, 5000), (3000, 2000), (20_000, 300), (1 << 20, 10)] {
        let path = folder.path().join(format!("{bytes}.spool"));
        let store = Store::create(&path, path.clone()).unwrap();
        let message = Arc::new(raw(bytes));
        for _ in 0..count / 10 {
            let records = [(); 10].map(|()| Record::new(message.clone(), second(0)).unwrap());
            store.append(&records).unwrap();
        }
        let (taken, counted) = (crate::spool::folder::taken(&path).unwrap(), store.backlog().bytes);
        let of_every_file = 1 << 20;
        assert!(taken <= counted + of_every_file, "{taken} for {count} of {bytes}, counted {counted}");
    }
}

#[test]
fn only_an_empty_file_is_removed_and_then_takes_nothing_more() {
    let folder = tempfile::tempdir().unwrap();
    let store = empty(folder.path());
    store.append(&records(0..1)).unwrap();
    store.remove_if_empty().unwrap();
    assert!(store.path().exists());
    store.remove(&[0]).unwrap();
    store.remove_if_empty().unwrap();
    assert!(!store.path().exists());
    assert!(store.append(&records(1..2)).is_err(), "nobody would find it");
    store.remove_if_empty().unwrap();
}
