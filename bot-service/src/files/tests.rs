//! Copying from a Telegram with state into a folder.

use chrono::TimeDelta;
use sha2::{Digest as _, Sha256};
use simulator::telegram::{
    Attachment, AttachmentKind, Body, Fault, FaultRule, Options, Person, Photo, Simulator,
};
use sqlx::PgPool;

use super::store::tests::whole;
use super::*;
use crate::actions::measurements;
use crate::app::App;
use crate::domain::comment::Remark;
use crate::domain::ids::{ChatId, MeasurementId};
use crate::domain::user::{Actor, Role};
use crate::leader::Fence;
use crate::storage::files::{self, File};
use crate::telegram::incoming::{Brought, IncomingKind};
use crate::telegram::read;
use crate::test_app;
use crate::testing::{measurement, person};

/// A JPEG as far as its frame header, 1000×500.
pub(super) const JPEG: [u8; 17] =
    [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC0, 0, 11, 8, 0x01, 0xF4, 0x03, 0xE8];

pub(super) struct World {
    pub app: App,
    fence: Fence,
    pub telegram: Simulator,
    ivan: Actor,
    id: MeasurementId,
    folder: tempfile::TempDir,
}

impl World {
    async fn new(db: PgPool) -> Self {
        Self::told(db, &[]).await
    }

    /// With these settings.
    pub async fn told(db: PgPool, settings: &[(&str, &str)]) -> Self {
        let options = Options::unlimited();
        let telegram = Simulator::start(options).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let own = [("FILES_URL", folder.path().to_str().unwrap())];
        let app = test_app::with_telegram_and(db, &telegram, &[&own, settings].concat());
        let fence = test_app::fence(&app).await;
        let conn = &mut *app.db.acquire().await.unwrap();
        let ivan = person(conn, "Иван", Role::Admin).await;
        let id = measurement(conn, 1).await;
        telegram.add_person(Person::new(1_000 + ivan.id.0, "Иван"));
        telegram.starts(1_000 + ivan.id.0, None).unwrap();
        Self { app, fence, telegram, ivan, id, folder }
    }

    /// Ivan sends this as a comment, read from what Telegram tells of it.
    pub async fn says(&self, body: Body) {
        let sent = self.telegram.sends(1_000 + self.ivan.id.0, body, "", None).unwrap();
        let url = format!("{}/bot{}/getUpdates?offset=-1", self.telegram.url(), self.telegram.token());
        let updates: serde_json::Value = reqwest::get(url).await.unwrap().json().await.unwrap();
        let update = updates["result"].as_array().unwrap().last().unwrap().to_string();
        let IncomingKind::Media(media) = read::read(update.as_bytes()).unwrap().kind else {
            panic!("{update}")
        };
        let Brought::File(file) = media.what else { panic!("{update}") };
        let (chat, message_id) = (ChatId(1_000 + self.ivan.id.0), i32::try_from(sent.id).unwrap());
        let file = Some(file);
        let remark = Remark { chat, message_id, text: None, file, place: None, album: None };
        let conn = &mut *self.app.db.acquire().await.unwrap();
        let now = self.app.now();
        measurements::comment(conn, &self.ivan, self.id, remark, now).await.unwrap().unwrap();
    }

    pub async fn copies(&self) -> usize {
        copy::due(&self.app, &self.fence).await.unwrap()
    }

    pub async fn files(&self) -> Vec<File> {
        let conn = &mut *self.app.db.acquire().await.unwrap();
        let ids: Vec<_> =
            files::page(conn, self.id, None, 99).await.unwrap().into_iter().map(|(id, _)| id).collect();
        files::list(conn, self.id, &ids).await.unwrap()
    }

    pub async fn failed(&self) -> i64 {
        files::count(&mut self.app.db.acquire().await.unwrap(), self.id).await.unwrap().failed
    }
}

