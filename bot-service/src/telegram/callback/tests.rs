use proptest::prelude::*;

use super::*;

fn kinds() -> impl Strategy<Value = ListKind> {
    let mut kinds = vec![
        ListKind::Pending,
        ListKind::All(Filter::Open),
        ListKind::All(Filter::Everything),
        ListKind::My,
        ListKind::MyCompleted,
        ListKind::Orders,
        ListKind::OrdersClosed,
    ];
    kinds.extend(StatusKind::ALL.map(|status| ListKind::All(Filter::Status(status))));
    prop::sample::select(kinds)
}

fn cursors() -> impl Strategy<Value = Cursor> {
    let id = any::<i64>().prop_map(MeasurementId);
    prop_oneof![Just(Cursor::First), id.clone().prop_map(Cursor::After), id.prop_map(Cursor::Before)]
}

fn presses() -> impl Strategy<Value = CardPress> {
    let plain = [
        CardPress::Reassign,
        CardPress::Start,
        CardPress::Complete,
        CardPress::AskCancel,
        CardPress::Cancel,
        CardPress::Keep,
        CardPress::Restore,
    ];
    prop_oneof![
        any::<i64>().prop_map(|user| CardPress::AssignTo(UserId(user))),
        any::<u32>().prop_map(CardPress::Measurers),
        prop::sample::select(plain.to_vec()),
    ]
}

fn callbacks() -> impl Strategy<Value = Callback> {
    let role = || prop::sample::select(Role::ALL.to_vec());
    let user = || any::<i64>().prop_map(UserId);
    prop_oneof![
        Just(Callback::Menu),
        (kinds(), cursors()).prop_map(|(kind, cursor)| Callback::List { kind, cursor }),
        any::<i64>().prop_map(|id| Callback::Open(MeasurementId(id))),
        (any::<i64>(), any::<i32>(), presses()).prop_map(|(id, step, press)| Callback::Card {
            id: MeasurementId(id),
            step,
            press
        }),
        Just(Callback::Invite),
        role().prop_map(Callback::InviteAs),
        (prop::option::of(role()), any::<u32>()).prop_map(|(only, page)| Callback::People { only, page }),
        user().prop_map(Callback::Person),
        (user(), any::<u32>()).prop_map(|(user, page)| Callback::Employees { user, page }),
        (user(), any::<i64>()).prop_map(|(user, amo)| Callback::Link { user, employee: AmoUserId(amo) }),
        user().prop_map(Callback::RefreshEmployees),
        user().prop_map(Callback::AskDisable),
        user().prop_map(Callback::Disable),
        user().prop_map(Callback::Enable),
        (any::<i64>(), prop::sample::select(vec![RecordedChoice::OpenRecent, RecordedChoice::OpenNone]))
            .prop_map(|(recording, choice)| Callback::Recorded { recording, choice }),
    ]
}

proptest! {
    #[test]
    fn every_press_fits_a_button_and_is_read_back(callback in callbacks()) {
        let data = callback.encode();
        prop_assert!(data.len() <= MAX_DATA, "{data}");
        prop_assert_eq!(Callback::parse(&data), Some(callback));
    }

    #[test]
    fn whatever_is_read_is_what_we_write(data in "1[a-z](:[-+a-z0-9]{0,9}){0,4}") {
        if let Some(callback) = Callback::parse(&data) {
            prop_assert_eq!(callback.encode(), data);
        }
    }

    #[test]
    fn junk_is_no_press_and_no_panic(data in ".{0,64}") {
        let _ = Callback::parse(&data);
    }
}

#[test]
fn other_versions_and_other_spellings_are_outdated_buttons() {
    assert_eq!(Callback::parse("1o:12"), Some(Callback::Open(MeasurementId(12))));
    for data in [
        "",
        "1",
        "2o:12",
        "o:12",
        "1o:012",
        "1o:+12",
        "1o:12:",
        "1o:99999999999999999999",
        "1о:12",
        "1p:boss:0",
    ] {
        assert_eq!(Callback::parse(data), None, "{data}");
    }
}
