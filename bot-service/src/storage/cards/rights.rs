//! The rights of a person changed, and with them all cards he ever got. Years of them are neither one transaction's work
//! nor one minute's, so they are raised a portion at a time, the newest first.

use sqlx::PgConnection;

use super::super::StorageError;
use super::announce;
use crate::domain::ids::UserId;

/// At the pace at which Telegram has cards drawn anew, some minutes' work.
const PORTION: i64 = 100;

/// All cards of the person are to be drawn anew, and become stubs where he sees nothing any more; older messages as in
/// [`super::bump`]. The newest at once, the others by [`go_on`].
pub async fn bump_of_user(conn: &mut PgConnection, user: UserId) -> Result<(), StorageError> {
    sqlx::query!(
        "update users set cards_below = (select max(id) + 1 from cards where user_id = $1) where id = $1",
        user.0,
    )
    .execute(&mut *conn)
    .await?;
    raise_portion(conn, user.0).await
}

/// Raises the next portion of somebody who can be written to and whose last one is drawn. Returns whether there is such
/// a person.
pub async fn go_on(conn: &mut PgConnection) -> Result<bool, StorageError> {
    let next = sqlx::query_scalar!(
        "select u.id from users u join chats c on c.user_id = u.id
         where u.cards_below is not null and c.unreachable_at is null
           and not exists (
               select from cards
               where cards.chat_id = c.chat_id and shown_version < wanted_version and message_id is not null)
         limit 1 for no key update of u skip locked",
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(user) = next else { return Ok(false) };
    raise_portion(conn, user).await?;
    Ok(true)
}

async fn raise_portion(conn: &mut PgConnection, user: i64) -> Result<(), StorageError> {
    sqlx::query!(
        "with portion as (
             select id from cards
             where user_id = $1 and id < (select cards_below from users where id = $1)
             order by id desc limit $2
         ),
         raised as (
             update cards set wanted_version = wanted_version + 1, face = 'main'
             where id in (select id from portion)
               and (ended_at is null
                    or message_id is not null and face <> 'stub' and not exists (
                        select from cards live
                        where live.chat_id = cards.chat_id and live.measurement_id = cards.measurement_id
                          and live.ended_at is null))
         )
         update users set cards_below = (select min(id) from portion having count(*) = $2) where id = $1",
        user,
        PORTION,
    )
    .execute(&mut *conn)
    .await?;
    announce(conn).await
}
