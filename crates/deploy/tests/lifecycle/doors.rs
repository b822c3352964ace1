//! Both doors, and from one to the other.

use deploy::config::Door;

use crate::{
    cloud::{Cut, World},
    killed::{Run, cut_everywhere, quick},
    listing::{assert_same, names, whole},
    stage::Stage,
};

/// Everything that can be configured: two distributions that sign, and a share of the processors.
fn signed(stage: &Stage) -> Stage {
    stage.with(|config| {
        config.door = Door::Oac;
        config
            .admin
            .distribution
            .clone_from(&config.user.distribution);
        config.user.reserved_concurrency = Some(50);
        config.permissions_boundary = Some("arn:aws:iam::111122223333:policy/boundary".into());
    })
}

#[tokio::test(start_paused = true)]
async fn a_signed_stage_goes_up_and_down() {
    let stage = signed(&Stage::new(&World::new()));
    stage.up().await.unwrap();
    assert!(stage.plan().await.unwrap().is_empty());
    stage.world.journal();
    stage.up().await.unwrap();
    assert!(!stage.world.journal().iter().any(|call| call.writes));
    stage.down().await.unwrap();
    assert_eq!(names(&stage.world), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_stage_goes_from_one_door_to_the_other_and_back() {
    let guarded = Stage::new(&World::new());
    guarded.up().await.unwrap();
    let before = whole(&guarded.world);
    let signed = guarded.with(|config| config.door = Door::Oac);
    signed.up().await.unwrap();
    assert!(signed.plan().await.unwrap().is_empty());
    assert!(
        !names(&signed.world)
            .iter()
            .any(|line| line.contains("public-") && line.contains("user"))
    );
    guarded.up().await.unwrap();
    assert_same(&whole(&guarded.world), &before, "there and back");
}

#[tokio::test(start_paused = true)]
async fn a_signed_stage_that_is_killed_after_any_change_goes_on() {
    cut_everywhere(&signed(&quick()), Run::Up, Run::Up, Cut::AfterWrite).await;
}

#[tokio::test(start_paused = true)]
async fn a_change_of_doors_that_is_killed_after_any_change_goes_on() {
    let guarded = quick();
    guarded.up().await.unwrap();
    cut_everywhere(&signed(&guarded), Run::Up, Run::Up, Cut::AfterWrite).await;
}

#[tokio::test(start_paused = true)]
async fn a_change_back_that_is_killed_after_any_change_goes_on() {
    let guarded = quick();
    signed(&guarded).up().await.unwrap();
    let kept = guarded.with(|config| {
        config
            .admin
            .distribution
            .clone_from(&config.user.distribution)
    });
    cut_everywhere(&kept, Run::Up, Run::Up, Cut::AfterWrite).await;
}
