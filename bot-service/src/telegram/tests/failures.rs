//! What two admins see who look at the same trouble.

use shared::ids::LeadId;

use super::*;
use crate::actions::views::DealCursor;
use callback::FailurePress;

const LEAD: LeadId = LeadId(70);

impl Scene {
    async fn gets_stuck(&self) {
        let sql =
            "insert into lead_nudges (lead_id, payload, first_at, next_attempt_at, stuck_since, trouble)
                   values ($1, '{\"name\": \"Окна\"}', $2, $2, $2, 'unreadable')";
        sqlx::query(sql).bind(LEAD.0).bind(at(-7_200)).execute(&self.app.db).await.unwrap();
    }

    async fn fails(&self, actor: Actor, press: FailurePress) -> Option<Toast> {
        self.send(actor, &Callback::Failure(press).encode()).await
    }

    /// The text of the last screen of this person.
    async fn reads(&self, actor: Actor) -> String {
        let sql = "select payload ->> 'text' from outbox
                   where chat_id = $1 and kind = 'screen' order by id desc limit 1";
        sqlx::query_scalar(sql).bind(chat(actor).0).fetch_one(&self.app.db).await.unwrap()
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_comes_second_hears_who_was_first_and_sees_what_is_left(db: PgPool) {
    let scene = Scene::new(db).await;
    scene.gets_stuck().await;
    for admin in [scene.anna, scene.boris] {
        scene.fails(admin, FailurePress::Deals(DealCursor::First)).await;
        assert!(scene.reads(admin).await.contains("Окна\n   ответ AmoCRM о сделке не разобрать · 2 ч"));
        assert_eq!(scene.fails(admin, FailurePress::AskSkipDeal(LEAD)).await, None);
        assert!(scene.reads(admin).await.starts_with("Пропустить: Окна?"));
    }
    let skip = FailurePress::SkipDeal { lead: LEAD, seq: 1 };
    assert_eq!(scene.fails(scene.anna, skip).await.unwrap().text, "⏭ Пропущено");
    assert_eq!(scene.reads(scene.anna).await, "Все сделки читаются.");
    for press in [skip, FailurePress::RepeatDeal(LEAD), FailurePress::Deal(LEAD)] {
        let text = alert(scene.fails(scene.boris, press).await);
        assert!(text.starts_with("Уже пропущено: Анна, "), "{press:?}: {text}");
        assert_eq!(scene.reads(scene.boris).await, "Все сделки читаются.");
    }
    scene.fails(scene.boris, FailurePress::Decisions).await;
    assert!(scene.reads(scene.boris).await.contains("⏭ Пропуск · Сделка 70 · Анна, "));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_came_since_is_shown_before_it_is_skipped(db: PgPool) {
    let scene = Scene::new(db).await;
    scene.gets_stuck().await;
    sqlx::query("update lead_nudges set seq = 2").execute(&scene.app.db).await.unwrap();
    let text = alert(scene.fails(scene.anna, FailurePress::SkipDeal { lead: LEAD, seq: 1 }).await);
    assert_eq!(text, "Пришло новое событие. Посмотрите ещё раз.");
    assert!(scene.reads(scene.anna).await.starts_with("<b>Окна</b>"));
    assert_eq!(
        scene.fails(scene.anna, FailurePress::RepeatDeal(LEAD)).await.unwrap().text,
        "🔁 Бот читает сделку ещё раз"
    );
}
