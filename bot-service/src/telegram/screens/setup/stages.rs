//! The stages that open a measurement, or end it. A press on one turns it on or off.

use super::super::{Context, Row, Screen, bold, limits, name_line};
use super::{BUTTONS, back, press};
use crate::actions::views::{StageRow, StagesView};
use crate::domain::setup::StageRole;
use crate::format;
use crate::telegram::callback::SetupPress;
use crate::telegram::words::{Words, say};

pub fn render(view: &StagesView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let mut lines = vec![bold(&title(view.role, words)), chosen(view, words)];
    if view.pipelines.is_empty() {
        lines.push(say!(words, "setup-nothing-yet"));
    }
    let mut rows: Vec<Row> = Vec::new();
    for stage in &view.gone {
        let label = say!(words, "stage-gone", stage = stage.to_string());
        rows.push(vec![press(label, SetupPress::SetStage(view.role, *stage, false))]);
    }
    rows.extend(view.rows.iter().take(BUTTONS).map(|row| stage(view.role, row, words)));
    if view.open.is_none() {
        let pipeline = |(id, name): &(_, String)| {
            let label = name_line(name, limits::BUTTON, words);
            vec![press(label, SetupPress::Stages(view.role, Some(*id)))]
        };
        rows.extend(view.pipelines.iter().take(BUTTONS).map(pipeline));
    } else if view.pipelines.len() > 1 {
        rows.push(vec![press(say!(words, "button-pipelines"), SetupPress::Stages(view.role, None))]);
    }
    rows.push(back(words));
    Screen::with(lines.join("\n"), rows)
}

pub fn title(role: StageRole, words: &Words) -> String {
    match role {
        StageRole::Opens => say!(words, "setup-opens"),
        StageRole::Ends => say!(words, "setup-ends"),
    }
}

fn stage(role: StageRole, row: &StageRow, words: &Words) -> Row {
    let name = name_line(&row.name, limits::BUTTON, words);
    let label = if row.is_on { say!(words, "role-has", role = name) } else { name };
    vec![press(label, SetupPress::SetStage(role, row.stage, !row.is_on))]
}

fn chosen(view: &StagesView, words: &Words) -> String {
    if view.chosen.is_empty() && view.gone.is_empty() {
        return match view.role {
            StageRole::Opens => say!(words, "setup-opens-any"),
            StageRole::Ends => say!(words, "setup-ends-lost"),
        };
    }
    let name = |row: &StageRow| {
        let (pipeline, name) =
            (format::html(&row.pipeline, limits::SHORT), format::html(&row.name, limits::SHORT));
        say!(words, "stage-of", pipeline = pipeline, name = name)
    };
    let known = view.chosen.iter().map(name);
    let gone = view.gone.iter().map(ToString::to_string);
    say!(words, "setup-chosen", names = known.chain(gone).take(BUTTONS / 3).collect::<Vec<_>>().join(", "))
}
