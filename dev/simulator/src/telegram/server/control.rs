//! `/control`: playing the people by hand.

use axum::Router;

use crate::telegram::Simulator;

pub(super) fn router(simulator: Simulator) -> Router {
    Router::new().with_state(simulator)
}
