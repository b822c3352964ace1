//! A whole stage, up and down.

use std::time::Duration;

use crate::{cloud::World, listing::names, stage::Stage};

#[tokio::test(start_paused = true)]
async fn up_makes_everything_and_a_second_up_nothing() {
    let world = World::new();
    let stage = Stage::new(&world);
    stage.up().await.unwrap();
    world.journal();
    stage.up().await.unwrap();
    let calls = world.journal();
    assert!(!calls.iter().any(|call| call.writes), "{calls:?}");
    let told: Vec<_> = calls.iter().map(ToString::to_string).collect();
    assert!(
        calls.len() <= 45,
        "{} calls:\n{}",
        calls.len(),
        told.join("\n")
    );
}

#[tokio::test(start_paused = true)]
async fn after_down_nothing_is_left_and_it_can_be_made_anew() {
    let world = World::new();
    let stage = Stage::new(&world);
    for _ in 0..2 {
        stage.up().await.unwrap();
        assert!(stage.plan().await.unwrap().is_empty());
        stage.down().await.unwrap();
        assert_eq!(names(&world), [""; 0]);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_seen_late_is_waited_for() {
    for seconds in [1, 5, 20] {
        let world = World::new();
        world.lag(Duration::from_secs(seconds));
        let stage = Stage::new(&world);
        for _ in 0..2 {
            stage.up().await.unwrap();
            assert!(stage.plan().await.unwrap().is_empty());
            stage.down().await.unwrap();
            assert_eq!(names(&world), [""; 0], "seen {seconds} s late");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_not_configured_any_more_goes_with_the_rest() {
    let world = World::new();
    let stage = Stage::new(&world).with(|config| {
        config
            .admin
            .distribution
            .clone_from(&config.user.distribution);
    });
    stage.up().await.unwrap();
    let less = stage.with(|config| {
        (config.user.distribution, config.admin.distribution) = (None, None);
        (config.admin.sweep, config.alarm_topic) = (None, None);
    });
    less.down().await.unwrap();
    assert_eq!(names(&world), [""; 0]);
}
