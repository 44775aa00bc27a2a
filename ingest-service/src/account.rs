//! Which customer's account a body comes from, and which one we serve.

use shared::config::{ConfigErrors, Settings, Subdomain};
use shared::ids::AccountId;

use crate::form::Branch;

/// The account we serve; without either value any account is welcome.
#[derive(Debug, Clone, Default)]
pub struct Account {
    id: Option<AccountId>,
    subdomain: Option<Subdomain>,
}

impl Account {
    /// # Errors
    ///
    /// If `AMOCRM_ACCOUNT_ID` is there and not a number, or `AMOCRM_SUBDOMAIN` and not an account's name.
    pub fn read(settings: &Settings) -> Result<Self, ConfigErrors> {
        let mut errors = ConfigErrors::default();
        let id = errors.gather(settings.optional("AMOCRM_ACCOUNT_ID", "the account's number"));
        let subdomain = errors.gather(Subdomain::read(settings));
        errors.unless_any(|| Some(Self { id: id?, subdomain: subdomain? }))
    }

    /// Whether a body may come from our account. The id decides; the subdomain, which a customer can
    /// rename, is asked only where no id is configured or sent.
    pub fn accepts(&self, root: &Branch<'_>) -> bool {
        let Some(sent) = root.branch("account") else { return true };
        match (self.id, sent.text("id")) {
            (Some(ours), Some(theirs)) => theirs.parse() == Ok(ours),
            _ => match (&self.subdomain, sent.text("subdomain")) {
                (Some(ours), Some(theirs)) => ours.is_of(theirs),
                _ => true,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::form;

    fn accepts(id: Option<i64>, subdomain: Option<&str>, body: &str) -> bool {
        let id = id.map(|id| ("AMOCRM_ACCOUNT_ID".to_owned(), id.to_string()));
        let subdomain = subdomain.map(|name| ("AMOCRM_SUBDOMAIN".to_owned(), name.to_owned()));
        let absent = Path::new("absent");
        let settings = Settings::from_layers(absent, absent, id.into_iter().chain(subdomain)).unwrap();
        let account = Account::read(&settings).unwrap();
        account.accepts(&form::read(None, body.as_bytes()).root)
    }

    #[test]
    fn the_id_decides_where_both_sides_have_one() {
        assert!(accepts(Some(1), Some("demo"), "account[id]=1&account[subdomain]=renamed"));
        assert!(!accepts(Some(1), Some("demo"), "account[id]=2&account[subdomain]=demo"));
        assert!(!accepts(Some(1), None, "account[id]=one"));
    }

    #[test]
    fn the_subdomain_decides_where_one_side_has_no_id() {
        assert!(accepts(Some(1), Some("demo"), "account[subdomain]=Demo"));
        assert!(!accepts(Some(1), Some("demo"), "account[subdomain]=other"));
        assert!(!accepts(None, Some("demo.amocrm.ru"), "account[id]=1&account[subdomain]=other"));
    }

    #[test]
    fn where_nothing_can_be_compared_the_body_is_accepted() {
        assert!(accepts(None, None, "account[id]=2&account[subdomain]=other"));
        assert!(accepts(Some(1), Some("demo"), "leads[add][0][id]=5"));
        assert!(accepts(Some(1), None, "account[subdomain]=other"));
    }
}
