//! What each role finds in its menu and among its commands. Rights are decided elsewhere: this is only a look.

use crate::actions::views::{COUNT_CAP, Cursor, ListKind, MenuView};
use crate::domain::user::{Language, Role, Roles};
use crate::format;
use crate::telegram::callback::Callback;
use crate::telegram::screens::{Button, Row};
use crate::telegram::words::{Words, say};

mod manager;
mod measurer;
mod observer;
mod office;

/// A command without its slash, and what it does in words.
pub type Command = (&'static str, String);

/// The commands to show to a person with these roles. Who has none is shown /start alone.
pub fn commands(roles: Roles, language: Language) -> Vec<Command> {
    commands_in(roles, Words::of(language))
}

/// As [`commands`].
pub fn commands_in(roles: Roles, words: &Words) -> Vec<Command> {
    let start = ("start", say!(words, "command-start"));
    if roles.is_empty() {
        return vec![start];
    }
    let mut commands = vec![("menu", say!(words, "command-menu"))];
    commands.extend(of_each(roles).flat_map(|desk| match desk {
        Desk::Office => office::commands(roles, words),
        Desk::Observer => observer::commands(words),
        Desk::Measurer => measurer::commands(words),
        Desk::Manager => manager::commands(words),
    }));
    commands.push(("find", say!(words, "command-find")));
    commands.push(("language", say!(words, "command-language")));
    commands.push(("help", say!(words, "command-help")));
    commands.push(start);
    commands
}

/// The buttons of the menu: those of every role, the most capable first.
pub fn menu(view: &MenuView, words: &Words) -> Vec<Row> {
    let rows = of_each(view.roles).flat_map(|desk| match desk {
        Desk::Office => office::menu(view, words),
        Desk::Observer => observer::menu(view, words),
        Desk::Measurer => measurer::menu(view, words),
        Desk::Manager => manager::menu(view, words),
    });
    rows.collect()
}

/// What stands together in menus. Who distributes has all that an observer has.
#[derive(Debug, Clone, Copy)]
enum Desk {
    Office,
    Observer,
    Measurer,
    Manager,
}

fn of_each(roles: Roles) -> impl Iterator<Item = Desk> {
    let all = match (roles.distributes(), roles.has(Role::Observer)) {
        (true, _) => Some(Desk::Office),
        (false, true) => Some(Desk::Observer),
        (false, false) => None,
    };
    let measurer = roles.has(Role::Measurer).then_some(Desk::Measurer);
    let manager = roles.has(Role::Manager).then_some(Desk::Manager);
    [all, measurer, manager].into_iter().flatten()
}

fn list(label: String, kind: ListKind) -> Button {
    Button::press(label, Callback::List { kind, cursor: Cursor::First })
}

/// «⏳ Новые замеры · 3»; the label alone where nothing waits.
fn counted(label: String, count: i64, words: &Words) -> String {
    if count == 0 {
        label
    } else {
        say!(words, "menu-count", label = label, count = format::count(count, COUNT_CAP))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(roles: &[Role]) -> String {
        let commands = commands(roles.iter().copied().collect(), Language::Ru);
        commands.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn each_role_is_shown_its_commands() {
        assert_eq!(names(&[]), "start");
        assert_eq!(
            names(&[Role::Admin]),
            "menu pending all measurers zones dealers settings status failures find language help start"
        );
        assert_eq!(names(&[Role::Supervisor]), names(&[Role::Admin]).replace("settings ", ""));
        assert_eq!(names(&[Role::Observer]), "menu pending all find language help start");
        assert_eq!(names(&[Role::Measurer]), "menu my find language help start");
        assert_eq!(names(&[Role::Manager]), "menu orders find language help start");
        assert_eq!(
            names(&Role::ALL),
            "menu pending all measurers zones dealers settings status failures my orders find language help start"
        );
    }

    #[test]
    fn telegram_accepts_the_commands() {
        for language in Language::ALL {
            for (name, what) in commands(Role::ALL.into_iter().collect(), language) {
                assert!(name.len() <= 32 && name.bytes().all(|byte| byte.is_ascii_lowercase()), "{name}");
                assert!((1..=256).contains(&what.chars().count()), "{what}");
            }
        }
    }
}
