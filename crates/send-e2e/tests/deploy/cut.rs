//! `deploy` is killed at a call to AWS, and the same command reaches the same end when it is given again: with everything there, or nothing.

mod settled;

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use futures::future::try_join_all;
use send_e2e::{
    aws::{ACCOUNT, Aws, Deployer, Listing},
    faults::{Faults, Kind, Plan},
};
use tokio::time::sleep;

use crate::ground::{HERE, same};
use settled::settled;

/// How often it is looked whether a run is where it is to end.
const LOOK: Duration = Duration::from_millis(5);
/// How many stages are deployed and removed at once.
const LANES: usize = 4;

const UP: &str = "dev up";
const DOWN: &str = "dev down --with-data";

/// A stage, again and again.
struct Lane {
    aws: Aws,
    deployer: Deployer,
}

impl Lane {
    async fn new() -> Result<Self> {
        let aws = Aws::start().await?;
        // Without the key no transfer is made each time: what it leaves is different each time.
        let deployer = aws
            .deployer()?
            .without("SEND_ADMIN_KEY")
            .with("SEND_ADMIN_KEY_SHA256", "0".repeat(64));
        Ok(Self { aws, deployer })
    }

    async fn there(&self) -> Result<Listing> {
        settled(&self.aws.listing(ACCOUNT, HERE).await?)
    }

    /// How many calls a run makes that nobody disturbs.
    async fn calls(&self, run: &str) -> Result<u64> {
        let counted = Faults::start(self.address(), Plan::clean()).await?;
        self.deployer
            .clone()
            .by_way_of(&counted.base())
            .must(run)
            .await?;
        Ok(counted.calls())
    }

    /// Kills a run at a call. Tells whether it got that far.
    async fn killed(&self, run: &str, call: u64, how: Kind) -> Result<bool> {
        let stalled = Faults::start(self.address(), Plan::only(call, how)).await?;
        let mut running = self
            .deployer
            .clone()
            .by_way_of(&stalled.base())
            .start(run)?;
        while !stalled.stalls() {
            if running.ended()? {
                return Ok(false);
            }
            sleep(LOOK).await;
        }
        running.kill()?;
        Ok(true)
    }

    /// Kills a run at a call, and gives these commands, each of which reaches its end.
    async fn cut(&self, run: &str, call: u64, then: &[(&str, &Listing)]) -> Result<bool> {
        // Each second one before AWS hears it, each other after AWS has done it.
        let how = if call.is_multiple_of(2) {
            Kind::StallAfter
        } else {
            Kind::Stall
        };
        let reached = self.killed(run, call, how).await?;
        for (next, end) in then {
            let told = || format!("{next} after {how:?} at {call} of {run}");
            self.deployer.must(next).await.with_context(told)?;
            // `down` takes the door's key first: who comes up again from there needs a version more.
            match (run, *next) {
                (DOWN, UP) => {
                    self.deployer.must("dev plan").await.with_context(told)?;
                    same(&unnumbered(&self.there().await?), &unnumbered(end));
                }
                _ => same(&self.there().await?, end),
            }
        }
        Ok(reached)
    }

    fn address(&self) -> &str {
        self.aws.endpoint().trim_start_matches("http://")
    }
}

/// Without the numbers of versions.
fn unnumbered(listing: &Listing) -> Listing {
    listing.but("version ").but("alias ")
}

/// What is there at the end of runs that nobody disturbs, and how many calls they make.
struct Undisturbed {
    all: Listing,
    nothing: Listing,
    up: u64,
    down: u64,
}

async fn undisturbed() -> Result<Undisturbed> {
    let lane = Lane::new().await?;
    let nothing = lane.there().await?;
    let up = lane.calls(UP).await?;
    let all = lane.there().await?;
    let down = lane.calls(DOWN).await?;
    Ok(Undisturbed {
        all,
        nothing,
        up,
        down,
    })
}

/// Cuts `up` and `down` at so many points each, which are spread over all of their calls. Each second time the command is given again, each other
/// time the opposite one before.
async fn cut_at(points: impl Fn(u64) -> u64) -> Result<()> {
    let undisturbed = &undisturbed().await?;
    let (all, nothing) = ((UP, &undisturbed.all), (DOWN, &undisturbed.nothing));
    let (ups, downs) = (points(undisturbed.up), points(undisturbed.down));
    let lanes = (0..LANES as u64).map(async |first| {
        let (lane, mut reached) = (Lane::new().await?, 0);
        for (round, point) in (first..ups.max(downs)).step_by(LANES).enumerate() {
            let at = |calls: u64, points: u64| (point % points) * calls / points;
            let (after_up, after_down): (&[_], &[_]) = match round % 2 {
                0 => (&[all], &[nothing]),
                _ => (&[nothing, all], &[all, nothing]),
            };
            let up = lane.cut(UP, at(undisturbed.up, ups), after_up).await?;
            let down = lane
                .cut(DOWN, at(undisturbed.down, downs), after_down)
                .await?;
            reached += u64::from(up) + u64::from(down);
        }
        anyhow::Ok(reached)
    });
    let reached: u64 = try_join_all(lanes).await?.into_iter().sum();
    // A run may make a call less than another: waiting is asking.
    ensure!(
        reached * 10 >= ups.max(downs) * 2 * 9,
        "only {reached} runs were cut"
    );
    Ok(())
}

#[tokio::test]
async fn killed_at_a_dozen_calls_the_same_command_reaches_the_same_end() -> Result<()> {
    cut_at(|_| 12).await
}

#[tokio::test]
#[ignore = "takes many minutes: `bash .ci/long`"]
async fn killed_at_every_call_the_same_command_reaches_the_same_end() -> Result<()> {
    cut_at(|calls| calls).await
}
