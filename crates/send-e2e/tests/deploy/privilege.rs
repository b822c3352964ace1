//! Least privilege, shown: whoever may what `deploy dev policy` prints can do everything; all of it is needed; and without any single action of it
//! something fails that names the action.

mod holder;
mod scenes;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use send_e2e::aws::{ACCOUNT, Aws, Deployer, Ran};

use crate::{ground::HERE, hands::Hands};
use holder::Holder;
use scenes::{Scene, Stage};
use tables::{UNTOLD, actions};

/// The lifecycle on an emulator.
struct Play {
    aws: Aws,
    owner: Hands,
    holder: Holder,
    stage: Stage,
}

impl Play {
    async fn new() -> Result<Self> {
        let aws = Aws::start().await?;
        let play = Self {
            owner: Hands::on(&aws)?,
            holder: Holder::new(&aws).await?,
            stage: Stage::new()?,
            aws,
        };
        play.stage.ground(&play.owner)?;
        Ok(play)
    }

    /// Plays a scene up to what goes wrong.
    async fn play(&self, scene: Scene, by: &Deployer) -> Result<Vec<Ran>> {
        let (deployer, runs) = self.stage.runs(scene, by);
        let mut all = Vec::new();
        for run in runs {
            let ran = deployer.json(&run).await?;
            let well = ran.code == Some(0);
            all.push(ran);
            if !well {
                break;
            }
        }
        Ok(all)
    }

    /// Plays a scene, which must go well, and tells which actions it needed.
    async fn needs(&self, scene: Scene, by: &Deployer) -> Result<BTreeSet<String>> {
        self.stage.before(scene, &self.owner)?;
        let mut needed = BTreeSet::new();
        for ran in self.play(scene, by).await? {
            ensure!(
                ran.code == Some(0),
                "{scene:?}: {}{}",
                ran.summary(None)?["error"],
                ran.stderr
            );
            needed.extend(ran.calls()?.keys().flat_map(|operation| actions(operation)));
        }
        Ok(needed)
    }
}

/// The actions that each scene is the first to need.
async fn first_needs(play: &Play) -> Result<BTreeMap<String, Scene>> {
    let mut first = BTreeMap::new();
    for scene in Scene::ALL {
        for action in play.needs(scene, &play.holder.deployer).await? {
            first.entry(action).or_insert(scene);
        }
    }
    Ok(first)
}

#[tokio::test]
async fn the_policy_is_enough_and_all_of_it_is_needed() -> Result<()> {
    let play = Play::new().await?;
    let before = play.aws.listing(ACCOUNT, HERE).await?;
    let needed: BTreeSet<_> = first_needs(&play).await?.into_keys().collect();
    let allowed = play.holder.actions();
    let (idle, secret): (Vec<_>, Vec<_>) = (
        allowed.difference(&needed).collect(),
        needed.difference(&allowed).collect(),
    );
    ensure!(
        idle.is_empty() && secret.is_empty(),
        "allowed, and not needed: {idle:?}; needed, and not allowed: {secret:?}"
    );
    crate::ground::same(&play.aws.listing(ACCOUNT, HERE).await?, &before);
    Ok(())
}
