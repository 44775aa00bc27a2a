//! What people send, served as from Telegram; what they get is read from the outbox.

use sqlx::PgPool;

use super::*;
use crate::actions::people::ensure_admins;
use crate::domain::user::Role;
use crate::storage::users;
use crate::telegram;
use crate::telegram::incoming::{Incoming, IncomingKind};
use crate::telegram::screens::Target;
use crate::test_app;
use crate::testing::{measurement, person};

/// Of `ADMIN_IDS`.
const ANNA: ChatId = ChatId(1_001);

struct World {
    app: App,
}

impl World {
    /// Anna is an admin and has not started the bot.
    async fn new(db: PgPool) -> Self {
        let app = test_app::app(db, &[]);
        ensure_admins(&mut app.db.acquire().await.unwrap(), &[ANNA.0], app.now()).await.unwrap();
        Self { app }
    }

    async fn conn(&self) -> sqlx::pool::PoolConnection<sqlx::Postgres> {
        self.app.db.acquire().await.unwrap()
    }

    async fn serve(&self, kind: IncomingKind) -> Option<Toast> {
        let person = Sender {
            telegram_id: ANNA.0,
            first_name: "Анна".into(),
            last_name: None,
            username: None,
            language_code: None,
        };
        let incoming = Incoming { update_id: 1, chat_id: ANNA, person, kind };
        let mut transaction = self.app.db.begin().await.unwrap();
        let answer = telegram::handle(&self.app, &mut transaction, &incoming).await.unwrap();
        transaction.commit().await.unwrap();
        answer.toast
    }

    async fn types(&self, text: &str) -> Screen {
        self.serve(IncomingKind::Text(text.into())).await;
        self.screen().await
    }

    /// Presses a button of the newest screen.
    async fn presses(&self, label: &str) -> Option<Toast> {
        let screen = self.screen().await;
        let button = screen.rows.iter().flatten().find(|button| button.label.contains(label));
        let Some(Target::Press(data)) = button.map(|button| button.target.clone()) else {
            panic!("there is no {label} on {screen:?}");
        };
        let callback_id = "1".to_owned();
        self.serve(IncomingKind::Press { callback_id, message_id: Some(5), data: Some(data) }).await
    }

    async fn screen(&self) -> Screen {
        let sql =
            "select payload from outbox where chat_id = $1 and kind = 'screen' order by id desc limit 1";
        let payload = sqlx::query_scalar(sql).bind(ANNA.0).fetch_one(&self.app.db).await.unwrap();
        serde_json::from_value(payload).unwrap()
    }
}

fn labels(screen: &Screen) -> Vec<&str> {
    screen.rows.iter().flatten().map(|button| button.label.as_str()).collect()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_admin_reads_on_his_first_start_what_waits(db: PgPool) {
    let world = World::new(db).await;
    measurement(&mut *world.conn().await, 1).await;
    let menu = world.types("/start").await;
    assert!(labels(&menu).contains(&"⏳ Новые замеры · 1"), "{menu:?}");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn access_is_taken_by_a_second_press_and_given_back_by_one(db: PgPool) {
    let world = World::new(db).await;
    let ivan = person(&mut *world.conn().await, "Иван Петров", Role::Measurer).await;
    let has_access = async || {
        let user = users::find(&mut *world.conn().await, ivan.id).await.unwrap().unwrap();
        user.actor().roles.has(Role::Measurer)
    };
    world.types("/measurers").await;
    assert_eq!(world.presses("Иван Петров").await, None);
    assert_eq!(world.presses("⛔ Отключить доступ").await, None);
    assert!(has_access().await, "it was a question");
    assert_eq!(world.presses("Да, отключить").await.unwrap().text, "⛔ Доступ отключён: Иван Петров");
    assert!(!has_access().await);

    assert_eq!(world.presses("✅ Вернуть доступ").await.unwrap().text, "✅ Доступ возвращён: Иван Петров");
    assert!(has_access().await);
    assert!(labels(&world.screen().await).contains(&"⛔ Отключить доступ"), "his card as he is now");
}
