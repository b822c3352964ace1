//! What holds of every stack: its order, what happens side by side, what a failure leaves out.

use deploy::report::Silent;
use tokio::time::Instant;

use crate::{
    cloud::{Fault, World},
    listing::names,
    little::{Heard, stack},
};

/// `d` needs all others, `a` none.
const DIAMOND: &[(&str, &[&str])] = &[("d", &["b", "c"]), ("c", &["a"]), ("b", &["a"]), ("a", &[])];

/// What was called, of all that changes something.
fn written(world: &World) -> Vec<String> {
    let calls = world.journal().into_iter().filter(|call| call.writes);
    calls.map(|call| call.to_string()).collect()
}

#[tokio::test(start_paused = true)]
async fn each_comes_after_all_that_it_needs_and_goes_before_them() {
    let world = World::new();
    let stack = stack(&world, DIAMOND).unwrap();
    assert_eq!(
        stack.order().iter().map(|id| &*id.name).collect::<Vec<_>>(),
        ["a", "c", "b", "d"]
    );
    stack.observe(&Silent).await.unwrap();
    stack.up(&Silent).await.unwrap();
    let up = written(&world);
    stack.down(&Silent).await.unwrap();
    let down = written(&world);
    insta::assert_snapshot!(format!("{}\n\n{}", up.join("\n"), down.join("\n")), @"
    logs:CreateLogGroup a
    logs:CreateLogGroup c
    logs:CreateLogGroup b
    logs:CreateLogGroup d
    logs:PutRetentionPolicy a
    logs:PutRetentionPolicy b
    logs:PutRetentionPolicy c
    logs:PutRetentionPolicy d

    logs:DeleteLogGroup d
    logs:DeleteLogGroup b
    logs:DeleteLogGroup c
    logs:DeleteLogGroup a
    ");
}

#[tokio::test(start_paused = true)]
async fn independent_ones_are_made_side_by_side() {
    let world = World::new();
    let alone = stack(&World::new(), &[("a", &[])]).unwrap();
    let many = stack(
        &world,
        &[
            ("a", &[]),
            ("b", &[]),
            ("c", &[]),
            ("d", &[]),
            ("e", &[]),
            ("f", &[]),
        ],
    )
    .unwrap();
    let mut times = Vec::new();
    for stack in [alone, many] {
        let begun = Instant::now();
        stack.observe(&Silent).await.unwrap();
        stack.up(&Silent).await.unwrap();
        times.push(begun.elapsed());
    }
    assert!(times[1] < times[0] * 2, "{times:?}");
}

#[tokio::test(start_paused = true)]
async fn a_circle_and_what_is_missing_are_refused_by_name() {
    let circle = stack(&World::new(), &[("a", &["b"]), ("b", &["a"]), ("c", &[])]);
    insta::assert_snapshot!(circle.map(|_| ()).unwrap_err(), @"These need what never comes before them: little/a, little/b");
    let missing = stack(&World::new(), &[("a", &["nothing"]), ("c", &[])]);
    insta::assert_snapshot!(missing.map(|_| ()).unwrap_err(), @"These need what never comes before them: little/a");
}

#[tokio::test(start_paused = true)]
async fn a_failure_leaves_out_what_needs_it_and_nothing_else() {
    let world = World::new();
    let both = stack(
        &world,
        &[("a", &[]), ("b", &["a"]), ("c", &["b"]), ("d", &[])],
    )
    .unwrap();
    both.observe(&Silent).await.unwrap();
    world.fail("logs:CreateLogGroup", 1, Fault::Denied);
    let failed = both.up(&Silent).await.unwrap_err();
    insta::assert_snapshot!(failed, @"
    little/a: logs:CreateLogGroup is not allowed: no identity-based policy allows it. `deploy <STAGE> policy` prints all that a deployer needs
    not tried, for want of that: little/b, little/c
    ");
    assert_eq!(names(&world), ["111122223333 eu-west-1 log_group d"]);
    both.observe(&Silent).await.unwrap();
    both.up(&Silent).await.unwrap();
    let world = world.twin();
    let rest = stack(&world, &[("a", &[]), ("b", &["a"]), ("c", &["b"])]).unwrap();
    world.fail("logs:DeleteLogGroup", 1, Fault::Denied);
    let failed = rest.down(&Silent).await.unwrap_err();
    insta::assert_snapshot!(failed, @"
    little/c: logs:DeleteLogGroup is not allowed: no identity-based policy allows it. `deploy <STAGE> policy` prints all that a deployer needs
    not tried, for want of that: little/b, little/a
    ");
}

#[tokio::test(start_paused = true)]
async fn what_passes_is_waited_for_and_told() {
    let world = World::new();
    let one = stack(&world, &[("a", &[])]).unwrap();
    one.observe(&Silent).await.unwrap();
    world.fail("logs:*", 6, Fault::Throttled);
    let heard = Heard::default();
    one.up(&heard).await.unwrap();
    assert!(world.heal());
    let told: Vec<_> = heard
        .all()
        .into_iter()
        .map(|(id, event)| format!("{id} {event:?}"))
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    little/a Begun(Create)
    little/a Waiting("logs:CreateLogGroup: TooManyRequestsException: Rate exceeded")
    little/a Waiting("logs:DescribeLogGroups: TooManyRequestsException: Rate exceeded")
    little/a Waiting("logs:DescribeLogGroups: TooManyRequestsException: Rate exceeded")
    little/a Waiting("logs:DescribeLogGroups: TooManyRequestsException: Rate exceeded")
    little/a Waiting("logs:DescribeLogGroups: TooManyRequestsException: Rate exceeded")
    little/a Waiting("logs:DescribeLogGroups: TooManyRequestsException: Rate exceeded")
    little/a Done(Create, Made)
    little/a Begun(LockDown)
    little/a Done(LockDown, Fields(["retention_days: (none) => 7"]))
    "#);
}

#[tokio::test(start_paused = true)]
async fn who_does_not_arrive_in_time_says_what_is_missing_and_why() {
    let world = World::new();
    let one = stack(&world, &[("a", &[])]).unwrap();
    one.observe(&Silent).await.unwrap();
    let begun = Instant::now();
    world.fail("logs:CreateLogGroup", usize::MAX, Fault::Conflict);
    insta::assert_snapshot!(one.up(&Silent).await.unwrap_err(), @"little/a: it is still not there (logs:CreateLogGroup: ConflictException: another change is going on)");
    assert!(
        (30..60).contains(&begun.elapsed().as_secs()),
        "{:?}",
        begun.elapsed()
    );
    world.heal();
    world.fail("logs:PutRetentionPolicy", usize::MAX, Fault::Stale);
    insta::assert_snapshot!(one.up(&Silent).await.unwrap_err(), @"little/a: it differs still: retention_days: (none) => 7 (logs:PutRetentionPolicy: PreconditionFailed: it was changed since it was read)");
    world.heal();
    world.fail("logs:DeleteLogGroup", usize::MAX, Fault::Conflict);
    insta::assert_snapshot!(one.down(&Silent).await.unwrap_err(), @"little/a: it is still there (logs:DeleteLogGroup: ConflictException: another change is going on)");
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_is_not_tried_again() {
    let world = World::new();
    let one = stack(&world, &[("a", &[])]).unwrap();
    world.fail("logs:DescribeLogGroups", usize::MAX, Fault::Denied);
    let begun = Instant::now();
    insta::assert_snapshot!(one.observe(&Silent).await.unwrap_err(), @"logs:DescribeLogGroups is not allowed: no identity-based policy allows it. `deploy <STAGE> policy` prints all that a deployer needs");
    assert_eq!(world.journal().len(), 1);
    assert!(begun.elapsed().as_secs() == 0);
}
