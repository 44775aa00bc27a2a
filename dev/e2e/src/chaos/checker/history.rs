//! The history of every measurement is a way that the state machine allows, and ends where the measurement is.

use std::collections::{BTreeMap, BTreeSet};

use super::books::{Books, Line};
use super::{Done, Findings};
use crate::chaos::buttons::{self, Change};

pub fn is_transition(line: &Line) -> bool {
    !["opened", "proposed", "explained", "facts_changed", "responsible_changed"].contains(&line.what.as_str())
}

pub fn check(books: &Books, done: &Done<'_>, findings: &mut Findings) {
    let mut by_measurement: BTreeMap<i64, Vec<&Line>> = BTreeMap::new();
    for line in &books.history {
        by_measurement.entry(line.measurement_id).or_default().push(line);
    }
    for measurement in &books.measurements {
        let lines = by_measurement.remove(&measurement.id).unwrap_or_default();
        match walk(&lines) {
            Ok(end) if end == (measurement.status.as_str(), measurement.step) => {}
            Ok((status, step)) => findings.wrong.push(format!(
                "№{} is {} at step {}, but its history ends {status} at step {step}",
                measurement.id, measurement.status, measurement.step
            )),
            Err(at) => findings.wrong.push(format!("№{}: {at}; all of it: {}", measurement.id, told(&lines))),
        }
    }
    asked_for(books, done, findings);
}

/// The last status and step.
fn walk(lines: &[&Line]) -> Result<(&'static str, i32), String> {
    let mut here: Option<(&'static str, i32)> = None;
    // What the last step led away from: whoever takes it back leads there again.
    let mut behind: Option<&'static str> = None;
    for line in lines {
        let before = here.map(|(status, _)| status);
        let step = here.map_or(0, |(_, step)| step + i32::from(is_transition(line)));
        let is_undone = line.what == "undone";
        let Some(status) = (if is_undone { behind } else { after(before, line) }) else {
            return Err(format!("«{}» after {before:?}", line.what));
        };
        if line.step != step {
            return Err(format!("«{}» has step {} and not {step}", line.what, line.step));
        }
        if is_transition(line) {
            behind = before.filter(|_| !is_undone && line.what != "accepted");
        }
        here = Some((status, step));
    }
    here.ok_or_else(|| "no history".to_owned())
}

/// Written down once more, apart from the bot's own: this is what it is measured by.
fn after(before: Option<&'static str>, line: &Line) -> Option<&'static str> {
    Some(match (before, line.what.as_str()) {
        (Some("pending"), "assigned")
        | (Some("assigned" | "in_progress"), "reassigned")
        | (Some("assigned"), "accepted") => "assigned",
        (Some("assigned"), "started") => "in_progress",
        (Some("assigned" | "in_progress"), "completed") => "completed",
        (Some("pending" | "assigned" | "in_progress"), "cancelled") => "cancelled",
        (None, "opened")
        | (Some("cancelled" | "completed"), "restored")
        | (Some("assigned" | "in_progress"), "returned" | "declined") => "pending",
        (Some(same @ ("assigned" | "in_progress")), "problem_reported" | "problem_cleared")
        | (Some(same), "proposed" | "explained" | "facts_changed" | "responsible_changed") => same,
        _ => return None,
    })
}

fn told(lines: &[&Line]) -> String {
    let each: Vec<_> = lines.iter().map(|line| format!("{} ({})", line.what, line.step)).collect();
    each.join(", ")
}

/// What a person did, somebody has pressed: nothing happens by itself, and one press does one thing.
fn asked_for(books: &Books, done: &Done<'_>, findings: &mut Findings) {
    let mut asked: BTreeSet<(i64, Change)> = BTreeSet::new();
    for press in &done.people.presses {
        let user = books.user_of(press.person);
        asked.extend(user.zip(buttons::change(&press.data)));
    }
    let mut done_once: BTreeSet<(i64, i32)> = BTreeSet::new();
    for line in books.history.iter().filter(|line| is_transition(line)) {
        if !done_once.insert((line.measurement_id, line.step)) {
            findings.double.push(format!("№{} made step {} twice", line.measurement_id, line.step));
        }
        let Some(user) = line.actor_id else { continue };
        let what = match line.what.as_str() {
            "assigned" | "reassigned" => "assigned",
            "started" => "started",
            "completed" => "completed",
            "cancelled" => "cancelled",
            "restored" => "restored",
            _ => continue,
        };
        let change = Change { measurement: line.measurement_id, step: line.step - 1, what };
        if !asked.contains(&(user, change)) {
            findings.double.push(format!("{user} did {change:?}, which he never pressed"));
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn line(what: &str, step: i32) -> Line {
        Line {
            id: 0,
            measurement_id: 1,
            step,
            at: DateTime::UNIX_EPOCH,
            actor_id: None,
            what: what.to_owned(),
            to_id: None,
            from_id: None,
            is_of_amocrm: false,
        }
    }

    fn walked(lines: &[(&str, i32)]) -> Result<(&'static str, i32), String> {
        let lines: Vec<_> = lines.iter().map(|(what, step)| line(what, *step)).collect();
        walk(&lines.iter().collect::<Vec<_>>())
    }

    #[test]
    fn a_legal_way_ends_where_it_leads() {
        let way = [("opened", 0), ("assigned", 1), ("facts_changed", 1), ("started", 2), ("completed", 3)];
        assert_eq!(walked(&way), Ok(("completed", 3)));
        let way = [("opened", 0), ("assigned", 1), ("reassigned", 2), ("cancelled", 3), ("restored", 4)];
        assert_eq!(walked(&way), Ok(("pending", 4)));
        let way = [("opened", 0), ("assigned", 1), ("accepted", 2), ("completed", 3), ("undone", 4)];
        assert_eq!(walked(&way), Ok(("assigned", 4)));
    }

    #[test]
    fn an_action_that_was_done_twice_or_lost_its_step_is_seen() {
        for way in [
            &[][..],
            &[("assigned", 1)],
            &[("opened", 0), ("opened", 0)],
            &[("opened", 0), ("started", 1)],
            &[("opened", 0), ("assigned", 1), ("assigned", 2)],
            &[("opened", 0), ("assigned", 2)],
            &[("opened", 0), ("assigned", 1), ("completed", 2), ("completed", 3)],
            &[("opened", 0), ("cancelled", 1), ("started", 2)],
            &[("opened", 0), ("assigned", 1), ("accepted", 2), ("undone", 3)],
            &[("opened", 0), ("assigned", 1), ("undone", 2), ("undone", 3)],
        ] {
            assert!(walked(way).is_err(), "{way:?}");
        }
    }
}
