//! A whole stage, up and down.

use crate::{
    cloud::World,
    listing::{names, whole},
    stage::Stage,
};

#[tokio::test(start_paused = true)]
async fn up_makes_everything_and_a_second_up_nothing() {
    let world = World::new();
    let stage = Stage::new(&world);
    let begun = tokio::time::Instant::now();
    stage.up().await.unwrap();
    println!("{:?}", begun.elapsed());
    println!("{}", names(&world).join("\n"));
    println!("{}", whole(&world));
    for e in world.journal() {
        println!("{e}");
    }
    println!("{}", stage.plan().await.unwrap());
    println!("{}", world.journal().len());
    stage.down().await.unwrap();
    println!("{}", names(&world).join("\n"));
}
