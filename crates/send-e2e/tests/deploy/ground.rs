//! What most tests here begin with.

use std::{fs, path::Path};

use anyhow::Result;
use send_e2e::aws::{ACCOUNT, Aws, Deployer, Listing, REGIONS};
use tempfile::TempDir;

/// The region of tests that need only one.
pub(crate) const HERE: &str = REGIONS[0];

/// The configuration of the stages with more at the end of `dev.toml`, for `--config`.
pub(crate) fn configured(more: &str) -> Result<TempDir> {
    let (folder, own) = (
        tempfile::tempdir()?,
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/config"),
    );
    for name in ["base", "dev", "qa", "prod"] {
        let name = format!("{name}.toml");
        fs::copy(own.join(&name), folder.path().join(&name))?;
    }
    let dev = folder.path().join("dev.toml");
    let own = fs::read_to_string(&dev)?;
    fs::write(&dev, format!("{own}\n{more}\n"))?;
    Ok(folder)
}

/// A stage that is there.
pub(crate) async fn deployed() -> Result<(Aws, Deployer)> {
    let aws = Aws::start().await?;
    let deployer = aws.deployer()?;
    deployer.must("dev").await?;
    Ok((aws, deployer))
}

/// The same is there, and says the same of itself.
#[track_caller]
pub(crate) fn same(found: &Listing, wanted: &Listing) {
    let (more, less) = (found.without(wanted), wanted.without(found));
    assert!(found == wanted, "in addition:\n{more}\nmissing:\n{less}");
}

/// Where alarms go.
pub(crate) fn topic() -> String {
    format!("arn:aws:sns:{HERE}:{ACCOUNT}:sgraph-send-dev")
}
