//! Can what people send be kept where it is to be kept.

use std::path::Path;
use std::time::Duration;

use shared::check::{Row, Trouble};
use tokio::time::timeout;

use crate::config::{Bucket, FilesConfig};
use crate::files::{Store, store};

pub const SUBJECT: &str = "files";

/// Writes something, reads it and removes it again.
pub async fn tried(config: &FilesConfig, limit: Duration) -> Row {
    let place = match config {
        FilesConfig::Folder(folder) => folder.display().to_string(),
        FilesConfig::Bucket(bucket) => format!("s3://{} at {}", bucket.name, host(bucket)),
    };
    let store = match Store::open(config) {
        Ok(store) => store,
        Err(error) => return Row::fails(SUBJECT, format!("{error:#}"), of_folder()),
    };
    match timeout(limit, store.probe()).await {
        Ok(Ok(())) => Row::works(SUBJECT, format!("what people send is kept in {place}")),
        Ok(Err(error)) => match config {
            FilesConfig::Folder(folder) => not_in_folder(folder, &error),
            FilesConfig::Bucket(bucket) => not_in_bucket(bucket, &place, &error, limit),
        },
        Err(_) => {
            let trouble = Trouble::NoAnswer(limit);
            Row::fails(SUBJECT, format!("{place} {trouble}"), trouble.advice(setting(config)))
        }
    }
}

/// Amazon's own where no other is named.
fn host(bucket: &Bucket) -> String {
    bucket.endpoint.as_ref().map_or_else(|| format!("s3.{}.amazonaws.com", bucket.region), super::place)
}

/// Where its address comes from.
fn setting(config: &FilesConfig) -> &'static str {
    match config {
        FilesConfig::Folder(_) => "FILES_URL",
        FilesConfig::Bucket(Bucket { endpoint: None, .. }) => "AWS_REGION",
        FilesConfig::Bucket(_) => "AWS_ENDPOINT_URL",
    }
}

fn not_in_folder(folder: &Path, error: &object_store::Error) -> Row {
    Row::fails(SUBJECT, format!("{} cannot be used: {error}", folder.display()), of_folder())
}

fn of_folder() -> &'static str {
    "Give the folder in FILES_URL to the service's user (10001 in the image), or name another."
}

fn not_in_bucket(bucket: &Bucket, place: &str, error: &object_store::Error, limit: Duration) -> Row {
    match store::refusal(error) {
        Some(code) => Row::fails(SUBJECT, format!("{place} refuses: {code}"), advice(&code)),
        None => {
            let trouble = Trouble::of(error, limit);
            let setting = setting(&FilesConfig::Bucket(bucket.clone()));
            Row::fails(SUBJECT, format!("{place} {trouble}"), trouble.advice(setting))
        }
    }
}

/// By the code in which the storage refused.
fn advice(code: &str) -> &'static str {
    match code {
        "InvalidAccessKeyId" => {
            "No such key is known there: is AWS_ACCESS_KEY_ID right, and AWS_ENDPOINT_URL?"
        }
        "SignatureDoesNotMatch" => "Is AWS_SECRET_ACCESS_KEY the secret that belongs to AWS_ACCESS_KEY_ID?",
        "AccessDenied" => {
            "Give the key in AWS_ACCESS_KEY_ID the right to write, read and delete in the bucket."
        }
        "NoSuchBucket" => "Make the bucket, or name another one in FILES_URL.",
        "AuthorizationHeaderMalformed" | "PermanentRedirect" | "InvalidRegion" => {
            "Set AWS_REGION to the region of the bucket."
        }
        "RequestTimeTooSkewed" => "Set this machine's clock: it differs from the storage's.",
        _ => {
            "Look the code up in the manual of the storage; a storage that is busy or away is tried again later."
        }
    }
}

#[cfg(test)]
mod tests {
    use simulator::s3::{Fault, Key, Options, Simulator};

    use super::*;
    use crate::check::testing::{settings, shown};

    const SOON: Duration = Duration::from_secs(5);

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let works = tried(&FilesConfig::Folder(folder.path().join("new")), SOON).await;
        assert!(works.to_string().contains("what people send is kept in"), "{works}");
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let fails = tried(&FilesConfig::Folder(file), SOON).await.to_string();
        assert!(fails.contains("FILES_URL"), "{fails}");
    }

    /// What is said of a bucket with these changes to what would be right.
    async fn said(bucket: &Simulator, changes: &[(&str, &str)], limit: Duration) -> String {
        let (url, Key { id, secret, region }) = (bucket.url(), &bucket.options().key);
        let right = [
            ("FILES_URL", "s3://zamer/files"),
            ("AWS_ENDPOINT_URL", &url),
            ("AWS_ACCESS_KEY_ID", id),
            ("AWS_SECRET_ACCESS_KEY", secret),
            ("AWS_REGION", region),
        ];
        let config = FilesConfig::read(&settings(&[&right[..], changes].concat())).unwrap();
        let said = shown(vec![tried(&config, limit).await]);
        assert!(!said.contains(secret.as_str()), "{said}");
        said.replace(url.trim_start_matches("http://"), "HOST")
    }

    #[tokio::test]
    async fn a_bucket_is_tried_and_left_as_it_was() {
        let bucket = Simulator::start(Options::default()).await.unwrap();
        let works = said(&bucket, &[], SOON).await;
        assert_eq!(works, "ok     files  what people send is kept in s3://zamer at HOST");
        assert!(bucket.contents().is_empty());
        assert_eq!(bucket.seen().len(), 3, "{:?}", bucket.seen());
    }

    #[tokio::test]
    async fn a_bucket_that_refuses_is_said_with_what_to_do() {
        let bucket = Simulator::start(Options::default()).await.unwrap();
        let cases = [
            ("AWS_ACCESS_KEY_ID", "other", "InvalidAccessKeyId", "AWS_ACCESS_KEY_ID"),
            ("AWS_SECRET_ACCESS_KEY", "other", "SignatureDoesNotMatch", "AWS_SECRET_ACCESS_KEY"),
            ("AWS_REGION", "us-east-1", "AuthorizationHeaderMalformed", "AWS_REGION"),
            ("FILES_URL", "s3://other", "NoSuchBucket", "Make the bucket"),
        ];
        for (setting, value, code, advice) in cases {
            let said = said(&bucket, &[(setting, value)], SOON).await;
            assert!(said.starts_with("FAILS  files"), "{said}");
            assert!(said.contains(&format!("refuses: {code}\n")) && said.contains(advice), "{said}");
        }
    }

    #[tokio::test]
    async fn a_bucket_that_is_away_is_said_to_be() {
        let bucket = Simulator::start(Options::default()).await.unwrap();
        bucket.fails(Fault::Unavailable);
        let busy = said(&bucket, &[], SOON).await;
        assert!(busy.contains("HOST refuses: SlowDown") && busy.contains("tried again"), "{busy}");
        bucket.recovers();
        bucket.fails(Fault::Hang(Duration::from_mins(1)));
        let silent = said(&bucket, &[], Duration::from_millis(300)).await;
        assert!(silent.contains("did not answer") && silent.contains("AWS_ENDPOINT_URL"), "{silent}");
        let refused = said(&bucket, &[("AWS_ENDPOINT_URL", "http://127.0.0.1:1")], SOON).await;
        assert!(refused.contains("127.0.0.1:1 refused the connection"), "{refused}");
    }
}
