//! The switches for trouble: what is wrong at the moment, and making it so.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};

use super::Stage;
use crate::amocrm::{self, HookBehaviour, Refused};
use crate::telegram::{Fault, FaultRule};

/// Seconds that Telegram asks the bot to wait.
const RETRY_AFTER: u32 = 3;
const GATEWAY_STATUS: u16 = 503;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Trouble {
    amocrm_down: bool,
    /// Every new message and edit is refused with 429.
    telegram_refuses: bool,
    webhooks_twice: bool,
}

/// What to switch; what is absent stays.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
pub struct Switch {
    amocrm_down: Option<bool>,
    telegram_refuses: Option<bool>,
    webhooks_twice: Option<bool>,
}

pub fn now(stage: &Stage) -> Trouble {
    let faults = stage.telegram.faults();
    Trouble {
        amocrm_down: stage.amocrm.down().is_some(),
        telegram_refuses: refusals().iter().all(|rule| faults.contains(rule)),
        webhooks_twice: stage.amocrm.hook_behaviour().copies > 1,
    }
}

pub async fn change(
    State(stage): State<Stage>,
    Json(switch): Json<Switch>,
) -> Result<Json<Trouble>, Refused> {
    match switch.amocrm_down {
        Some(true) => stage.amocrm.inject(amocrm::Fault::Down { status: GATEWAY_STATUS })?,
        Some(false) => stage.amocrm.bring_up(),
        None => {}
    }
    if let Some(refuses) = switch.telegram_refuses {
        for rule in refusals() {
            stage.telegram.end_fault(&rule);
            if refuses {
                stage.telegram.fault(rule);
            }
        }
    }
    if let Some(twice) = switch.webhooks_twice {
        let copies = if twice { 2 } else { 1 };
        stage.amocrm.set_hook_behaviour(HookBehaviour { copies, ..stage.amocrm.hook_behaviour() });
    }
    Ok(Json(now(&stage)))
}

fn refusals() -> [FaultRule; 2] {
    ["sendMessage", "editMessageText"]
        .map(|method| FaultRule::on(method, Fault::too_many_requests(RETRY_AFTER)).always())
}
