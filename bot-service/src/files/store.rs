//! Our own storage: a folder, or a bucket. What lies in it is named by its content, so that the same file is kept once
//! and writing it again does no harm.

use std::fs;
use std::sync::Arc;

use anyhow::Context as _;
use axum::body::Bytes;
use futures_util::stream::BoxStream;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt as _, RetryConfig};
use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};

use super::connector::Connector;
use crate::config::{Bucket, FilesConfig};

/// The name of a content.
pub type Sha = [u8; 32];
/// What lies under a name, as it is read.
pub type Content = BoxStream<'static, object_store::Result<Bytes>>;

/// What is tried by `check-config`, and removed again.
const PROBE: &str = "check-config";

/// Cheap to clone.
#[derive(Clone)]
pub struct Store(Arc<dyn ObjectStore>);

impl Store {
    /// Opens what is configured; the folder is made where it is not there.
    ///
    /// # Errors
    ///
    /// If the folder cannot be made or read. A bucket is not asked yet.
    pub fn open(config: &FilesConfig) -> anyhow::Result<Self> {
        Ok(Self(match config {
            FilesConfig::Folder(folder) => {
                let context = || format!("the folder {} of FILES_URL", folder.display());
                fs::create_dir_all(folder).with_context(context)?;
                Arc::new(LocalFileSystem::new_with_prefix(folder).with_context(context)?)
            }
            FilesConfig::Bucket(bucket) => of_bucket(bucket)?,
        }))
    }

    /// Keeps a whole content. Once it returns, the content is there to stay.
    ///
    /// # Errors
    ///
    /// If the storage is away, full, or takes no writes.
    pub async fn keep(&self, content: Bytes) -> object_store::Result<Sha> {
        let sha: Sha = Sha256::digest(&content).into();
        self.0.put(&place(&sha), content.into()).await?;
        Ok(sha)
    }

    /// How large a content is, and the content itself, bit by bit; none where it is not there.
    ///
    /// # Errors
    ///
    /// If the storage is away, as is one whose bucket is not there.
    pub async fn read(&self, sha: &Sha) -> object_store::Result<Option<(u64, Content)>> {
        match self.0.get(&place(sha)).await {
            Ok(found) => Ok(Some((found.meta.size, found.into_stream()))),
            Err(error) if is_gone(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes something, reads it and removes it again.
    ///
    /// # Errors
    ///
    /// Whichever of these could not be done.
    pub async fn probe(&self) -> object_store::Result<()> {
        let place = Path::from(PROBE);
        self.0.put(&place, Bytes::from_static(b"ok").into()).await?;
        self.0.get(&place).await?.bytes().await?;
        self.0.delete(&place).await
    }
}

/// Whether there is no such content, in a storage that is there.
fn is_gone(error: &object_store::Error) -> bool {
    let is_bucket = || refusal(error).is_some_and(|code| code == "NoSuchBucket");
    matches!(error, object_store::Error::NotFound { .. }) && !is_bucket()
}

/// The code in which a bucket refused.
pub fn refusal(error: &object_store::Error) -> Option<String> {
    let told = error.to_string();
    let (_, after) = told.split_once("<Code>")?;
    after.split_once("</Code>").map(|(code, _)| code.to_owned())
}

fn of_bucket(bucket: &Bucket) -> anyhow::Result<Arc<dyn ObjectStore>> {
    let retry = RetryConfig { max_retries: 2, retry_timeout: super::STORE_LIMIT, ..RetryConfig::default() };
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&bucket.name)
        .with_region(&bucket.region)
        .with_access_key_id(&bucket.key_id)
        .with_secret_access_key(bucket.key.expose_secret())
        .with_retry(retry)
        // One by one they are deleted by any storage; many at once, not by all.
        .with_disable_bulk_delete(true)
        .with_http_connector(Connector::new()?);
    if let Some(endpoint) = &bucket.endpoint {
        let is_plain = endpoint.scheme() == "http";
        builder = builder.with_endpoint(endpoint.as_str().trim_end_matches('/')).with_allow_http(is_plain);
    }
    let store = builder.build().context("the bucket of FILES_URL")?;
    Ok(Arc::new(PrefixStore::new(store, bucket.prefix.as_str())))
}

/// Two levels, because folders with a million files are slow to look at.
fn place(sha: &Sha) -> Path {
    let name = hex(sha);
    Path::from_iter([&name[..2], &name])
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
pub(super) mod tests {
    use futures_util::TryStreamExt as _;

    use super::*;

    pub async fn whole(store: &Store, sha: &Sha) -> Vec<u8> {
        let (size, content) = store.read(sha).await.unwrap().unwrap();
        let content: Vec<Bytes> = content.try_collect().await.unwrap();
        let content = content.concat();
        assert_eq!(content.len() as u64, size);
        content
    }

    #[tokio::test]
    async fn a_content_is_kept_once_under_its_own_name() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("not/there/yet");
        let store = Store::open(&FilesConfig::Folder(place.clone())).unwrap();
        let first = store.keep(Bytes::from_static(b"abc")).await.unwrap();
        assert_eq!(store.keep(Bytes::from_static(b"abc")).await.unwrap(), first);
        assert_eq!(whole(&store, &first).await, b"abc");
        let kept = place.join("ba/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(fs::read(kept).unwrap(), b"abc");
        let other = store.keep(Bytes::from_static(b"abd")).await.unwrap();
        assert_ne!(other, first);
        assert!(store.read(&[0; 32]).await.unwrap().is_none());
        store.probe().await.unwrap();
        assert!(!place.join(PROBE).exists());
    }
}
