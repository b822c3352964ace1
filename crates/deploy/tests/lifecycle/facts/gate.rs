//! The gate: calls are counted, cut off and told late.

use std::time::Duration;

use deploy::cloud::{Kind, Tags};

use super::{cloud, kind, pass, role};
use crate::cloud::{Cut, Fault, World};

#[tokio::test(start_paused = true)]
async fn a_call_that_is_cut_off_before_is_not_done_and_one_after_is() {
    for (cut, done) in [(Cut::Before(2), false), (Cut::After(2), true)] {
        let world = World::new();
        let cloud = cloud(&world);
        world.cut(cut);
        cloud
            .logs
            .create_log_group("one", &Tags::new())
            .await
            .unwrap();
        assert_eq!(
            kind(cloud.logs.create_log_group("two", &Tags::new()).await),
            Kind::Refused
        );
        assert_eq!(kind(cloud.logs.log_group("one").await), Kind::Refused);
        assert!(world.heal());
        assert_eq!(cloud.logs.log_group("two").await.unwrap().is_some(), done);
    }
}

#[tokio::test(start_paused = true)]
async fn faults_strike_as_often_as_they_are_told_to() {
    let world = World::new();
    let cloud = cloud(&world);
    world.fail("logs:Create*", 2, Fault::Lost);
    world.fail("iam:GetRole", 1, Fault::Denied);
    for expected in [Kind::Unavailable, Kind::Unavailable, Kind::AlreadyExists] {
        assert_eq!(
            kind(cloud.logs.create_log_group("one", &Tags::new()).await),
            expected
        );
    }
    assert!(!world.heal(), "nobody asked for a role");
    world.fail("logs:DeleteLogGroup", 1, Fault::Repeated);
    assert_eq!(
        kind(cloud.logs.delete_log_group("one").await),
        Kind::NotFound
    );
}

#[tokio::test(start_paused = true)]
async fn calls_are_counted_for_each_client_and_written_down_for_all() {
    let world = World::new();
    let (one, other) = (cloud(&world), cloud(&world));
    one.roles.create_role("r", &role()).await.unwrap();
    other.roles.role("r").await.unwrap();
    assert_eq!(
        one.calls.counts(),
        [("iam:CreateRole".to_owned(), 1)].into()
    );
    assert_eq!(other.calls.counts().len(), 3);
    let journal: Vec<_> = world
        .journal()
        .iter()
        .map(|call| (call.call, call.writes))
        .collect();
    assert_eq!(
        journal[..2],
        [("iam:CreateRole", true), ("iam:GetRole", false)]
    );
    assert_eq!(world.journal().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_lags_is_seen_later() {
    let world = World::new();
    world.lag(Duration::from_secs(3));
    let cloud = cloud(&world);
    cloud.roles.create_role("r", &role()).await.unwrap();
    assert_eq!(cloud.roles.role("r").await.unwrap(), None);
    pass(3).await;
    assert!(cloud.roles.role("r").await.unwrap().is_some());
    cloud.roles.delete_role("r").await.unwrap();
    assert!(cloud.roles.role("r").await.unwrap().is_some());
    pass(3).await;
    assert_eq!(cloud.roles.role("r").await.unwrap(), None);
}
