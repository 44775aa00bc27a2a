//! Files that were sent.

use crate::telegram::params::Params;
use crate::telegram::refusal::Answer;
use crate::telegram::state::State;

pub(super) fn get(state: &mut State, params: &Params) -> Answer {
    let id = params.text("file_id").unwrap_or_default();
    state.files.link(&id, state.now)
}
