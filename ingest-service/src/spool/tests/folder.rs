use std::collections::BTreeSet;
use std::fs::File;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, SystemTime};

use super::*;
use crate::spool::folder::Folder;

const ANY: usize = usize::MAX;

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn is_whole(name: &String) -> bool {
    Path::new(name).extension().is_some_and(|kind| kind == "spool")
}

fn paths(stores: &[Store]) -> Vec<PathBuf> {
    stores.iter().map(|store| store.path().to_owned()).collect()
}

#[test]
fn a_file_is_held_from_the_moment_that_others_can_see_it() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::new(dir.path().join("made/when/needed"));
    let store = folder.create().unwrap();
    let only = names(store.path().parent().unwrap());
    assert!(only.len() == 1 && only.iter().all(is_whole), "{only:?}");
    let (adopted, unusable) = folder.adopt(&[], ANY).unwrap();
    assert!(adopted.is_empty() && unusable.is_empty(), "{adopted:?} {unusable:?}");

    store.append(&[record(1)]).unwrap();
    let path = store.path().to_owned();
    drop(store);
    let (adopted, _) = folder.adopt(&[], ANY).unwrap();
    assert_eq!(adopted[0].path(), path);
    assert_eq!(messages(&adopted[0]), [event(1)]);
    drop(adopted);
    assert!(folder.adopt(&[path], ANY).unwrap().0.is_empty(), "one of ours");
}

#[test]
fn of_many_that_look_at_once_one_adopts_each_file() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::new(dir.path().to_owned());
    let left: Vec<_> = (0..12).map(|_| folder.create().unwrap()).collect();
    let mut expected = paths(&left);
    drop(left);
    let looking = || (0..20).flat_map(|_| folder.adopt(&[], 1).unwrap().0).collect::<Vec<_>>();
    let adopted: Vec<_> = thread::scope(|scope| {
        let lookers = [(); 8].map(|()| scope.spawn(looking));
        lookers.into_iter().flat_map(|looker| looker.join().unwrap()).collect()
    });
    let mut found = paths(&adopted);
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn an_adopted_file_that_another_one_has_just_removed_does_no_harm() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::new(dir.path().to_owned());
    drop(folder.create().unwrap());
    let adopted = folder.adopt(&[], ANY).unwrap().0.remove(0);
    std::fs::remove_file(adopted.path()).unwrap();
    adopted.remove_if_empty().unwrap();
    assert!(folder.adopt(&[], ANY).unwrap().0.is_empty());
}

fn made_long_ago(file: &Path) {
    let long_ago = SystemTime::now() - Duration::from_mins(2);
    File::options().write(true).open(file).unwrap().set_modified(long_ago).unwrap();
}

#[test]
fn what_was_left_half_made_is_swept_away_and_what_is_being_made_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::new(dir.path().to_owned());
    let [left, held, young] =
        ["left", "held", "young"].map(|name| dir.path().join(format!("{name}.unfinished")));
    std::fs::write(&left, "half").unwrap();
    let being_made = Store::create(&held, held.clone()).unwrap();
    for old in [&left, &held] {
        made_long_ago(old);
    }
    // Another replica has made it this moment, and has not locked it yet.
    std::fs::write(&young, "").unwrap();
    folder.sweep().unwrap();
    assert_eq!(names(dir.path()), ["held.unfinished".to_owned(), "young.unfinished".to_owned()].into());
    drop(being_made);
    made_long_ago(&held);
    made_long_ago(&young);
    folder.sweep().unwrap();
    assert!(names(dir.path()).is_empty());
}

#[test]
fn a_file_that_is_not_ours_is_told_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::new(dir.path().to_owned());
    std::fs::write(dir.path().join("strange.spool"), "not a database, by far").unwrap();
    std::fs::write(dir.path().join("notes.txt"), "").unwrap();
    drop(folder.create().unwrap());
    let (adopted, unusable) = folder.adopt(&[], ANY).unwrap();
    assert_eq!(adopted.len(), 1, "the good one beside it");
    let told: Vec<_> = unusable.iter().map(|one| one.path.file_name().unwrap().to_owned()).collect();
    assert_eq!(told, ["strange.spool"], "{unusable:?}");
    assert_eq!(names(dir.path()).len(), 3);
}

#[test]
fn damaged_files_do_not_keep_anybody_from_the_good_ones() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::new(dir.path().to_owned());
    let whole = {
        let store = folder.create().unwrap();
        store.append(&(0..2000).map(record).collect::<Vec<_>>()).unwrap();
        std::fs::read(store.path()).unwrap()
    };
    for part in 0..16 {
        let mut damaged = whole.clone();
        let length = damaged.len() / 16;
        damaged[part * length..(part + 1) * length].fill(0xA5);
        std::fs::write(dir.path().join(format!("{part:02}.spool")), damaged).unwrap();
    }
    let (adopted, unusable) = folder.adopt(&[], ANY).unwrap();
    assert_eq!(adopted.len() + unusable.len(), 17);
    assert!(adopted.iter().any(|store| store.backlog().events == 2000), "the good one");
    assert!(!unusable.is_empty(), "some of the damage is seen at once");
}

#[test]
fn what_others_hold_is_counted() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::new(dir.path().to_owned());
    let (ours, theirs) = (folder.create().unwrap(), folder.create().unwrap());
    let ours = [ours.path().to_owned()];
    let before = folder.bytes_beside(&ours).unwrap();
    theirs.append(&[Record::new(raw(1 << 20).into(), second(0)).unwrap()]).unwrap();
    let after = folder.bytes_beside(&ours).unwrap();
    assert!(before > 0 && after >= before + (1 << 20), "{before} {after}");
}

#[test]
fn a_lock_is_the_files_and_not_the_names() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::new(dir.path().to_owned());
    let store = folder.create().unwrap();
    let other_name = dir.path().join("other.spool");
    std::fs::hard_link(store.path(), &other_name).unwrap();
    assert!(File::open(&other_name).unwrap().try_lock().is_err());
}
