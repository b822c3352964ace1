//! What people take out of a stage: the zips that serve, and what was logged.

use std::fs;

use deploy::{
    artifact,
    cloud::LogEvent,
    logs::{Line, Tail},
    names::App,
};

use crate::{
    cloud::{State, World, sha256},
    stage::{ACCOUNT, REGION, Stage},
};

const BUCKET: &str = "sgraph-send-dev-storage-111122223333-eu-west-1";

#[tokio::test(start_paused = true)]
async fn the_zip_that_serves_is_fetched_as_it_is() {
    let stage = Stage::new(&World::new());
    stage.up().await.unwrap();
    let serving = stage.running("second");
    serving.up().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let fetched = artifact::fetch(&stage.context(), App::Admin, folder.path()).await;
    let (file, stamp) = fetched.unwrap();
    assert_eq!(file, folder.path().join("send-admin/bootstrap.zip"));
    assert_eq!(fs::read(&file).unwrap(), b"admin second");
    assert_eq!((&*stamp.version, &*stamp.commit), ("0.1.0", "second"));
}

#[tokio::test(start_paused = true)]
async fn a_zip_that_is_not_what_serves_is_not_handed_on() {
    let stage = Stage::new(&World::new());
    let folder = tempfile::tempdir().unwrap();
    let fetch = || async {
        let fetched = artifact::fetch(&stage.context(), App::User, folder.path()).await;
        format!("{:#}", fetched.unwrap_err())
    };
    insta::assert_snapshot!(fetch().await, @"there is no sgraph_ai_app_send-user-dev: `up` makes it");
    stage.up().await.unwrap();
    let key = format!("deploy/user/{}.zip", sha256(b"user first"));
    let cloud = stage.world.cloud(ACCOUNT, REGION);
    let other = cloud.buckets.put_object(BUCKET, &key, b"other".into());
    other.await.unwrap();
    insta::assert_snapshot!(fetch().await, @"deploy/user/59e07f4304c96d4a7eaae0d494cb197e98bcc0b0a3bc569cbd55e244a2e811e8.zip in sgraph-send-dev-storage-111122223333-eu-west-1 is not what its name says, nor what the user service runs: somebody changed it");
    cloud.buckets.delete_object(BUCKET, &key).await.unwrap();
    insta::assert_snapshot!(fetch().await, @"deploy/user/59e07f4304c96d4a7eaae0d494cb197e98bcc0b0a3bc569cbd55e244a2e811e8.zip in sgraph-send-dev-storage-111122223333-eu-west-1, which the user service runs: s3:GetObject: NoSuchKey: there is no object deploy/user/59e07f4304c96d4a7eaae0d494cb197e98bcc0b0a3bc569cbd55e244a2e811e8.zip");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// Writes a line to the log of a service.
fn write(state: &mut State, app: &str, time: i64) {
    let group = format!("/aws/lambda/sgraph_ai_app_send-{app}-dev");
    let lines = state.region(ACCOUNT, REGION).log_groups.get_mut(&group);
    lines.unwrap().1.push(LogEvent {
        id: time.to_string(),
        time,
        message: format!("line {time}\n"),
    });
}

fn times(lines: &[Line]) -> Vec<i64> {
    lines.iter().map(|line| line.event.time).collect()
}

#[tokio::test(start_paused = true)]
async fn the_logs_of_both_services_are_read_to_their_end_and_once() {
    let stage = Stage::new(&World::new());
    let mut tail = Tail::since(2);
    let nothing = tail.read(&stage.context(), &App::ALL).await;
    insta::assert_snapshot!(nothing.unwrap_err(), @"there is no log /aws/lambda/sgraph_ai_app_send-user-dev, nor /aws/lambda/sgraph_ai_app_send-admin-dev: `up` makes it");
    stage.up().await.unwrap();
    // The log of the stage's own first runs is not what this is about.
    stage.world.change(|state| {
        let groups = state.region(ACCOUNT, REGION).log_groups.values_mut();
        groups.for_each(|(_, lines)| lines.clear());
        (1..=9).for_each(|time| write(state, "user", 2 * time));
        (1..=9).for_each(|time| write(state, "admin", 2 * time - 1));
    });
    let at = stage.context();
    let lines = tail.read(&at, &App::ALL).await.unwrap();
    assert_eq!(times(&lines), (2..=18).collect::<Vec<_>>());
    assert!(tail.read(&at, &App::ALL).await.unwrap().is_empty());
    stage.world.change(|state| write(state, "user", 19));
    let more = tail.read(&at, &App::ALL).await.unwrap();
    assert_eq!(times(&more), [19]);
    assert!(tail.read(&at, &[App::User]).await.unwrap().is_empty());
}
