//! Where copies of what people send are kept.

use std::path::PathBuf;

use reqwest::Url;
use secrecy::SecretString;
use shared::config::{ConfigError, ConfigErrors, Settings};

use super::address;

const EXPECTED: &str = "a folder like ./files, or s3://bucket/prefix";

#[derive(Debug, Clone)]
pub enum FilesConfig {
    /// Made where it is not there.
    Folder(PathBuf),
    Bucket(Bucket),
}

/// Of Amazon's S3, or of whatever speaks as it does.
#[derive(Debug, Clone)]
pub struct Bucket {
    pub name: String,
    /// What the names of all copies begin with; empty, or without slashes at its ends.
    pub prefix: String,
    pub region: String,
    /// None for Amazon's own.
    pub endpoint: Option<Url>,
    pub key_id: String,
    pub key: SecretString,
}

impl FilesConfig {
    pub(crate) fn read(settings: &Settings) -> Result<Self, ConfigErrors> {
        let text = settings.text("FILES_URL").unwrap_or("./files");
        match text.split_once("://") {
            None => Ok(Self::Folder(text.into())),
            Some(("s3", place)) => Bucket::read(settings, place).map(Self::Bucket),
            Some(_) => {
                let found = format!("`{text}`");
                Err(ConfigError::Bad { name: "FILES_URL", found, expected: EXPECTED }.into())
            }
        }
    }
}

impl Bucket {
    fn read(settings: &Settings, place: &str) -> Result<Self, ConfigErrors> {
        let mut errors = ConfigErrors::default();
        let (name, prefix) = place.split_once('/').unwrap_or((place, ""));
        let is_name = (3..=63).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
        let named = if is_name {
            Ok(())
        } else {
            let found = format!("`s3://{place}`");
            Err(ConfigError::Bad { name: "FILES_URL", found, expected: EXPECTED })
        };
        let named = errors.gather(named);
        let expected = "an address like https://storage.yandexcloud.net";
        let endpoint = errors.gather(address(settings, "AWS_ENDPOINT_URL", expected));
        let expected = "the id of a key that may write into the bucket of FILES_URL";
        let missing = ConfigError::Missing { name: "AWS_ACCESS_KEY_ID", expected };
        let key_id = errors.gather(settings.text("AWS_ACCESS_KEY_ID").ok_or(missing));
        let key = errors.gather(
            settings.required_secret("AWS_SECRET_ACCESS_KEY", "the secret that belongs to AWS_ACCESS_KEY_ID"),
        );
        let region = settings.text("AWS_REGION").unwrap_or("us-east-1").to_owned();
        errors.unless_any(|| {
            named?;
            let prefix = prefix.trim_matches('/').to_owned();
            let (name, key_id) = (name.to_owned(), key_id?.to_owned());
            Some(Self { name, prefix, region, endpoint: endpoint?, key_id, key: key? })
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<FilesConfig, String> {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let settings = Settings::from_layers(Path::new("absent"), Path::new("absent"), pairs).unwrap();
        FilesConfig::read(&settings).map_err(|errors| errors.to_string())
    }

    #[test]
    fn a_folder_is_a_folder_and_a_bucket_needs_its_keys() {
        assert!(matches!(read(&[]), Ok(FilesConfig::Folder(path)) if path == Path::new("./files")));
        assert!(
            matches!(read(&[("FILES_URL", "/files")]), Ok(FilesConfig::Folder(path)) if path == Path::new("/files"))
        );
        let keys = [("AWS_ACCESS_KEY_ID", "id"), ("AWS_SECRET_ACCESS_KEY", "hush")];
        let found = read(&[&keys[..], &[("FILES_URL", "s3://zamer/files/")]].concat()).unwrap();
        let FilesConfig::Bucket(bucket) = found else { panic!("{found:?}") };
        assert_eq!((bucket.name.as_str(), bucket.prefix.as_str()), ("zamer", "files"));
        assert_eq!((bucket.region.as_str(), bucket.endpoint), ("us-east-1", None));
    }

    #[test]
    fn what_cannot_be_used_is_named_and_no_secret_shown() {
        let missing = read(&[("FILES_URL", "s3://zamer")]).unwrap_err();
        assert!(
            missing.contains("AWS_ACCESS_KEY_ID") && missing.contains("AWS_SECRET_ACCESS_KEY"),
            "{missing}"
        );
        for url in ["ftp://host/x", "s3://", "s3://za mer"] {
            let bad = read(&[("FILES_URL", url), ("AWS_SECRET_ACCESS_KEY", "hush")]).unwrap_err();
            assert!(bad.contains("FILES_URL") && !bad.contains("hush"), "{bad}");
        }
    }
}
