//! What people hear of comments, and the files that they ask for.

use simulator::telegram::{Attachment, AttachmentKind, Body};

use super::*;
use crate::domain::comment::{Attachment as Sent, FileKind, Place, Remark};
use crate::storage::files;
use crate::storage::outbox;

pub(super) struct Stage {
    pub world: World,
    pub anna: Actor,
    ivan: Actor,
    id: MeasurementId,
}

impl Stage {
    /// Ivan measures for Anna; both have their cards.
    async fn new(db: PgPool) -> Self {
        Self::told(db, &[]).await
    }

    /// The same with these settings.
    pub async fn told(db: PgPool, settings: &[(&str, &str)]) -> Self {
        let mut world = World::told(db, settings).await;
        let anna = world.person("Анна", Role::Admin).await;
        let ivan = world.person("Иван Петров", Role::Measurer).await;
        let id = world.measurement(1).await;
        world.settle().await;
        world.assign(anna, id, ivan).await;
        world.settle().await;
        world.heard(anna);
        world.heard(ivan);
        Self { world, anna, ivan, id }
    }

    pub async fn says(&self, message_id: i32, text: Option<&str>, file: Option<Sent>, album: Option<&str>) {
        let remark = Remark {
            chat: chat(self.ivan),
            message_id,
            text: text.map(Into::into),
            file,
            place: None,
            album: album.map(Into::into),
        };
        self.remarks(remark).await;
    }

    async fn remarks(&self, remark: Remark) {
        let conn = &mut *self.world.conn().await;
        let now = self.world.app.now();
        let begun = match &remark.album {
            Some(album) => crate::storage::comments::find_album(conn, remark.chat, album).await.unwrap(),
            None => None,
        };
        let kept = match begun {
            Some(begun) => measurements::comment_further(conn, &self.ivan, begun, remark, now).await,
            None => measurements::comment(conn, &self.ivan, self.id, remark, now).await,
        };
        kept.unwrap().unwrap();
    }

    /// A file that Ivan has sent to the bot.
    pub fn uploaded(&self, kind: AttachmentKind, name: &str) -> Sent {
        let file = Attachment::new(kind, name.as_bytes()).named(name, "application/pdf");
        let message = self.world.telegram.sends(chat(self.ivan).0, Body::File(file), "", None).unwrap();
        let update = self.world.telegram.file_id_of(&message).unwrap();
        let kind = if kind == AttachmentKind::Video { FileKind::Video } else { FileKind::Document };
        Sent {
            kind,
            file_unique_id: update.clone(),
            file_id: update,
            name: Some(name.into()),
            mime: None,
            size: Some(9),
        }
    }

    /// Anna asks for the files.
    pub async fn asks_for_files(&self) {
        let conn = &mut *self.world.conn().await;
        let page = crate::actions::files::page(conn, &self.anna, self.id, None).await.unwrap();
        for album in &page.albums {
            let now = self.world.app.now();
            outbox::enqueue_files(conn, chat(self.anna), self.anna.id, self.id, album, now).await.unwrap();
        }
    }

