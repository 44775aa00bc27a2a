//! As much of a Dockerfile as ours uses; anything else is refused, so that nothing is left out unseen.

use anyhow::{Context, Result, bail};

/// `FROM base AS name`, and what follows.
#[derive(Debug, PartialEq)]
pub struct Stage {
    pub base: String,
    pub name: String,
    pub steps: Vec<Step>,
}

#[derive(Debug, PartialEq)]
pub enum Step {
    Run(String),
    Copy {
        /// Another stage; none is the context.
        from: Option<String>,
        source: String,
        to: String,
    },
    /// Says something of the image alone, or names what a command may read.
    Other,
}

/// Reads a Dockerfile.
pub fn parse(text: &str) -> Result<Vec<Stage>> {
    let mut stages: Vec<Stage> = Vec::new();
    for line in joined(text) {
        let (instruction, rest) =
            line.split_once(' ').with_context(|| format!("not an instruction: {line}"))?;
        if instruction == "FROM" {
            let (base, name) =
                rest.split_once(" AS ").with_context(|| format!("a stage without name: {rest}"))?;
            stages.push(Stage { base: base.to_owned(), name: name.to_owned(), steps: Vec::new() });
            continue;
        }
        let step = match instruction {
            "RUN" => Step::Run(rest.to_owned()),
            "COPY" => copy(rest)?,
            "WORKDIR" | "ARG" | "USER" | "ENTRYPOINT" => Step::Other,
            unknown => bail!("the Dockerfile uses {unknown}: teach it to `cargo xtask deployment`"),
        };
        stages.last_mut().context("an instruction before the first FROM")?.steps.push(step);
    }
    Ok(stages)
}

fn copy(rest: &str) -> Result<Step> {
    let words: Vec<&str> = rest.split_whitespace().collect();
    let (from, paths) = match words.split_first() {
        Some((first, paths)) if first.starts_with("--from=") => (first.strip_prefix("--from="), paths),
        _ => (None, words.as_slice()),
    };
    let [source, to] = paths else { bail!("COPY with other than one source: {rest}") };
    Ok(Step::Copy { from: from.map(str::to_owned), source: (*source).to_owned(), to: (*to).to_owned() })
}

/// The instructions without comments, each in one line.
fn joined(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut instructions = Vec::new();
    let mut open = String::new();
    for line in lines {
        match line.strip_suffix('\\') {
            Some(part) => open.push_str(part),
            None => instructions.push(std::mem::take(&mut open) + line),
        }
    }
    instructions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_read_over_several_lines() {
        let text = "# A comment\nFROM rust:1 AS build\nWORKDIR /src\nCOPY . .\nRUN one \\\n    # why\n    && two\n\
                    FROM debian AS small\nCOPY --from=build /src/x /bin/\n";
        let copy = |from: Option<&str>, source: &str, to: &str| Step::Copy {
            from: from.map(str::to_owned),
            source: source.to_owned(),
            to: to.to_owned(),
        };
        let build = vec![Step::Other, copy(None, ".", "."), Step::Run("one && two".to_owned())];
        let small = vec![copy(Some("build"), "/src/x", "/bin/")];
        let stage =
            |base: &str, name: &str, steps| Stage { base: base.to_owned(), name: name.to_owned(), steps };
        assert_eq!(parse(text).unwrap(), [stage("rust:1", "build", build), stage("debian", "small", small)]);
    }

    #[test]
    fn what_is_not_known_is_refused() {
        assert!(parse("FROM x AS y\nVOLUME /x").unwrap_err().to_string().contains("VOLUME"));
        assert!(
            parse("RUN x").is_err() && parse("FROM x").is_err() && parse("FROM x AS y\nCOPY a b c").is_err()
        );
    }

    #[test]
    fn ours_can_be_read() {
        let stages = parse(include_str!("../../../../../Dockerfile")).unwrap();
        let names: Vec<&str> = stages.iter().map(|stage| stage.name.as_str()).collect();
        assert_eq!(names, ["proxy", "manifests", "build", "base", "ingest-service", "bot-service"]);
    }
}
