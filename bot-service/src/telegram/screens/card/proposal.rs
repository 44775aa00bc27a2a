//! Whom the rules propose, and why: for who decides.

use crate::actions::views::{CardView, ProposalView};
use crate::domain::user::Name;
use crate::format;
use crate::telegram::screens::times::when;
use crate::telegram::screens::{Context, bold, limits, name_html, name_line};
use crate::telegram::words::say;

/// Three lines at most; none where nobody is proposed.
pub(super) fn lines(view: &CardView, context: &Context<'_>) -> Vec<String> {
    let Some(proposal) = view.proposal.as_ref().filter(|_| view.is_live) else { return Vec::new() };
    let passed = passed(proposal, context);
    [Some(String::new()), Some(who(proposal, context)), Some(why(proposal, context)), passed]
        .into_iter()
        .flatten()
        .collect()
}

/// «⚡️ Предлагаем: Иван Петров (было: Пётр Сидоров)»
fn who(proposal: &ProposalView, context: &Context<'_>) -> String {
    let words = context.words;
    let name = name_html(&proposal.name.full(), words);
    let text = match &proposal.before {
        Some(before) => {
            let before = brief(before, context);
            say!(words, "card-proposed-anew", name = name, before = before)
        }
        None => say!(words, "card-proposed", name = name),
    };
    bold(&text)
}

/// «🗺 Зона «Север» · 2 открытых · последний раз вчера в 14:05»
fn why(proposal: &ProposalView, context: &Context<'_>) -> String {
    let words = context.words;
    let name = format::html(proposal.of.as_deref().unwrap_or_default(), limits::SHORT);
    let rule = words.because(proposal.rule, name);
    let count = proposal.busy;
    let busy = say!(words, "person-open", count = count);
    let last = match proposal.last {
        Some(at) => say!(words, "because-last", when = when(at, context)),
        None => say!(words, "because-first"),
    };
    format!("{rule} · {busy} · {last}")
}

/// «Анна С.»
fn brief(name: &Name, context: &Context<'_>) -> String {
    format::escape(&name_line(&name.short(), limits::BUTTON, context.words))
}

/// «Не предлагаем: Анна С. (выходной)»
fn passed(proposal: &ProposalView, context: &Context<'_>) -> Option<String> {
    let words = context.words;
    let one = |(name, why): &(Name, _)| {
        let name = brief(name, context);
        say!(words, "passed-one", name = name, why = words.why_not(*why))
    };
    let passed: Vec<_> = proposal.passed.iter().map(one).collect();
    (!passed.is_empty()).then(|| say!(words, "card-passed", names = passed.join(", ")))
}
