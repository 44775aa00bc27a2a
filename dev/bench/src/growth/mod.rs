//! How long each list, card and step of a worker takes while the database grows. The same step is taken on databases of
//! every size in turns, through the service's own functions and with its own connection, so that whatever else the
//! machine does meets all of them.
//!
//! ```text
//! fill.rs     a database with so many measurements and everything around them (fill.sql)
//! office.rs   whom and what to ask for in it
//! watch.rs    takes a step again and again; whatever it changes is rolled back
//! lists.rs    lists, menus, people
//! find.rs     finding by words
//! cards.rs    cards, and presses on them
//! deals.rs    nudges, deals taken in, the comparison with AmoCRM
//! sending.rs  the outbox and redraws
//! updates.rs  what comes from Telegram, jobs, metrics
//! ```

mod cards;
mod deals;
mod fill;
mod find;
mod lists;
mod office;
mod sending;
mod updates;
mod watch;

use anyhow::Result;
use e2e::system::Places;

use crate::figures::Figure;
use crate::plan::Plan;
use watch::Watch;

/// # Errors
///
/// If a database cannot be filled, or a step fails.
pub async fn run(plan: &Plan, places: &Places, tell: &mut dyn FnMut(String)) -> Result<Vec<Figure>> {
    let mut watch = Watch::new(&plan.growth, tell);
    let outcome = async {
        watch.fill(places).await?;
        lists::steps(&mut watch).await?;
        find::steps(&mut watch).await?;
        cards::steps(&mut watch).await?;
        deals::steps(&mut watch).await?;
        sending::steps(&mut watch).await?;
        updates::steps(&mut watch).await
    };
    let outcome = outcome.await;
    let figures = watch.end().await?;
    outcome.map(|()| figures)
}
