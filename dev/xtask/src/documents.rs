//! What the documents name exists: links and pictures, commands and scripts, files of the source, buttons.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::args;
use crate::project::root;

/// A Markdown file, taken apart.
struct Document {
    path: PathBuf,
    /// Outside of code, in pieces: a piece ends where a code span begins.
    prose: Vec<String>,
    /// Code spans, and the lines of code blocks.
    code: Vec<String>,
    headings: Vec<String>,
}

impl Document {
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap();
        let (mut outside, mut code, mut headings, mut is_block) = (String::new(), vec![], vec![], false);
        for line in text.lines() {
            if line.trim_start().starts_with("```") {
                is_block = !is_block;
            } else if is_block {
                code.push(line.to_owned());
            } else {
                headings.extend(
                    line.strip_prefix('#').map(|line| line.trim_start_matches('#').trim().to_owned()),
                );
                outside.push_str(line);
                outside.push('\n');
            }
        }
        let mut prose = vec![];
        for (index, piece) in outside.split('`').enumerate() {
            if index % 2 == 0 {
                prose.push(piece.to_owned());
            } else {
                code.push(piece.split_whitespace().collect::<Vec<_>>().join(" "));
            }
        }
        Self { path: path.to_owned(), prose, code, headings }
    }

    fn name(&self) -> String {
        self.path.strip_prefix(root()).unwrap().display().to_string()
    }

    /// What stands between `open` and `close`, wherever prose has both.
    fn between<'a>(&'a self, open: &'a str, close: &'a str) -> impl Iterator<Item = &'a str> {
        let pieces = self.prose.iter().flat_map(move |piece| piece.split(open).skip(1));
        pieces.filter_map(move |rest| Some(rest.split_once(close)?.0))
    }

    /// The rest of each piece of code behind `start`, up to where a shell would begin something else.
    fn commands<'a>(&'a self, start: &'a str) -> impl Iterator<Item = Vec<String>> {
        let rests = self.code.iter().flat_map(move |code| code.split(start).skip(1));
        rests.map(|rest| {
            let words = rest.split_whitespace().take_while(|word| !["#", "&&", "|"].contains(word));
            words.map(|word| word.trim_end_matches([';', '\'']).to_owned()).collect()
        })
    }
}

fn documents() -> Vec<Document> {
    let mut paths = vec![root().join("README.md"), root().join("ARCHITECTURE.md")];
    let mut folders = vec![root().join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if is_a(&path, "md") {
                paths.push(path);
            }
        }
    }
    paths.iter().map(|path| Document::read(path)).collect()
}

fn is_a(path: impl AsRef<Path>, extension: &str) -> bool {
    path.as_ref().extension().is_some_and(|found| found == extension)
}

/// As GitHub makes an anchor of a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

fn leads_somewhere(document: &Document, link: &str) -> bool {
    let (file, place) = link.split_once('#').unwrap_or((link, ""));
    let target =
        if file.is_empty() { document.path.clone() } else { document.path.parent().unwrap().join(file) };
    let is_there = |place| Document::read(&target).headings.iter().any(|heading| anchor(heading) == place);
    target.exists() && (place.is_empty() || is_there(place))
}

#[test]
fn links_and_pictures_lead_somewhere() {
    for document in documents() {
        for link in document.between("](", ")").filter(|link| !link.contains("://")) {
            assert!(leads_somewhere(&document, link), "{}: {link}", document.name());
        }
    }
}

#[test]
fn every_picture_has_its_line_in_the_list() {
    let folder = root().join("docs/pictures");
    let list = Document::read(&folder.join("README.md"));
    let listed: BTreeSet<_> = list.code.iter().filter(|code| is_a(code, "png")).cloned().collect();
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let pictures: BTreeSet<_> = names.filter(|name| is_a(name, "png")).collect();
    assert_eq!(listed, pictures);
}

#[test]
fn every_command_of_the_project_is_known() {
    for document in documents() {
        for words in document.commands("cargo xtask") {
            if let Err(problem) = args::parse(words) {
                panic!("{}: {problem}", document.name());
            }
        }
        for words in document.commands("sh deploy/") {
            let script = root().join("deploy").join(&words[0]);
            assert!(script.is_file(), "{}: {}", document.name(), script.display());
        }
    }
}

/// Paths are written as short as they can be understood: without `src`, and without the crate beside others of it.
#[test]
fn every_file_that_the_architecture_names_is_there() {
    let is_path = |code: &&String| {
        let is_plain = code.chars().all(|c| c.is_ascii_alphanumeric() || "_-./".contains(c));
        is_plain && code.contains('/') && !code.starts_with('/')
    };
    for path in Document::read(&root().join("ARCHITECTURE.md")).code.iter().filter(is_path) {
        let (first, rest) = path.split_once('/').unwrap_or_default();
        let crates = ["bot-service", "ingest-service", "shared"];
        let inside = crates.map(|name| root().join(name).join("src").join(path));
        let places = inside.into_iter().chain([root().join(path), root().join(first).join("src").join(rest)]);
        let is_there = |place: PathBuf| place.exists() || place.with_extension("rs").exists();
        assert!(places.into_iter().any(is_there), "ARCHITECTURE.md: {path}");
    }
}

/// A button stands in a guide as `**[label]**`.
#[test]
fn every_button_in_a_guide_is_one_of_the_bot() {
    let texts = fs::read_to_string(root().join("bot-service/locales/ru/bot.ftl")).unwrap();
    let labels: BTreeSet<_> = texts.lines().filter_map(|line| Some(line.split_once(" = ")?.1)).collect();
    for document in documents() {
        for button in document.between("**[", "]**") {
            assert!(labels.contains(button), "{}: {button}", document.name());
        }
    }
}
