//! The way to Telegram: the client as configured, and the bot's own name.

use std::time::Duration;

use anyhow::Context;
use secrecy::ExposeSecret;
use teloxide::Bot;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::sender::direct;
use crate::app::App;
use crate::config::TelegramConfig;
use crate::storage::{heard, settings};

const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// For calls that name no limit of their own.
const CALL_LIMIT: Duration = Duration::from_secs(15);
/// Shorter than what servers and proxies allow: a connection that they have closed silently costs an attempt.
const IDLE_LIMIT: Duration = Duration::from_secs(50);
const ASK_NAME_AGAIN: Duration = Duration::from_secs(5);

/// A client of its own: the address and the proxy are configured, and no call may hang for ever.
///
/// # Errors
///
/// If the proxy cannot be used.
pub fn bot(config: &TelegramConfig) -> anyhow::Result<Bot> {
    let mut builder = reqwest::Client::builder()
        .connect_timeout(CONNECT_LIMIT)
        .timeout(CALL_LIMIT)
        .pool_idle_timeout(IDLE_LIMIT)
        .tcp_nodelay(true);
    if let Some(proxy) = &config.proxy {
        builder = builder.proxy(reqwest::Proxy::all(proxy.expose_secret()).context("TELEGRAM_PROXY")?);
    }
    let client = builder.build().context("making a client for Telegram")?;
    let bot = Bot::with_client(config.token.expose_secret(), client);
    Ok(match &config.api_url {
        Some(url) => bot.set_api_url(url.clone()),
        None => bot,
    })
}

/// Learns the bot's name. While Telegram cannot be asked, the name of the last time serves.
pub async fn learn_username(app: &App, shutdown: &CancellationToken) {
    while !shutdown.is_cancelled() {
        match direct::username(&app.bot).await {
            Ok(name) => {
                app.set_bot_username(name.clone());
                return remember(app, &name).await;
            }
            Err(failure) => {
                tracing::warn!(trouble = failure.trouble.as_str(), "Telegram does not tell the bot's name");
                recall(app).await;
            }
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = sleep(ASK_NAME_AGAIN) => {}
        }
    }
}

/// Of this bot: another token means another name.
fn setting(app: &App) -> String {
    format!("telegram.username.{}", app.config.telegram.bot_id)
}

async fn remember(app: &App, name: &str) {
    let saved = async {
        let mut conn = app.db.acquire().await?;
        settings::save(&mut conn, &setting(app), &name, app.now()).await
    };
    if let Err(error) = heard(saved).await {
        let error: &dyn std::error::Error = &error;
        tracing::warn!(error, "The bot's name is not kept for the next start");
    }
}

async fn recall(app: &App) {
    let found = async {
        let mut conn = app.db.acquire().await?;
        settings::find::<String>(&mut conn, &setting(app)).await
    };
    match heard(found).await {
        Ok(Some(name)) => app.set_bot_username(name),
        Ok(None) => {}
        Err(error) => {
            let error: &dyn std::error::Error = &error;
            tracing::warn!(error, "The bot's name of the last time cannot be read");
        }
    }
}

#[cfg(test)]
mod tests {
    use simulator::telegram::{Fault, FaultRule, Options, Simulator};
    use sqlx::PgPool;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
    use tokio::net::{TcpListener, TcpStream};
    use tokio::time::timeout;

    use super::*;
    use crate::test_app::app;

    const SOON: Duration = Duration::from_secs(10);

