//! The service, and a sweep beside it, are killed at random moments of a mixed load; the clients go on with the next one.
//! Then all clients stop where they are, with the last kill, and a fresh service has to have everything that was acknowledged.
//!
//! - `load`: what clients do; `door`: how they ask, whatever is killed meanwhile; `dice`: what decides, from a seed
//! - `ours`, `theirs`: a transfer as its client knows it, what its client does, and what has to be true afterwards

mod dice;
mod door;
mod load;
mod ours;
mod theirs;

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use send_e2e::{
    Peer, S3Server, Server, Shared,
    crash::{Kept, Sweeping, later},
};
use tokio::{task::block_in_place, time::sleep};

use crate::ground::{Ground, PAST, Scene, TOMORROW};
use dice::Dice;
use door::Front;
use load::Load;

/// Kills of one storage.
const KILLS: u32 = 20;
/// Sweeps by a clock set forward that are killed at the end of a round.
const SWEEPS: u32 = 3;
/// What a killed process sent to S3 may still be on its way there.
const IN_FLIGHT: Duration = Duration::from_millis(300);

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_kills_on_a_folder_lose_nothing_and_leave_nothing() -> Result<()> {
    play(&Ground::Folders, 1).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_kills_on_s3_lose_nothing_and_leave_nothing() -> Result<()> {
    let bucket = S3Server::start(Peer::Seaweed).await?.bucket().await?;
    play(&Ground::Bucket(bucket), 1).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "long: run by .ci/long"]
async fn two_hundred_kills_on_a_folder_lose_nothing_and_leave_nothing() -> Result<()> {
    play(&Ground::Folders, 10).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "long: run by .ci/long"]
async fn two_hundred_kills_on_s3_lose_nothing_and_leave_nothing() -> Result<()> {
    let bucket = S3Server::start(Peer::Seaweed).await?.bucket().await?;
    play(&Ground::Bucket(bucket), 10).await
}

async fn play(ground: &Ground, rounds: u64) -> Result<()> {
    let since = Instant::now();
    let mut dice = Dice::from_variable()?;
    let mut tally = Tally::default();
    for round in 0..rounds {
        let scene = ground.scene(format!("round-{round}"))?;
        let mut run = Run {
            scene,
            dice: dice.another(),
            tally: Tally::default(),
        };
        run.play().await.with_context(|| format!("round {round}"))?;
        tally.add(&run.tally);
    }
    println!("{tally:?} in {:?}", since.elapsed());
    tally.is_enough(rounds)
}

/// What happened.
#[derive(Debug, Default)]
struct Tally {
    services_killed: u32,
    sweeps_killed: u32,
    late_sweeps_killed: u32,
    transfers: usize,
    /// Requests that were under way when the service was killed, by kind.
    cut: std::collections::BTreeMap<&'static str, u32>,
    /// Folders without a file that stayed when all was forgotten: a kill between a file and its folder leaves one.
    empty_folders: usize,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.services_killed += other.services_killed;
        self.sweeps_killed += other.sweeps_killed;
        self.late_sweeps_killed += other.late_sweeps_killed;
        self.transfers += other.transfers;
        self.empty_folders += other.empty_folders;
        for (what, count) in &other.cut {
            *self.cut.entry(what).or_default() += count;
        }
    }

    /// Whether the kills met what they were to meet.
    fn is_enough(&self, rounds: u64) -> Result<()> {
        ensure!(self.services_killed as u64 == rounds * u64::from(KILLS));
        ensure!(self.sweeps_killed > 0, "no sweep was killed");
        let cut: u32 = self.cut.values().sum();
        ensure!(cut >= self.services_killed, "the kills met idle services");
        let kinds = ["part", "upload", "complete", "claim", "read", "delete"];
        for what in kinds.iter().filter(|_| rounds > 1) {
            ensure!(self.cut.contains_key(what), "no kill met a {what}");
        }
        Ok(())
    }
}

/// One storage from its first transfer to its last sweep.
struct Run {
    scene: Scene,
    dice: Dice,
    tally: Tally,
}

impl Run {
    async fn play(&mut self) -> Result<()> {
        let mut server = self.server()?;
        let (front, door) = Front::open(server.client()?);
        let mut load = Load::start(&door, &mut self.dice, self.scene.0.signs());
        self.kill_again_and_again(&mut server, &front, &mut load)
            .await?;
        let transfers = load.stop().await?;
        self.tally.cut = door.cut();
        self.tally.transfers = transfers.len();
        sleep(IN_FLIGHT).await;
        let (_server, client) = self.scene.serve()?;
        let left = transfers.settle(&client).await?;
        self.sweep_tomorrow().await?;
        left.is_all_there_is(&self.scene.0).await?;
        let half_written = self.scene.0.half_written().await?;
        ensure!(half_written == 0, "{half_written} half written");
        left.is_read_again(&client).await?;
        self.is_forgotten_at_last().await
    }

    /// When no id needs to be known any more, nothing is there.
    async fn is_forgotten_at_last(&mut self) -> Result<()> {
        self.scene.sweep(PAST)?;
        self.scene.holds(&[]).await?;
        self.tally.empty_folders = self.scene.0.empty_folders()?.len();
        ensure!(
            self.tally.empty_folders == 0,
            "{} empty folders stay",
            self.tally.empty_folders
        );
        Ok(())
    }

    /// The last kill leaves no service: the clients stop where they are.
    async fn kill_again_and_again(
        &mut self,
        server: &mut Server,
        front: &Front,
        load: &mut Load,
    ) -> Result<()> {
        // A request to S3 takes longer than one to a disk.
        let most = if self.scene.0.signs() { 400 } else { 250 };
        let mut sweep = self.sweep()?;
        for kill in 1..=KILLS {
            sleep(self.dice.millis(5, most)).await;
            server.kill()?;
            self.tally.services_killed += 1;
            if self.dice.one_in(2) {
                let killed = std::mem::replace(&mut sweep, self.sweep()?).kill()?;
                self.tally.sweeps_killed += u32::from(killed);
            }
            load.is_well()?;
            if kill < KILLS {
                *server = self.server()?;
                front.turn_to(server.client()?);
            }
        }
        self.tally.sweeps_killed += u32::from(sweep.kill()?);
        Ok(())
    }

    /// By a clock set forward, killed a few times; and once to its end.
    async fn sweep_tomorrow(&mut self) -> Result<()> {
        for _ in 0..SWEEPS {
            let sweep = Sweeping::begin(&self.scene.0, later(TOMORROW)?)?;
            sleep(self.dice.millis(5, 60)).await;
            self.tally.late_sweeps_killed += u32::from(sweep.kill()?);
        }
        sleep(IN_FLIGHT).await;
        self.scene.sweep(TOMORROW)
    }

    fn server(&self) -> Result<Server> {
        let variables = self.scene.0.variables();
        let variables = variables
            .iter()
            .map(|(name, value)| (*name, value.as_str()));
        let variables: Vec<_> = variables.collect();
        block_in_place(|| Server::start_quietly(&variables))
    }

    fn sweep(&self) -> Result<Sweeping> {
        let kept: &Kept = &self.scene.0;
        Sweeping::for_ever(kept)
    }
}
