//! Nobody waits for ever for a database that says nothing.

use std::io;
use std::time::Duration;

use tokio::time::timeout;

use super::StorageError;

/// The server ends what takes ten seconds, or waits five for a lock, and says so. Who hears nothing for longer talks
/// to nobody: the network is dead, and TCP may take a quarter of an hour to notice, or never does behind a proxy.
const LIMIT: Duration = Duration::from_secs(20);

/// One transaction's worth of work, or a failure of the database where nothing is heard of it. The connection that
/// was in use is then tested, and closed, by the pool.
///
/// # Errors
///
/// Those of the work, and [`silent`].
pub fn heard<T, E: From<StorageError>>(
    work: impl Future<Output = Result<T, E>>,
) -> impl Future<Output = Result<T, E>> {
    // On the heap, or every limit would make the futures around it larger by all that it holds.
    let work = Box::pin(work);
    async { timeout(LIMIT, work).await.unwrap_or_else(|_| Err(silent().into())) }
}

/// Says that no answer came.
pub fn silent() -> StorageError {
    let silent = io::Error::new(io::ErrorKind::TimedOut, "no answer from the database");
    StorageError::Sql(sqlx::Error::Io(silent))
}
