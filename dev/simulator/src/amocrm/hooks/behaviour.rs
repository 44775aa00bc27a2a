//! How hooks are sent: as well as AmoCRM can, or with any of its known vices.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The default is AmoCRM on a good day. Each field is one vice, independent of the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HookBehaviour {
    pub sending: Sending,
    pub kind: HookKind,
    pub grouping: Grouping,
    pub layout: Layout,
    pub text: TextForm,
    pub modifier: Modifier,
    pub company: CompanyLink,
    /// How many times each hook is sent.
    pub copies: usize,
}

impl Default for HookBehaviour {
    fn default() -> Self {
        Self {
            sending: Sending::AtOnce,
            kind: HookKind::Crm,
            grouping: Grouping::OneEach,
            layout: Layout::AccountFirst,
            text: TextForm::Exact,
            modifier: Modifier::Named,
            company: CompanyLink::Untold,
            copies: 1,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sending {
    AtOnce,
    /// This much later, so that what happens meanwhile is told before it.
    Late {
        #[serde(rename = "millis", with = "crate::amocrm::millis")]
        by: Duration,
    },
    /// Kept until `release_hooks`.
    Held,
    /// Never sent, but logged and open to `redeliver`.
    Lost,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HookKind {
    Crm,
    /// Only what the Digital Pipeline sends, in its minimal shape, to the same addresses.
    DigitalPipeline,
    Both,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grouping {
    /// A request for each event: a stage change sends `update` and `status` apart.
    OneEach,
    /// One request for all events of one action of a user.
    PerChange,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    AccountFirst,
    /// As until 2022.
    AccountLast,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextForm {
    Exact,
    /// `&` arrives as `&amp;`, likewise `<`, `>` and `"`.
    HtmlEscaped,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Modifier {
    Named,
    /// `modified_user_id` is 0 whoever acted.
    Zero,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompanyLink {
    Untold,
    /// A lead's hook carries `linked_company_id`, as some older ones do.
    Told,
}

/// The order in which held hooks are let go. Each waits for the answer to the one before.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Release {
    InOrder,
    Reversed,
    /// By place among the held, from 0. A place may be named twice; those not named are dropped.
    Places(Vec<usize>),
    /// All in one body with gaps between the indexes.
    OneBody,
}
