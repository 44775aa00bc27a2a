use proptest::prelude::*;

use super::*;

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn spending() -> impl Strategy<Value = Spending> {
    prop_oneof![
        Just(Spending::Reply),
        Just(Spending::Message),
        Just(Spending::Pressed),
        Just(Spending::Redraw),
        Just(Spending::Quiet),
    ]
}

/// Someone who wants to send all the time: each wish is granted as soon as the pacing allows it.
fn wishes() -> impl Strategy<Value = Vec<(i64, Spending, i64, i64)>> {
    // chat, what, milliseconds since the wish before, milliseconds until the answer
    prop::collection::vec((0..4_i64, spending(), 0..400_i64, 0..150_i64), 1..300)
}

#[derive(Debug, Clone, Copy)]
struct Granted {
    chat: ChatId,
    spending: Spending,
    began_at: DateTime<Utc>,
    arrived_at: DateTime<Utc>,
}

fn grant(wishes: &[(i64, Spending, i64, i64)]) -> Vec<Granted> {
    let mut pacing = Pacing::default();
    let mut now = start();
    let mut granted = Vec::new();
    for &(chat, spending, pause, answer) in wishes {
        let chat = ChatId(chat);
        now = pacing.ready_at(chat, spending, now + TimeDelta::milliseconds(pause));
        pacing.begin(spending, now);
        let began_at = now;
        now += TimeDelta::milliseconds(answer);
        pacing.finish(chat, spending, now);
        let arrived_at = began_at + (now - began_at) / 2;
        granted.push(Granted { chat, spending, began_at, arrived_at });
    }
    granted
}

/// The most calls that any window of this length holds, by a time of theirs.
fn densest(times: &[DateTime<Utc>], window: TimeDelta) -> usize {
    let in_window =
        |from: &DateTime<Utc>| times.iter().filter(|at| *from <= **at && **at < *from + window).count();
    times.iter().map(in_window).max().unwrap_or(0)
}

proptest! {
    #[test]
    fn no_second_holds_more_than_the_overall_budget(wishes in wishes()) {
        let granted = grant(&wishes);
        let all: Vec<_> = granted.iter().map(|call| call.began_at).collect();
        prop_assert!(densest(&all, SECOND) <= OVERALL);
        let unawaited: Vec<_> =
            granted.iter().filter(|call| !call.spending.is_awaited()).map(|call| call.began_at).collect();
        prop_assert!(densest(&unawaited, SECOND) <= UNAWAITED);
    }

    #[test]
    fn a_chat_gets_its_messages_and_redraws_no_faster_than_it_may(wishes in wishes()) {
        let granted = grant(&wishes);
        for chat in (0..4).map(ChatId) {
            let of = |kinds: &[Spending]| -> Vec<_> {
                let of_chat = granted.iter().filter(|call| call.chat == chat);
                of_chat.filter(|call| kinds.contains(&call.spending)).map(|call| call.arrived_at).collect()
            };
            let messages = of(&[Spending::Reply, Spending::Message, Spending::Pressed, Spending::Redraw]);
            for seconds in 1..20 {
                let most = usize::try_from(seconds + BURST).unwrap();
                prop_assert!(densest(&messages, SECOND * seconds) <= most);
            }
            prop_assert!(densest(&of(&[Spending::Pressed, Spending::Redraw]), MINUTE) <= EDITS);
            prop_assert!(densest(&of(&[Spending::Redraw]), BETWEEN_REDRAWS - TimeDelta::milliseconds(75)) <= 1);
        }
    }

    #[test]
    fn nobody_waits_for_ever(wishes in wishes(), spending in spending()) {
        let mut pacing = Pacing::default();
        let mut now = start();
        for (chat, spending, pause, _) in wishes {
            now += TimeDelta::milliseconds(pause);
            let at = pacing.ready_at(ChatId(chat), spending, now);
            prop_assert!(at <= now + MINUTE);
            prop_assert_eq!(pacing.ready_at(ChatId(chat), spending, at), at, "ready when it said so");
            now = at;
            pacing.begin(spending, now);
            pacing.finish(ChatId(chat), spending, now);
        }
        prop_assert_eq!(pacing.ready_at(ChatId(0), spending, now + MINUTE), now + MINUTE);
    }
}

#[test]
fn a_rested_chat_takes_three_messages_at_once_and_then_one_a_second() {
    let (mut pacing, chat) = (Pacing::default(), ChatId(1));
    let mut waits = Vec::new();
    let mut now = start();
    for _ in 0..6 {
        let at = pacing.ready_at(chat, Spending::Message, now);
        waits.push((at - now).num_milliseconds());
        now = at;
        pacing.begin(Spending::Message, now);
        pacing.finish(chat, Spending::Message, now);
    }
    assert_eq!(waits, [0, 0, 0, 1000, 1000, 1000]);
}

#[test]
fn replies_go_while_a_mailing_has_used_up_its_share() {
    let mut pacing = Pacing::default();
    for chat in 0..20 {
        assert_eq!(pacing.ready_at(ChatId(chat), Spending::Message, start()), start());
        pacing.begin(Spending::Message, start());
    }
    assert_eq!(pacing.ready_at(ChatId(99), Spending::Message, start()), start() + SECOND);
    for chat in 100..105 {
        assert_eq!(pacing.ready_at(ChatId(chat), Spending::Reply, start()), start());
        pacing.begin(Spending::Reply, start());
    }
    assert_eq!(pacing.ready_at(ChatId(99), Spending::Reply, start()), start() + SECOND);
}

#[test]
fn a_change_takes_the_turn_of_a_message() {
    for change in [Spending::Pressed, Spending::Redraw] {
        let (mut pacing, chat) = (Pacing::default(), ChatId(1));
        pacing.finish(chat, change, start());
        for _ in 0..2 {
            assert_eq!(pacing.ready_at(chat, Spending::Message, start()), start());
            pacing.finish(chat, Spending::Message, start());
        }
        assert_eq!(pacing.ready_at(chat, Spending::Message, start()), start() + SECOND);
        assert_eq!(pacing.ready_at(chat, Spending::Pressed, start()), start() + SECOND);
    }
}

#[test]
fn a_pressed_card_does_not_wait_for_the_redraw_before() {
    let (mut pacing, chat) = (Pacing::default(), ChatId(1));
    pacing.finish(chat, Spending::Redraw, start());
    assert_eq!(pacing.ready_at(chat, Spending::Redraw, start()), start() + BETWEEN_REDRAWS);
    assert_eq!(pacing.ready_at(chat, Spending::Pressed, start()), start());
}
