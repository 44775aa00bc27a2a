//! Telling whoever shows the account that something in it has changed.

use tokio::sync::watch;

/// Clones tell the same listeners.
#[derive(Clone, Debug)]
pub struct Changes(watch::Sender<()>);

impl Changes {
    pub fn new() -> Self {
        Self(watch::Sender::new(()))
    }

    pub fn tell(&self) {
        self.0.send_replace(());
    }

    pub fn listen(&self) -> watch::Receiver<()> {
        self.0.subscribe()
    }
}
