//! Every entry of a deal into the stage is its measurement, once, with the facts that AmoCRM has.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{DateTime, TimeDelta, Utc};

use super::books::{Books, Line, Measurement};
use super::{Done, Findings};
use crate::chaos::load::DealBook;

/// Around a moment that AmoCRM knows in whole seconds.
const DOUBT: TimeDelta = TimeDelta::seconds(3);

pub fn check(books: &Books, done: &Done<'_>, findings: &mut Findings) {
    let mut by_lead: BTreeMap<i64, Vec<&Measurement>> = BTreeMap::new();
    for measurement in &books.measurements {
        by_lead.entry(measurement.lead_id).or_default().push(measurement);
    }
    for deal in done.deals {
        let measurements = by_lead.remove(&deal.lead).unwrap_or_default();
        let lost = findings.lost.len();
        let opened: Vec<_> = measurements.iter().filter(|one| !one.is_of_person).copied().collect();
        count(deal, &opened, &books.history, findings);
        for measurement in measurements {
            state(deal, measurement, &books.history, findings);
        }
        for finding in &mut findings.lost[lost..] {
            finding.push_str(&story(deal, books, done));
        }
    }
    findings
        .wrong
        .extend(by_lead.keys().map(|lead| format!("a measurement of deal {lead}, which nobody made")));
}

fn count(deal: &DealBook, measurements: &[&Measurement], history: &[Line], findings: &mut Findings) {
    let most = deal.entries.len();
    let least = if deal.had_an_end { 0 } else { at_least(deal, measurements, history) };
    let said = || {
        format!(
            "deal {} ({}) entered {most} times and has {} measurements",
            deal.lead,
            deal.name,
            measurements.len()
        )
    };
    if measurements.len() < least {
        findings.lost.push(said());
    }
    if measurements.len() > most {
        findings.double.push(said());
    }
}

/// One for the first entry, and one for every entry that found the measurement before it closed.
fn at_least(deal: &DealBook, measurements: &[&Measurement], history: &[Line]) -> usize {
    let was_closed = |measurement: &Measurement, entered: DateTime<Utc>| {
        let turns = ["completed", "cancelled", "restored", "undone"];
        let lines = history.iter().filter(|line| line.measurement_id == measurement.id);
        let last = lines.rev().find(|line| turns.contains(&line.what.as_str()) && line.at < entered + DOUBT);
        last.is_some_and(|line| {
            ["completed", "cancelled"].contains(&line.what.as_str()) && line.at < entered - DOUBT
        })
    };
    let first = usize::from(!deal.entries.is_empty());
    let later =
        deal.entries.iter().skip(1).enumerate().filter(|(before, entered)| {
            measurements.get(*before).is_some_and(|one| was_closed(one, **entered))
        });
    first + later.count()
}

/// Everything that is known of the deal, for a person who looks for what went wrong.
fn story(deal: &DealBook, books: &Books, done: &Done<'_>) -> String {
    let mut story = format!("\n      {deal:?}");
    for hook in done.amocrm.hooks_sent() {
        if let Some(about) = hook.about.iter().find(|about| about.id == deal.lead) {
            let at = hook.at.format("%H:%M:%S%.3f");
            let _ = write!(
                story,
                "\n      {at} {} {}, attempt {}: {:?}",
                about.action, about.id, hook.attempt, hook.outcome
            );
        }
    }
    for (_, row) in books.leads.iter().filter(|(lead, _)| *lead == deal.lead) {
        let _ = write!(story, "\n      {row}");
    }
    let ids: Vec<_> =
        books.measurements.iter().filter(|one| one.lead_id == deal.lead).map(|one| one.id).collect();
    for line in books.history.iter().filter(|line| ids.contains(&line.measurement_id)) {
        let _ = write!(
            story,
            "\n      {} №{} {}",
            line.at.format("%H:%M:%S%.3f"),
            line.measurement_id,
            line.what
        );
    }
    story
}

