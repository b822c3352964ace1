//! A whole stage, up and down.

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
