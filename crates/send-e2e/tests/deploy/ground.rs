//! What most tests here begin with.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::Result;
use send_e2e::aws::{Aws, Deployer, Listing, REGIONS, Ran};
use tempfile::TempDir;

/// The region of tests that need only one.
pub(crate) const HERE: &str = REGIONS[0];

/// A stage that is there.
pub(crate) async fn deployed() -> Result<(Aws, Deployer)> {
    let aws = Aws::start().await?;
    let deployer = aws.deployer()?;
    deployer.must("dev").await?;
    Ok((aws, deployer))
}

/// The configuration of the stages with more at the end of `dev.toml`, for `--config`.
pub(crate) fn configured(more: &str) -> Result<TempDir> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/config");
    let folder = tempfile::tempdir()?;
    for stage in ["base", "dev", "qa", "prod"] {
        let name = format!("{stage}.toml");
        let more = if stage == "dev" { more } else { "" };
        let text = fs::read_to_string(own.join(&name))?;
        fs::write(folder.path().join(name), format!("{text}\n{more}\n"))?;
    }
    Ok(folder)
}

/// What a run that failed says at its end, without lines of a log in it.
pub(crate) fn error(ran: &Ran) -> String {
    let lines = ran.stderr.lines();
    let error = lines.skip_while(|line| {
        !["Error: ", "error: ", "deploy: "]
            .iter()
            .any(|start| line.starts_with(start))
    });
    let error = error.filter(|line| !line.starts_with('{'));
    error.collect::<Vec<_>>().join("\n")
}

/// The same is there, and says the same of itself; but for figures, which running functions write down when they like.
#[track_caller]
pub(crate) fn same(found: &Listing, wanted: &Listing) {
    let (found, wanted) = (found.but("/usage/open/"), wanted.but("/usage/open/"));
    let (found, wanted) = (&found, &wanted);
    let (more, less) = (found.without(wanted), wanted.without(found));
    assert!(found == wanted, "in addition:\n{more}\nmissing:\n{less}");
}

/// How many there are of each kind, in words. Of objects there are as many as it took.
pub(crate) fn kinds(listing: &Listing) -> String {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for name in listing.names() {
        let kind = name.split(' ').next().unwrap_or_default();
        *kinds.entry(kind).or_default() += 1;
    }
    kinds.remove("object");
    let kinds = kinds.iter().map(|(kind, count)| format!("{count} {kind}"));
    kinds.collect::<Vec<_>>().join(", ")
}
