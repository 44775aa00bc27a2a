//! The sender against a Telegram with limits, over a real database, on a clock that the test moves.

use chrono::TimeDelta;
use simulator::telegram::{Message, Options, Person, Simulator};
use sqlx::PgPool;
use teloxide::Bot;

use super::Desk;
use crate::actions::measurements;
use crate::app::App;
use crate::domain::ids::{ChatId, MeasurementId};
use crate::domain::measurement::{CancelReason, Transition};
use crate::domain::user::{Actor, Role};
use crate::leader::Fence;
use crate::test_app;
use crate::testing;

mod cards;
mod comments;
mod copies;
mod flood;
mod notices;
mod trouble;
mod zone;

/// Nothing that these tests wait for takes longer than this on their clock.
const LONG: TimeDelta = TimeDelta::minutes(10);

struct World {
    app: App,
    telegram: Simulator,
    fence: Fence,
    desk: Desk,
}

impl World {
    async fn new(db: PgPool) -> Self {
        Self::told(db, &[]).await
    }

    /// With these settings.
    async fn told(db: PgPool, settings: &[(&str, &str)]) -> Self {
        let mut app = test_app::app(db, settings);
        let clock = app.clock.clone();
        let options = Options::default().clock(simulator::clock::Clock::following(move || clock.now()));
        let telegram = Simulator::start(options).await.unwrap();
        app.bot = Bot::new(telegram.token()).set_api_url(telegram.url().parse().unwrap());
        app.clock.advance(TimeDelta::seconds(100));
        let fence = test_app::fence(&app).await;
        let desk = Desk::new(app.clone(), fence.clone());
        Self { app, telegram, fence, desk }
    }

    async fn conn(&self) -> sqlx::pool::PoolConnection<sqlx::Postgres> {
        self.app.db.acquire().await.unwrap()
    }

    /// Somebody with a role who has started the bot.
    async fn person(&self, name: &str, role: Role) -> Actor {
        let person = testing::person(&mut *self.conn().await, name, role).await;
        self.meet(person, name);
        person
    }

    /// The manager of all measurements of these tests.
    async fn manager(&self, name: &str) -> Actor {
        let person = testing::manager(&mut *self.conn().await, name, shared::ids::AmoUserId(7)).await;
        self.meet(person, name);
        person
    }

    fn meet(&self, person: Actor, name: &str) {
        self.telegram.add_person(Person::new(chat(person).0, name));
        self.telegram.starts(chat(person).0, None).unwrap();
    }

    async fn measurement(&self, lead: i64) -> MeasurementId {
        testing::measurement(&mut *self.conn().await, lead).await
    }

    async fn transit(&self, by: Actor, id: MeasurementId, transition: Transition) {
        let conn = &mut *self.conn().await;
        let step = crate::storage::measurements::find(conn, id).await.unwrap().unwrap().step();
        measurements::transit(conn, &by, (id, step), transition, self.app.now()).await.unwrap();
    }

    async fn assign(&self, by: Actor, id: MeasurementId, to: Actor) {
        self.transit(by, id, Transition::Assign(to.id)).await;
    }

    /// Lets time pass until nothing waits any more.
    async fn settle(&mut self) {
        let end = self.app.now() + LONG;
        loop {
            let wake_at = self.desk.drain().await;
            if self.is_idle().await {
                return;
            }
            self.app.clock.advance(wake_at - self.app.now());
            assert!(self.app.now() < end, "something waits for ever:\n{:?}", self.waiting().await);
        }
    }

    /// Sends what may go in this time.
    async fn pass(&mut self, time: TimeDelta) {
        let end = self.app.now() + time;
        loop {
            let wake_at = self.desk.drain().await;
            if wake_at >= end {
                self.app.clock.advance(end - self.app.now());
                return;
            }
            self.app.clock.advance(wake_at - self.app.now());
        }
    }

    async fn is_idle(&self) -> bool {
        let sql = "select not exists(select from outbox where state = 'pending')
                      and not exists(select from cards join chats using (chat_id)
                          where shown_version < wanted_version and message_id is not null and unreachable_at is null)";
        sqlx::query_scalar(sql).fetch_one(&self.app.db).await.unwrap()
    }

    async fn waiting(&self) -> Vec<(i64, String, i32)> {
        let sql = "select chat_id, kind, attempts from outbox where state = 'pending' order by id";
        sqlx::query_as(sql).fetch_all(&self.app.db).await.unwrap()
    }

    /// How many rows of a kind ended how.
    async fn ends(&self, kind: &str) -> Vec<(String, i64)> {
        let sql = "select state, count(*) from outbox where kind = $1 group by state order by state";
        sqlx::query_as(sql).bind(kind).fetch_all(&self.app.db).await.unwrap()
    }

    /// The new messages since this was last asked, each with its first line.
    fn heard(&self, person: Actor) -> Vec<String> {
        let first_line = |message: Message| message.text.lines().next().unwrap_or_default().to_owned();
        self.telegram.read(chat(person).0).into_iter().map(first_line).collect()
    }

    fn last(&self, person: Actor) -> Message {
        self.telegram.last_message(chat(person).0).unwrap()
    }

    /// The newest message as it is now.
    fn shown(&self, person: Actor, message: &Message) -> Message {
        self.telegram.message(chat(person).0, message.id).unwrap()
    }

    fn count(&self, method: &str) -> usize {
        self.telegram.calls_of(method).len()
    }
}

fn chat(person: Actor) -> ChatId {
    ChatId(1_000 + person.id.0)
}
