//! Plays a story and takes pictures of its screens, for the guides. Started by `cargo xtask screenshots`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use e2e::acts::PATIENCE;
use e2e::browser::{self, Display};
use e2e::people::{ANNA, BORIS, IVAN, OLGA, PETR};
use e2e::screen::{Screen, chat, message, newest};
use e2e::system::{Places, System};
use simulator::amocrm::{Deal, LeadId, demo};
use simulator::page::Page;

const PHONE: Display = Display { width: 390, height: 844, is_dark: false };
const DESK: Display = Display { width: 1440, height: 900, is_dark: false };
/// A chat as on a phone, but so high that every message fits.
const CHAT: Display = Display { width: 390, height: 1600, is_dark: false };

/// A picture in a guide should not weigh more.
const MOST_BYTES: usize = 150_000;

#[tokio::main]
async fn main() -> Result<()> {
    ensure!(browser::is_present(), "chromedriver is missing: install chromium and chromium-driver");
    let folder = std::env::args().nth(1).context("which folder are the pictures for?")?;
    let system = System::start(&Places::from_environment()?).await?;
    let page = Page::start(system.telegram.clone(), system.amocrm.clone()).await?;
    let screen = Screen::open(&page.url()).await?;
    let camera = Camera { screen: &screen, folder: folder.into() };
    camera.screen.browser.show_on(CHAT).await?;
    people_come_in(&system, &camera).await?;
    let card = a_deal_is_assigned(&system, &camera).await?;
    the_visit_is_made(&system, &camera).await?;
    the_whole_page(&system, &camera, card).await?;
    screen.browser.close().await?;
    drop(page);
    system.stop().await
}

async fn people_come_in(system: &System, camera: &Camera<'_>) -> Result<()> {
    system.telegram.starts(ANNA, None)?;
    let menu = system.sees(ANNA, &["➕ Пригласить"]).await?;
    camera.message("admin-menu", &newest(ANNA), ANNA).await?;
    system.presses(&menu, "➕ Пригласить").await?;
    let choice = system.becomes(&menu, &["Кого пригласить?"]).await?;
    system.presses(&choice, "👷 Замерщик").await?;
    let invitation = system.becomes(&menu, &["?start="]).await?;
    camera.message("invite", &message(ANNA, &["Приглашение", "?start="]), ANNA).await?;

    let link = invitation.text.split_whitespace().find(|word| word.starts_with("https://t.me/"));
    system.telegram.follows(IVAN, link.context("an invitation has a link")?)?;
    system.sees(IVAN, &["Добро пожаловать"]).await?;
    camera.message("welcome", &message(IVAN, &["Добро пожаловать"]), IVAN).await?;

    system.join(&[(BORIS, "admin"), (PETR, "measurer"), (OLGA, "manager")]).await?;
    let menu = system.asks(BORIS, "/menu", &["👥 Сотрудники"]).await?;
    system.presses(&menu, "👥 Сотрудники").await?;
    let people = system.becomes(&menu, &["Ольга Смирнова"]).await?;
    camera.message("people", &message(BORIS, &["Ольга Смирнова", "Иван Петров"]), BORIS).await?;
    system.presses(&people, "Ольга Смирнова").await?;
    let person = system.becomes(&menu, &["🔗 Привязать к AmoCRM"]).await?;
    camera.message("person", &message(BORIS, &["🔗 Привязать к AmoCRM"]), BORIS).await?;
    system.presses(&person, "🔗 Привязать к AmoCRM").await?;
    let choice = system.becomes(&menu, &["⭐ Ольга Смирнова"]).await?;
    camera.message("crm-link", &message(BORIS, &["Кто это в AmoCRM"]), BORIS).await?;
    system.presses(&choice, "⭐ Ольга Смирнова").await?;
    system.becomes(&menu, &["✅ Ольга Смирнова"]).await.map(drop)
}

