use proptest::prelude::*;

use shared::ids::{LeadId, PipelineId, Stage, StatusId};

use super::*;
use crate::actions::views::{DealCursor, DealPlace, Filter, MessageCursor, Period, Sieve, SieveBy};
use crate::domain::dispatch::DispatchChange;
use crate::domain::ids::{AuditId, DealerId, InviteId, ParkedId, SearchId, UnknownNameId, ZoneId};
use crate::domain::invite::Terms;
use crate::domain::measurement::StatusKind;
use crate::domain::proposal::{Mode, Rule};
use crate::domain::setup::{Fact, FieldChoice, StageRole};

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
    let filters =
        kinds.iter().filter_map(|kind| kind.narrowed()).map(|(filter, _)| filter).collect::<Vec<_>>();
    let periods = prop::option::of(prop::sample::select(Period::ALL.to_vec()));
    let counted = || 0..10_000_000_000_i64;
    let measurers = prop::option::of(counted().prop_map(UserId));
    let zones = prop::option::of(counted().prop_map(ZoneId));
    let sieves =
        (measurers, zones, periods).prop_map(|(measurer, zone, period)| Sieve { measurer, zone, period });
    let sifted =
        (prop::sample::select(filters), sieves).prop_map(|(filter, sieve)| ListKind::all(filter, sieve));
    prop_oneof![prop::sample::select(kinds), sifted]
}

fn cursors() -> impl Strategy<Value = Cursor> {
    let id = any::<i64>().prop_map(MeasurementId);
    prop_oneof![Just(Cursor::First), id.clone().prop_map(Cursor::After), id.prop_map(Cursor::Before)]
}

fn presses() -> impl Strategy<Value = CardPress> {
    let plain = [
        CardPress::Reassign,
        CardPress::Accept,
        CardPress::Start,
        CardPress::Complete,
        CardPress::AskDecline,
        CardPress::AskProblem,
        CardPress::ClearProblem,
        CardPress::AskCancel,
        CardPress::Keep,
        CardPress::AskFollowUp,
        CardPress::FollowUp,
        CardPress::Undo,
        CardPress::AskRestore,
        CardPress::Restore,
    ];
    prop_oneof![
        any::<i64>().prop_map(|user| CardPress::AssignTo(UserId(user))),
        any::<i32>().prop_map(CardPress::Confirm),
        any::<u32>().prop_map(CardPress::Measurers),
        prop::sample::select(DeclineReason::ALL.to_vec()).prop_map(CardPress::Decline),
        prop::sample::select(ProblemReason::ALL.to_vec()).prop_map(CardPress::ReportProblem),
        prop::sample::select(CancelReason::ALL.to_vec()).prop_map(CardPress::Cancel),
        prop::sample::select(ReassignReason::ALL.to_vec()).prop_map(CardPress::Explain),
        prop::sample::select(plain.to_vec()),
    ]
}

fn failures() -> impl Strategy<Value = FailurePress> {
    let lead = || any::<i64>().prop_map(LeadId);
    let id = || any::<i64>().prop_map(ParkedId);
    let place = || (any::<i64>(), lead()).prop_map(|(since, lead_id)| DealPlace { since, lead_id });
    prop_oneof![
        Just(FailurePress::Overview),
        Just(FailurePress::Decisions),
        Just(FailurePress::Deals(DealCursor::First)),
        place().prop_map(|place| FailurePress::Deals(DealCursor::After(place))),
        place().prop_map(|place| FailurePress::Deals(DealCursor::Before(place))),
        lead().prop_map(FailurePress::Deal),
        lead().prop_map(FailurePress::RepeatDeal),
        lead().prop_map(FailurePress::AskSkipDeal),
        (lead(), any::<i64>()).prop_map(|(lead, seq)| FailurePress::SkipDeal { lead, seq }),
        Just(FailurePress::Messages(MessageCursor::First)),
        id().prop_map(|id| FailurePress::Messages(MessageCursor::After(id))),
        id().prop_map(|id| FailurePress::Messages(MessageCursor::Before(id))),
        id().prop_map(FailurePress::Message),
        id().prop_map(FailurePress::RepeatMessage),
        id().prop_map(FailurePress::AskSkipMessage),
        (id(), any::<i32>()).prop_map(|(id, arrivals)| FailurePress::SkipMessage { id, arrivals }),
    ]
}

fn roles() -> impl Strategy<Value = Role> {
    prop::sample::select(Role::ALL.to_vec())
}

