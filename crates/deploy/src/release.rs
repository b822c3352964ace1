//! What a function runs, and how one takes the place of another.

use anyhow::{Context as _, Result, ensure};

use crate::{
    cloud::{Live, Version},
    context::Context,
    health,
    names::{App, LIVE},
};

/// A zip as Lambda takes it, and what it was built of.
#[derive(Clone, PartialEq, Eq)]
pub struct Release {
    /// The zip.
    pub zip: Vec<u8>,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
    /// The version that the services tell.
    pub version: String,
    /// The commit, with `-dirty` where the sources had been changed since.
    pub commit: String,
}

impl std::fmt::Debug for Release {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Release({} {}, {})",
            self.version, self.commit, self.sha256
        )
    }
}

/// What serves.
///
/// # Errors
/// When nothing does.
pub async fn serving(at: &Context, app: App) -> Result<Live> {
    let name = at.names.function(app);
    let function = at.cloud.functions.function(&name).await?;
    let function = function.with_context(|| format!("there is no {name}: `up` makes it"))?;
    let live = function.live;
    live.with_context(|| format!("{name} has no alias `{LIVE}`: nothing serves"))
}

/// Lets a version serve that did before: this one, or else the newest with other code. Tells which it was, and which it is.
///
/// # Errors
/// When there is none, when it would let in whom the present one keeps out, or when it does not answer.
pub async fn back(at: &Context, app: App, to: Option<u64>) -> Result<(u64, Version)> {
    let (functions, name) = (&at.cloud.functions, at.names.function(app));
    let live = serving(at, app).await?;
    let now: u64 = live.version.parse()?;
    let versions = functions.versions(&name).await?;
    let chosen = match to {
        Some(number) => versions.into_iter().find(|version| version.number == number).with_context(|| format!("{name} has no version {number}"))?,
        None => before(versions, now, &live.configuration.code_sha256)
            .with_context(|| format!("{name} has no version with other code than version {now}, which serves; --to names one"))?,
    };
    let door = |environment: &std::collections::BTreeMap<String, String>| {
        environment.get("SEND_DOOR_SHA256").cloned()
    };
    ensure!(
        door(&chosen.environment) == door(&live.configuration.environment),
        "version {} of {name} has another door than version {now}: it would let in whom this one keeps out, or nobody",
        chosen.number
    );
    health::of_version(at, app, &chosen.number.to_string()).await?;
    functions
        .update_alias(&name, &chosen.number.to_string(), live.revision.as_deref())
        .await?;
    Ok((now, chosen))
}

/// The newest that is older and has other code.
fn before(versions: Vec<Version>, now: u64, code: &str) -> Option<Version> {
    let older = versions
        .into_iter()
        .filter(|version| version.number < now && version.code_sha256 != code);
    older.max_by_key(|version| version.number)
}

/// Puts back what served before this run, and tells it; nothing where this run put nothing else in its place.
///
/// # Errors
/// When the alias cannot be moved.
pub async fn undo(at: &Context, app: App) -> Result<Option<String>> {
    let known = at.known(app);
    let Some(before) = known
        .before
        .get()
        .filter(|before| known.serving.get().as_ref() != Some(before))
    else {
        return Ok(None);
    };
    at.cloud
        .functions
        .update_alias(&at.names.function(app), &before, None)
        .await?;
    Ok(Some(before))
}

/// Removes versions and zips that nobody goes back to any more. Tells how many.
///
/// # Errors
/// When they cannot be listed or removed.
pub async fn prune(at: &Context, app: App) -> Result<usize> {
    let (functions, name) = (&at.cloud.functions, at.names.function(app));
    let mut versions = functions.versions(&name).await?;
    versions.sort_by_key(|version| std::cmp::Reverse(version.number));
    let serving = at.known(app).serving.get();
    let (mut kept, mut removed) = (Vec::new(), 0);
    for version in versions {
        let number = version.number.to_string();
        if Some(&number) == serving.as_ref() || kept.len() <= at.config.keep {
            kept.push(version.code_sha256);
        } else {
            functions.delete_version(&name, &number).await?;
            removed += 1;
        }
    }
    Ok(removed + prune_zips(at, app, &kept).await?)
}

async fn prune_zips(at: &Context, app: App, kept: &[String]) -> Result<usize> {
    let (buckets, bucket) = (&at.cloud.buckets, at.names.bucket());
    let needed: Vec<_> = kept
        .iter()
        .map(|sha256| at.names.artifact(app, sha256))
        .collect();
    let stored = buckets.objects(&bucket, &at.names.artifacts(app)).await?;
    let mut removed = 0;
    for zip in stored.iter().filter(|zip| !needed.contains(&zip.key)) {
        buckets.delete_object(&bucket, &zip.key).await?;
        removed += 1;
    }
    Ok(removed)
}
