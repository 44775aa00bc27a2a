//! [📎 Файлы] where Telegram does not know the files any more, or does not take them.

use simulator::s3::{Fault as BucketFault, Options as BucketOptions, Simulator as Bucket};
use simulator::telegram::{AttachmentKind, Fault, FaultRule, Refusal};

use super::comments::Stage;
use super::*;
use crate::test_app;

impl Stage {
    /// Ivan has sent these documents; Anna has been told of them, and asks for them from now on.
    async fn with_documents(settings: &[(&str, &str)], db: PgPool, names: &[&str]) -> Self {
        let mut stage = Self::told(db, settings).await;
        for (message, name) in (50..).zip(names) {
            let file = stage.uploaded(AttachmentKind::Document, name);
            stage.says(message, None, Some(file), None).await;
        }
        stage.world.settle().await;
        stage.rendered();
        stage
    }

    async fn copied(self) -> Self {
        let (app, fence) = (&self.world.app, &self.world.fence);
        while crate::files::copy_due(app, fence).await.unwrap() > 0 {}
        self
    }

    /// What Anna is shown once she has asked for the files: the first line of each message.
    async fn shown(&mut self) -> Vec<String> {
        self.asks_for_files().await;
        self.world.settle().await;
        let first_line = |message: &String| message.lines().next().unwrap_or_default().to_owned();
        self.rendered().iter().map(first_line).collect()
    }

    async fn sql(&self, sql: &'static str) {
        sqlx::query(sql).execute(&self.world.app.db).await.unwrap();
    }

    /// The file of this name, as Telegram calls it.
    async fn file_id(&self, name: &str) -> String {
        let sql = "select file_id from measurement_files where name = $1";
        sqlx::query_scalar(sql).bind(name).fetch_one(&self.world.app.db).await.unwrap()
    }
}