fn access() -> impl Strategy<Value = AccessPress> {
    let user = || any::<i64>().prop_map(UserId);
    let some = || any::<i64>().prop_map(|id| Some(id).filter(|id| *id != 0));
    prop_oneof![
        user().prop_map(AccessPress::Roles),
        (user(), roles()).prop_map(|(user, role)| AccessPress::Give(user, role)),
        (user(), roles()).prop_map(|(user, role)| AccessPress::Take(user, role)),
        (user(), any::<bool>(), any::<u32>()).prop_map(|(user, is_leaving, page)| AccessPress::Successors {
            user,
            is_leaving,
            page
        }),
        (user(), some(), any::<bool>()).prop_map(|(user, to, is_leaving)| AccessPress::HandOver {
            user,
            to: to.map(UserId),
            is_leaving
        }),
        user().prop_map(AccessPress::ChooseAway),
        (user(), prop::option::of(0..366_u32)).prop_map(|(user, days)| AccessPress::Away(user, days)),
        (some(), some()).prop_map(|(user, before)| AccessPress::Changes {
            subject: user.map(UserId),
            before: before.map(AuditId)
        }),
    ]
}

fn zones() -> impl Strategy<Value = ZonePress> {
    let zone = || any::<i64>().prop_map(ZoneId);
    let user = || any::<i64>().prop_map(UserId);
    let name = || any::<i64>().prop_map(UnknownNameId);
    prop_oneof![
        prop::sample::select(vec![ZonePress::Create, ZonePress::Import]),
        any::<u32>().prop_map(ZonePress::List),
        (0..6_usize, zone()).prop_map(|(which, zone)| {
            let of: [fn(ZoneId) -> ZonePress; 6] = [
                ZonePress::Open,
                ZonePress::Rename,
                ZonePress::Spell,
                ZonePress::ChooseMerge,
                ZonePress::AskDelete,
                ZonePress::Delete,
            ];
            of[which](zone)
        }),
        (zone(), any::<u32>()).prop_map(|(zone, page)| ZonePress::Measurers(zone, page)),
        (zone(), user(), any::<u32>()).prop_map(|(zone, user, page)| ZonePress::Give(zone, user, page)),
        (zone(), user(), any::<u32>()).prop_map(|(zone, user, page)| ZonePress::Take(zone, user, page)),
        (zone(), zone()).prop_map(|(zone, into)| ZonePress::Merge(zone, into)),
        (name(), zone()).prop_map(|(name, zone)| ZonePress::SpellUnknown(name, zone)),
        (0..3_usize, name()).prop_map(|(which, name)| {
            let of: [fn(UnknownNameId) -> ZonePress; 3] =
                [ZonePress::Unknown, ZonePress::Adopt, ZonePress::Dismiss];
            of[which](name)
        }),
    ]
}

fn dealers() -> impl Strategy<Value = DealerPress> {
    let dealer = || any::<i64>().prop_map(DealerId);
    prop_oneof![
        Just(DealerPress::Create),
        any::<u32>().prop_map(DealerPress::List),
        (dealer(), any::<u32>()).prop_map(|(dealer, page)| DealerPress::Measurers(dealer, page)),
        (dealer(), any::<i64>()).prop_map(|(dealer, user)| DealerPress::Give(dealer, UserId(user))),
        dealer().prop_map(DealerPress::Rename),
        (dealer(), any::<u32>()).prop_map(|(dealer, page)| DealerPress::ChooseMerge(dealer, page)),
        (dealer(), dealer()).prop_map(|(dealer, into)| DealerPress::Merge(dealer, into)),
        dealer().prop_map(DealerPress::Delete),
        any::<i64>().prop_map(|name| DealerPress::Adopt(UnknownNameId(name))),
    ]
}

fn dispatch() -> impl Strategy<Value = DispatchPress> {
    let modes = prop::sample::select(vec![Mode::Off, Mode::Propose, Mode::Assign]);
    let changes = prop_oneof![
        (prop::sample::select(Rule::ALL.to_vec()), modes)
            .prop_map(|(rule, mode)| DispatchChange::Mode { rule, mode }),
        prop::option::of(1..u32::MAX).prop_map(|minutes| DispatchChange::RemindAfter { minutes }),
        any::<u32>().prop_map(|minutes| DispatchChange::AcceptWithin { minutes }),
        (0..24_u32, 0..24_u32).prop_map(|(from, until)| DispatchChange::Quiet { from, until }),
    ];
    prop_oneof![Just(DispatchPress::Open), changes.prop_map(DispatchPress::Set)]
}

