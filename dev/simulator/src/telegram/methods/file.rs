//! Files that were sent.

use crate::telegram::params::Params;
use crate::telegram::refusal::{Answer, Refusal};
use crate::telegram::state::State;

/// Photos alone: nothing else that people send here has a content.
pub(super) fn get(state: &mut State, params: &Params) -> Answer {
    let id = params.text("file_id").unwrap_or_default();
    let file = state.files.link(&id, state.now);
    file.ok_or_else(|| Refusal::bad_request("wrong file_id or the file is temporarily unavailable"))
}