    pub fn rendered(&self) -> Vec<String> {
        self.world.telegram.read(chat(self.anna).0).iter().map(Message::rendered).collect()
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn words_are_told_as_an_answer_to_ones_own_card(db: PgPool) {
    let mut stage = Stage::new(db).await;
    let card = stage.world.last(stage.anna).id;
    stage.says(50, Some("Домофон\n12 & <вход>"), None, None).await;
    stage.world.settle().await;
    let told = stage.world.last(stage.anna);
    assert_eq!(
        told.rendered(),
        "💬 Иван Петров (👷 Замерщик) · №1 · Окна в детскую\nДомофон\n12 & <вход>\n[💬 Ответить] [📋 Открыть карточку]"
    );
    assert_eq!(told.reply_to, Some(card));
    assert!(stage.world.heard(stage.ivan).is_empty(), "the author knows");
    let card = stage.world.telegram.message(chat(stage.anna).0, card).unwrap();
    assert!(card.text.contains("💬 Иван Петров, "), "{}", card.text);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_file_is_told_with_its_words_and_a_place_with_a_link(db: PgPool) {
    let mut stage = Stage::new(db).await;
    let file = stage.uploaded(AttachmentKind::Document, "план.pdf");
    stage.says(50, Some("План"), Some(file), None).await;
    stage.world.settle().await;
    assert_eq!(
        stage.rendered(),
        [
            "(document план.pdf)\n💬 Иван Петров (👷 Замерщик) · №1 · Окна в детскую\nПлан\n[💬 Ответить] [📋 Открыть карточку]"
        ]
    );
    let place = Some(Place { latitude: 55.75, longitude: 37.62 });
    let remark =
        Remark { chat: chat(stage.ivan), message_id: 51, text: None, file: None, place, album: None };
    stage.remarks(remark).await;
    stage.world.settle().await;
    let told = stage.world.last(stage.anna);
    assert!(told.text.contains("📍 место на карте"), "{}", told.text);
    assert!(told.source.contains("yandex.ru/maps/?text=55.750000%2C%2037.620000"), "{}", told.source);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_album_is_told_as_one_after_its_last_part(db: PgPool) {
    let mut stage = Stage::new(db).await;
    for (message, name) in [(50, "1.pdf"), (51, "2.pdf"), (52, "3.pdf")] {
        let file = stage.uploaded(AttachmentKind::Document, name);
        stage.says(message, (message == 50).then_some("Планы"), Some(file), Some("77")).await;
        stage.world.pass(TimeDelta::seconds(2)).await;
        assert!(stage.rendered().is_empty(), "more may come");
    }
    stage.world.settle().await;
    let told = stage.rendered();
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].starts_with("(document 1.pdf)\n💬 Иван Петров"), "{}", told[0]);
    assert_eq!(told[2], "(document 3.pdf)");
    assert_eq!(stage.world.count("sendMediaGroup"), 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn files_that_telegram_forgot_come_from_our_copies(db: PgPool) {
    let mut stage = Stage::new(db).await;
    for (message, name) in [(50, "1.pdf"), (51, "2.pdf")] {
        let file = stage.uploaded(AttachmentKind::Document, name);
        stage.says(message, Some(name), Some(file), None).await;
    }
    let fence = stage.world.fence.clone();
    let app = stage.world.app.clone();
    crate::files::copy_due(&app, &fence).await.unwrap();
    stage.world.settle().await;
    stage.rendered();
    stage.world.telegram.forgets_files();
    stage.asks_for_files().await;
    stage.world.settle().await;
    let told = stage.rendered();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with("(document 1.pdf)\n💬 Иван Петров, "), "{}", told[0]);
    assert!(told[1].ends_with(": 2.pdf"), "{}", told[1]);
    assert_eq!(stage.world.count("sendMediaGroup"), 2, "first by their ids");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn files_that_nobody_has_any_more_are_said_to_be_lost(db: PgPool) {
    let mut stage = Stage::new(db).await;
    let file = stage.uploaded(AttachmentKind::Video, "1.mp4");
    stage.says(50, Some("Видео"), Some(file), None).await;
    stage.world.telegram.forgets_files();
    stage.world.settle().await;
    let told = stage.rendered();
    assert!(told[0].contains("Видео\n📎 1 файл\n") && told[0].contains("[📎 Файлы (1)]"), "{told:?}");
    stage.asks_for_files().await;
    stage.world.settle().await;
    assert!(stage.rendered()[0].starts_with("⚠️ Этот файл замера №1 прислать не получилось"));
    let conn = &mut *stage.world.conn().await;
    assert_eq!(files::count(conn, stage.id).await.unwrap().all, 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_lost_sight_gets_neither_words_nor_files(db: PgPool) {
    let mut stage = Stage::new(db).await;
    let petr = stage.world.person("Пётр", Role::Measurer).await;
    let (anna, id) = (stage.anna, stage.id);
    let remark = Remark {
        chat: chat(anna),
        message_id: 50,
        text: Some("Код 12".into()),
        file: None,
        place: None,
        album: None,
    };
    let conn = &mut *stage.world.conn().await;
    measurements::comment(conn, &anna, id, remark, stage.world.app.now()).await.unwrap();
    stage.world.assign(anna, id, petr).await;
    stage.world.settle().await;
    let heard = stage.world.heard(stage.ivan);
    assert!(heard.iter().all(|line| !line.contains('💬')), "{heard:?}");
}