fn setup() -> impl Strategy<Value = SetupPress> {
    let role = || prop::sample::select(vec![StageRole::Opens, StageRole::Ends]);
    let fact = || prop::sample::select(Fact::ALL.to_vec());
    let stage = (any::<i64>(), any::<i64>()).prop_map(|(pipeline, status)| Stage {
        pipeline_id: PipelineId(pipeline),
        status_id: StatusId(status),
    });
    let choice = prop_oneof![
        any::<i64>().prop_map(FieldChoice::Field),
        Just(FieldChoice::Nothing),
        Just(FieldChoice::AsStarted),
    ];
    prop_oneof![
        (role(), prop::option::of(any::<i64>().prop_map(PipelineId)))
            .prop_map(|(role, pipeline)| SetupPress::Stages(role, pipeline)),
        (role(), stage, any::<bool>())
            .prop_map(|(role, stage, is_on)| SetupPress::SetStage(role, stage, is_on)),
        Just(SetupPress::Fields),
        (fact(), any::<u32>()).prop_map(|(fact, page)| SetupPress::Field(fact, page)),
        (fact(), choice).prop_map(|(fact, choice)| SetupPress::SetField(fact, choice)),
        Just(SetupPress::Timezones),
        prop::sample::select(chrono_tz::TZ_VARIANTS.to_vec()).prop_map(SetupPress::SetTimezone),
    ]
}

fn invites() -> impl Strategy<Value = InvitePress> {
    let id = || any::<i64>().prop_map(InviteId);
    let terms = || {
        let uses = prop::sample::select(Terms::USES.to_vec());
        let days = prop::sample::select(Terms::DAYS.to_vec());
        (uses, days).prop_map(|(max_uses, days)| Terms { max_uses, days })
    };
    prop_oneof![
        Just(InvitePress::List { before: None }),
        (1..i64::MAX).prop_map(|id| InvitePress::List { before: Some(InviteId(id)) }),
        id().prop_map(InvitePress::Open),
        id().prop_map(InvitePress::Revoke),
        (roles(), terms(), id()).prop_map(|(role, terms, of)| InvitePress::Instead { role, terms, of }),
    ]
}

fn callbacks() -> impl Strategy<Value = Callback> {
    let by = vec![SieveBy::Measurer, SieveBy::Zone];
    let user = || any::<i64>().prop_map(UserId);
    prop_oneof![
        Just(Callback::Menu),
        (kinds(), cursors()).prop_map(|(kind, cursor)| Callback::List { kind, cursor }),
        (kinds(), prop::option::of((prop::sample::select(by), any::<u32>())))
            .prop_map(|(kind, choice)| Callback::Sieve { kind, choice }),
        any::<i64>().prop_map(|id| Callback::Open(MeasurementId(id))),
        (any::<i64>(), any::<i32>(), presses()).prop_map(|(id, step, press)| Callback::Card {
            id: MeasurementId(id),
            step,
            press
        }),
        (any::<i64>(), 0..i64::MAX).prop_map(|(id, before)| Callback::History {
            id: MeasurementId(id),
            before: Some(before).filter(|id| *id != 0).map(HistoryId)
        }),
        any::<i64>().prop_map(|id| Callback::Comment(MeasurementId(id))),
        (any::<i64>(), 0..i64::MAX).prop_map(|(id, before)| Callback::Files {
            id: MeasurementId(id),
            before: Some(before).filter(|id| *id != 0).map(FileId)
        }),
        prop::sample::select(Language::ALL.to_vec()).prop_map(Callback::Speak),
        Just(Callback::Invite),
        roles().prop_map(Callback::InviteAs),
        invites().prop_map(Callback::Invites),
        zones().prop_map(Callback::Zone),
        dealers().prop_map(Callback::Dealer),
        dispatch().prop_map(Callback::Dispatch),
        setup().prop_map(Callback::Setup),
        Just(Callback::Status),
        access().prop_map(Callback::Access),
        (prop::option::of(roles()), any::<u32>()).prop_map(|(only, page)| Callback::People { only, page }),
        user().prop_map(Callback::Person),
        (user(), any::<u32>()).prop_map(|(user, page)| Callback::Employees { user, page }),
        (user(), any::<i64>()).prop_map(|(user, amo)| Callback::Link { user, employee: AmoUserId(amo) }),
        user().prop_map(Callback::RefreshEmployees),
        user().prop_map(Callback::FindEmployee),
        user().prop_map(Callback::AskDisable),
        user().prop_map(Callback::Disable),
        user().prop_map(Callback::Enable),
        (any::<i64>(), cursors())
            .prop_map(|(search, cursor)| Callback::Find(FindPress { search: SearchId(search), cursor })),
        failures().prop_map(Callback::Failure),
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
