//! Where the servers' programs lie on this machine.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder with `initdb`, `postgres`, `psql` and `pg_isready` of the newest PostgreSQL.
pub fn postgres() -> Option<PathBuf> {
    let packaged = versions("/usr/lib/postgresql").into_iter().map(|folder| folder.join("bin"));
    packaged.chain(path_folders()).find(|folder| {
        ["initdb", "postgres", "psql", "pg_isready"].iter().all(|name| folder.join(name).is_file())
    })
}

/// PostgreSQL's command line, which a machine may have without the server.
pub fn psql() -> Option<PathBuf> {
    postgres()
        .into_iter()
        .chain(path_folders())
        .map(|folder| folder.join("psql"))
        .find(|program| program.is_file())
}

/// RabbitMQ's own start script. Debian's `/usr/sbin/rabbitmq-server` is a wrapper that changes the user and
/// cannot serve a private instance.
pub fn rabbitmq() -> Option<PathBuf> {
    let packaged =
        ["/usr/lib/rabbitmq/bin", "/opt/homebrew/opt/rabbitmq/sbin", "/usr/local/opt/rabbitmq/sbin"];
    let folders = packaged.iter().map(PathBuf::from).chain(path_folders());
    folders.map(|folder| folder.join("rabbitmq-server")).find(|script| {
        fs::canonicalize(script).is_ok_and(|target| !target.ends_with("rabbitmq-script-wrapper"))
    })
}

/// Erlang's port mapper.
pub fn epmd() -> Option<PathBuf> {
    let packaged = children("/usr/lib/erlang").into_iter().map(|folder| folder.join("bin"));
    path_folders().chain(packaged).map(|folder| folder.join("epmd")).find(|program| program.is_file())
}

/// Whether a program of that name can be called.
pub fn has(program: &str) -> bool {
    path_folders().any(|folder| folder.join(program).is_file())
}

fn path_folders() -> impl Iterator<Item = PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).collect::<Vec<_>>().into_iter()
}

/// The folders in `parent` that are named by a version, newest first.
fn versions(parent: &str) -> Vec<PathBuf> {
    let mut found = children(parent);
    found.retain(|folder| version(folder).is_some());
    found.sort_by_key(|folder| std::cmp::Reverse(version(folder)));
    found
}

fn version(folder: &Path) -> Option<Vec<u32>> {
    folder.file_name()?.to_str()?.split('.').map(|part| part.parse().ok()).collect()
}

fn children(parent: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        assert!(version(Path::new("/x/17")) > version(Path::new("/x/9.6")));
        assert!(version(Path::new("/x/9.6")) > version(Path::new("/x/9.4")));
        assert_eq!(version(Path::new("/x/common")), None);
    }
}
