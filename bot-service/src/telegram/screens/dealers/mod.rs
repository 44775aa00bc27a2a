//! Dealers, and whose their customers are.

use super::{Button, Context, Row, Screen, back_row, bold, limits, menu_row, name_html, name_line, pages};
use crate::actions::views::{DealerMeasurersView, DealerOthersView, DealersView};
use crate::format;
use crate::telegram::callback::{Callback, DealerPress};
use crate::telegram::words::say;

pub fn list(view: &DealersView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let mut lines = vec![bold(&say!(words, "dealers-title"))];
    let is_empty = view.rows.is_empty() && view.page == 0;
    lines.push(if is_empty { say!(words, "dealers-none") } else { say!(words, "dealers-choose") });
    let mut rows: Vec<Row> = view
        .rows
        .iter()
        .map(|row| {
            let name = name_line(&row.name, limits::BUTTON, words);
            let label = match &row.measurer {
                Some((_, measurer)) => {
                    say!(
                        words,
                        "dealer-row",
                        name = name,
                        measurer = name_line(&measurer.short(), limits::BUTTON, words)
                    )
                }
                None => say!(words, "zone-empty", name = name),
            };
            vec![press(label, DealerPress::Measurers(row.id, 0))]
        })
        .collect();
    rows.extend(pages(view.page, view.has_next, |page| Callback::Dealer(DealerPress::List(page)), words));
    for (id, name) in &view.unknown.0 {
        let name = name_line(name, limits::BUTTON, words);
        rows.push(vec![press(say!(words, "button-unknown", name = name), DealerPress::Adopt(*id))]);
    }
    rows.push(vec![press(say!(words, "button-new-dealer"), DealerPress::Create)]);
    rows.push(menu_row(words));
    Screen::with(lines.join("\n"), rows)
}

/// «Кто замеряет клиентов этого дилера?»
pub fn measurers(view: &DealerMeasurersView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let dealer = view.dealer.id;
    let title = say!(words, "dealer-title", name = format::html(&view.dealer.name, limits::SHORT));
    let mut text = bold(&title);
    if let Some((_, name)) = &view.dealer.measurer {
        let now = say!(words, "card-measurer", name = name_html(&name.full(), words));
        text = format!("{text}\n{now}");
    }
    if !view.spellings.is_empty() {
        let names: Vec<_> = view.spellings.iter().map(|name| format::html(name, limits::SHORT)).collect();
        text = format!("{text}\n{}", say!(words, "zone-spellings", names = names.join(", ")));
    }
    text = format!("{text}\n{}", say!(words, "dealer-who"));
    let mut rows: Vec<Row> = view
        .rows
        .iter()
        .map(|(user, name)| {
            vec![press(name_line(&name.full(), limits::BUTTON, words), DealerPress::Give(dealer, *user))]
        })
        .collect();
    let turn = |page| Callback::Dealer(DealerPress::Measurers(dealer, page));
    rows.extend(pages(view.page, view.has_next, turn, words));
    rows.push(vec![press(say!(words, "button-rename"), DealerPress::Rename(dealer))]);
    rows.push(vec![
        press(say!(words, "button-merge"), DealerPress::ChooseMerge(dealer, 0)),
        press(say!(words, "button-delete"), DealerPress::Delete(dealer)),
    ]);
    rows.push(back_row(Callback::Dealer(DealerPress::List(0)), words));
    Screen::with(text, rows)
}

/// «С каким дилером объединить?»
pub fn choose_merge(view: &DealerOthersView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let dealer = view.dealer.id;
    let mut rows: Vec<Row> = view
        .rows
        .iter()
        .map(|(id, name)| {
            vec![press(name_line(name, limits::BUTTON, words), DealerPress::Merge(dealer, *id))]
        })
        .collect();
    let turn = |page| Callback::Dealer(DealerPress::ChooseMerge(dealer, page));
    rows.extend(pages(view.page, view.has_next, turn, words));
    rows.push(back_row(Callback::Dealer(DealerPress::Measurers(dealer, 0)), words));
    Screen::with(say!(words, "dealer-merge", name = format::html(&view.dealer.name, limits::SHORT)), rows)
}

/// What to write, and the way back.
pub fn ask(context: &Context<'_>) -> Screen {
    let back = back_row(Callback::Dealer(DealerPress::List(0)), context.words);
    Screen::with(say!(context.words, "dealer-ask-name"), vec![back])
}

fn press(label: String, press: DealerPress) -> Button {
    Button::press(label, Callback::Dealer(press))
}

#[cfg(test)]
mod tests;