fn refuses(code: u16, description: &str) -> Fault {
    Fault::Refuse(Refusal::new(code, description))
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn more_than_ten_come_from_copies_as_several_albums(db: PgPool) {
    let names: Vec<_> = (1..=13).map(|number| format!("{number}.pdf")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let mut stage = Stage::with_documents(&[], db, &names).await.copied().await;
    stage.world.telegram.forgets_files();
    let before = stage.world.count("sendMediaGroup");
    let expected: Vec<_> = names.iter().map(|name| format!("(document {name})")).collect();
    assert_eq!(stage.shown().await, expected);
    assert_eq!(stage.world.count("sendMediaGroup") - before, 4, "ten and three, by their ids and as copies");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_copy_that_is_gone_is_no_loss_where_telegram_knows_the_file(db: PgPool) {
    let folder = tempfile::tempdir().unwrap();
    let settings = [("FILES_URL", folder.path().to_str().unwrap())];
    let mut stage = Stage::with_documents(&settings, db, &["1.pdf", "2.pdf"]).await.copied().await;
    std::fs::remove_dir_all(folder.path()).unwrap();
    assert_eq!(stage.shown().await, ["(document 1.pdf)", "(document 2.pdf)"], "no copy is asked for");
    stage.world.telegram.forgets_file(&stage.file_id("1.pdf").await);
    let told = stage.shown().await;
    assert_eq!(
        told[0],
        "⚠️ Этот файл замера №1 прислать не получилось: Telegram его не отдаёт, а годной копии у нас нет."
    );
    assert_eq!(told[1..], ["(document 2.pdf)"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_file_without_a_copy_goes_beside_copies_as_telegram_knows_it(db: PgPool) {
    let stage = Stage::with_documents(&[], db, &["1.pdf", "2.pdf"]).await;
    stage.sql("update measurement_files set next_attempt_at = null, last_error = 'too_big' where name = '2.pdf'").await;
    let mut stage = stage.copied().await;
    stage.world.telegram.forgets_file(&stage.file_id("1.pdf").await);
    assert_eq!(stage.shown().await, ["(document 1.pdf)", "(document 2.pdf)"]);
    assert_eq!(stage.world.count("sendMediaGroup"), 2);
    // Now Telegram has neither: what has a copy comes, and of the other it is said which one it was.
    stage.world.telegram.forgets_files();
    stage.asks_for_files().await;
    stage.world.settle().await;
    let told = stage.rendered();
    assert!(told[0].starts_with("(document 1.pdf)\nИван Петров"), "{told:?}");
    assert!(told[1].starts_with("⚠️ Этот файл замера №1") && told[1].contains("\n📎 2.pdf\n"), "{told:?}");
    assert_eq!(told.len(), 2);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn copies_too_large_for_one_message_are_sent_one_by_one(db: PgPool) {
    let mut stage = Stage::with_documents(&[], db, &["1.pdf", "2.pdf", "3.pdf"]).await.copied().await;
    stage.sql("update measurement_files set size = 20971520").await;
    stage.world.telegram.forgets_files();
    assert_eq!(stage.shown().await, ["(document 1.pdf)", "(document 2.pdf)", "(document 3.pdf)"]);
    assert_eq!(stage.world.count("sendMediaGroup"), 1, "by their ids, and no upload of 60 MB");
    assert_eq!(stage.world.ends("files").await, [("sent".to_owned(), 3), ("superseded".to_owned(), 1)]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_album_that_telegram_refuses_comes_one_by_one(db: PgPool) {
    let names = ["1.pdf", "2.pdf"];
    let mut stage = Stage::with_documents(&[], db, &names).await.copied().await;
    let shown = names.map(|name| format!("(document {name})"));
    for fault in [refuses(400, "Bad Request: group send failed"), refuses(413, "Request Entity Too Large")] {
        let rule = FaultRule::on("sendMediaGroup", fault).always();
        stage.world.telegram.fault(rule);
        assert_eq!(stage.shown().await, shown);
        stage.world.telegram.clear_faults();
    }
    assert_eq!(stage.world.count("sendMediaGroup"), 4, "by ids and as copies, each time");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_part_that_came_too_early_makes_the_album_wait(db: PgPool) {
    let mut stage = Stage::with_documents(&[], db, &["1.pdf", "2.pdf"]).await;
    let told =
        "Bad Request: failed to send message #2 with the error message \"Too Many Requests: retry after 8\"";
    stage.world.telegram.fault(FaultRule::on("sendMediaGroup", refuses(400, told)));
    let before = stage.world.app.now();
    assert_eq!(stage.shown().await, ["(document 1.pdf)", "(document 2.pdf)"]);
    assert!(stage.world.app.now() - before >= TimeDelta::seconds(8));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_storage_that_is_away_is_said_at_once_and_holds_up_nothing(db: PgPool) {
    let bucket = Bucket::start(BucketOptions::default()).await.unwrap();
    let settings = test_app::of_bucket(&bucket);
    let settings: Vec<_> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut stage = Stage::with_documents(&settings, db, &["1.pdf", "2.pdf"]).await.copied().await;
    assert_eq!(bucket.contents().len(), 2);
    stage.world.telegram.forgets_files();
    bucket.fails(BucketFault::Unavailable);
    let away = "⏳ Файлы замера №1 сейчас прислать не получилось. Попробуйте ещё раз через несколько минут.";
    assert_eq!(stage.shown().await, [away]);
    assert!(stage.world.last(stage.anna).rendered().ends_with("\n[📎 Файлы]"));
    assert!(stage.world.waiting().await.is_empty());
    bucket.recovers();
    assert_eq!(stage.shown().await, ["(document 1.pdf)", "(document 2.pdf)"], "from the bucket");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_did_not_go_out_for_long_is_said_and_not_tried_for_ever(db: PgPool) {
    let mut stage = Stage::with_documents(&[], db, &["1.pdf"]).await;
    stage.world.telegram.fault(FaultRule::on("sendDocument", Fault::BadGateway).always());
    stage.asks_for_files().await;
    stage.world.pass(TimeDelta::minutes(5)).await;
    assert!(stage.rendered().is_empty(), "it is tried again");
    stage.world.pass(TimeDelta::minutes(20)).await;
    assert!(stage.rendered()[0].starts_with("⏳ Файлы замера №1 сейчас прислать не получилось."));
    assert!(stage.world.waiting().await.is_empty());
}
