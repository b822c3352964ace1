//! Secrets of whoever deploys, from the environment: what the functions get of them are hashes.

use std::env;

use anyhow::{Result, bail};

use crate::{
    context::Keys,
    secret::sha256,
    smoke::{AdminKey, Sender},
};

/// Reads them: hashes for the functions, and what a smoke test may send with.
///
/// # Errors
/// When a hash is none, or not that of the secret beside it.
pub fn read() -> Result<(Keys, Sender)> {
    let keys = Keys {
        admin_name: variable("SEND_ADMIN_KEY_NAME"),
        access_sha256: hash("SEND_ACCESS_TOKEN", "SEND_ACCESS_TOKEN_SHA256")?,
        ..Keys::default()
    };
    keys.admin_sha256
        .set(hash("SEND_ADMIN_KEY", "SEND_ADMIN_KEY_SHA256")?);
    let sender = Sender {
        token: variable("SEND_SMOKE_TOKEN").or_else(|| variable("SEND_ACCESS_TOKEN")),
        admin_key: variable("SEND_ADMIN_KEY").map(AdminKey::given),
    };
    Ok((keys, sender))
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// The hash that is given, or else that of the secret; several hashes are separated by commas.
fn hash(secret: &str, hashed: &str) -> Result<Option<String>> {
    let own = variable(secret).map(|secret| sha256(secret.as_bytes()));
    let Some(given) = variable(hashed) else {
        return Ok(own);
    };
    let hashes: Vec<_> = given.split(',').map(str::trim).collect();
    let is_hash = |text: &&str| {
        text.len() == 64
            && text
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    if !hashes.iter().all(is_hash) {
        bail!(
            "{hashed} (not shown) is no SHA-256: give 64 lower-case hexadecimal digits, as `printf %s \"$KEY\" | sha256sum` prints them"
        );
    }
    if own.is_some_and(|own| !hashes.contains(&own.as_str())) {
        bail!("{hashed} is not the hash of {secret}: leave one of them out");
    }
    Ok(Some(hashes.join(",")))
}
