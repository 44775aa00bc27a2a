//! Pairs of tokens: who gets one, and for how long it counts.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};
use simulator::amocrm::{Answer, Integration, Options, Rotation, Simulator};
use simulator::clock::Clock;

use crate::support::{self, noon};

fn integration(rotation: Rotation) -> Integration {
    Integration {
        client_id: "client".into(),
        client_secret: "secret".into(),
        redirect_uri: "https://example.ru/back".into(),
        refresh_token: "first".into(),
        rotation,
    }
}

async fn account(rotation: Rotation) -> (Simulator, Clock) {
    let clock = Clock::manual(noon());
    let options = Options::demo().without_limits().clock(clock.clone()).integration(integration(rotation));
    (Simulator::start(options).await.expect("the simulator starts"), clock)
}

async fn refresh(simulator: &Simulator, token: &str) -> support::Answer {
    let body = json!({
        "client_id": "client", "client_secret": "secret", "grant_type": "refresh_token",
        "refresh_token": token, "redirect_uri": "https://example.ru/back",
    });
    post(simulator, body).await
}

async fn post(simulator: &Simulator, body: Value) -> support::Answer {
    let url = format!("{}/oauth2/access_token", simulator.url());
    support::send(reqwest::Client::new().request(Method::POST, url), Some(body)).await
}

/// The status with which the API meets an access token.
async fn met(simulator: &Simulator, access: &Value) -> u16 {
    let url = format!("{}/api/v4/account", simulator.url());
    let request = reqwest::Client::new().get(url).bearer_auth(access.as_str().expect("a token"));
    support::send(request, None).await.status
}

#[tokio::test]
async fn a_strict_token_is_good_for_one_refresh() {
    let (simulator, clock) = account(Rotation::Strict).await;
    let first = refresh(&simulator, "first").await.json();
    assert_eq!((&first["token_type"], &first["expires_in"]), (&json!("Bearer"), &json!(86_400)));
    assert_eq!(met(&simulator, &first["access_token"]).await, 200);

    let again = refresh(&simulator, "first").await;
    assert_eq!((again.status, again.kind.as_str()), (401, "application/problem+json"));
    assert_eq!(again.json()["hint"], "Token has been revoked");
    clock.advance(TimeDelta::hours(24));
    assert_eq!(met(&simulator, &first["access_token"]).await, 401, "a day is over");
    let second = refresh(&simulator, first["refresh_token"].as_str().unwrap()).await.json();
    assert_eq!(met(&simulator, &second["access_token"]).await, 200);
    clock.advance(TimeDelta::days(90));
    assert_eq!(refresh(&simulator, second["refresh_token"].as_str().unwrap()).await.status, 401);
}

#[tokio::test]
async fn a_lenient_one_counts_until_the_new_pair_is_used() {
    let (simulator, _) = account(Rotation::UntilUsed).await;
    refresh(&simulator, "first").await.json();
    let second = refresh(&simulator, "first").await.json();
    assert_eq!(met(&simulator, &second["access_token"]).await, 200);
    assert_eq!(refresh(&simulator, "first").await.status, 401);
    simulator.revoke_tokens();
    assert_eq!(met(&simulator, &second["access_token"]).await, 401);
}

#[tokio::test]
async fn a_lost_answer_spends_the_token_all_the_same() {
    let (simulator, _) = account(Rotation::Strict).await;
    simulator.answer_next(1, Answer::Lost { status: 502 });
    assert_eq!(refresh(&simulator, "first").await.status, 502);
    assert_eq!(refresh(&simulator, "first").await.status, 401);
}

#[tokio::test]
async fn everything_in_the_request_must_be_right() {
    let (simulator, _) = account(Rotation::Strict).await;
    let right = json!({
        "client_id": "client", "client_secret": "secret", "grant_type": "refresh_token",
        "refresh_token": "first", "redirect_uri": "https://example.ru/back",
    });
    for (name, status) in
        [("client_id", 401), ("client_secret", 401), ("redirect_uri", 401), ("grant_type", 400)]
    {
        let mut wrong = right.clone();
        wrong[name] = json!("other");
        assert_eq!(post(&simulator, wrong.clone()).await.status, status, "{name}");
        wrong.as_object_mut().unwrap().remove(name);
        assert_eq!(post(&simulator, wrong).await.status, 400, "{name}");
    }
    assert_eq!(post(&simulator, right).await.status, 200);
}
