//! The cast: everybody here is invented.

use simulator::telegram::Person;

/// Of `ADMIN_IDS`.
pub const ANNA: i64 = 1001;
/// The second admin.
pub const BORIS: i64 = 1002;
/// Measurers.
pub const IVAN: i64 = 2001;
pub const PETR: i64 = 2002;
/// The manager; in AmoCRM she is the employee of the same name.
pub const OLGA: i64 = 3001;
/// Somebody whom nobody invited.
pub const STRANGER: i64 = 9001;

/// Everybody with the name that Telegram shows.
pub fn everybody() -> Vec<Person> {
    vec![
        Person::new(ANNA, "Анна").last_name("Серова").username("anna"),
        Person::new(BORIS, "Борис").last_name("Котов"),
        Person::new(IVAN, "Иван").last_name("Петров").username("ivan"),
        Person::new(PETR, "Пётр").last_name("Сидоров"),
        Person::new(OLGA, "Ольга").last_name("Смирнова"),
        Person::new(STRANGER, "Жан").language("fr"),
    ]
}
