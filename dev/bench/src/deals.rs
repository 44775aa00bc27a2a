//! Deals in the simulated account, each with a client of its own, and the webhooks that AmoCRM sends of them.

use anyhow::{Context, Result};
use simulator::amocrm::{Deal, HookBehaviour, Sending, Simulator, demo};

/// Hooks go by our own hands, so that posting them is measured and not the simulator's sending.
const NOWHERE: &str = "http://127.0.0.1:9/";
/// The simulator remembers the bodies of many more.
const AT_ONCE: usize = 5_000;

/// Creates deals in the stage that asks for a measurement. Returns the body of the webhook of each.
///
/// # Errors
///
/// If more are asked for than the simulator remembers the bodies of.
pub fn create(amocrm: &Simulator, count: usize) -> Result<Vec<String>> {
    anyhow::ensure!(count <= AT_ONCE, "{count} deals at once are too many");
    amocrm.set_hook_behaviour(HookBehaviour { sending: Sending::Lost, ..HookBehaviour::default() });
    amocrm.subscribe_to(NOWHERE, &["add_lead"]);
    let before = amocrm.hooks_sent().last().map_or(0, |hook| hook.id);
    for number in 0..count {
        amocrm.create_deal(deal(number))?;
    }
    amocrm.unsubscribe(NOWHERE);
    let bodies: Vec<_> =
        amocrm.hooks_sent().into_iter().filter(|hook| hook.id > before).map(|hook| hook.body).collect();
    (bodies.len() == count).then_some(bodies).context("each deal has one webhook")
}

/// As filled in as deals usually are; everybody is invented.
fn deal(number: usize) -> Deal {
    let name = format!("Окна в квартиру, заказ {number}");
    let phone = format!("+7916{:07}", number % 10_000_000);
    Deal::named(name)
        .price(148_000)
        .stage(demo::MEASUREMENT)
        .client(format!("Клиент {number}"), phone)
        .address(format!("Москва, ул. Ленина, д. {}, кв. {}", number % 200 + 1, number % 90 + 1))
        .order_number(format!("А-{number}"))
        .zone("Север")
        .product("Окно ПВХ двустворчатое, 3 шт.")
        .field("Комментарий", "Позвонить за час, домофон не работает")
        .tag("окна")
}
