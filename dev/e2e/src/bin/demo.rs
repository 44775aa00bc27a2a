//! Plays the story for a reader; then stays up, or with `--once` ends. Started by `cargo xtask demo`.

use std::process::ExitCode;

use anyhow::Result;
use e2e::people;
use e2e::story;
use e2e::system::{Places, System};
use simulator::page::Page;
use tokio::signal::unix::{SignalKind, signal};

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

async fn run(once: bool) -> Result<()> {
    println!("Запускаю ingest-service, bot-service, AmoCRM и Telegram…");
    let system = System::start(&Places::from_environment()?).await?;
    let page = Page::start(system.telegram.clone(), system.amocrm.clone()).await?;
    println!("Откройте в браузере: {}\n", page.url());
    let played = story::play(&system, &mut |line| println!("{line}")).await;
    print_chats(&system);
    played?;
    println!("\n✓ История сыграна, всё сошлось.");
    if !once {
        stay(&system, &page).await?;
    }
    drop(page);
    system.stop().await
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

/// Keeps everything running until Ctrl-C.
async fn stay(system: &System, page: &Page) -> Result<()> {
    println!("\nСистема работает, играйте любую роль: {} (Ctrl-C остановит всё)", page.url());
    println!("  Telegram: {}/control   — люди, сообщения, нажатия", system.telegram.url());
    println!("  AmoCRM:   {}/control   — сделки, этапы, вебхуки, поломки", system.amocrm.url());
    println!("  ingest:   http://127.0.0.1:{}/ready", system.ingest.port);
    println!("  bot:      http://127.0.0.1:{}/ready", system.bot.port);
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}
