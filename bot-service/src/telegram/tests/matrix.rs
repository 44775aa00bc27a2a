//! Who may do what, as a table that a person reviews: everything that can be pressed or typed, by everybody, on
//! measurements of his own and of others. Each goes its whole way from the bytes of the update, in a transaction
//! that is then rolled back.

use std::fmt::Write as _;

use insta::assert_snapshot;
use serde_json::json;
use shared::events::{LeadAction, LeadEvent, Subject, VERSION};
use shared::ids::{AmoUserId, LeadId, PipelineId, Stage, StatusId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::*;
use crate::actions::measurements::end_with_deal;
use crate::actions::proposals::renew;
use crate::actions::views::{DealCursor, MessageCursor, Sieve, SieveBy};
use crate::actions::{dealers, zones};
use crate::domain::dispatch::DispatchChange;
use crate::domain::ids::{DealerId, InviteId, ParkedId, SearchId, UnknownNameId, UserId, ZoneId};
use crate::domain::invite::{Code, Terms};
use crate::domain::measurement::{CancelReason, DealEnd, DeclineReason, ProblemReason, ReassignReason};
use crate::domain::proposal::NameKind;
use crate::domain::setup::{Fact, FieldChoice, StageRole};
use crate::domain::user::Language;
use crate::storage::invites;
use crate::storage::zones::unknown as unknown_names;
use crate::telegram::callback::{
    AccessPress, DealerPress, DispatchPress, FailurePress, FindPress, InvitePress, SetupPress, ZonePress,
};
use crate::testing::manager;

const COMMANDS: [&str; 18] = [
    "/start",
    "/menu",
    "/help",
    "/language",
    "/pending",
    "/all",
    "/measurers",
    "/zones",
    "/dealers",
    "/settings",
    "/failures",
    "/status",
    "/my",
    "/orders",
    "/find",
    "/find 4567",
    "Иванов",
    "Здравствуйте",
];
const STUCK: LeadId = LeadId(50);
const STRANGER: ChatId = ChatId(777_000);

/// Ivan measures what is assigned and measured what has ended; the deals are Olga's.
struct Matrix {
    scene: Scene,
    people: Vec<(&'static str, ChatId)>,
    pending: MeasurementId,
    ended: MeasurementId,
    /// The admin gave it to Ivan instead of Petr.
    changed: MeasurementId,
    /// By Ivan.
    done: MeasurementId,
    /// Ivan has a problem there.
    troubled: MeasurementId,
    gone: UserId,
    parked: ParkedId,
    /// Lets in a measurer.
    invite: InviteId,
    /// Ivan measures in the first one.
    zones: (ZoneId, ZoneId),
    dealers: (DealerId, DealerId),
    /// A zone and a dealer that mean nothing yet.
    unknown: (UnknownNameId, UnknownNameId),
}

impl Matrix {
    async fn new(db: PgPool) -> Self {
        let scene = Scene::new(db).await;
        let conn = &mut *scene.app.db.acquire().await.unwrap();
        let olga = manager(conn, "Ольга", AmoUserId(7)).await;
        let oleg = manager(conn, "Олег", AmoUserId(8)).await;
        let gone = person(conn, "Вера", Role::Measurer).await;
        users::set_disabled(conn, gone.id, Some(at(2))).await.unwrap();
        let sql =
            "insert into amo_users (amo_user_id, name, is_active, seen_at) values (9, 'Антон', true, $1)";
        sqlx::query(sql).bind(at(2)).execute(&mut *conn).await.unwrap();
        let (pending, ended) = (measurement(conn, 2).await, measurement(conn, 3).await);
        for (id, step) in [(scene.id, 0), (ended, 0)] {
            let assign = Transition::Assign(scene.ivan.id);
            transit(conn, &scene.anna, (id, step), assign, at(10)).await.unwrap();
        }
        let lead = measurements::find(conn, ended).await.unwrap().unwrap().lead_id;
        end_with_deal(conn, lead, DealEnd::Closed, at(11)).await.unwrap();
        let changed = measurement(conn, 4).await;
        for (step, measurer) in [(0, scene.petr), (1, scene.ivan)] {
            let assign = Transition::Assign(measurer.id);
            transit(conn, &scene.anna, (changed, step), assign, at(10)).await.unwrap();
        }
        let done = measurement(conn, 5).await;
        transit(conn, &scene.anna, (done, 0), Transition::Assign(scene.ivan.id), at(10)).await.unwrap();
        transit(conn, &scene.ivan, (done, 1), Transition::Complete, at(11)).await.unwrap();
        let troubled = measurement(conn, 6).await;
        transit(conn, &scene.anna, (troubled, 0), Transition::Assign(scene.ivan.id), at(10)).await.unwrap();
        let report = Transition::ReportProblem(ProblemReason::NotReady);
        transit(conn, &scene.ivan, (troubled, 1), report, at(11)).await.unwrap();
        let boss = person(conn, "Борис", Role::Supervisor).await;
        let owner = person(conn, "Олеся", Role::Observer).await;
        let parked = get_stuck(conn).await;
        let code = Code::from_random([7; 16]);
        let made = invites::insert(conn, &code, Role::Measurer, Terms::USUAL, scene.anna.id, at(5));
        let invite = made.await.unwrap();
        let people = vec![
            ("admin", chat(scene.anna)),
            ("supervisor", chat(boss)),
            ("measurer", chat(scene.ivan)),
            ("other measurer", chat(scene.petr)),
            ("manager", chat(olga)),
            ("other manager", chat(oleg)),
            ("observer", chat(owner)),
            ("disabled", chat(gone)),
            ("stranger", STRANGER),
        ];
        let zones = (
            zones::create(conn, &scene.anna, "Север", at(20)).await.unwrap(),
            zones::create(conn, &scene.anna, "Юг", at(20)).await.unwrap(),
        );
        zones::give(conn, &scene.anna, (zones.0, scene.ivan.id), at(20)).await.unwrap();
        let dealers = (
            dealers::create(conn, &scene.anna, "Окна Плюс", at(20)).await.unwrap(),
            dealers::create(conn, &scene.anna, "Фасады", at(20)).await.unwrap(),
        );
        let mut unknown = Vec::new();
        for (kind, name) in [(NameKind::Zone, "Запад"), (NameKind::Dealer, "Балконы")] {
            let names = (name, name);
            unknown.extend(unknown_names::note(conn, kind, names, pending, at(20)).await.unwrap());
        }
        renew(conn, pending, at(21)).await.unwrap();
        let unknown = (unknown[0], unknown[1]);
        let gone = gone.id;
        Self {
            scene,
            people,
            pending,
            ended,
            changed,
            done,
            troubled,
            gone,
            parked,
            invite,
            zones,
            dealers,
            unknown,
        }
    }

    /// What can be pressed, each such that it would work for somebody who has the right.
    fn presses(&self) -> Vec<Callback> {
        let Scene { id, petr, .. } = &self.scene;
        let card = |id: MeasurementId, step, press| Callback::Card { id, step, press };
        let list = |kind| Callback::List { kind, cursor: Cursor::First };
        let mut presses = vec![
            Callback::Menu,
            Callback::Speak(Language::En),
            list(ListKind::Pending),
            list(ListKind::All(Filter::Everything)),
            list(ListKind::Sifted(Filter::Open, Sieve { measurer: Some(petr.id), ..Sieve::default() })),
            list(ListKind::Sifted(Filter::Open, Sieve { zone: Some(self.zones.0), ..Sieve::default() })),
            Callback::Sieve { kind: ListKind::All(Filter::Everything), choice: None },
            Callback::Sieve { kind: ListKind::All(Filter::Everything), choice: Some((SieveBy::Measurer, 0)) },
            Callback::Sieve { kind: ListKind::All(Filter::Everything), choice: Some((SieveBy::Zone, 0)) },
            list(ListKind::My),
            list(ListKind::MyCompleted),
            list(ListKind::Orders),
            list(ListKind::OrdersClosed),
            Callback::Open(*id),
            Callback::Open(self.pending),
            Callback::Open(self.ended),
            Callback::History { id: *id, before: None },
            Callback::Files { id: *id, before: None },
            Callback::Comment(*id),
            Callback::Comment(self.ended),
            card(self.pending, 0, CardPress::AssignTo(petr.id)),
            card(self.pending, 0, CardPress::Confirm(1)),
            card(self.ended, 2, CardPress::AskRestore),
            card(self.ended, 2, CardPress::Restore),
            card(self.done, 2, CardPress::Restore),
            card(self.pending, 0, CardPress::Undo),
            card(self.done, 2, CardPress::Undo),
            card(self.changed, 2, CardPress::Undo),
            card(self.done, 2, CardPress::FollowUp),
            card(self.troubled, 2, CardPress::ClearProblem),
            card(self.changed, 2, CardPress::Explain(ReassignReason::Unable)),
            card(self.changed, 2, CardPress::Explain(ReassignReason::Other)),
        ];
        let of_assigned = [
            CardPress::AssignTo(petr.id),
            CardPress::Measurers(0),
            CardPress::Reassign,
            CardPress::Accept,
            CardPress::Start,
            CardPress::Complete,
            CardPress::AskDecline,
            CardPress::Decline(DeclineReason::Far),
            CardPress::Decline(DeclineReason::Other),
            CardPress::AskFollowUp,
            CardPress::FollowUp,
            CardPress::AskProblem,
            CardPress::ReportProblem(ProblemReason::ClientAbsent),
            CardPress::ReportProblem(ProblemReason::Other),
            CardPress::AskCancel,
            CardPress::Cancel(CancelReason::Duplicate),
            CardPress::Cancel(CancelReason::Other),
            CardPress::Keep,
        ];
        presses.extend(of_assigned.map(|press| card(*id, 1, press)));
        presses.push(Callback::Invite);
        presses.extend(Role::ALL.map(Callback::InviteAs));
        presses.extend([
            Callback::People { only: None, page: 0 },
            Callback::People { only: Some(Role::Measurer), page: 0 },
            Callback::Person(petr.id),
            Callback::Employees { user: petr.id, page: 0 },
            Callback::Link { user: petr.id, employee: AmoUserId(9) },
            Callback::RefreshEmployees(petr.id),
            Callback::FindEmployee(petr.id),
            Callback::AskDisable(petr.id),
            Callback::Disable(petr.id),
            Callback::Enable(self.gone),
            Callback::Recorded { recording: at(0).timestamp(), choice: RecordedChoice::OpenNone },
        ]);
        presses.extend(self.of_access().map(Callback::Access));
        presses.extend(self.of_invites().map(Callback::Invites));
        presses.extend(self.of_zones().map(Callback::Zone));
        presses.extend(self.of_dealers().map(Callback::Dealer));
        presses.push(Callback::Dispatch(DispatchPress::Open));
        presses.push(Callback::Dispatch(DispatchPress::Set(DispatchChange::RemindAfter { minutes: None })));
        presses.push(Callback::Status);
        presses.extend(Self::of_setup().map(Callback::Setup));
        presses.push(Callback::Find(FindPress { search: SearchId(0), cursor: Cursor::First }));
        presses.extend(self.of_failures().map(Callback::Failure));
        presses
    }

    fn of_setup() -> [SetupPress; 8] {
        let stage = Stage { pipeline_id: PipelineId(1), status_id: StatusId(2) };
        [
            SetupPress::Stages(StageRole::Opens, None),
            SetupPress::SetStage(StageRole::Opens, stage, true),
            SetupPress::SetStage(StageRole::Ends, stage, true),
            SetupPress::Fields,
            SetupPress::Field(Fact::Zone, 0),
            SetupPress::SetField(Fact::Zone, FieldChoice::Nothing),
            SetupPress::Timezones,
            SetupPress::SetTimezone(chrono_tz::Asia::Almaty),
        ]
    }

    fn of_zones(&self) -> [ZonePress; 17] {
        let (zone, other) = self.zones;
        let (name, petr, ivan) = (self.unknown.0, self.scene.petr.id, self.scene.ivan.id);
        [
            ZonePress::List(0),
            ZonePress::Open(zone),
            ZonePress::Create,
            ZonePress::Rename(zone),
            ZonePress::Spell(zone),
            ZonePress::Measurers(zone, 0),
            ZonePress::Give(zone, petr, 0),
            ZonePress::Take(zone, ivan, 0),
            ZonePress::ChooseMerge(zone),
            ZonePress::Merge(zone, other),
            ZonePress::AskDelete(zone),
            ZonePress::Delete(zone),
            ZonePress::Import,
            ZonePress::Unknown(name),
            ZonePress::Adopt(name),
            ZonePress::SpellUnknown(name, zone),
            ZonePress::Dismiss(name),
        ]
    }

    fn of_dealers(&self) -> [DealerPress; 9] {
        let (dealer, other) = self.dealers;
        [
            DealerPress::List(0),
            DealerPress::Create,
            DealerPress::Measurers(dealer, 0),
            DealerPress::Give(dealer, self.scene.petr.id),
            DealerPress::Rename(dealer),
            DealerPress::ChooseMerge(dealer, 0),
            DealerPress::Merge(dealer, other),
            DealerPress::Delete(dealer),
            DealerPress::Adopt(self.unknown.1),
        ]
    }

    fn of_access(&self) -> [AccessPress; 10] {
        let (ivan, petr) = (self.scene.ivan.id, self.scene.petr.id);
        [
            AccessPress::Roles(petr),
            AccessPress::Give(petr, Role::Manager),
            AccessPress::Give(petr, Role::Admin),
            AccessPress::Take(self.scene.anna.id, Role::Admin),
            AccessPress::Successors { user: ivan, is_leaving: true, page: 0 },
            AccessPress::HandOver { user: ivan, to: Some(petr), is_leaving: false },
            AccessPress::HandOver { user: ivan, to: None, is_leaving: true },
            AccessPress::ChooseAway(petr),
            AccessPress::Away(petr, Some(0)),
            AccessPress::Changes { subject: None, before: None },
        ]
    }

    fn of_invites(&self) -> [InvitePress; 5] {
        let id = self.invite;
        let terms = Terms { max_uses: None, days: 7 };
        [
            InvitePress::List { before: None },
            InvitePress::Open(id),
            InvitePress::Revoke(id),
            InvitePress::Instead { role: Role::Measurer, terms, of: id },
            InvitePress::Instead { role: Role::Admin, terms, of: id },
        ]
    }

    fn of_failures(&self) -> [FailurePress; 12] {
        let id = self.parked;
        [
            FailurePress::Overview,
            FailurePress::Decisions,
            FailurePress::Deals(DealCursor::First),
            FailurePress::Deal(STUCK),
            FailurePress::RepeatDeal(STUCK),
            FailurePress::AskSkipDeal(STUCK),
            FailurePress::SkipDeal { lead: STUCK, seq: 1 },
            FailurePress::Messages(MessageCursor::First),
            FailurePress::Message(id),
            FailurePress::RepeatMessage(id),
            FailurePress::AskSkipMessage(id),
            FailurePress::SkipMessage { id, arrivals: 1 },
        ]
    }

    fn title(&self, callback: Callback) -> String {
        let of = |id| match id {
            id if id == self.pending => "pending",
            id if id == self.ended => "ended in AmoCRM",
            id if id == self.changed => "reassigned",
            id if id == self.done => "completed",
            id if id == self.troubled => "problem",
            _ => "assigned",
        };
        match callback {
            Callback::Menu => "menu".into(),
            Callback::Speak(_) => "speak".into(),
            Callback::List { kind, .. } => list_name(kind),
            Callback::Open(id) => format!("open, {}", of(id)),
            Callback::Card { id, press, .. } => {
                let press = match press {
                    CardPress::AssignTo(_) => "assign",
                    CardPress::Confirm(_) => "confirm",
                    CardPress::Measurers(_) => "measurers",
                    CardPress::Reassign => "reassign",
                    CardPress::Accept => "accept",
                    CardPress::Start => "start",
                    CardPress::Complete => "complete",
                    CardPress::AskDecline => "decline?",
                    CardPress::Decline(DeclineReason::Other) => "decline, why?",
                    CardPress::Decline(_) => "decline",
                    CardPress::AskProblem => "problem?",
                    CardPress::ReportProblem(ProblemReason::Other) => "problem, which?",
                    CardPress::ReportProblem(_) => "problem",
                    CardPress::ClearProblem => "clear",
                    CardPress::AskCancel => "cancel?",
                    CardPress::Cancel(CancelReason::Other) => "cancel, why?",
                    CardPress::Cancel(_) => "cancel",
                    CardPress::Explain(ReassignReason::Other) => "explain, why?",
                    CardPress::Explain(_) => "explain",
                    CardPress::Keep => "keep",
                    CardPress::Undo => "undo",
                    CardPress::AskFollowUp => "another?",
                    CardPress::FollowUp => "another",
                    CardPress::AskRestore => "restore?",
                    CardPress::Restore => "restore",
                };
                format!("{press}, {}", of(id))
            }
            Callback::History { id, .. } => format!("history, {}", of(id)),
            Callback::Files { id, .. } => format!("files, {}", of(id)),
            Callback::Comment(id) => format!("comment, {}", of(id)),
            Callback::Invite => "invite".into(),
            Callback::InviteAs(role) => format!("invite as {}", role.as_str()),
            Callback::People { only, .. } => format!("people {}", only.map_or("all", Role::as_str)),
            Callback::Person(_) => "person".into(),
            Callback::Employees { .. } => "employees".into(),
            Callback::Link { .. } => "link".into(),
            Callback::FindEmployee(_) => "find employee".into(),
            Callback::RefreshEmployees(_) => "refresh employees".into(),
            Callback::AskDisable(_) => "disable?".into(),
            Callback::Disable(_) => "disable".into(),
            Callback::Enable(_) => "enable".into(),
            Callback::Recorded { .. } => "old deals".into(),
            Callback::Access(press) => match press {
                AccessPress::Roles(_) => "roles".into(),
                AccessPress::Give(_, role) => format!("give {}", role.as_str()),
                AccessPress::Take(_, role) => format!("take {}", role.as_str()),
                AccessPress::Successors { .. } => "successors".into(),
                AccessPress::HandOver { is_leaving: true, .. } => "disable, hand over".into(),
                AccessPress::HandOver { is_leaving: false, .. } => "hand over".into(),
                AccessPress::ChooseAway(_) => "days off?".into(),
                AccessPress::Away(..) => "days off".into(),
                AccessPress::Changes { .. } => "changes".into(),
            },
            Callback::Invites(press) => match press {
                InvitePress::List { .. } => "invites".into(),
                InvitePress::Open(_) => "open invite".into(),
                InvitePress::Revoke(_) => "revoke invite".into(),
                InvitePress::Instead { role, .. } => format!("other invite as {}", role.as_str()),
            },
            Callback::Zone(press) => format!("zones, {}", press_name(&format!("{press:?}"))),
            Callback::Dealer(press) => format!("dealers, {}", press_name(&format!("{press:?}"))),
            Callback::Dispatch(DispatchPress::Open) => "settings".into(),
            Callback::Dispatch(DispatchPress::Set(_)) => "change a setting".into(),
            Callback::Status => "status".into(),
            Callback::Setup(press) => format!("setup, {}", press_name(&format!("{press:?}"))),
            Callback::Sieve { choice, .. } => filter_name(choice).into(),
            Callback::Find(_) => "page of another search".into(),
            Callback::Failure(press) => failure_name(press),
        }
    }

    /// The words of the refusal; none where it was done.
    async fn refusal(&self, who: ChatId, what: &serde_json::Value) -> Option<String> {
        let from = json!({ "id": who.0, "is_bot": false, "first_name": "Имя", "language_code": "ru" });
        let place = json!({ "id": who.0, "type": "private", "first_name": "Имя" });
        let mut message = json!({ "message_id": MESSAGE, "date": 1, "chat": place });
        let update = if let Some(data) = what.get("data") {
            json!({ "update_id": 1, "callback_query": {
                "id": "1", "from": from, "chat_instance": "1", "data": data, "message": message } })
        } else {
            message["from"] = from;
            message["text"] = what["text"].clone();
            json!({ "update_id": 1, "message": message })
        };
        let incoming = read::read(update.to_string().as_bytes()).unwrap();
        let mut transaction = self.scene.app.db.begin().await.unwrap();
        let answer = handle(&self.scene.app, &mut transaction, &incoming).await.unwrap();
        let said =
            "select payload ->> 'text' from outbox where chat_id = $1 and kind = 'screen' order by id desc";
        let said: Option<Option<String>> =
            sqlx::query_scalar(said).bind(who.0).fetch_optional(&mut *transaction).await.unwrap();
        transaction.rollback().await.unwrap();
        let refused = |text: &String| {
            ["⛔", "У вас пока нет доступа", "Ваш доступ отключён"]
                .iter()
                .any(|words| text.starts_with(words))
        };
        match answer.toast {
            Some(toast) => toast.is_alert.then_some(toast.text),
            None => said.flatten().filter(refused),
        }
    }
}

fn failure_name(press: FailurePress) -> String {
    let press = match press {
        FailurePress::Overview => "overview",
        FailurePress::Decisions => "decisions",
        FailurePress::Deals(_) => "deals",
        FailurePress::Deal(_) => "deal",
        FailurePress::RepeatDeal(_) => "repeat deal",
        FailurePress::AskSkipDeal(_) => "skip deal?",
        FailurePress::SkipDeal { .. } => "skip deal",
        FailurePress::Messages(_) => "messages",
        FailurePress::Message(_) => "message",
        FailurePress::RepeatMessage(_) => "repeat message",
        FailurePress::AskSkipMessage(_) => "skip message?",
        FailurePress::SkipMessage { .. } => "skip message",
    };
    format!("failures, {press}")
}

fn list_name(kind: ListKind) -> String {
    match kind {
        ListKind::Sifted(_, Sieve { zone: Some(_), .. }) => "list of a zone's".into(),
        ListKind::Sifted(..) => "list of a measurer's".into(),
        kind => format!("list {kind:?}"),
    }
}

fn filter_name(choice: Option<(SieveBy, u32)>) -> &'static str {
    match choice {
        None => "filter",
        Some((SieveBy::Measurer, _)) => "filter, measurers",
        Some((SieveBy::Zone, _)) => "filter, zones",
    }
}

/// «give» of `Give(ZoneId(1), UserId(2), 0)`.
fn press_name(shown: &str) -> String {
    shown.split('(').next().unwrap_or_default().to_lowercase()
}

/// A deal that fails, and an event that nobody could read then and everybody can today.
async fn get_stuck(conn: &mut PgConnection) -> ParkedId {
    let sql = "insert into lead_nudges
                   (lead_id, seq, first_at, next_attempt_at, last_error, stuck_since, trouble)
               values ($1, 1, $2, $2, 'it is not shown', $2, 'not_shown')";
    sqlx::query(sql).bind(STUCK.0).bind(at(5)).execute(&mut *conn).await.unwrap();
    let subject =
        Subject::Lead { lead_id: LeadId(51), action: LeadAction::Update, changed_at: None, entry: None };
    let event =
        LeadEvent { version: VERSION, id: Uuid::nil(), received_at: at(5), subject, payload: json!({}) };
    let sql = "insert into parked_messages (kind, digest, why, reason, body, size, received_at, parked_at)
               values ('event', '', 'newer', 'the message has version 9', $1, 1, $2, $2) returning id";
    let id = sqlx::query_scalar(sql).bind(event.encode()).bind(at(5)).fetch_one(conn).await.unwrap();
    ParkedId(id)
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_may_press_and_type_what(db: PgPool) {
    let matrix = Matrix::new(db).await;
    let pressed = matrix.presses().into_iter();
    let pressed = pressed.map(|press| (matrix.title(press), json!({ "data": press.encode() })));
    let typed = COMMANDS.into_iter().map(|text| (text.to_owned(), json!({ "text": text })));
    let names: Vec<_> = matrix.people.iter().map(|(name, _)| *name).collect();
    let mut table = format!("{:28}{}\n", "what", names.join(" | "));
    let mut refusals: Vec<String> = Vec::new();
    for (title, what) in pressed.chain(typed) {
        write!(table, "{title:28}").unwrap();
        for (name, who) in &matrix.people {
            let mark = match matrix.refusal(*who, &what).await {
                None => "+".to_owned(),
                Some(refusal) => {
                    let known = refusals.iter().position(|known| *known == refusal);
                    let number = known.unwrap_or_else(|| {
                        refusals.push(refusal);
                        refusals.len() - 1
                    });
                    (number + 1).to_string()
                }
            };
            write!(table, "{mark:<width$}", width = name.len() + 3).unwrap();
        }
        table.truncate(table.trim_end().len());
        table.push('\n');
    }
    for (number, refusal) in refusals.iter().enumerate() {
        writeln!(table, "{} {}", number + 1, refusal.replace('\n', " ")).unwrap();
    }
    assert_snapshot!(table, @"
    what                        admin | supervisor | measurer | other measurer | manager | other manager | observer | disabled | stranger
    menu                        +       +            +          +                +         +               +          1          1
    speak                       +       +            +          +                +         +               +          1          1
    list Pending                +       +            2          2                2         2               +          1          1
    list All(Everything)        +       +            2          2                2         2               +          1          1
    list of a measurer's        +       +            2          2                2         2               +          1          1
    list of a zone's            +       +            2          2                2         2               +          1          1
    filter                      +       +            2          2                2         2               +          1          1
    filter, measurers           +       +            2          2                2         2               +          1          1
    filter, zones               +       +            2          2                2         2               +          1          1
    list My                     3       3            +          +                3         3               3          1          1
    list MyCompleted            3       3            +          +                3         3               3          1          1
    list Orders                 4       4            4          4                +         +               4          1          1
    list OrdersClosed           4       4            4          4                +         +               4          1          1
    open, assigned              +       +            +          5                +         5               +          1          1
    open, pending               +       +            5          5                +         5               +          1          1
    open, ended in AmoCRM       +       +            +          5                +         5               +          1          1
    history, assigned           +       +            2          5                2         5               +          1          1
    files, assigned             +       +            +          5                +         5               +          1          1
    comment, assigned           +       +            +          5                +         5               +          1          1
    comment, ended in AmoCRM    +       +            +          5                +         5               +          1          1
    assign, pending             +       +            6          6                6         6               6          1          1
    confirm, pending            +       +            6          6                6         6               6          1          1
    restore?, ended in AmoCRM   +       +            2          2                2         2               2          1          1
    restore, ended in AmoCRM    +       +            2          2                2         2               2          1          1
    restore, completed          +       +            2          2                2         2               2          1          1
    undo, pending               7       7            5          5                7         5               7          1          1
    undo, completed             8       8            +          5                8         5               8          1          1
    undo, reassigned            +       8            8          9                8         5               8          1          1
    another, completed          +       +            2          2                2         2               2          1          1
    clear, problem              +       +            2          2                2         2               2          1          1
    explain, reassigned         +       9            6          6                6         6               6          1          1
    explain, why?, reassigned   +       +            6          6                6         6               6          1          1
    assign, assigned            +       +            6          6                6         6               6          1          1
    measurers, assigned         +       +            6          6                6         6               6          1          1
    reassign, assigned          +       +            6          6                6         6               6          1          1
    accept, assigned            5       5            +          5                5         5               5          1          1
    start, assigned             5       5            +          5                5         5               5          1          1
    complete, assigned          5       5            +          5                5         5               5          1          1
    decline?, assigned          5       5            +          5                5         5               5          1          1
    decline, assigned           5       5            +          5                5         5               5          1          1
    decline, why?, assigned     5       5            +          5                5         5               5          1          1
    another?, assigned          +       +            2          2                2         2               2          1          1
    another, assigned           +       +            2          2                2         2               2          1          1
    problem?, assigned          5       5            +          5                5         5               5          1          1
    problem, assigned           5       5            +          5                5         5               5          1          1
    problem, which?, assigned   5       5            +          5                5         5               5          1          1
    cancel?, assigned           +       +            2          2                2         2               2          1          1
    cancel, assigned            +       +            2          2                2         2               2          1          1
    cancel, why?, assigned      +       +            2          2                2         2               2          1          1
    keep, assigned              +       +            +          5                +         5               +          1          1
    invite                      +       +            2          2                2         2               2          1          1
    invite as admin             +       10           2          2                2         2               2          1          1
    invite as supervisor        +       +            2          2                2         2               2          1          1
    invite as measurer          +       +            2          2                2         2               2          1          1
    invite as manager           +       +            2          2                2         2               2          1          1
    invite as observer          +       +            2          2                2         2               2          1          1
    people all                  +       +            2          2                2         2               2          1          1
    people measurer             +       +            2          2                2         2               2          1          1
    person                      +       +            2          2                2         2               2          1          1
    employees                   +       +            2          2                2         2               2          1          1
    link                        +       +            2          2                2         2               2          1          1
    refresh employees           +       +            2          2                2         2               2          1          1
    find employee               +       +            2          2                2         2               2          1          1
    disable?                    +       +            2          2                2         2               2          1          1
    disable                     +       +            2          2                2         2               2          1          1
    enable                      +       +            2          2                2         2               2          1          1
    old deals                   +       +            2          2                2         2               2          1          1
    roles                       +       +            2          2                2         2               2          1          1
    give manager                +       +            2          2                2         2               2          1          1
    give admin                  +       10           2          2                2         2               2          1          1
    take admin                  11      10           2          2                2         2               2          1          1
    successors                  +       +            2          2                2         2               2          1          1
    hand over                   +       +            2          2                2         2               2          1          1
    disable, hand over          +       +            2          2                2         2               2          1          1
    days off?                   +       +            2          2                2         2               2          1          1
    days off                    +       +            2          2                2         2               2          1          1
    changes                     +       +            2          2                2         2               2          1          1
    invites                     +       +            2          2                2         2               2          1          1
    open invite                 +       +            2          2                2         2               2          1          1
    revoke invite               +       +            2          2                2         2               2          1          1
    other invite as measurer    +       +            2          2                2         2               2          1          1
    other invite as admin       +       10           2          2                2         2               2          1          1
    zones, list                 +       +            2          2                2         2               2          1          1
    zones, open                 +       +            2          2                2         2               2          1          1
    zones, create               +       +            2          2                2         2               2          1          1
    zones, rename               +       +            2          2                2         2               2          1          1
    zones, spell                +       +            2          2                2         2               2          1          1
    zones, measurers            +       +            2          2                2         2               2          1          1
    zones, give                 +       +            2          2                2         2               2          1          1
    zones, take                 +       +            2          2                2         2               2          1          1
    zones, choosemerge          +       +            2          2                2         2               2          1          1
    zones, merge                +       +            2          2                2         2               2          1          1
    zones, askdelete            +       +            2          2                2         2               2          1          1
    zones, delete               +       +            2          2                2         2               2          1          1
    zones, import               +       +            2          2                2         2               2          1          1
    zones, unknown              +       +            2          2                2         2               2          1          1
    zones, adopt                +       +            2          2                2         2               2          1          1
    zones, spellunknown         +       +            2          2                2         2               2          1          1
    zones, dismiss              +       +            2          2                2         2               2          1          1
    dealers, list               +       +            2          2                2         2               2          1          1
    dealers, create             +       +            2          2                2         2               2          1          1
    dealers, measurers          +       +            2          2                2         2               2          1          1
    dealers, give               +       +            2          2                2         2               2          1          1
    dealers, rename             +       +            2          2                2         2               2          1          1
    dealers, choosemerge        +       +            2          2                2         2               2          1          1
    dealers, merge              +       +            2          2                2         2               2          1          1
    dealers, delete             +       +            2          2                2         2               2          1          1
    dealers, adopt              +       +            2          2                2         2               2          1          1
    settings                    +       12           12         12               12        12              12         1          1
    change a setting            +       12           12         12               12        12              12         1          1
    status                      +       +            2          2                2         2               2          1          1
    setup, stages               +       12           12         12               12        12              12         1          1
    setup, setstage             13      12           12         12               12        12              12         1          1
    setup, setstage             13      12           12         12               12        12              12         1          1
    setup, fields               +       12           12         12               12        12              12         1          1
    setup, field                +       12           12         12               12        12              12         1          1
    setup, setfield             +       12           12         12               12        12              12         1          1
    setup, timezones            +       12           12         12               12        12              12         1          1
    setup, settimezone          +       12           12         12               12        12              12         1          1
    page of another search      14      14           14         14               14        14              14         1          1
    failures, overview          +       +            2          2                2         2               2          1          1
    failures, decisions         +       +            2          2                2         2               2          1          1
    failures, deals             +       +            2          2                2         2               2          1          1
    failures, deal              +       +            2          2                2         2               2          1          1
    failures, repeat deal       +       +            2          2                2         2               2          1          1
    failures, skip deal?        +       +            2          2                2         2               2          1          1
    failures, skip deal         +       +            2          2                2         2               2          1          1
    failures, messages          +       +            2          2                2         2               2          1          1
    failures, message           +       +            2          2                2         2               2          1          1
    failures, repeat message    +       +            2          2                2         2               2          1          1
    failures, skip message?     +       +            2          2                2         2               2          1          1
    failures, skip message      +       +            2          2                2         2               2          1          1
    /start                      +       +            +          +                +         +               +          15         16
    /menu                       +       +            +          +                +         +               +          15         16
    /help                       +       +            +          +                +         +               +          15         16
    /language                   +       +            +          +                +         +               +          15         16
    /pending                    +       +            2          2                2         2               +          15         16
    /all                        +       +            2          2                2         2               +          15         16
    /measurers                  +       +            2          2                2         2               2          15         16
    /zones                      +       +            2          2                2         2               2          15         16
    /dealers                    +       +            2          2                2         2               2          15         16
    /settings                   +       12           12         12               12        12              12         15         16
    /failures                   +       +            2          2                2         2               2          15         16
    /status                     +       +            2          2                2         2               2          15         16
    /my                         3       3            +          +                3         3               3          15         16
    /orders                     4       4            4          4                +         +               4          15         16
    /find                       +       +            +          +                +         +               +          15         16
    /find 4567                  +       +            +          +                +         +               +          15         16
    Иванов                      +       +            +          +                +         +               +          15         16
    Здравствуйте                +       +            +          +                +         +               +          15         16
    1 ⛔ Нет доступа
    2 ⛔ Нет прав: это делает администратор
    3 ⛔ Это для замерщиков
    4 ⛔ Это для менеджеров
    5 ⛔ Нет прав: это не ваш замер
    6 ⛔ Нет прав: назначает администратор
    7 Замер изменился: сейчас ⏳ Ожидает назначения. Карточка обновлена.
    8 ⛔ Отменить действие может только тот, кто его сделал
    9 Уже назначено: Анна → Иван, 11:00
    10 ⛔ Об администраторах решает администратор
    11 Этого человека отключить нельзя
    12 ⛔ Нет прав: настройки меняет администратор
    13 Этого больше нет, откройте /menu
    14 Этот поиск уже закончен: напишите ещё раз, что найти
    15 Ваш доступ отключён. Обратитесь к администратору.
    16 У вас пока нет доступа. Попросите у администратора ссылку-приглашение.
    ");
}
