//! What goes wrong at AWS and passes: nobody has to do anything about it.

use std::{collections::BTreeSet, time::Duration};

use crate::{
    cloud::{Entry, Fault, World},
    listing::{assert_same, names, whole},
    stage::Stage,
};

/// What passes.
const PASSING: [Fault; 7] = [
    Fault::Conflict,
    Fault::Throttled,
    Fault::SlowDown,
    Fault::Unreached,
    Fault::Lost,
    Fault::Repeated,
    Fault::Stale,
];

/// Every operation of a run with everything that can go wrong with it. Who asks is asked before all else, and only AWS's client repeats that.
fn everything(calls: &[Entry]) -> Vec<(&'static str, Fault)> {
    let operations: BTreeSet<_> = calls.iter().map(|entry| entry.call).collect();
    let each = |call| PASSING.map(|fault| (call, fault));
    let repeated = operations
        .into_iter()
        .filter(|call| !call.starts_with("sts:"));
    repeated.flat_map(each).collect()
}

fn stage() -> Stage {
    let world = World::new();
    world.change(|state| state.settings.edge = Duration::from_secs(30));
    Stage::new(&world)
}

#[tokio::test(start_paused = true)]
async fn up_survives_every_fault_of_every_call() {
    let stage = stage();
    let before = stage.on(&stage.world.twin());
    stage.up().await.unwrap();
    let expected = whole(&stage.world);
    let mut failed = Vec::new();
    for (call, fault) in everything(&stage.world.journal()) {
        let when = format!("{fault:?} of {call}");
        let stage = before.on(&before.world.twin());
        stage.world.fail(call, 2, fault);
        if let Err(e) = stage.up().await {
            failed.push(format!("{when}: {e:#}"));
            continue;
        }
        assert!(stage.world.heal(), "{when} never happened");
        assert_same(&whole(&stage.world), &expected, &when);
    }
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

#[tokio::test(start_paused = true)]
async fn down_survives_every_fault_of_every_call() {
    let stage = stage();
    stage.up().await.unwrap();
    stage.world.journal();
    let before = stage.on(&stage.world.twin());
    stage.down().await.unwrap();
    let mut failed = Vec::new();
    for (call, fault) in everything(&stage.world.journal()) {
        let when = format!("{fault:?} of {call}");
        let stage = before.on(&before.world.twin());
        stage.world.fail(call, 2, fault);
        if let Err(e) = stage.down().await {
            failed.push(format!("{when}: {e:#}"));
            continue;
        }
        assert!(stage.world.heal(), "{when} never happened");
        assert_eq!(names(&stage.world), [""; 0], "{when}");
    }
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}