async fn a_deal_is_assigned(system: &System, camera: &Camera<'_>) -> Result<LeadId> {
    let deal = Deal::named("Окна в детскую")
        .stage(demo::NEW)
        .responsible(demo::OLGA)
        .address("г. Химки, ул. Ленина, д. 5")
        .order_number("А-1042")
        .zone("Север")
        .product("Окна ПВХ, 3 шт.")
        .comment("Домофон не работает")
        .client("Иванов Иван", "8 (916) 123-45-67");
    let lead = system.amocrm.create_deal(deal)?;
    camera.board().await?;
    system.amocrm.move_deal(lead, demo::MEASUREMENT)?;
    let card = system.sees(ANNA, &["⏳ Ожидает назначения", "Окна в детскую"]).await?;
    camera.message("admin-new-card", &message(ANNA, &["Ожидает назначения", "Окна в детскую"]), ANNA).await?;

    for (name, address) in [
        ("Остекление балкона", "Москва, Тверская ул., д. 18"),
        ("Входная дверь", "г. Мытищи, Олимпийский пр-т, д. 29"),
    ] {
        let deal = Deal::named(name)
            .stage(demo::MEASUREMENT)
            .address(address)
            .client("Сидорова Вера", "+7 903 111-22-33");
        system.amocrm.create_deal(deal)?;
        system.sees(BORIS, &["⏳ Ожидает назначения", name]).await?;
    }
    system.asks(BORIS, "/pending", &["⏳ Ожидают назначения", "Входная дверь"]).await?;
    camera.message("admin-list", &message(BORIS, &["Ожидают назначения"]), BORIS).await?;

    system.presses(&card, "Иван П.").await?;
    system.becomes(&card, &["📋 Назначен"]).await?;
    camera.message("admin-assigned-card", &message(ANNA, &["Назначено", "Окна в детскую"]), ANNA).await?;
    system.sees(OLGA, &["✅ Замерщик назначен"]).await?;
    camera.message("manager-card", &message(OLGA, &["Замерщик назначен"]), OLGA).await?;
    Ok(lead)
}

async fn the_visit_is_made(system: &System, camera: &Camera<'_>) -> Result<()> {
    let card = system.sees(IVAN, &["📋 Вам назначен новый замер!", "Окна в детскую"]).await?;
    let shown = message(IVAN, &["Замер №", "Окна в детскую", "+79161234567"]);
    camera.message("measurer-card-assigned", &shown, IVAN).await?;
    system.presses(&card, "🔄 Начать выполнение").await?;
    let card = system.becomes(&card, &["🔄 В процессе"]).await?;
    camera.message("measurer-card-in-progress", &format!("{shown}[contains(., 'В процессе')]"), IVAN).await?;
    system.presses(&card, "✅ Завершить").await?;
    system.becomes(&card, &["✅ Выполнен"]).await?;
    camera.message("measurer-card-done", &format!("{shown}[contains(., 'Выполнен')]"), IVAN).await
}

/// In the middle of work: one visit done, one under way, one waiting.
async fn the_whole_page(system: &System, camera: &Camera<'_>, done: LeadId) -> Result<()> {
    let card = system.sees(ANNA, &["⏳ Ожидает назначения", "Остекление балкона"]).await?;
    system.presses(&card, "Пётр С.").await?;
    system.sees(PETR, &["Остекление балкона"]).await?;
    system.amocrm.move_deal(done, demo::PRODUCTION)?;
    system.amocrm.create_deal(
        Deal::named("Жалюзи в офис").stage(demo::NEW).client("Морозова Анна", "+7 926 555-01-02"),
    )?;
    system.settled().await?;
    system.amocrm.wait_for_hook_answers(PATIENCE).await?;
    camera.screen.browser.show_on(DESK).await?;
    camera.screen.turn_to(ANNA).await?;
    camera.window("demo-page", DESK).await?;
    camera.window("demo-page-dark", Display { is_dark: true, ..DESK }).await?;
    camera.screen.browser.show_on(PHONE).await?;
    camera.screen.turn_to(ANNA).await?;
    camera.window("demo-page-phone", PHONE).await
}

struct Camera<'a> {
    screen: &'a Screen,
    folder: PathBuf,
}

impl Camera<'_> {
    /// One message with its buttons.
    async fn message(&self, name: &str, xpath: &str, person: i64) -> Result<()> {
        self.screen.turn_to(person).await?;
        let picture = self.screen.picture_of(xpath).await?;
        self.keep(name, &picture)
    }

    async fn board(&self) -> Result<()> {
        self.screen.browser.show_on(Display { height: 560, ..DESK }).await?;
        let picture = self.screen.picture_of("//section[@data-pane='deals'][.//*[@data-deal]]").await?;
        self.screen.browser.show_on(CHAT).await?;
        self.keep("board", &picture)
    }

    async fn window(&self, name: &str, display: Display) -> Result<()> {
        self.screen.browser.show_on(display).await?;
        self.screen.find(&chat(ANNA)).await?;
        let (width, height) = (display.width.into(), display.height.into());
        let picture = self.screen.browser.picture(0.0, 0.0, width, height).await?;
        self.keep(name, &picture)
    }

    fn keep(&self, name: &str, picture: &[u8]) -> Result<()> {
        ensure!(picture.len() <= MOST_BYTES, "{name} has {} bytes", picture.len());
        let path = Path::new(&self.folder).join(format!("{name}.png"));
        std::fs::write(&path, picture).with_context(|| format!("writing {}", path.display()))?;
        println!("{} ({} kB)", path.display(), picture.len() / 1000);
        Ok(())
    }
}
