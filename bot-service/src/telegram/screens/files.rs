//! How many files a measurement has, and how many of them are not copied.

use super::{Button, Context, Row, Screen, bold, limits, menu_row, which};
use crate::actions::views::FilesView;
use crate::domain::ids::MeasurementId;
use crate::format;
use crate::telegram::callback::Callback;
use crate::telegram::words::say;

/// Stands above the files, which follow as messages of their own.
pub fn render(view: &FilesView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let all = view.counts.all;
    let (waiting, failed) = (view.counts.waiting, view.counts.failed);
    let title = say!(words, "files-title", which = which(view.id, &view.lead_name, words));
    let count = if all > 0 { say!(words, "comment-files", count = all) } else { say!(words, "files-none") };
    let waiting = (waiting > 0).then(|| say!(words, "files-waiting", count = waiting));
    let failed = (failed > 0).then(|| say!(words, "files-failed", count = failed));
    let lines = [Some(bold(&title)), Some(count), waiting, failed];
    let older = view.older.map(|before| Callback::Files { id: view.id, before: Some(before) });
    let older = older.map(|older| vec![Button::press(say!(words, "button-older-files"), older)]);
    let mut rows: Vec<Row> = older.into_iter().collect();
    rows.push(vec![Button::press(say!(words, "button-open-card"), Callback::Open(view.id))]);
    rows.push(menu_row(words));
    Screen::with(lines.into_iter().flatten().collect::<Vec<_>>().join("\n"), rows)
}

/// Instead of a file that neither Telegram nor our own storage has: what it was called, and what would stand under it.
pub fn lost(id: MeasurementId, name: Option<&str>, caption: Option<&str>, context: &Context<'_>) -> Screen {
    let said = say!(context.words, "files-lost", id = id.to_string());
    let name = name.map(|name| format!("📎 {}", format::html(name, limits::NAME)));
    let lines = [Some(said), name, caption.map(Into::into)];
    Screen::text(lines.into_iter().flatten().collect::<Vec<_>>().join("\n"))
}

/// Instead of files that may be sent another time.
pub fn away(id: MeasurementId, context: &Context<'_>) -> Screen {
    let words = context.words;
    let again = Button::press(say!(words, "button-files"), Callback::Files { id, before: None });
    Screen::with(say!(words, "files-away", id = id.to_string()), vec![vec![again]])
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::super::testing::{hostile, picture, russian};
    use super::*;
    use crate::domain::comment::FileCounts;
    use crate::domain::ids::FileId;

    #[test]
    fn what_is_not_copied_is_said() {
        let mut view = FilesView {
            id: MeasurementId(12),
            lead_name: "Окна в детскую".into(),
            counts: FileCounts { all: 33, waiting: 2, failed: 1 },
            albums: vec![],
            older: Some(FileId(5)),
        };
        assert_snapshot!(picture(&render(&view, &russian())), @"
        📎 Файлы · №12 · Окна в детскую
        📎 33 файла
        ⏳ копируется: 2
        ⚠️ не скопировано файлов: 1
        [📎 Более ранние]
        [📋 Открыть карточку]
        [⌂ Меню]
        ");
        view.counts = FileCounts { all: 1, waiting: 0, failed: 0 };
        (view.older, view.lead_name) = (None, hostile());
        assert!(picture(&render(&view, &russian())).contains("📎 1 файл\n"));
    }
}
