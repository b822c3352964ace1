//! Both doors, and from one to the other.

use deploy::{cloud::Auth, config::Door, names::App};

use crate::{
    cloud::{Cut, World},
    killed::{Run, cut_everywhere, quick},
    listing::{assert_same, names, whole},
    stage::{ACCOUNT, REGION, Stage},
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

/// Whether the user service serves whoever comes past its distribution.
fn open(stage: &Stage) -> bool {
    stage.world.change(|state| {
        let name = stage.names().function(App::User);
        let function = &state.region(ACCOUNT, REGION).functions[&name];
        let live = function.told().live;
        let asks = live.is_some_and(|live| {
            live.configuration
                .environment
                .contains_key("SEND_DOOR_SHA256")
        });
        function
            .url
            .as_ref()
            .is_some_and(|url| url.auth == Auth::None)
            && !asks
    })
}

#[tokio::test(start_paused = true)]
async fn no_change_of_doors_stands_open_on_the_way() {
    let guarded = quick();
    guarded.up().await.unwrap();
    let oac = |stage: &Stage| stage.with(|config| config.door = Door::Oac);
    let there = oac(&guarded).on(&guarded.world.twin());
    there.up().await.unwrap();
    for (before, wanted) in [
        (&guarded, oac(&guarded)),
        (&there, guarded.on(&there.world)),
    ] {
        assert!(!open(before));
        for n in 1.. {
            let stage = wanted.on(&before.world.twin());
            stage.world.cut(Cut::AfterWrite(n));
            let _ = stage.up().await;
            assert!(
                !open(&stage),
                "after {n} changes towards {:?}",
                wanted.config.door
            );
            if !stage.world.heal() {
                break;
            }
        }
    }
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
