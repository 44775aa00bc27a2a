//! Everything that the page shows, as values under keys such as `person/1001` or `deal/3912001`.

mod chats;
mod deals;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Stage, trouble};

pub type Snapshot = BTreeMap<String, Value>;

/// Older hooks are not shown.
const HOOKS: usize = 60;

pub fn take(stage: &Stage) -> Snapshot {
    let mut snapshot = Snapshot::new();
    snapshot.insert("bot".to_owned(), chats::bot(&stage.telegram));
    snapshot.insert("directory".to_owned(), deals::directory(&stage.amocrm));
    snapshot.insert("trouble".to_owned(), json!(trouble::now(stage)));
    for (person, standing) in stage.telegram.people() {
        snapshot.extend(chats::history(&stage.telegram, person.id));
        snapshot.insert(format!("person/{}", person.id), chats::person(&stage.telegram, &person, standing));
    }
    // Before the deals, whose names they are shown with.
    for hook in stage.amocrm.newest_hooks(HOOKS) {
        snapshot.insert(format!("hook/{}", hook.id), json!(hook));
    }
    for lead in stage.amocrm.deals() {
        snapshot.insert(format!("deal/{}", lead.id), deals::deal(&stage.amocrm, &lead));
    }
    snapshot
}
