//! The story of a deal, from the board to the completed visit.

use anyhow::{Result, ensure};
use e2e::people::{ANNA, BORIS, IVAN, OLGA, PETR, STRANGER};
use e2e::screen::{Screen, chat, deal, message};
use fantoccini::Locator;

use crate::stage::{anna_starts, joins, on_page};

#[tokio::test(flavor = "multi_thread")]
async fn the_story_is_played_by_clicks_from_invitations_to_completed_and_cancelled_visits() -> Result<()> {
    on_page(async |screen, _| {
        everybody_comes_in(screen).await?;
        the_manager_is_linked(screen).await?;
        a_visit_is_completed(screen).await?;
        a_visit_is_cancelled(screen).await?;
        the_phone_is_edited(screen).await?;
        hostile_text_is_shown_as_it_is(screen).await
    })
    .await
}

async fn everybody_comes_in(screen: &Screen) -> Result<()> {
    anna_starts(screen).await?;
    screen.starts(STRANGER).await?;
    screen.sees(STRANGER, &["У вас пока нет доступа"]).await?;
    joins(screen, BORIS, "👑 Администратор", "Борис").await?;
    joins(screen, IVAN, "👷 Замерщик", "Иван").await?;
    joins(screen, PETR, "👷 Замерщик", "Пётр").await?;
    joins(screen, OLGA, "💼 Менеджер", "Ольга").await
}

async fn the_manager_is_linked(screen: &Screen) -> Result<()> {
    screen.command(OLGA, "orders").await?;
    screen.sees(OLGA, &["Вы ещё не привязаны к AmoCRM"]).await?;
    screen.command(BORIS, "menu").await?;
    screen.press(BORIS, &["👥 Сотрудники", "⏳ Новые замеры"], "👥 Сотрудники").await?;
    screen.press(BORIS, &["Ольга Смирнова", "Иван Петров"], "Ольга Смирнова").await?;
    screen.press(BORIS, &["🔗 Привязать к AmoCRM"], "🔗 Привязать к AmoCRM").await?;
    screen.press(BORIS, &["Кто это в AmoCRM"], "⭐ Ольга Смирнова").await?;
    screen.sees(BORIS, &["✅ Ольга Смирнова: привязка"]).await.map(drop)
}

async fn a_visit_is_completed(screen: &Screen) -> Result<()> {
    let fields = [
        ("name", "Окна в детскую"),
        ("client", "Иванов Иван"),
        ("phone", "8 (916) 123-45-67"),
        ("Адрес", "г. Химки, ул. Ленина, д. 5"),
        ("Изделие", "Окна ПВХ, 3 шт."),
    ];
    screen.creates_deal("Новая", &fields).await?;
    screen.drags_deal("Окна в детскую", "Замер").await?;
    let new = ["⏳ Ожидает назначения", "Окна в детскую", "+79161234567"];
    screen.sees(ANNA, &new).await?;
    screen.sees(BORIS, &new).await?;

    screen.press(ANNA, &new, "Иван П.").await?;
    screen.toast(ANNA, "✅ Назначен Иван Петров").await?;
    screen.sees(IVAN, &["📋 Вам назначен новый замер!", "🔄 Начать выполнение"]).await?;
    screen.sees(OLGA, &["✅ Замерщик назначен на ваш заказ", "👷 Иван Петров"]).await?;
    screen.sees(BORIS, &["Окна в детскую", "📋 Назначен", "Анна Серова"]).await?;

    screen.press(ANNA, &["Окна в детскую", "🔄 Сменить замерщика"], "🔄 Сменить замерщика").await?;
    screen.press(ANNA, &["Окна в детскую", "Пётр С."], "Пётр С.").await?;
    screen.sees(IVAN, &["⚠️ Вы сняты с замера"]).await?;
    screen.sees(OLGA, &["🔄 Изменен замерщик на вашем заказе", "✅ Пётр Сидоров"]).await?;

    screen.press(PETR, &["Окна в детскую", "🔄 Начать выполнение"], "🔄 Начать выполнение").await?;
    screen.toast(PETR, "🔄 Замер начат").await?;
    screen.press(PETR, &["Окна в детскую", "🔄 В процессе"], "✅ Завершить").await?;
    screen.toast(PETR, "✅ Замер выполнен").await?;
    screen.sees(OLGA, &["✅ Выполнен (Пётр Сидоров"]).await?;
    screen.sees(ANNA, &["Окна в детскую", "✅ Выполнен · Пётр Сидоров"]).await.map(drop)
}

