//! A long-lived token ends one day, and nobody remembers when.

use chrono::{DateTime, TimeDelta, Utc};

use crate::actions::alerts;
use crate::actions::views::Alert;
use crate::app::App;
use crate::leader::Fence;
use crate::storage::settings;

const AHEAD: TimeDelta = TimeDelta::days(14);
/// Holds the end of the token that admins were told of.
const TOLD: &str = "amocrm_token_end_told";

/// Tells admins, once for each token.
pub async fn warn(app: &App, fence: &Fence) -> anyhow::Result<()> {
    let (config, now) = (&app.config.amocrm, app.now());
    let Some(expires_at) = config.long_lived_times().map(|times| times.expires_at) else { return Ok(()) };
    if expires_at - now > AHEAD {
        return Ok(());
    }
    let mut transaction = app.db.begin().await?;
    let told: Option<DateTime<Utc>> = settings::find(&mut transaction, TOLD).await?;
    if told == Some(expires_at) {
        return Ok(());
    }
    alerts::tell_office(&mut transaction, &Alert::AmoCrmTokenEnds { at: expires_at }, now).await?;
    settings::save(&mut transaction, TOLD, &expires_at, now).await?;
    fence.hold(&mut transaction).await?;
    Ok(transaction.commit().await?)
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;
    use crate::config::token::jwt;
    use crate::domain::user::Role;
    use crate::test_app::{self, START};
    use crate::testing::{person, waiting};

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn admins_hear_of_the_end_two_weeks_ahead_and_once(db: PgPool) {
        let token = jwt(&format!(r#"{{"exp":{}}}"#, START + 20 * 86_400));
        let settings = [("AMOCRM_ACCESS_TOKEN", token.as_str()), ("AMOCRM_SUBDOMAIN", "okna")];
        let app = test_app::app(db, &settings);
        let fence = test_app::fence(&app).await;
        person(&mut app.db.acquire().await.unwrap(), "Анна", Role::Admin).await;
        let mut told = Vec::new();
        for _ in 0..3 {
            warn(&app, &fence).await.unwrap();
            told.push(waiting(&mut app.db.acquire().await.unwrap()).await.len());
            app.clock.advance(TimeDelta::days(6));
        }
        assert_eq!(told, [0, 1, 1]);
    }
}
