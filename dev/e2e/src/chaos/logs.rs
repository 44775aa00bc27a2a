//! What the replicas wrote: a panic is a bug, and errors are counted by what they say.

use std::collections::BTreeMap;
use std::path::Path;

/// What stands in the logs.
#[derive(Debug, Default, Clone)]
pub struct Logs {
    pub panics: Vec<String>,
    /// Lines of level ERROR, without their fields.
    pub errors: BTreeMap<String, usize>,
}

/// Of every log in the folder.
pub fn read(folder: &Path) -> std::io::Result<Logs> {
    let mut logs = Logs::default();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "log") {
            continue;
        }
        let text = String::from_utf8_lossy(&std::fs::read(&path)?).into_owned();
        for line in text.lines() {
            if line.contains("panicked") {
                logs.panics.push(line.to_owned());
            }
            if let Some((_, said)) = line.split_once("ERROR ") {
                *logs.errors.entry(without_fields(said)).or_default() += 1;
            }
        }
    }
    Ok(logs)
}

/// The message alone: ids and times differ each time.
fn without_fields(said: &str) -> String {
    let words = said.split(' ').take_while(|word| !word.contains('='));
    words.collect::<Vec<_>>().join(" ")
}
