//! /settings: how work is given out. A press sets the next value.

use chrono::TimeDelta;

use super::{Button, Context, Screen, bold, menu_row};
use crate::domain::dispatch::{Dispatch, DispatchChange, Quiet};
use crate::domain::proposal::{Mode, Rule};
use crate::domain::setup::StageRole;
use crate::telegram::callback::{Callback, DealerPress, DispatchPress, SetupPress, ZonePress};
use crate::telegram::words::{Words, say};

const MODES: [Mode; 3] = [Mode::Off, Mode::Propose, Mode::Assign];

/// `start` is the time for accepting that the service was started with.
pub fn render(view: &Dispatch, start: Option<TimeDelta>, context: &Context<'_>) -> Screen {
    let words = context.words;
    let set =
        |label: String, change| vec![Button::press(label, Callback::Dispatch(DispatchPress::Set(change)))];
    let mut rows: Vec<_> = Rule::ALL
        .into_iter()
        .map(|rule| {
            let mode = view.rules.mode(rule);
            let label = say!(words, "setting-rule", rule = words.rule(rule), mode = words.mode(mode));
            set(label, DispatchChange::Mode { rule, mode: after(&MODES, mode) })
        })
        .collect();
    let minutes = after(&Dispatch::REMIND_AFTER, view.remind_after);
    rows.push(set(remind(view.remind_after, words), DispatchChange::RemindAfter { minutes }));
    let within = minutes_of(view.accepting(start));
    let next = after(&Dispatch::ACCEPT_WITHIN, within);
    rows.push(set(accepting(within, words), DispatchChange::AcceptWithin { minutes: next }));
    let Quiet { from, until } = after(&Quiet::CHOICES, view.quiet);
    rows.push(set(quiet(view.quiet, words), DispatchChange::Quiet { from, until }));
    rows.push(vec![
        Button::press(say!(words, "zones-title"), Callback::Zone(ZonePress::List(0))),
        Button::press(say!(words, "dealers-title"), Callback::Dealer(DealerPress::List(0))),
    ]);
    let setup = |label, press| Button::press(label, Callback::Setup(press));
    rows.push(vec![
        setup(say!(words, "setup-opens"), SetupPress::Stages(StageRole::Opens, None)),
        setup(say!(words, "setup-ends"), SetupPress::Stages(StageRole::Ends, None)),
    ]);
    rows.push(vec![
        setup(say!(words, "setup-fields"), SetupPress::Fields),
        setup(say!(words, "setup-timezone"), SetupPress::Timezones),
    ]);
    rows.push(menu_row(words));
    Screen::with(format!("{}\n{}", bold(&say!(words, "settings-title")), say!(words, "settings-rules")), rows)
}

pub(super) fn remind(minutes: Option<u32>, words: &Words) -> String {
    match minutes {
        Some(minutes) => say!(words, "setting-remind", minutes = minutes.to_string()),
        None => say!(words, "setting-remind-never"),
    }
}

pub(super) fn quiet(quiet: Quiet, words: &Words) -> String {
    let Quiet { from, until } = quiet;
    if from == until {
        return say!(words, "setting-quiet-none");
    }
    say!(words, "setting-quiet", from = format!("{from:02}:00"), until = format!("{until:02}:00"))
}

pub(super) fn accepting(minutes: u32, words: &Words) -> String {
    match minutes {
        0 => say!(words, "setting-accept-never"),
        minutes => say!(words, "setting-accept", minutes = minutes.to_string()),
    }
}

fn minutes_of(time: Option<TimeDelta>) -> u32 {
    time.and_then(|time| u32::try_from(time.num_minutes()).ok()).unwrap_or_default()
}

/// The one behind it; the first behind the last, and behind one that is none of them.
fn after<T: Copy + PartialEq, const N: usize>(choices: &[T; N], now: T) -> T {
    let at = choices.iter().position(|choice| *choice == now).map_or(0, |at| (at + 1) % N);
    choices[at]
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::super::testing::{picture, russian};
    use super::*;

    #[test]
    fn every_setting_is_a_button_that_sets_the_next_value() {
        let screen = render(&Dispatch::default(), Some(TimeDelta::minutes(30)), &russian());
        assert_snapshot!(picture(&screen), @"
        ⚙️ Настройки
        Правила действуют по порядку: первое, которое нашло замерщика, решает. Нажмите, чтобы изменить.
        [🏢 Дилер: предлагать]
        [🗺 Зона: предлагать]
        [🔄 По очереди: предлагать]
        [⏰ Напоминать: через 15 мин]
        [👌 Принять за: 30 мин]
        [🌙 Тишина: 21:00–08:00]
        [🗺 Зоны] [🏢 Дилеры]
        [🎯 Этапы замера] [🚫 Этапы отмены]
        [🧩 Поля сделки] [🕒 Часовой пояс]
        [⌂ Меню]
        ");
        let mut view = Dispatch::default();
        for _ in 0..MODES.len() {
            let mode = after(&MODES, view.rules.zone);
            view = view.changed(DispatchChange::Mode { rule: Rule::Zone, mode });
        }
        assert_eq!(view, Dispatch::default(), "round it goes");
        let odd = Dispatch { remind_after: Some(7), quiet: Quiet { from: 3, until: 4 }, ..view };
        assert!(picture(&render(&odd, None, &russian())).contains("03:00"));
    }
}
