//! What an AmoCRM account is made of. Ids are the account's own; times are whole unix seconds.

mod directory;
mod entities;
mod fields;

pub use directory::{Account, Directory, Pipeline, Stage, Status, User};
pub use entities::{Company, Contact, Lead, LinkedContact, Tag, Webhook};
pub(super) use fields::midnight;
pub use fields::{Choice, Field, FieldKind, Item};

pub type UserId = i64;
pub type PipelineId = i64;
pub type StatusId = i64;
pub type FieldId = i64;
pub type LeadId = i64;
pub type ContactId = i64;
pub type CompanyId = i64;

/// «Успешно реализовано», the same id in every pipeline.
pub const WON: StatusId = 142;
/// «Закрыто и не реализовано», the same id in every pipeline.
pub const LOST: StatusId = 143;
/// Stands in for a user where a robot, a form or an integration acted.
pub const ROBOT: UserId = 0;
