//! Nobody is an admin by accident: a service without an admin key makes one for itself, or does not start.

use send_core::config::Config;
use storage::url::Url;

/// Why a service without an admin key does not start here.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "SEND_ADMIN_KEY_SHA256 is not set, and {place} the admin service makes up no key. Make one (`openssl rand -hex 32`), keep it, and set \
     the variable to its SHA-256 (`printf %s KEY | sha256sum`)."
)]
pub struct NoAdminKey {
    place: &'static str,
}

/// Sees to it that there is an admin key. Where none is configured on a laptop, one is made up for this run, and returned.
///
/// # Errors
/// [`NoAdminKey`] where a made-up key would be of no use: on S3, which other processes share, and on AWS Lambda, which starts
/// and ends processes as it likes.
pub fn settle(config: &mut Config) -> Result<Option<String>, NoAdminKey> {
    if !config.admin_keys.is_empty() {
        return Ok(None);
    }
    if config.on_lambda {
        return Err(NoAdminKey {
            place: "on AWS Lambda",
        });
    }
    match config.storage {
        Url::Memory | Url::Folder(_) => Ok(Some(config.admin_keys.make())),
        Url::S3(_) => Err(NoAdminKey { place: "on S3" }),
    }
}
