//! Can what people send be kept where it is to be kept.

use std::time::Duration;

use shared::check::Row;
use tokio::time::timeout;

use crate::config::FilesConfig;
use crate::files::Store;

pub const SUBJECT: &str = "files";

/// Writes something, reads it and removes it again.
pub async fn tried(config: &FilesConfig, limit: Duration) -> Row {
    let (place, advice) = match config {
        FilesConfig::Folder(folder) => (
            folder.display().to_string(),
            "Give the folder in FILES_URL to the service's user (10001 in the image), or name another.",
        ),
        FilesConfig::Bucket(bucket) => {
            let host = bucket.endpoint.as_ref().map(super::place);
            let host = host.map(|host| format!(" at {host}")).unwrap_or_default();
            (
                format!("s3://{}{host}", bucket.name),
                "Make the bucket, and give the key in AWS_ACCESS_KEY_ID the right to write, read and delete in it.",
            )
        }
    };
    let store = match Store::open(config) {
        Ok(store) => store,
        Err(error) => return Row::fails(SUBJECT, format!("{error:#}"), advice),
    };
    match timeout(limit, store.probe()).await {
        Ok(Ok(())) => Row::works(SUBJECT, format!("what people send is kept in {place}")),
        Ok(Err(error)) => Row::fails(SUBJECT, format!("{place} cannot be used: {error}"), advice),
        Err(_) => Row::fails(SUBJECT, format!("{place} does not answer in {} s", limit.as_secs()), advice),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let works = tried(&FilesConfig::Folder(folder.path().join("new")), Duration::from_secs(5)).await;
        assert!(works.to_string().contains("what people send is kept in"), "{works}");
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let fails = tried(&FilesConfig::Folder(file), Duration::from_secs(5)).await.to_string();
        assert!(fails.contains("FILES_URL"), "{fails}");
    }
}
