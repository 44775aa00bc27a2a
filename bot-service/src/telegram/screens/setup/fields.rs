//! Where the facts of a deal stand, each with what it is in a recent deal.

use super::super::{Context, Row, Screen, bold, limits, name_line, pages};
use super::{back, press};
use crate::actions::views::{FactRow, FieldRow, FieldView, FieldsView};
use crate::domain::setup::{Fact, FieldChoice};
use crate::format;
use crate::telegram::callback::{Callback, SetupPress};
use crate::telegram::words::{Words, say};

/// A field and what stands in it, in characters.
const LABEL: usize = 60;

pub fn overview(view: &FieldsView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let mut lines = vec![bold(&say!(words, "setup-fields"))];
    lines.extend(sample(view.sample.as_deref(), words));
    lines.extend(view.rows.iter().map(|row| fact(row, words)));
    let button = |row: &FactRow| press(fact_name(row.fact, words), SetupPress::Field(row.fact, 0));
    let mut rows: Vec<Row> = view.rows.chunks(2).map(|pair| pair.iter().map(button).collect()).collect();
    rows.push(back(words));
    Screen::with(lines.join("\n"), rows)
}

/// A page of the account's fields with what stands in them.
pub fn choose(view: &FieldView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let mut lines = vec![bold(&fact_name(view.fact, words))];
    lines.extend(sample(view.sample.as_deref(), words));
    lines.push(if view.rows.is_empty() && view.page == 0 {
        say!(words, "setup-nothing-yet")
    } else {
        say!(words, "setup-choose-field")
    });
    let mut rows: Vec<Row> = view.rows.iter().map(|row| field(view.fact, row, words)).collect();
    let turn = |page| Callback::Setup(SetupPress::Field(view.fact, page));
    rows.extend(pages(view.page, view.has_next, turn, words));
    let set = |choice| SetupPress::SetField(view.fact, choice);
    if view.choice != FieldChoice::Nothing {
        rows.push(vec![press(say!(words, "button-field-nothing"), set(FieldChoice::Nothing))]);
    }
    if view.choice != FieldChoice::AsStarted {
        let names = name_line(&view.started.join(", "), limits::BUTTON, words);
        rows.push(vec![press(
            say!(words, "button-field-started", names = names),
            set(FieldChoice::AsStarted),
        )]);
    }
    let fields = press(say!(words, "button-back"), SetupPress::Fields);
    rows.push(vec![fields]);
    Screen::with(lines.join("\n"), rows)
}

pub fn fact_name(fact: Fact, words: &Words) -> String {
    match fact {
        Fact::Address => say!(words, "fact-address"),
        Fact::OrderNumber => say!(words, "fact-order-number"),
        Fact::Zone => say!(words, "fact-zone"),
        Fact::Dealer => say!(words, "fact-dealer"),
        Fact::Product => say!(words, "fact-product"),
        Fact::Comment => say!(words, "fact-comment"),
    }
}

fn fact(row: &FactRow, words: &Words) -> String {
    let name = fact_name(row.fact, words);
    let html = |text: &str| format::html(text, limits::SHORT);
    match (&row.field, &row.value) {
        (Some(field), Some(value)) => {
            say!(words, "fact-filled", name = name, field = html(field), value = html(value))
        }
        (Some(field), None) => say!(words, "fact-empty", name = name, field = html(field)),
        (None, _) => say!(words, "fact-nowhere", name = name),
    }
}

fn field(fact: Fact, row: &FieldRow, words: &Words) -> Row {
    let name = name_line(&row.name, limits::BUTTON, words);
    let name = if row.is_on { say!(words, "role-has", role = name) } else { name };
    let label = match &row.value {
        Some(value) => {
            let value = name_line(value, limits::BUTTON, words);
            format::line(&say!(words, "field-with-value", name = name, value = value), LABEL)
        }
        None => name,
    };
    vec![press(label, SetupPress::SetField(fact, FieldChoice::Field(row.id)))]
}

fn sample(name: Option<&str>, words: &Words) -> Option<String> {
    name.map(|name| say!(words, "setup-sample", name = format::html(name, limits::DEAL)))
}
