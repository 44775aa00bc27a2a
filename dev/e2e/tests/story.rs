//! The story on real parts.

use e2e::story;
use e2e::system::{Places, System};

#[tokio::test(flavor = "multi_thread")]
async fn a_deal_is_carried_from_amocrm_to_a_completed_visit() -> anyhow::Result<()> {
    let system = System::start(&Places::from_environment()?).await?;
    let mut told = Vec::new();
    story::play(&system, &mut |line| told.push(line.to_owned())).await.inspect_err(|_| {
        eprintln!("{}\n{}\n{}", told.join("\n"), system.bot.end_of_log(), system.ingest.end_of_log());
    })?;
    system.stop().await
}
