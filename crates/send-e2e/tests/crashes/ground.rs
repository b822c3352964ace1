//! Storages for one story each, and what they hold in few words.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use send_e2e::{
    Bucket, Client, Folder, Request, Server, Shared,
    crash::{Kept, Point, Sweeping, later},
};
use serde_json::Value;
use tokio::task::block_in_place;

/// After this everything that lies there now is older than a day.
pub(crate) const TOMORROW: Duration = Duration::from_hours(25);
/// After this nothing needs to be known of what was created now: the longest life, the day after it, and another.
pub(crate) const PAST: Duration = Duration::from_hours(32 * 24);

/// Where storages are made.
pub(crate) enum Ground {
    /// On the disk.
    Folders,
    /// Below prefixes of a bucket.
    Bucket(Bucket),
}

impl Ground {
    /// An empty storage.
    pub(crate) fn scene(&self, name: impl Into<String>) -> Result<Scene> {
        Ok(Scene(match self {
            Self::Folders => Kept::Folder(Folder::new()?),
            Self::Bucket(bucket) => Kept::Bucket(bucket.below(name)),
        }))
    }
}

/// A storage on which services come and go.
pub(crate) struct Scene(pub(crate) Kept);

impl Scene {
    /// The real service, and a client of it.
    pub(crate) fn serve(&self) -> Result<(Server, Client)> {
        let server = block_in_place(|| self.0.server())?;
        let client = server.client()?;
        Ok((server, client))
    }

    /// Lets a service meet a request at which it ends, there and by its own hand.
    pub(crate) async fn crash(&self, point: Point, request: Request) -> Result<()> {
        let mut server = block_in_place(|| Server::crashing(&self.0, point))?;
        if let Ok(answer) = server.client()?.send(request).await {
            bail!("{point} was not reached: {} came", answer.status);
        }
        block_in_place(|| server.ended_at(point))
    }

    /// Sweeps by a clock that is set forward.
    pub(crate) fn sweep(&self, after: Duration) -> Result<()> {
        block_in_place(|| Sweeping::whole(&self.0, later(after)?))
    }

    /// Sweeps by a clock that is set forward, to this point.
    pub(crate) fn crash_sweep(&self, point: Point, after: Duration) -> Result<()> {
        block_in_place(|| Sweeping::crash(&self.0, later(after)?, point))
    }

    /// Sees that exactly this lies there.
    pub(crate) async fn holds(&self, expected: &[&str]) -> Result<()> {
        let found = self.look().await?;
        ensure!(
            found == expected,
            "expected {expected:#?}, found {found:#?}"
        );
        Ok(())
    }

    /// What lies there: names within a transfer, those that are random as `*`, and what the records say; the index where there is
    /// nothing else. What the service notes of itself is passed over.
    pub(crate) async fn look(&self) -> Result<Vec<String>> {
        let (mut found, mut index) = (Vec::new(), Vec::new());
        for key in self.0.keys().await? {
            let segments: Vec<&str> = key.split('/').collect();
            found.push(match segments[..] {
                ["transfers", _, _, "meta.json"] => describe(&self.0.document(&key).await?)?,
                ["transfers", _, _, _, folder @ ("parts" | "slots"), n] => format!("{folder}/{n}"),
                ["transfers", _, _, _, folder, _] => format!("{folder}/*"),
                ["transfers", _, _, _, file] => file.to_owned(),
                ["index", ..] => {
                    index.push("index/*".to_owned());
                    continue;
                }
                ["usage", ..] | ["sweeps.json"] => continue,
                _ => key,
            });
        }
        found.sort();
        Ok(if found.is_empty() { index } else { found })
    }
}

/// A record in few words: its state, what it names, whether it was ended long before its time.
fn describe(record: &Value) -> Result<String> {
    let mut words = format!(
        "meta.json {}",
        record["state"].as_str().context("no state")?
    );
    for field in ["manifest", "incoming", "signed", "payload", "removing"] {
        if !record[field].is_null() {
            words += &format!(" +{field}");
        }
    }
    let at = |field: &str| record[field].as_u64().context("no time");
    let two_days = 2 * 86_400_000;
    if at("expires_at")? - at("created_at")? < two_days {
        words += " +ended";
    }
    Ok(words)
}