pub(super) fn document(bytes: &[u8]) -> Body {
    Body::File(Attachment::new(AttachmentKind::Document, bytes).named("замер.pdf", "application/pdf"))
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_was_sent_is_copied_whole_and_once(db: PgPool) {
    let world = World::new(db).await;
    world.says(Body::Photo(Photo::read(&JPEG).unwrap())).await;
    world.says(document(b"%PDF")).await;
    world.says(document(b"%PDF")).await;
    assert_eq!([world.copies().await, world.copies().await], [2, 1]);
    assert_eq!(world.copies().await, 0, "nothing is left to do");
    let files = world.files().await;
    let shas: Vec<_> = files.iter().map(|file| file.sha256.unwrap()).collect();
    assert_eq!(shas[1], shas[2], "the same content lies there once");
    assert_eq!(whole(&world.app.store, &shas[0]).await, JPEG);
    assert_eq!(whole(&world.app.store, &shas[1]).await, b"%PDF");
    assert_eq!(files[1].name.as_deref(), Some("замер.pdf"));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_failed_copy_is_seen_and_tried_again(db: PgPool) {
    let world = World::new(db).await;
    world.says(document(b"%PDF")).await;
    world.telegram.fault(FaultRule::on("getFile", Fault::BadGateway));
    assert_eq!(world.copies().await, 1);
    assert_eq!((world.failed().await, world.copies().await), (1, 0), "it waits");
    world.app.clock.advance(TimeDelta::seconds(10));
    assert_eq!((world.copies().await, world.failed().await), (1, 0));
    assert!(world.files().await[0].sha256.is_some());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_storage_that_takes_nothing_loses_nothing(db: PgPool) {
    let world = World::new(db).await;
    world.says(document(b"%PDF")).await;
    // Something else stands where the folder of this content must be.
    let place = world.folder.path().join(format!("{:02x}", Sha256::digest(b"%PDF")[0]));
    std::fs::write(&place, "").unwrap();
    world.copies().await;
    assert_eq!(world.failed().await, 1);
    std::fs::remove_file(&place).unwrap();
    world.app.clock.advance(TimeDelta::seconds(10));
    world.copies().await;
    assert!(world.files().await[0].sha256.is_some());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_telegram_gives_to_no_bot_is_given_up_and_what_it_forgot_is_asked_for_again(db: PgPool) {
    let world = World::new(db).await;
    world.says(document(b"%PDF")).await;
    // Telegram told no size, or another one than it has.
    sqlx::query("update measurement_files set size = null").execute(&world.app.db).await.unwrap();
    world.telegram.forgets_files();
    world.copies().await;
    assert_eq!(world.failed().await, 1);
    let again = "select next_attempt_at is not null from measurement_files";
    assert!(sqlx::query_scalar::<_, bool>(again).fetch_one(&world.app.db).await.unwrap());

    let huge = Attachment::new(AttachmentKind::Video, b"mdat").of_size(21 * 1024 * 1024);
    world.says(Body::File(huge)).await;
    assert_eq!(world.copies().await, 0, "known to be too big, it is not even asked for");
    assert_eq!(world.failed().await, 2);
    // As if Telegram had told no size.
    sqlx::query("update measurement_files set next_attempt_at = $1 where kind = 'video'")
        .bind(world.app.now())
        .execute(&world.app.db)
        .await
        .unwrap();
    assert_eq!(world.copies().await, 1);
    let last = "select last_error from measurement_files where kind = 'video' and next_attempt_at is null";
    let why: String = sqlx::query_scalar(last).fetch_one(&world.app.db).await.unwrap();
    assert_eq!(why, "too_big");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_leads_no_more_notes_nothing(db: PgPool) {
    let world = World::new(db).await;
    world.says(document(b"%PDF")).await;
    let old = Fence::new(0);
    copy::due(&world.app, &old).await.unwrap_err();
    assert!(world.files().await[0].sha256.is_none());
    // The content may lie there already; the next leader copies it once more.
    assert_eq!(world.copies().await, 1);
    assert!(world.files().await[0].sha256.is_some());
}