async fn a_visit_is_cancelled(screen: &Screen) -> Result<()> {
    screen.creates_deal("Новая", &[("name", "Балкон"), ("Адрес", "ул. Садовая, 3")]).await?;
    screen.choose(&format!("{}//select[@data-move]", deal("Балкон")), "Замер").await?;
    let card = ["⏳ Ожидает назначения", "Балкон", "⚠️ нет телефона"];
    screen.press(BORIS, &card, "❌ Отменить замер").await?;
    screen.press(BORIS, &["Балкон", "Выберите причину"], "дубль").await?;
    screen.sees(BORIS, &["Балкон", "❌ Отменен · Борис Котов"]).await?;
    screen.sees(OLGA, &["Балкон", "❌ Отменен"]).await?;

    screen.click(&format!("{}//button[@data-edit]", deal("Балкон"))).await?;
    screen.click("//dialog[@open]//button[@data-delete]").await?;
    screen.click("//dialog[@open]//button[@data-delete][.='Точно удалить?']").await?;
    screen.click(&format!("//section[@data-deleted]{}//button[@data-restore]", deal("Балкон"))).await?;
    screen.find(&format!("//section[@data-stage]{}", deal("Балкон"))).await.map(drop)
}

async fn the_phone_is_edited(screen: &Screen) -> Result<()> {
    screen.creates_deal("Замер", &[("name", "Дверь"), ("phone", "+7 903 111-22-33")]).await?;
    screen.press(ANNA, &["⏳ Ожидает назначения", "Дверь"], "Иван П.").await?;
    screen.sees(IVAN, &["Дверь", "+79031112233"]).await?;

    screen.click(&format!("{}//button[@data-edit]", deal("Дверь"))).await?;
    screen.fill("//dialog[@open]//input[@name='phone']", "8 903 444-55-66").await?;
    screen.fill("//dialog[@open]//textarea[@name='Адрес']", "ул. Мира, 7").await?;
    screen.choose("//dialog[@open]//select[@name='responsible']", "Олег Петров").await?;
    screen.click("//dialog[@open]//button[@data-save]").await?;
    screen.sees(IVAN, &["Дверь", "+79034445566", "ул. Мира, 7", "Олег Петров"]).await?;
    let link = format!("({})[last()]//a[@href='tel:+79034445566']", message(IVAN, &["Дверь"]));
    screen.find(&link).await.map(drop)
}

async fn hostile_text_is_shown_as_it_is(screen: &Screen) -> Result<()> {
    let name = "<b>Кухня</b> & <img src=x> 🔥";
    let address = format!("г. Москва, {}", "очень длинная улица, ".repeat(43));
    let address = address.chars().take(900).collect::<String>();
    let address = address.trim().to_owned();
    // What a person types is never markup either.
    screen.says(ANNA, "<i>/menu</i> & <script>alert(1)</script>").await?;
    screen
        .find(&format!("{}//article[contains(@class, 'own')][contains(., '<script>')]", chat(ANNA)))
        .await?;
    screen.creates_deal("Замер", &[("name", name), ("Адрес", &address)]).await?;

    let card = screen.sees(ANNA, &["Кухня", "⏳ Ожидает назначения"]).await?;
    let text = card.text().await?;
    ensure!(text.contains(name) && text.contains(&address), "{text}");
    ensure!(card.find_all(Locator::Css("img")).await?.is_empty(), "markup of a name came alive");
    let wide =
        "return [...document.querySelectorAll('.bubble')].some((one) => one.scrollWidth > one.clientWidth)";
    let is_wide = screen.browser.client.execute(wide, vec![]).await?;
    ensure!(is_wide == false, "a bubble is wider than its column");
    Ok(())
}
