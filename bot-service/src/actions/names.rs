//! The names of people on one page, which names few people often.

use std::collections::HashMap;

use sqlx::PgConnection;

use crate::domain::ids::UserId;
use crate::domain::user::Name;
use crate::storage::{StorageError, users};

/// Remembers whom it has looked up.
#[derive(Default)]
pub struct Names(HashMap<UserId, Option<Name>>);

impl Names {
    pub async fn of(
        &mut self,
        conn: &mut PgConnection,
        user: Option<UserId>,
    ) -> Result<Option<Name>, StorageError> {
        let Some(user) = user else { return Ok(None) };
        if let Some(known) = self.0.get(&user) {
            return Ok(known.clone());
        }
        let name = users::find(conn, user).await?.map(|user| user.name);
        self.0.insert(user, name.clone());
        Ok(name)
    }
}
