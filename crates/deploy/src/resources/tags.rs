//! Tags, from those that are there to those that are wanted.

use anyhow::Result;

use crate::{
    cloud::{Tagged, Tags},
    context::Context,
    names::App,
};

/// What everything is tagged with: the configuration's tags, and ours above them.
pub(super) fn wanted(at: &Context, app: Option<App>) -> Tags {
    let mut tags: Tags = at.config.tags.clone();
    tags.extend(at.names.tags(app));
    tags
}

/// Adds and changes what differs, then removes what is too much.
pub(super) async fn apply<T: Tagged + ?Sized>(
    cloud: &T,
    name: &str,
    found: &Tags,
    wanted: &Tags,
) -> Result<()> {
    let missing: Tags = wanted
        .iter()
        .filter(|(key, value)| found.get(*key) != Some(value))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let surplus: Vec<_> = found
        .keys()
        .filter(|key| !wanted.contains_key(*key))
        .cloned()
        .collect();
    if !missing.is_empty() {
        cloud.tag(name, &missing).await?;
    }
    if !surplus.is_empty() {
        cloud.untag(name, &surplus).await?;
    }
    Ok(())
}
