//! The zips that serve, taken back, so that another stage gets the very same.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use super::{Stamp, keep};
use crate::{cloud::Live, context::Context, names::App, release, secret::sha256};

/// Downloads the zip that a service runs, and lays it where `--zips` finds it. Tells where, and what it was built of.
///
/// # Errors
/// When nothing serves, or the bucket does not hold what does.
pub async fn fetch(at: &Context, app: App, folder: &Path) -> Result<(PathBuf, Stamp)> {
    let live = release::serving(at, app).await?;
    let (bucket, wanted) = (at.names.bucket(), &live.configuration.code_sha256);
    let key = at.names.artifact(app, wanted);
    let zip = at.cloud.buckets.get_object(&bucket, &key).await;
    let zip = zip.with_context(|| format!("{key} in {bucket}, which the {app} service runs"))?;
    ensure!(
        sha256(&zip) == *wanted,
        "{key} in {bucket} is not what its name says, nor what the {app} service runs: somebody changed it"
    );
    let stamp = stamp(at, app, &live).await?;
    Ok((keep(folder, app, &zip, &stamp)?, stamp))
}

/// What the version says of itself.
async fn stamp(at: &Context, app: App, live: &Live) -> Result<Stamp> {
    let name = at.names.function(app);
    let versions = at.cloud.functions.versions(&name).await?;
    let mut served = versions
        .iter()
        .filter(|version| version.number.to_string() == live.version);
    let stamp = served
        .next()
        .and_then(|version| Stamp::told(&version.description));
    stamp.with_context(|| {
        let version = &live.version;
        format!("version {version} of {name} does not tell what it was built of: it was not made by `up`")
    })
}
