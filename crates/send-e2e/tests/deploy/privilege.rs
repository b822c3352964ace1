//! Least privilege, shown: whoever may what `deploy dev policy` prints can do everything; all of it is needed; and without any single action of it
//! something fails that names the action.

mod bucket;
mod holder;
mod runtime;
mod scenes;
mod seaweed;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use send_e2e::aws::{ACCOUNT, Aws, Deployer, Ran};

use crate::{
    ground::{HERE, same},
    hands::Hands,
};
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

    /// Has everything as a scene finds it.
    async fn set(&self, scene: Scene) -> Result<()> {
        let owner = self.aws.deployer()?;
        let before: &[Scene] = match scene {
            Scene::Up => &[Scene::Down],
            Scene::Looks | Scene::Mends | Scene::Release | Scene::Fetch | Scene::Down => {
                &[Scene::Up]
            }
            Scene::Rollback => &[Scene::Up, Scene::Release],
        };
        for before in before {
            for ran in self.play(*before, &owner).await? {
                ensure!(
                    ran.code == Some(0),
                    "{before:?}: {}{}",
                    ran.summary(None)?["error"],
                    ran.stderr
                );
            }
        }
        self.stage.before(scene, &self.owner)
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

/// In which scenes each action is needed, when all goes well.
async fn needs(play: &Play) -> Result<BTreeMap<String, Vec<Scene>>> {
    let mut all: BTreeMap<String, Vec<Scene>> = BTreeMap::new();
    for scene in Scene::ALL {
        for action in play.needs(scene, &play.holder.deployer).await? {
            all.entry(action).or_default().push(scene);
        }
    }
    Ok(all)
}

/// Whether a scene fails without an action and says so, on a stage that is what it should be before.
async fn is_missed(play: &Play, action: &str, scene: Scene) -> Result<bool> {
    play.set(scene).await?;
    play.holder.may_all_but(Some(action))?;
    let last = play.play(scene, &play.holder.deployer).await?.pop();
    play.holder.may_all_but(None)?;
    Ok(last.is_some_and(|ran| ran.code != Some(0) && names(&ran, action)))
}

/// Whether a run says that it may not do this.
fn names(ran: &Ran, action: &str) -> bool {
    // CloudFront's refusals have no words on the emulator, and only ours name the call.
    let ways = [
        format!("not authorized to perform: {action} "),
        format!("{action} is not allowed: "),
    ];
    ways.iter().any(|way| ran.says(way))
}

#[tokio::test]
async fn the_policy_is_enough_and_all_of_it_is_needed() -> Result<()> {
    let play = Play::new().await?;
    let before = play.aws.listing(ACCOUNT, HERE).await?;
    let needed: BTreeSet<_> = needs(&play).await?.into_keys().collect();
    let allowed = play.holder.actions();
    let (idle, secret): (Vec<_>, Vec<_>) = (
        allowed.difference(&needed).collect(),
        needed.difference(&allowed).collect(),
    );
    ensure!(
        idle.is_empty() && secret.is_empty(),
        "allowed, and not needed: {idle:?}; needed, and not allowed: {secret:?}"
    );
    // Policies that somebody made by hand stay.
    let after = play.aws.listing(ACCOUNT, HERE).await?;
    same(&after.but(":policy/"), &before.but(":policy/"));
    Ok(())
}

#[tokio::test]
async fn without_one_action_of_each_statement_something_fails_that_names_it() -> Result<()> {
    let play = Play::new().await?;
    for (action, scene) in tables::ONE_OF_EACH {
        ensure!(
            is_missed(&play, action, *scene).await?,
            "nobody misses {action} in {scene:?}"
        );
    }
    Ok(())
}

#[tokio::test]
#[ignore = "takes many minutes: `bash .ci/long`"]
async fn without_any_action_something_fails_that_names_it() -> Result<()> {
    let play = Play::new().await?;
    let mut failures = Vec::new();
    for (action, scenes) in needs(&play).await? {
        let reason = UNTOLD.iter().find(|(untold, _)| *untold == action);
        let mut missed = false;
        for scene in scenes {
            missed = missed || is_missed(&play, &action, scene).await?;
        }
        match (missed, reason) {
            (true, None) | (false, Some(_)) => {}
            (false, None) => failures.push(format!("nobody misses {action}")),
            (true, Some((_, reason))) => {
                failures.push(format!("{action} is missed, though {reason}"))
            }
        }
    }
    ensure!(failures.is_empty(), "{}", failures.join("\n"));
    Ok(())
}
