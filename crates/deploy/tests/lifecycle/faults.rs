//! What goes wrong at AWS and passes: nobody has to do anything about it.

use std::{collections::BTreeSet, time::Duration};

use deploy::report::Silent;

use crate::{
    cloud::{Entry, Fault},
    killed::quick,
    listing::{assert_same, names, whole},
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

#[tokio::test(start_paused = true)]
async fn up_survives_every_fault_of_every_call() {
    let stage = quick();
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
async fn up_survives_all_that_aws_is_known_for_at_once() {
    let stage = quick();
    let world = &stage.world;
    world.fail("lambda:CreateFunction", 6, Fault::NotAssumable);
    world.fail("lambda:UpdateFunctionConfiguration", 3, Fault::Conflict);
    world.fail("lambda:UpdateAlias", 2, Fault::Stale);
    world.fail("s3:CreateBucket", 2, Fault::Conflict);
    world.fail("s3:*", 3, Fault::SlowDown);
    world.fail("iam:*", 3, Fault::Throttled);
    world.fail("cloudfront:*", 3, Fault::Lost);
    stage.up().await.unwrap();
    assert!(world.heal(), "something never happened");
    assert!(stage.plan().await.unwrap().is_empty());
}

/// Hundreds of calls, of which every eighth goes wrong, while everything is seen late.
#[tokio::test(start_paused = true)]
async fn a_stack_goes_up_and_down_through_storms() {
    let calm = quick();
    calm.up().await.unwrap();
    let expected = whole(&calm.world);
    for seed in 0..20 {
        let stage = quick();
        stage.world.lag(Duration::from_millis(seed * 200));
        let (up, down) = (stage.stack(), stage.stack());
        stage.world.storm(seed);
        up.observe(&Silent).await.unwrap();
        let result = up.up(&Silent).await;
        stage.world.heal();
        assert!(result.is_ok(), "storm {seed}: {result:?}");
        assert_same(&whole(&stage.world), &expected, &format!("storm {seed}"));
        stage.world.storm(seed);
        let result = down.down(&Silent).await;
        assert!(result.is_ok(), "storm {seed}: {result:?}");
        assert_eq!(names(&stage.world), [""; 0], "storm {seed}");
    }
}

#[tokio::test(start_paused = true)]
async fn down_survives_every_fault_of_every_call() {
    let stage = quick();
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
