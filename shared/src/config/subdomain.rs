//! The account's name in AmoCRM, written as people have it at hand: `demo`, or the host `demo.amocrm.ru`.

use super::{ConfigError, Settings};

/// The first serves accounts whose name is given alone.
const DOMAINS: [&str; 3] = ["amocrm.ru", "amocrm.com", "kommo.com"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subdomain {
    /// In lower case.
    label: String,
    domain: &'static str,
}

impl Subdomain {
    pub const EXPECTED: &str = "the account's name before .amocrm.ru, or its host like demo.kommo.com";

    /// # Errors
    ///
    /// If `AMOCRM_SUBDOMAIN` is there and neither a name nor a host of AmoCRM's.
    pub fn read(settings: &Settings) -> Result<Option<Self>, ConfigError> {
        let name = "AMOCRM_SUBDOMAIN";
        let Some(text) = settings.text(name) else { return Ok(None) };
        let bad = || ConfigError::Bad { name, found: format!("`{text}`"), expected: Self::EXPECTED };
        Self::parse(text).map(Some).ok_or_else(bad)
    }

    fn parse(text: &str) -> Option<Self> {
        let text = text.to_ascii_lowercase();
        let (label, domain) = match text.split_once('.') {
            None => (text.as_str(), DOMAINS[0]),
            Some((label, rest)) => (label, DOMAINS.into_iter().find(|domain| *domain == rest)?),
        };
        let plain = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let is_label = plain && !label.is_empty() && !label.starts_with('-') && !label.ends_with('-');
        is_label.then(|| Self { label: label.to_owned(), domain })
    }

    /// Whether a hook that names this subdomain or host comes from the account.
    pub fn is_of(&self, sent: &str) -> bool {
        sent.split('.').next().is_some_and(|label| label.eq_ignore_ascii_case(&self.label))
    }

    /// `demo.amocrm.ru`
    pub fn host(&self) -> String {
        format!("{}.{}", self.label, self.domain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(text: &str) -> Option<String> {
        Subdomain::parse(text).map(|subdomain| subdomain.host())
    }

    #[test]
    fn a_name_and_a_host_are_the_same_account() {
        assert_eq!(host("Demo").unwrap(), "demo.amocrm.ru");
        assert_eq!(host("demo.amocrm.ru").unwrap(), "demo.amocrm.ru");
        assert_eq!(host("demo.amocrm.com").unwrap(), "demo.amocrm.com");
        assert_eq!(host("okna-2.kommo.com").unwrap(), "okna-2.kommo.com");
        let demo = Subdomain::parse("demo.kommo.com").unwrap();
        assert!(demo.is_of("demo") && demo.is_of("Demo.amocrm.ru"));
        assert!(!demo.is_of("other") && !demo.is_of("") && !demo.is_of("demo2.kommo.com"));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["a.b", "demo.amocrm.ru.", "https://demo.amocrm.ru", ".amocrm.ru", "-a", "демо", "a_b"]
        {
            assert_eq!(host(text), None, "{text}");
        }
    }
}
