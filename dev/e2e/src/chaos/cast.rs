//! Who takes part: more people than in a story, all of them invented.

use simulator::telegram::Person;

use super::plan::people::Role;
use crate::people::{ANNA, BORIS, IVAN, OLGA, PETR, everybody};

const VERA: i64 = 1003;
const MEASURERS: [i64; 5] = [IVAN, PETR, 2011, 2012, 2013];
const ADMINS: [i64; 3] = [ANNA, BORIS, VERA];

/// Those with a role.
pub fn with(role: Role) -> &'static [i64] {
    match role {
        Role::Admin => &ADMINS,
        Role::Measurer => &MEASURERS,
        Role::Manager => &[OLGA],
    }
}

/// Everybody in the bot but the first admin, with the role he comes in with.
pub fn guests() -> impl Iterator<Item = (i64, &'static str)> {
    let admins = ADMINS.into_iter().skip(1).map(|person| (person, "admin"));
    admins.chain(MEASURERS.map(|person| (person, "measurer"))).chain([(OLGA, "manager")])
}

pub fn all() -> impl Iterator<Item = i64> {
    ADMINS.into_iter().chain(MEASURERS).chain([OLGA])
}

pub fn people() -> Vec<Person> {
    let mut people = everybody();
    people.extend([
        Person::new(VERA, "Вера").last_name("Новикова"),
        Person::new(2011, "Семён").last_name("Ильин"),
        Person::new(2012, "Глеб").last_name("Орлов"),
        Person::new(2013, "Яков").last_name("Титов"),
    ]);
    people
}