fn state(deal: &DealBook, measurement: &Measurement, history: &[Line], findings: &mut Findings) {
    let id = measurement.id;
    let is_open = ["pending", "assigned", "in_progress"].contains(&measurement.status.as_str());
    // What a person restored against AmoCRM's word stays.
    let is_restored = history.iter().any(|line| line.measurement_id == id && line.what == "restored");
    if deal.is_over() && is_open && !is_restored {
        findings.lost.push(format!("the end of deal {}: №{id} is {}", deal.lead, measurement.status));
    }
    if deal.is_over() || !is_open {
        return;
    }
    let has_address = measurement.address.as_ref() == Some(&deal.address);
    if measurement.lead_name != deal.name || !has_address || !measurement.phones.contains(&deal.phone) {
        findings.lost.push(format!(
            "a change of deal {}: №{id} has {:?}, {:?}, {} and not {:?}, {:?}, {}",
            deal.lead,
            measurement.lead_name,
            measurement.address,
            measurement.phones,
            deal.name,
            deal.address,
            deal.phone
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chaos::plan::deals::Place;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap_or_default()
    }

    fn deal(entries: &[i64]) -> DealBook {
        DealBook {
            deal: 0,
            lead: 7,
            name: "Окна".to_owned(),
            address: "ул. Мира, 1".to_owned(),
            phone: "+79160000000".to_owned(),
            place: Place::Measurement,
            is_deleted: false,
            entries: entries.iter().map(|second| at(*second)).collect(),
            had_an_end: false,
        }
    }

    fn measurement(id: i64) -> Measurement {
        Measurement {
            id,
            lead_id: 7,
            is_of_person: false,
            status: "pending".to_owned(),
            step: 0,
            measurer_id: None,
            lead_name: "Окна".to_owned(),
            address: Some("ул. Мира, 1".to_owned()),
            phones: r#"["+79160000000"]"#.to_owned(),
        }
    }

    fn closed(second: i64) -> Line {
        Line {
            id: 1,
            measurement_id: 1,
            step: 1,
            at: at(second),
            actor_id: None,
            what: "cancelled".to_owned(),
            to_id: None,
            from_id: None,
            is_of_amocrm: false,
        }
    }

    /// What is lost and what is double, for this deal with so many measurements.
    fn found(deal: &DealBook, measurements: i64, history: &[Line]) -> (usize, usize) {
        let measurements: Vec<_> = (1..=measurements).map(measurement).collect();
        let mut findings = Findings::default();
        count(deal, &measurements.iter().collect::<Vec<_>>(), history, &mut findings);
        (findings.lost.len(), findings.double.len())
    }

    #[test]
    fn an_entry_is_one_measurement_no_less_and_no_more() {
        let counts = |deal| [0, 1, 2].map(|measurements| found(&deal, measurements, &[]));
        assert_eq!(counts(deal(&[])), [(0, 0), (0, 1), (0, 1)]);
        assert_eq!(counts(deal(&[10])), [(1, 0), (0, 0), (0, 1)]);
        let ended = DealBook { had_an_end: true, ..deal(&[10]) };
        assert_eq!(counts(ended), [(0, 0), (0, 0), (0, 1)]);
    }

    #[test]
    fn a_second_entry_counts_where_the_first_measurement_was_closed_before_it() {
        let twice = deal(&[10, 60]);
        assert_eq!(found(&twice, 1, &[]), (0, 0), "the first is open: there is nothing to open");
        assert_eq!(found(&twice, 1, &[closed(30)]), (1, 0));
        assert_eq!(found(&twice, 2, &[closed(30)]), (0, 0));
        assert_eq!(found(&twice, 3, &[closed(30)]), (0, 1));
    }

    #[test]
    fn an_old_address_is_a_lost_change() {
        let moved = DealBook { address: "ул. Мира, 2".to_owned(), ..deal(&[10]) };
        let mut findings = Findings::default();
        state(&moved, &measurement(1), &[], &mut findings);
        assert_eq!(findings.lost.len(), 1, "{findings:?}");
        let mut findings = Findings::default();
        state(&deal(&[10]), &measurement(1), &[], &mut findings);
        assert!(findings.is_clean(), "{findings:?}");
    }
}
