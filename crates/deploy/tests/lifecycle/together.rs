//! Several runs at once: elsewhere, of the two services, of the same stage.

use std::time::Duration;

use deploy::{names::App, report::Silent};
use futures::future::join_all;
use tokio::time::{sleep, timeout};

use crate::{
    cloud::{Entry, Fault, World},
    listing::{assert_same, names, whole},
    stage::{ACCOUNT, REGION, Stage},
};

const OTHER_ACCOUNT: &str = "444455556666";
const OTHER_REGION: &str = "us-east-1";

/// What a stage comes to, alone in a world.
async fn alone(stage: &Stage) -> String {
    let there = stage.on(&World::new());
    there.up().await.unwrap();
    whole(&there.world)
}

fn of<'a>(all: &'a [String], account: &str, region: &str) -> Vec<&'a String> {
    let here = format!("{account} {region} ");
    let global = format!("{account} ");
    let belongs = |line: &&String| {
        line.starts_with(&here) || (line.starts_with(&global) && line.contains(&region.to_owned()))
    };
    all.iter().filter(belongs).collect()
}

#[tokio::test(start_paused = true)]
async fn two_accounts_and_two_regions_do_not_know_of_each_other() {
    let world = World::new();
    let places = [
        (ACCOUNT, REGION),
        (ACCOUNT, OTHER_REGION),
        (OTHER_ACCOUNT, REGION),
        (OTHER_ACCOUNT, OTHER_REGION),
    ];
    let stages = places.map(|(account, region)| Stage::new(&world).at(account, region));
    for up in join_all(stages.iter().map(Stage::up)).await {
        up.unwrap();
    }
    let before = names(&world);
    for (stage, (account, region)) in stages.iter().zip(places) {
        assert!(stage.plan().await.unwrap().is_empty());
        let here = of(&before, account, region).len();
        assert_eq!(here, before.len() / places.len(), "{account} {region}");
    }
    world.journal();
    stages[0].down().await.unwrap();
    let elsewhere = |call: &Entry| (&*call.account, &*call.region) != (ACCOUNT, REGION);
    assert!(!world.journal().iter().any(elsewhere));
    let mut after = names(&world);
    assert_eq!(of(&after, ACCOUNT, REGION), [""; 0]);
    after.extend(of(&before, ACCOUNT, REGION).into_iter().cloned());
    assert_eq!(after.len(), before.len());
    for stage in &stages[1..] {
        assert!(stage.plan().await.unwrap().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn the_two_services_go_up_side_by_side_and_share_the_bucket() {
    let world = World::new();
    let stage = Stage::new(&world);
    let [user, admin] = App::ALL.map(|app| stage.only(app));
    let (one, other) = tokio::join!(user.up(), admin.up());
    one.and(other).unwrap();
    assert_same(&whole(&world), &alone(&stage).await, "side by side");
}

#[tokio::test(start_paused = true)]
async fn a_service_that_goes_leaves_what_the_other_uses() {
    let world = World::new();
    let stage = Stage::new(&world);
    stage.up().await.unwrap();
    stage.only(App::User).down_to(&["bucket"]).await.unwrap();
    assert!(stage.only(App::Admin).plan().await.unwrap().is_empty());
    stage.only(App::Admin).down().await.unwrap();
    assert_eq!(names(&world), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn two_runs_of_one_stage_end_in_one_right_state() {
    for delay in [0, 10, 100, 1_000, 5_000, 10_000, 13_000, 310_000] {
        let stage = Stage::new(&World::new());
        let later = async {
            sleep(Duration::from_millis(delay)).await;
            stage.up().await
        };
        let (one, other) = tokio::join!(stage.up(), later);
        one.and(other)
            .unwrap_or_else(|error| panic!("{delay} ms later: {error:#}"));
        assert_same(
            &whole(&stage.world),
            &alone(&stage).await,
            &format!("{delay} ms later"),
        );
        assert!(stage.plan().await.unwrap().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_process_that_ends_at_any_moment_is_taken_up_by_the_next() {
    let expected = alone(&Stage::new(&World::new())).await;
    for moment in (0..14_000).step_by(137) {
        let stage = Stage::new(&World::new());
        let ended = timeout(Duration::from_millis(moment), stage.up()).await;
        assert!(ended.is_err(), "an up takes longer than {moment} ms");
        stage.up().await.unwrap();
        assert_same(
            &whole(&stage.world),
            &expected,
            &format!("ended after {moment} ms"),
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_two_services_go_down_side_by_side() {
    for delay in (0..2_000).step_by(50) {
        let world = World::new();
        let stage = Stage::new(&world).with(|config| config.user.distribution = None);
        stage.up().await.unwrap();
        let [user, admin] = App::ALL.map(|app| stage.only(app).deployment());
        let later = async {
            sleep(Duration::from_millis(delay)).await;
            admin.down(&Silent).await
        };
        // Each sees the other's role for long.
        world.fail("iam:DeleteRole", 6, Fault::Throttled);
        let (one, other) = tokio::join!(user.down(&Silent), later);
        one.and(other).unwrap();
        assert_eq!(names(&world), [""; 0], "{delay} ms later");
    }
}
