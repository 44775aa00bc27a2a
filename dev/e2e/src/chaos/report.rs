//! The table at the end.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::breaker::Disturbance;
use super::checker::Findings;
use super::ending::Ending;
use super::load::DealBook;
use super::logs::{self, Logs};
use super::plan::Plan;
use super::plan::faults::Fault;
use super::presses::PeopleBook;
use super::slot::Met;
use super::stage::Stage;
use super::watch::Health;

#[derive(Debug, Clone)]
pub struct Report {
    pub seed: u64,
    pub deals: usize,
    /// Sent, taken with 200, never sent on purpose.
    pub webhooks: usize,
    pub taken: usize,
    pub lost_on_purpose: usize,
    pub presses: usize,
    /// Faults that found something to break.
    pub faults: usize,
    pub faults_by_kind: BTreeMap<&'static str, usize>,
    pub restarts: usize,
    pub broker_restarts: usize,
    /// Ends that nobody asked for; the replica was started again.
    pub own_ends: Vec<String>,
    pub tokens_renewed: u32,
    pub findings: Findings,
    pub logs: Logs,
    pub took: Duration,
    health: Health,
    ending: Ending,
    typed: usize,
    nothing_to_press: usize,
    missed: usize,
}

impl Report {
    pub(super) fn of(
        plan: &Plan,
        stage: &Stage,
        (deals, people, disturbances): (&[DealBook], &PeopleBook, &[Disturbance]),
        (findings, health, ending): (Findings, Health, Ending),
        took: Duration,
    ) -> Self {
        let hooks = stage.amocrm.hooks_sent();
        let lost_on_purpose =
            hooks.iter().filter(|hook| hook.outcome == simulator::amocrm::Outcome::Lost).count();
        let met: Vec<_> = disturbances.iter().filter(|one| one.met == Met::Done).collect();
        let mut faults_by_kind = BTreeMap::new();
        for one in &met {
            *faults_by_kind.entry(one.fault.kind()).or_default() += 1;
        }
        let restarts = met.iter().filter(|one| is_restart(&one.fault)).count();
        let broker = met.iter().filter(|one| matches!(one.fault, Fault::KillBroker { .. })).count();
        Self {
            seed: plan.seed,
            deals: deals.len(),
            webhooks: hooks.len() - lost_on_purpose,
            taken: hooks.iter().filter(|hook| hook.is_delivered()).count(),
            lost_on_purpose,
            presses: people.presses.len(),
            faults: met.len(),
            faults_by_kind,
            restarts,
            broker_restarts: broker,
            own_ends: stage.slots().flat_map(|slot| slot.own_ends()).collect(),
            tokens_renewed: stage.amocrm.tokens_issued(),
            findings,
            logs: logs::read(&stage.logs).unwrap_or_default(),
            took,
            health,
            ending,
            typed: people.typed.len(),
            nothing_to_press: people.nothing_to_press,
            missed: disturbances.len() - met.len(),
        }
    }

    /// Nothing lost, nothing double, nothing wrong, and no panic.
    pub fn is_clean(&self) -> bool {
        self.findings.is_clean() && self.logs.panics.is_empty()
    }
}

fn is_restart(fault: &Fault) -> bool {
    matches!(
        fault,
        Fault::Kill { .. }
            | Fault::Stop { .. }
            | Fault::KillBroker { .. }
            | Fault::KillDatabase { .. }
            | Fault::SwitchOff
    )
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.findings)?;
        self.logs.panics.iter().try_for_each(|panic| writeln!(f, "PANIC: {panic}"))?;
        self.own_ends.iter().try_for_each(|end| writeln!(f, "{end}\n"))?;
        let seconds = |time: Duration| format!("{:.1} s", time.as_secs_f64());
        let mut row = |name: &str, value: String| writeln!(f, "{name:<44} {value}");
        row("seed", self.seed.to_string())?;
        row("deals", self.deals.to_string())?;
        row("webhooks sent", format!("{}, {} of them answered 200", self.webhooks, self.taken))?;
        row("webhooks lost by AmoCRM", self.lost_on_purpose.to_string())?;
        row("measurements", self.findings.measurements.to_string())?;
        row(
            "presses, and words typed",
            format!("{}, {} ({} for want of a button)", self.presses, self.typed, self.nothing_to_press),
        )?;
        row("changes of measurements", self.findings.changes.to_string())?;
        row("faults", format!("{} ({} found nothing to break)", self.faults, self.missed))?;
        for (kind, count) in &self.faults_by_kind {
            row(&format!("  {kind}"), count.to_string())?;
        }
        row("restarts", format!("{}, {} of them of the broker", self.restarts, self.broker_restarts))?;
        row("replicas that ended by themselves", self.own_ends.len().to_string())?;
        row("pairs of tokens received", self.tokens_renewed.to_string())?;
        row("presses without an answer in time", self.findings.unanswered.to_string())?;
        row(
            "take-over after kill -9, after SIGTERM",
            format!(
                "{}, {}",
                seconds(self.ending.take_over_after_kill),
                seconds(self.ending.take_over_after_stop)
            ),
        )?;
        row("longest recovery", seconds(self.health.longest_recovery))?;
        row("from the last fault until nothing waited", seconds(self.ending.took))?;
        row("all of it took", seconds(self.took))?;
        row("errors in logs", self.logs.errors.values().sum::<usize>().to_string())?;
        for (error, count) in &self.logs.errors {
            row(&format!("  {error}"), count.to_string())?;
        }
        row("messages shown twice", self.findings.shown_twice.to_string())?;
        row("more often than once a fault", self.findings.too_often.len().to_string())?;
        row("wrong", self.findings.wrong.len().to_string())?;
        row("double", self.findings.double.len().to_string())?;
        row("lost", self.findings.lost.len().to_string())
    }
}
