//! `screenshots`: the pictures of the guides, taken from the page while a story is played on it.

use std::process::ExitCode;

use anyhow::Result;

use crate::commands::demo;
use crate::install::Consent;

const FOLDER: &str = "docs/pictures";

pub async fn run(consent: Consent) -> Result<ExitCode> {
    demo::play("screenshots", &[FOLDER.to_owned()], consent).await
}
