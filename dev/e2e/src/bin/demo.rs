//! Plays the story for a reader; then stays up, or with `--once` ends. Started by `cargo xtask demo`.

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use e2e::people;
use e2e::story;
use e2e::system::{Places, System};
use simulator::page::Page;
use tokio::signal::unix::{Signal, SignalKind, signal};

#[tokio::main]
async fn main() -> ExitCode {
    let once = std::env::args().any(|argument| argument == "--once");
    match run(once).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n✗ {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whatever happens once the system is up, it is stopped and its traces are removed.
async fn run(once: bool) -> Result<()> {
    let mut stop = StopSignals::listen()?;
    println!("Запускаю ingest-service, bot-service, AmoCRM и Telegram…");
    let system = System::start(&Places::from_environment()?).await?;
    let shown = show(&system, once, &mut stop).await;
    let stopped = system.stop().await;
    shown.and(stopped)
}

async fn show(system: &System, once: bool, stop: &mut StopSignals) -> Result<()> {
    let page = Page::start(system.telegram.clone(), system.amocrm.clone()).await?;
    println!("Откройте в браузере: {}\n", page.url());
    tokio::select! {
        played = play(system) => played?,
        () = stop.received() => bail!("остановлено, история не доиграна"),
    }
    if !once {
        print_addresses(system, &page);
        stop.received().await;
    }
    Ok(())
}

async fn play(system: &System) -> Result<()> {
    let played = story::play(system, &mut |line| println!("{line}")).await;
    print_chats(system);
    played.with_context(|| format!("{}\n{}", system.bot.end_of_log(), system.ingest.end_of_log()))?;
    println!("\n✓ История сыграна, всё сошлось.");
    Ok(())
}

fn print_chats(system: &System) {
    let chats = [
        (people::ANNA, "Анна, администратор"),
        (people::BORIS, "Борис, администратор"),
        (people::IVAN, "Иван, замерщик"),
        (people::PETR, "Пётр, замерщик"),
        (people::OLGA, "Ольга, менеджер"),
        (people::STRANGER, "Жан, незнакомец"),
    ];
    for (person, title) in chats {
        println!("\n━━ {title} ━━\n{}", system.telegram.transcript(person));
    }
}

fn print_addresses(system: &System, page: &Page) {
    println!("\nСистема работает, играйте любую роль: {} (Ctrl-C остановит всё)", page.url());
    println!("  Telegram: {}/control   — люди, сообщения, нажатия", system.telegram.url());
    println!("  AmoCRM:   {}/control   — сделки, этапы, вебхуки, поломки", system.amocrm.url());
    println!("  ingest:   http://127.0.0.1:{}/ready", system.ingest.port);
    println!("  bot:      http://127.0.0.1:{}/ready", system.bot.port);
}

/// Ctrl-C and SIGTERM, from the first moment on.
struct StopSignals {
    interrupt: Signal,
    terminate: Signal,
}

impl StopSignals {
    fn listen() -> Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn received(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
