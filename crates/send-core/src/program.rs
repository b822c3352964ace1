//! How a service begins: it reads what the operator set, opens the storage, and says both in the log.

use std::net::SocketAddr;

use storage::url::{OpenError, Store, Url};

use crate::config::{self, Config, ConfigError};

/// Why a service does not start.
#[derive(Debug, thiserror::Error)]
pub enum CannotStart {
    /// A variable is not understood.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The storage cannot be opened.
    #[error(transparent)]
    Storage(#[from] OpenError),
}

/// Reads the environment and opens the storage; `listen` is where the service listens unless told otherwise.
///
/// # Errors
/// A configuration that is not understood, a storage that cannot be opened.
pub fn open(title: &str, listen: SocketAddr) -> Result<(Config, Store), CannotStart> {
    let config = Config::read(listen, |name| std::env::var(name).ok())?;
    for name in
        config::unknown_names(std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()))
    {
        tracing::warn!(name, "this variable is set, but nothing reads it");
    }
    let store = config.storage.open()?;
    let kept = match config.storage {
        Url::Memory => "gone when this program ends",
        Url::Folder(_) | Url::S3(_) => "kept",
    };
    let version = env!("CARGO_PKG_VERSION");
    tracing::info!(
        "{title} {version}, uploads {}, storage {} ({kept})",
        config.uploads,
        config.storage
    );
    Ok((config, store))
}
