//! Against the simulated AmoCRM and a real database, round by round.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use shared::events::{Entry, LeadAction, LeadEvent, Subject, VERSION};
use shared::ids::{ContactId, LeadId, PipelineId, Stage, StatusId};
use simulator::amocrm::{Deal, Fault, Options, Simulator, demo};
use sqlx::PgPool;
use tokio::task::JoinSet;
use tokio::time::timeout;
use uuid::Uuid;

use super::*;
use crate::domain::user::Role;
use crate::storage::lead_nudges::{self, Nudges};
use crate::test_app;
use crate::testing::{person, waiting};

mod companies;
mod database;
mod deals;
mod lag;
mod lists;
mod oauth;
mod pace;
mod patience;
mod reconcile;
mod slow;
mod trouble;
mod unsorted;
mod webhook;

struct World {
    syncer: Syncer,
    account: Simulator,
}

impl World {
    async fn new(db: PgPool) -> Self {
        let account = Simulator::start(Options::demo().without_limits()).await.unwrap();
        Self::with(db, account, &[("AMOCRM_ACCESS_TOKEN", demo::TOKEN)]).await
    }

    async fn with(db: PgPool, account: Simulator, changes: &[(&str, &str)]) -> Self {
        let trigger = format!("{}:{}", demo::MEASUREMENT.pipeline, demo::MEASUREMENT.status);
        let url = account.url().to_owned();
        let mut settings =
            vec![("AMOCRM_BASE_URL", url.as_str()), ("AMOCRM_RPS", "50"), ("MEASUREMENT_TRIGGERS", &trigger)];
        settings.extend_from_slice(changes);
        let app = test_app::app(db, &settings);
        let fence = test_app::fence(&app).await;
        let over = CancellationToken::new();
        let gateway = Gateway::open(&app, &fence, &over).await.unwrap();
        let mirrored = Notify::new();
        Self { syncer: Syncer { app, gateway, fence, over, mirrored }, account }
    }

    fn app(&self) -> &App {
        &self.syncer.app
    }

    fn deal(&self, deal: Deal) -> LeadId {
        LeadId(self.account.create_deal(deal).unwrap())
    }

    /// A deal in the stage of measurements, with a client.
    fn measured(&self, name: &str) -> LeadId {
        self.deal(
            Deal::named(name).stage(demo::MEASUREMENT).address("Ленина, 5").client("Иван", "89161234567"),
        )
    }

    fn event(&self, subject: Subject, payload: serde_json::Value) -> LeadEvent {
        LeadEvent { version: VERSION, id: Uuid::nil(), received_at: self.app().now(), subject, payload }
    }

    /// The hook of a deal that came into the stage where it is.
    fn added(&self, lead_id: LeadId) -> LeadEvent {
        let deal = self.account.deal(lead_id.0).unwrap();
        let stage =
            Stage { pipeline_id: PipelineId(deal.stage.pipeline), status_id: StatusId(deal.stage.status) };
        let changed_at = DateTime::from_timestamp(deal.updated_at, 0);
        let entry = Some(Entry { stage, from: None });
        let payload = json!({
            "name": deal.name, "status_id": deal.stage.status.to_string(),
            "pipeline_id": deal.stage.pipeline.to_string(), "last_modified": deal.updated_at.to_string(),
        });
        self.event(Subject::Lead { lead_id, action: LeadAction::Add, changed_at, entry }, payload)
    }

    fn about(&self, lead_id: LeadId, action: LeadAction) -> LeadEvent {
        self.event(Subject::Lead { lead_id, action, changed_at: None, entry: None }, json!({}))
    }

    async fn arrive(&self, events: &[LeadEvent]) {
        let mut transaction = self.app().db.begin().await.unwrap();
        lead_nudges::upsert(&mut transaction, &Nudges::merge(events), self.app().now()).await.unwrap();
        transaction.commit().await.unwrap();
    }

    async fn round(&self) -> usize {
        round::run(&self.syncer).await.unwrap()
    }

    /// Rounds until nothing is due.
    async fn settle(&self) {
        while self.round().await > 0 {}
    }

    fn pass(&self, seconds: i64) {
        self.app().clock.advance(TimeDelta::seconds(seconds));
    }

    /// Every measurement in a line: deal, status, client's phone, whether it waits for AmoCRM.
    async fn measurements(&self) -> Vec<String> {
        sqlx::query_scalar(
            "select concat_ws(' | ', lead_name, status, phones -> 0 ->> 'e164',
                              case when is_provisional then 'provisional' end)
             from measurements order by id",
        )
        .fetch_all(&self.app().db)
        .await
        .unwrap()
    }

    /// Deals whose nudges wait, each with its last error.
    async fn nudges(&self) -> Vec<(i64, Option<String>)> {
        sqlx::query_as("select lead_id, last_error from lead_nudges order by lead_id")
            .fetch_all(&self.app().db)
            .await
            .unwrap()
    }

    fn calls(&self, path: &str) -> usize {
        self.account.calls().iter().filter(|call| call.path == format!("/api/v4/{path}")).count()
    }
}