    /// An app as a process has it at first: without the bot's name.
    fn started(db: &PgPool, changes: &[(&str, &str)]) -> App {
        let App { config, clock, store, .. } = app(db.clone(), changes);
        let bot = bot(&config.telegram).unwrap();
        App::new((*config).clone(), db.clone(), clock, bot, store)
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn the_name_is_learnt_and_serves_the_next_start_without_telegram(db: PgPool) {
        let telegram = Simulator::start(Options::default()).await.unwrap();
        let url = telegram.url();
        let changes = [("BOT_TOKEN", "700000001:simulated"), ("TELEGRAM_API_URL", url.as_str())];
        let first = started(&db, &changes);
        timeout(SOON, learn_username(&first, &CancellationToken::new())).await.unwrap();
        assert_eq!(first.bot_username(), Some(telegram.bot_username().as_str()));

        telegram.fault(FaultRule::any(Fault::BadGateway).always());
        let (second, stop) = (started(&db, &changes), CancellationToken::new());
        let learning = learn_username(&second, &stop);
        let stopping = async {
            telegram
                .wait_until("the name is asked for twice", SOON, |it| it.calls_of("getMe").get(1).map(drop))
                .await
                .unwrap();
            stop.cancel();
        };
        tokio::join!(learning, stopping);
        assert_eq!(second.bot_username(), Some(telegram.bot_username().as_str()));
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn calls_go_through_the_configured_proxy(db: PgPool) {
        // The simulator stands in for the proxy: the address of the API itself leads nowhere.
        let proxy = Simulator::start(Options::default()).await.unwrap();
        let url = proxy.url();
        let changes = [
            ("BOT_TOKEN", "700000001:simulated"),
            ("TELEGRAM_API_URL", "http://telegram.invalid"),
            ("TELEGRAM_PROXY", url.as_str()),
        ];
        let app = started(&db, &changes);
        timeout(SOON, learn_username(&app, &CancellationToken::new())).await.unwrap();
        assert_eq!(app.bot_username(), Some(proxy.bot_username().as_str()));
    }

    /// One connection of a SOCKS5 proxy (RFC 1928, with the name and password of RFC 1929), to `leads_to` whatever
    /// is asked for. Tells where the client wanted to go, as `address:port`.
    async fn socks5(listener: &TcpListener, leads_to: &str) -> String {
        let (mut client, _) = listener.accept().await.unwrap();
        let mut greeting = [0; 2];
        client.read_exact(&mut greeting).await.unwrap();
        let mut methods = vec![0; greeting[1].into()];
        client.read_exact(&mut methods).await.unwrap();
        assert!(
            greeting[0] == 5 && methods.contains(&2),
            "the client offers a name and a password: {methods:?}"
        );
        client.write_all(&[5, 2]).await.unwrap();
        let mut credentials = *b"\x01\x03bot\x0bproxysecret";
        client.read_exact(&mut credentials).await.unwrap();
        assert_eq!(credentials, *b"\x01\x03bot\x0bproxysecret");
        client.write_all(&[1, 0]).await.unwrap();
        let mut request = [0; 10];
        client.read_exact(&mut request).await.unwrap();
        let [5, 1, 0, 1, a, b, c, d, high, low] = request else { panic!("not CONNECT to IPv4: {request:?}") };
        client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.unwrap();
        let mut server = TcpStream::connect(leads_to).await.unwrap();
        let _ = copy_bidirectional(&mut client, &mut server).await;
        format!("{a}.{b}.{c}.{d}:{}", u16::from_be_bytes([high, low]))
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_socks5_proxy_is_used_with_its_name_and_password(db: PgPool) {
        let telegram = Simulator::start(Options::default()).await.unwrap();
        let address = telegram.url().replace("http://", "");
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = format!("socks5://bot:proxysecret@{}", listener.local_addr().unwrap());
        // The address is one of documentation (RFC 5737): nothing but the proxy leads to the simulator.
        let changes = [
            ("BOT_TOKEN", "700000001:simulated"),
            ("TELEGRAM_API_URL", "http://192.0.2.1:8081"),
            ("TELEGRAM_PROXY", proxy.as_str()),
        ];
        let app = started(&db, &changes);
        let learning = async {
            learn_username(&app, &CancellationToken::new()).await;
            let name = app.bot_username().map(str::to_owned);
            // With it goes its connection.
            drop(app);
            name
        };
        let (wanted, name) =
            timeout(SOON, async { tokio::join!(socks5(&listener, &address), learning) }).await.unwrap();
        assert_eq!((wanted.as_str(), name), ("192.0.2.1:8081", Some(telegram.bot_username())));
    }
}
