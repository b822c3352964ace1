//! What is somebody else's is neither changed nor removed: what bears our name stops the run, what stands beside is not seen.

use deploy::{cloud::Tags, names::Stage as Name};

use crate::{
    cloud::{State, World},
    listing::{assert_same, names, whole},
    stage::{ACCOUNT, REGION, Stage},
};

const BUCKET: &str = "sgraph-send-dev-storage-111122223333-eu-west-1";
const USER: &str = "sgraph_ai_app_send-user-dev";

/// Makes something somebody else's, and what is said of it then.
type Taking = (fn(&mut State), &'static str);

/// By its tags, or by its remark where it has none.
const TAKINGS: [Taking; 9] = [
    (
        |state| others(&mut state.buckets.get_mut(BUCKET).unwrap().bucket.tags),
        "bucket/sgraph-send-dev-storage-111122223333-eu-west-1",
    ),
    (
        |state| {
            let roles = state.account(ACCOUNT).roles.values_mut();
            roles.for_each(|role| others(&mut role.role.tags));
        },
        "role/sgraph_ai_app_send-admin-dev-eu-west-1",
    ),
    (
        |state| {
            let groups = state.region(ACCOUNT, REGION).log_groups.values_mut();
            groups.for_each(|(group, _)| others(&mut group.tags));
        },
        "log_group//aws/lambda/sgraph_ai_app_send-user-dev",
    ),
    (
        |state| {
            others(
                &mut state
                    .region(ACCOUNT, REGION)
                    .functions
                    .get_mut(USER)
                    .unwrap()
                    .tags,
            )
        },
        "function/sgraph_ai_app_send-user-dev",
    ),
    (
        |state| {
            let all = state.account(ACCOUNT).distributions.values_mut();
            all.for_each(|one| others(&mut one.distribution.tags));
        },
        "distribution/sgraph-send-dev-user-eu-west-1",
    ),
    (
        |state| {
            let all = state.account(ACCOUNT).accesses.values_mut();
            all.for_each(|one| one.remark = "mine".into());
        },
        "origin_access/sgraph-send-dev-user-eu-west-1",
    ),
    (
        |state| {
            let all = state.account(ACCOUNT).headers.values_mut();
            all.for_each(|one| one.remark = "mine".into());
        },
        "headers_policy/sgraph-send-dev-user-eu-west-1",
    ),
    (
        |state| {
            let rules = state.region(ACCOUNT, REGION).rules.values_mut();
            rules.for_each(|rule| others(&mut rule.tags));
        },
        "schedule/sgraph_ai_app_send-admin-dev-sweep",
    ),
    (
        |state| {
            let alarms = &mut state.region(ACCOUNT, REGION).alarms;
            let alarm = alarms.get_mut("sgraph_ai_app_send-user-dev-duration");
            alarm.unwrap().remark = "somebody's".into();
        },
        "alarm/sgraph_ai_app_send-user-dev-duration",
    ),
];

/// Another stage's are somebody else's too.
fn others(tags: &mut Tags) {
    tags.insert("Stage".into(), "qa".into());
}

#[tokio::test(start_paused = true)]
async fn what_bears_our_name_stops_every_run_before_it_changes_anything() {
    let stage = Stage::new(&World::new());
    stage.up().await.unwrap();
    for (take, what) in TAKINGS {
        let stage = stage.on(&stage.world.twin());
        stage.world.change(take);
        let before = whole(&stage.world);
        for refused in [
            stage.up().await,
            stage.plan().await.map(drop),
            stage.down().await,
        ] {
            let refused = format!("{:#}", refused.unwrap_err());
            assert!(refused.contains(what), "{refused}");
            let why = refused.to_lowercase();
            assert!(why.contains("nothing says that"), "{refused}");
        }
        assert!(
            !stage.world.journal().iter().any(|call| call.writes),
            "{what}"
        );
        assert_same(&whole(&stage.world), &before, what);
    }
}

#[tokio::test(start_paused = true)]
async fn all_that_is_not_ours_is_told_at_once() {
    let stage = Stage::new(&World::new());
    stage.up().await.unwrap();
    stage
        .world
        .change(|state| TAKINGS.iter().for_each(|(take, _)| take(state)));
    let refused = format!("{:#}", stage.up().await.unwrap_err());
    for (_, what) in TAKINGS {
        assert!(refused.contains(what), "{what}: {refused}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_bucket_of_another_account_or_region_is_refused() {
    for (account, region) in [("444455556666", REGION), (ACCOUNT, "us-east-1")] {
        let stage = Stage::new(&World::new());
        let theirs = stage.world.cloud(account, region);
        theirs
            .buckets
            .create_bucket(BUCKET, &Tags::new())
            .await
            .unwrap();
        stage.world.journal();
        let refused = format!("{:#}", stage.up().await.unwrap_err());
        assert!(refused.contains(BUCKET), "{refused}");
        assert!(!stage.world.journal().iter().any(|call| call.writes));
    }
}

/// Something of every kind whose name begins with one of ours, and which nobody tagged.
fn beside(state: &mut State) {
    let mut bucket = state.buckets[BUCKET].clone();
    bucket.bucket.tags.clear();
    bucket.put("kept", String::new(), std::sync::Arc::from(*b"kept"), 0);
    bucket.begin_upload("unfinished", "1");
    state.buckets.insert(format!("{BUCKET}-x"), bucket);
    let there = state.account(ACCOUNT);
    extra(&mut there.roles, |role| role.role.tags.clear());
    extra(&mut there.accesses, |one| one.id.push('x'));
    extra(&mut there.headers, |one| one.id.push('x'));
    extra(&mut there.distributions, |one| {
        one.remark.push('x');
        let behaviours = one.distribution.paths.values_mut();
        for behaviour in behaviours.chain([&mut one.distribution.default]) {
            behaviour.headers_policy.push('x');
        }
        one.distribution.tags.clear();
    });
    let there = state.region(ACCOUNT, REGION);
    extra(&mut there.functions, |one| one.tags.clear());
    extra(&mut there.log_groups, |(group, _)| group.tags.clear());
    extra(&mut there.rules, |rule| rule.tags.clear());
    extra(&mut there.alarms, |alarm| alarm.tags.clear());
}

/// Copies everything to a longer name.
fn extra<T: Clone>(all: &mut std::collections::BTreeMap<String, T>, change: fn(&mut T)) {
    for (name, mut one) in all.clone() {
        change(&mut one);
        all.insert(format!("{name}x"), one);
    }
}

#[tokio::test(start_paused = true)]
async fn what_stands_beside_is_untouched() {
    let world = World::new();
    let (stage, other) = (Stage::new(&world), Stage::new(&world).named(Name::Qa));
    stage.up().await.unwrap();
    world.change(beside);
    stage.down().await.unwrap();
    other.up().await.unwrap();
    let before = whole(&world);
    assert!(names(&world).len() > 50, "something of every kind is there");
    stage.up().await.unwrap();
    stage.down().await.unwrap();
    assert_same(&whole(&world), &before, "up and down");
}

#[tokio::test(start_paused = true)]
async fn a_bucket_with_what_people_sent_stays_and_everything_with_it() {
    let stage = Stage::new(&World::new());
    stage.up().await.unwrap();
    let sent = stage.world.cloud(ACCOUNT, REGION).buckets;
    sent.put_object(BUCKET, "transfers/ab/abcd/meta.json", b"{}".to_vec())
        .await
        .unwrap();
    let before = whole(&stage.world);
    let refused = format!("{:#}", stage.down().await.unwrap_err());
    assert!(refused.contains("--with-data"), "{refused}");
    assert_same(&whole(&stage.world), &before, "refused");
}
