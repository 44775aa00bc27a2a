use anyhow::{Context, Result, ensure};
use e2e::acts::PATIENCE;
use e2e::people::{ANNA, BORIS, IVAN};
use e2e::system::System;
use simulator::telegram::{Group, GroupKind, Membership, Person};

use crate::stage::{deal, with_system};

const JOHN: i64 = 2003;
const GROUP: i64 = -5001;

#[tokio::test(flavor = "multi_thread")]
async fn admins_hear_once_that_a_measurer_blocked_the_bot_and_once_that_a_visit_did_not_reach_him()
-> Result<()> {
    const BLOCKED: &[&str] = &["📵", "Иван Петров", "заблокирован"];
    const TOLD: &[&str] = &["📵", "Иван Петров", "замер №1 не доставлен"];
    with_system(async |system| {
        system.join(&[(BORIS, "admin"), (IVAN, "measurer")]).await?;
        system.telegram.block(IVAN)?;
        for admin in [ANNA, BORIS] {
            system.sees(admin, BLOCKED).await?;
        }
        system.amocrm.create_deal(deal("Окна"))?;
        let annas = system.sees(ANNA, &["⏳ Ожидает назначения", "Окна"]).await?;
        let toast = system.presses(&annas, "Иван П.").await?;
        ensure!(toast.text == "✅ Назначен Иван Петров", "{toast:?}");
        for admin in [ANNA, BORIS] {
            system.sees(admin, TOLD).await?;
        }
        system.settled().await?;
        for admin in [ANNA, BORIS] {
            let told = (system.count(admin, BLOCKED), system.count(admin, TOLD));
            ensure!(told == (2, 1), "{told:?}:\n{}", system.telegram.transcript(admin));
        }

        system.telegram.starts(IVAN, None)?;
        // What he missed comes by itself.
        let missed = ["📋 Вам назначен новый замер!", "+79161234567", "🔄 Начать выполнение"];
        let card = system.sees(IVAN, &missed).await?;
        let toast = system.presses(&card, "🔄 Начать выполнение").await?;
        ensure!(toast.text == "🔄 Замер начат", "{toast:?}");
        system.becomes(&annas, &["🔄 В процессе"]).await?;
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn disabling_a_measurer_returns_his_visits_to_the_queue_and_admins_get_their_cards_again() -> Result<()>
{
    with_system(async |system| {
        system.join(&[(BORIS, "admin"), (IVAN, "measurer")]).await?;
        system.settled().await?;
        ensure!(commands(system, IVAN).contains(&"my".to_owned()), "{:?}", commands(system, IVAN));
        let mut ivans = Vec::new();
        for name in ["Окна", "Балкон"] {
            system.amocrm.create_deal(deal(name))?;
            let boriss = system.sees(BORIS, &["⏳ Ожидает назначения", name]).await?;
            system.presses(&boriss, "Иван П.").await?;
            ivans.push(system.sees(IVAN, &["📋 Вам назначен новый замер!", name]).await?);
        }
        let starting = ivans[0].data_of("🔄 Начать выполнение").context("Ivan's button")?.to_owned();

        let people = system.asks(ANNA, "/measurers", &["Иван Петров"]).await?;
        system.presses(&people, "Иван Петров").await?;
        let person = system.becomes(&people, &["⛔ Отключить доступ"]).await?;
        system.presses(&person, "⛔ Отключить доступ").await?;
        let question =
            system.becomes(&people, &["У него 2 открытых замера", "Отключить, замеры в очередь"]).await?;
        let toast = system.presses(&question, "Отключить, замеры в очередь").await?;
        ensure!(toast.text == "⛔ Доступ отключён: Иван Петров", "{toast:?}");
        for (admin, name) in [(ANNA, "Окна"), (ANNA, "Балкон"), (BORIS, "Окна"), (BORIS, "Балкон")]
        {
            let again = ["⏳ Замер снова ждёт замерщика", "⏳ Ожидает назначения", name];
            let card = system.sees(admin, &again).await?;
            ensure!(card.button("Иван П.").is_none(), "a disabled measurer is offered: {}", card.rendered());
        }

        let press = system.telegram.press_data(IVAN, ivans[0].id, &starting)?;
        let toast = system.answered(&press).await?;
        ensure!(toast.is_alert && toast.text == "⛔ Нет доступа", "{toast:?}");
        system.asks(IVAN, "/my", &["Ваш доступ отключён"]).await?;
        system.settled().await?;
        for card in &ivans {
            let now = system.telegram.message(IVAN, card.id).context("the card stays")?.rendered();
            ensure!(!now.contains("+79161234567") && !now.contains('['), "he still sees the client: {now}");
        }
        ensure!(commands(system, IVAN) == ["start"], "{:?}", commands(system, IVAN));

        let toast = system.presses(&person, "✅ Вернуть доступ").await?;
        ensure!(toast.text == "✅ Доступ возвращён: Иван Петров", "{toast:?}");
        system.settled().await?;
        let again = commands(system, IVAN);
        ensure!(again == ["menu", "my", "find", "language", "help", "start"], "{again:?}");
        system.asks(IVAN, "/my", &["Активных замеров нет."]).await?;
        Ok(())
    })
    .await
}

/// The names of the commands in a person's menu.
fn commands(system: &System, person: i64) -> Vec<String> {
    system.telegram.commands_shown_to(person).into_iter().map(|command| command.command).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_with_an_english_client_reads_english() -> Result<()> {
    with_system(async |system| {
        system.telegram.add_person(Person::new(JOHN, "John").last_name("Smith").language("en"));
        system.join(&[(JOHN, "measurer")]).await?;
        system.sees(JOHN, &["Welcome, John! Your role: 👷 Measurer.", "📋 My active measurements"]).await?;
        system.asks(JOHN, "/my", &["No active measurements."]).await?;
        system
            .asks(JOHN, "hi", &["I did not understand. Open /menu, everything you can do is there."])
            .await?;
        system.amocrm.create_deal(deal("Окна"))?;
        let annas = system.sees(ANNA, &["⏳ Ожидает назначения", "Окна"]).await?;
        system.presses(&annas, "John S.").await?;
        let card = system.sees(JOHN, &["📋 A new measurement is assigned to you!", "📋 Assigned"]).await?;
        let toast = system.presses(&card, "🔄 Start").await?;
        ensure!(toast.text == "🔄 Measurement started", "{toast:?}");
        system.becomes(&card, &["🔄 In progress", "✅ Complete"]).await?;
        system.becomes(&annas, &["🔄 В процессе", "👷 John Smith"]).await?;
        system.settled().await?;
        let commands = system.telegram.commands_shown_to(JOHN);
        let is_english = commands.iter().any(|command| command.description == "My active measurements");
        ensure!(is_english, "{commands:?}");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_leaves_a_group_that_it_is_added_to() -> Result<()> {
    with_system(async |system| {
        let group = Group { id: GROUP, title: "Замеры".to_owned(), kind: GroupKind::Group };
        system.telegram.add_bot_to_group(group, ANNA)?;
        let has_left = |telegram: &simulator::telegram::Simulator| {
            (telegram.bot_in_group(GROUP) == Some(Membership::Left)).then_some(())
        };
        system.telegram.wait_until("the bot has left the group", PATIENCE, has_left).await?;
        system.asks(ANNA, "/pending", &["Новых замеров нет"]).await?;
        system.asks(ANNA, "/unknown", &["Не понял. Откройте /menu, там всё, что вы можете."]).await?;
        system.settled().await
    })
    .await
}
