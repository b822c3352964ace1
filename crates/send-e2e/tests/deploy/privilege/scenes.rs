//! The lifecycle, scene by scene: together they need every action of the policy.

use anyhow::Result;
use send_e2e::aws::{Deployer, other_zips};
use serde_json::json;
use tempfile::TempDir;

use crate::{
    drift,
    ground::configured,
    hands::{Hands, TOPIC},
};

/// What happens in a scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scene {
    /// From nothing, with all that can be configured.
    Up,
    /// It is looked at.
    Looks,
    /// What somebody changed by hand is mended.
    Mends,
    /// Other programs, with less configured, and without what came before.
    Release,
    /// What served before serves again.
    Rollback,
    /// What serves is fetched.
    Fetch,
    /// Everything goes, with data, versions and an upload that was not finished.
    Down,
}

impl Scene {
    /// In order.
    pub(super) const ALL: [Self; 7] = [
        Self::Up,
        Self::Looks,
        Self::Mends,
        Self::Release,
        Self::Rollback,
        Self::Fetch,
        Self::Down,
    ];
}

/// What the scenes need.
pub(super) struct Stage {
    /// With all that can be configured.
    full: TempDir,
    /// With less.
    bare: TempDir,
    /// Other programs.
    zips: TempDir,
    fetched: TempDir,
}

impl Stage {
    pub(super) fn new() -> Result<Self> {
        let base = format!("alarm_topic = \"{TOPIC}\"\nkeep = 1");
        let boundary = "permissions_boundary = \"arn:aws:iam::000000000000:policy/limits\"";
        let reserved = "[user]\nreserved_concurrency = 20";
        Ok(Self {
            full: configured(&format!("{base}\n{boundary}\n{reserved}"))?,
            bare: configured(&base)?,
            zips: other_zips("second")?,
            fetched: tempfile::tempdir()?,
        })
    }

    /// What is there before anything is deployed.
    pub(super) fn ground(&self, hands: &Hands) -> Result<()> {
        let all = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "*", "Resource": "*" }] });
        hands.act(
            "iam",
            "CreatePolicy",
            json!({ "PolicyName": "limits", "PolicyDocument": all.to_string() }),
        )
    }

    /// What somebody does by hand before.
    pub(super) fn before(&self, scene: Scene, hands: &Hands) -> Result<()> {
        match scene {
            Scene::Up | Scene::Looks | Scene::Release | Scene::Rollback | Scene::Fetch => Ok(()),
            Scene::Mends => drift::one_for_each_call(hands),
            Scene::Down => {
                let key = || json!({ "Key": "transfers/ab/abc/meta.json" });
                hands.bucket(
                    "PutBucketVersioning",
                    json!({ "VersioningConfiguration": { "Status": "Enabled" } }),
                )?;
                hands.bucket("PutObject", key())?;
                hands.bucket("DeleteObject", key())?;
                hands.bucket("CreateMultipartUpload", key())
            }
        }
    }

    /// What is run, and by which deployer.
    pub(super) fn runs(&self, scene: Scene, deployer: &Deployer) -> (Deployer, Vec<String>) {
        let (full, bare) = (self.full.path().display(), self.bare.path().display());
        let with = |all: &[&str], config: &dyn std::fmt::Display| {
            all.iter()
                .map(|action| format!("dev {action} --config {config}"))
                .collect::<Vec<_>>()
        };
        let quietly = || deployer.clone().without("SEND_ADMIN_KEY");
        match scene {
            Scene::Up => (deployer.clone(), with(&["up"], &full)),
            Scene::Looks => (
                deployer.clone(),
                with(&["plan", "verify", "smoke", "status", "logs"], &full),
            ),
            Scene::Mends => (quietly(), with(&["up"], &full)),
            Scene::Release => (quietly().of_zips(self.zips.path()), with(&["up"], &bare)),
            Scene::Rollback => (quietly(), with(&["rollback"], &bare)),
            Scene::Fetch => (
                quietly(),
                with(
                    &[&format!("fetch {}", self.fetched.path().display())],
                    &bare,
                ),
            ),
            Scene::Down => (quietly(), with(&["down --with-data"], &bare)),
        }
    }
}
