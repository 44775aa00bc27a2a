//! Figures as a table for a person. Pure.

use crate::figures::{Figure, Target};

const HEAD: [&str; 6] = ["figure", "measured", "target", "bare", "ratio", ""];

/// One line for each figure, columns aligned: the first to the left, numbers to the right.
pub fn render(figures: &[Figure]) -> String {
    let rows: Vec<[String; 6]> =
        std::iter::once(HEAD.map(str::to_owned)).chain(figures.iter().map(cells)).collect();
    let widths = std::array::from_fn(|column| {
        rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default()
    });
    rows.iter().map(|row| line(row, widths)).collect()
}

fn line(row: &[String; 6], widths: [usize; 6]) -> String {
    let [name, numbers @ ..] = row;
    let [first, others @ ..] = widths;
    let mut cells = vec![format!("{name:<first$}")];
    cells.extend(numbers.iter().zip(others).map(|(cell, width)| format!("{cell:>width$}")));
    format!("{}\n", cells.join("  ").trim_end())
}

fn cells(figure: &Figure) -> [String; 6] {
    let target = figure.target.map(|target| match target {
        Target::AtLeast(value) => format!("≥ {}", number(value)),
        Target::AtMost(value) => format!("≤ {}", number(value)),
    });
    let verdict = figure.passes().map(|passes| if passes { "ok" } else { "MISSED" });
    [
        figure.name.clone(),
        format!("{} {}", number(figure.value), figure.unit),
        target.unwrap_or_default(),
        figure.baseline.map(number).unwrap_or_default(),
        figure.ratio().map(|ratio| format!("{ratio:.2}")).unwrap_or_default(),
        verdict.unwrap_or_default().to_owned(),
    ]
}

/// Three digits that say something, and no more.
fn number(value: f64) -> String {
    match value.abs() {
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_each_other() {
        let figures = [
            Figure::told("ingest.rate.128", 12_345.6, "webhooks/s").at_least(11_000.0).beside(13_000.0),
            Figure::told("pipeline.burst", 25.04, "s").at_most(20.0),
            Figure::told("latency.samples", 100.0, "samples"),
        ];
        let expected = "\
figure                   measured   target   bare  ratio
ingest.rate.128  12346 webhooks/s  ≥ 11000  13000   0.95      ok
pipeline.burst             25.0 s   ≤ 20.0                MISSED
latency.samples       100 samples
";
        assert_eq!(render(&figures), expected);
    }
}
