//! What was measured: a number, what it is to be, and what another program reaches.

use serde::Serialize;

/// Which side of the target is good.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    AtLeast(f64),
    AtMost(f64),
}

impl Target {
    pub fn value(self) -> f64 {
        match self {
            Self::AtLeast(value) | Self::AtMost(value) => value,
        }
    }

    pub fn is_met_by(self, value: f64) -> bool {
        match self {
            Self::AtLeast(least) => value >= least,
            Self::AtMost(most) => value <= most,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Unique in a run: `ingest.rate.128`.
    pub name: String,
    pub value: f64,
    pub unit: &'static str,
    /// None of a figure that is only told.
    pub target: Option<Target>,
    /// The same of the bare program, in the same run.
    pub baseline: Option<f64>,
}

/// A figure as `--json` writes it: numbers in the figure's own unit, null for what does not apply.
#[derive(Debug, Serialize)]
struct Written<'a> {
    name: &'a str,
    value: f64,
    unit: &'a str,
    target: Option<f64>,
    baseline: Option<f64>,
    ratio: Option<f64>,
    pass: Option<bool>,
}

impl Figure {
    pub fn told(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { name: name.into(), value, unit, target: None, baseline: None }
    }

    #[must_use]
    pub fn at_most(self, most: f64) -> Self {
        Self { target: Some(Target::AtMost(most)), ..self }
    }

    #[must_use]
    pub fn at_least(self, least: f64) -> Self {
        Self { target: Some(Target::AtLeast(least)), ..self }
    }

    #[must_use]
    pub fn beside(self, baseline: f64) -> Self {
        Self { baseline: Some(baseline), ..self }
    }

    /// How many times the baseline it is.
    pub fn ratio(&self) -> Option<f64> {
        self.baseline.filter(|baseline| *baseline > 0.0).map(|baseline| self.value / baseline)
    }

    /// None where there is no target.
    pub fn passes(&self) -> Option<bool> {
        self.target.map(|target| target.is_met_by(self.value))
    }

    fn written(&self) -> Written<'_> {
        Written {
            name: &self.name,
            value: self.value,
            unit: self.unit,
            target: self.target.map(Target::value),
            baseline: self.baseline,
            ratio: self.ratio(),
            pass: self.passes(),
        }
    }
}

/// The whole list as JSON.
///
/// # Panics
///
/// Never: names and numbers are always JSON.
pub fn to_json(figures: &[Figure]) -> String {
    let written: Vec<_> = figures.iter().map(Figure::written).collect();
    serde_json::to_string_pretty(&written).expect("names and numbers are always JSON")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_json_is_a_list_of_flat_objects() {
        let figures = [
            Figure::told("ingest.rate.16", 900.0, "webhooks/s").at_least(850.0).beside(1000.0),
            Figure::told("pipeline.burst", 25.0, "s").at_most(20.0),
            Figure::told("latency.samples", 100.0, "samples"),
        ];
        let written: serde_json::Value = serde_json::from_str(&to_json(&figures)).unwrap();
        assert_eq!(
            written,
            json!([
                {"name": "ingest.rate.16", "value": 900.0, "unit": "webhooks/s", "target": 850.0,
                 "baseline": 1000.0, "ratio": 0.9, "pass": true},
                {"name": "pipeline.burst", "value": 25.0, "unit": "s", "target": 20.0,
                 "baseline": null, "ratio": null, "pass": false},
                {"name": "latency.samples", "value": 100.0, "unit": "samples", "target": null,
                 "baseline": null, "ratio": null, "pass": null},
            ])
        );
    }

    #[test]
    fn a_target_is_met_on_the_line() {
        assert_eq!(Figure::told("a", 20.0, "s").at_most(20.0).passes(), Some(true));
        assert_eq!(Figure::told("a", 20.1, "s").at_most(20.0).passes(), Some(false));
        assert_eq!(Figure::told("a", 19.9, "s").at_least(20.0).passes(), Some(false));
    }

    #[test]
    fn a_baseline_of_nothing_gives_no_ratio() {
        assert_eq!(Figure::told("a", 1.0, "s").beside(0.0).ratio(), None);
    }
}
