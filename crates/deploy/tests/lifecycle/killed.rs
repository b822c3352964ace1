//! Killed at any call: before it reaches AWS, or after it, with its answer never seen. The same command again, or the other one, ends where it would have.

use crate::{
    cloud::{Cut, World},
    listing::{assert_same, whole},
    stage::Stage,
};

/// What a person does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Run {
    Up,
    Down,
}

impl Run {
    async fn of(self, stage: &Stage) -> anyhow::Result<()> {
        match self {
            Self::Up => stage.up().await,
            Self::Down => stage.down().await,
        }
    }
}

/// Cuts a run off at its first call, at its second, and so on until one is not cut any more, and then does `next`, which must end in what `expected`
/// says of the world. Tells how many calls there were.
pub(crate) async fn cut_everywhere(
    before: &Stage,
    first: Run,
    next: Run,
    cut: fn(usize) -> Cut,
) -> usize {
    let there = before.on(&before.world.twin());
    next.of(&there).await.unwrap();
    let expected = whole(&there.world);
    for n in 1.. {
        let stage = before.on(&before.world.twin());
        stage.world.cut(cut(n));
        let result = first.of(&stage).await;
        if !stage.world.heal() {
            result.unwrap();
            return n - 1;
        }
        let when = format!("{first:?} {:?}, then {next:?}", cut(n));
        let again = next.of(&stage).await;
        assert!(
            result.is_err() && again.is_ok(),
            "{when}: {result:?}, {again:?}"
        );
        assert_same(&whole(&stage.world), &expected, &when);
    }
    0
}

/// A stage in a world where CloudFront takes half a minute, to make the runs short.
pub(crate) fn quick() -> Stage {
    let world = World::new();
    world.change(|state| state.settings.edge = std::time::Duration::from_secs(30));
    Stage::new(&world)
}

async fn there(stage: &Stage) -> Stage {
    stage.up().await.unwrap();
    stage.clone()
}

#[tokio::test(start_paused = true)]
async fn an_up_that_is_killed_before_any_call_goes_on() {
    let calls = cut_everywhere(&quick(), Run::Up, Run::Up, Cut::Before).await;
    println!("{calls}");
}

#[tokio::test(start_paused = true)]
async fn an_up_that_is_killed_after_any_call_goes_on() {
    cut_everywhere(&quick(), Run::Up, Run::Up, Cut::After).await;
}

#[tokio::test(start_paused = true)]
async fn a_down_that_is_killed_before_any_call_goes_on() {
    cut_everywhere(&there(&quick()).await, Run::Down, Run::Down, Cut::Before).await;
}

#[tokio::test(start_paused = true)]
async fn a_down_that_is_killed_after_any_call_goes_on() {
    cut_everywhere(&there(&quick()).await, Run::Down, Run::Down, Cut::After).await;
}

#[tokio::test(start_paused = true)]
async fn an_up_that_is_killed_after_any_call_can_be_taken_down() {
    cut_everywhere(&quick(), Run::Up, Run::Down, Cut::After).await;
}

#[tokio::test(start_paused = true)]
async fn a_down_that_is_killed_after_any_call_can_be_brought_up_again() {
    cut_everywhere(&there(&quick()).await, Run::Down, Run::Up, Cut::After).await;
}
