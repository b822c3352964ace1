//! What a run meets besides: accounts that are too small, who would lock itself out, what is left alone, keys that nobody gave.

use std::sync::{Arc, Mutex};

use deploy::{
    deployment::Deployment,
    names::App,
    report::{Event, Report, Silent},
    resource::ResourceId,
    resources::Part,
};

use crate::{
    cloud::World,
    listing::{assert_same, names, whole},
    stage::{ACCOUNT, REGION, Stage},
};

/// Keeps the remarks.
#[derive(Default)]
struct Said(Arc<Mutex<Vec<String>>>);

impl Report for Said {
    fn tell(&self, _: &ResourceId, _: Event) {}

    fn say(&self, line: &str) {
        self.0.lock().unwrap().push(line.into());
    }
}

#[tokio::test(start_paused = true)]
async fn an_account_that_may_run_few_at_once_sets_none_aside_and_is_told() {
    let world = World::new();
    world.change(|state| state.settings.concurrency = 10);
    let stage = Stage::new(&world).with(|config| config.user.reserved_concurrency = Some(50));
    let said = Said::default();
    stage.deployment().make(&said).await.unwrap();
    assert!(stage.plan().await.unwrap().is_empty());
    insta::assert_snapshot!(said.0.lock().unwrap().join("\n"), @"This account may run 10 functions at once in this region, too few to set any aside for the user service: it shares them. Ask AWS for more (Service Quotas, Lambda, Concurrent executions), and run this again");
    world.change(|state| state.settings.concurrency = 1_000);
    insta::assert_snapshot!(stage.plan().await.unwrap(), @"
    ~ function/sgraph_ai_app_send-user-dev
        concurrency: (none) => 50
    ");
    stage.up().await.unwrap();
    assert!(stage.plan().await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn who_is_not_among_the_deployers_changes_nothing() {
    let world = World::new();
    let stage = Stage::new(&world).with(|config| {
        config.deployers = vec![format!("arn:aws:iam::{ACCOUNT}:role/pipeline")];
    });
    insta::assert_snapshot!(stage.up().await.unwrap_err(), @"arn:aws:iam::111122223333:user/deployer is not among the `deployers` of the configuration, and would lock itself out of sgraph-send-dev-storage-111122223333-eu-west-1: add it there, or deploy as one of them");
    assert_eq!(names(&world), [""; 0]);
    let named = stage.with(|config| {
        config
            .deployers
            .push(format!("arn:aws:iam::{ACCOUNT}:user/*"))
    });
    named.up().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_distribution_that_is_left_alone_is_neither_made_nor_removed() {
    let world = World::new();
    let stage = Stage::new(&world);
    let without =
        || Deployment::new(stage.context(), &stage.apps, &[Part::Distribution], None).unwrap();
    without().make(&Silent).await.unwrap();
    assert!(without().plan(&Silent).await.unwrap().is_empty());
    assert!(
        !names(&world)
            .iter()
            .any(|line| line.contains("distribution"))
    );
    stage.up().await.unwrap();
    let all = whole(&world);
    without().make(&Silent).await.unwrap();
    assert_same(&whole(&world), &all, "left alone");
}

#[tokio::test(start_paused = true)]
async fn a_key_that_nobody_gave_is_made_once() {
    let world = World::new();
    let stage = Stage::new(&world);
    let without_key = |apps: &[App]| {
        let context = stage.context();
        context.keys.admin_sha256.set(None);
        Deployment::new(context, apps, &[], None).unwrap()
    };
    let first = without_key(&App::ALL);
    first.make(&Silent).await.unwrap();
    let again = without_key(&App::ALL);
    assert!(again.make(&Silent).await.unwrap().is_empty() && again.made_key.get().is_none());
    assert_eq!(
        again.at.keys.admin_sha256.get(),
        first.made_key.get().map(|key| key.sha256())
    );
    for app in App::ALL {
        let plan = without_key(&[app]).plan(&Silent).await.unwrap();
        assert!(plan.is_empty(), "{app}: {plan}");
    }
}

#[tokio::test(start_paused = true)]
async fn locking_down_hardens_what_is_there_and_makes_nothing() {
    let world = World::new();
    let stage = Stage::new(&world);
    insta::assert_snapshot!(stage.deployment().lock_down(&Silent).await.unwrap_err(), @"bucket/sgraph-send-dev-storage-111122223333-eu-west-1 is not there yet: `up` makes everything, and locks it down");
    assert_eq!(names(&world), [""; 0]);
    stage.up().await.unwrap();
    let hardened = whole(&world);
    world.change(|state| {
        for bucket in state.buckets.values_mut() {
            bucket.bucket.policy = None;
        }
    });
    stage.deployment().lock_down(&Silent).await.unwrap();
    assert_same(&whole(&world), &hardened, "hardened again");
}

#[tokio::test(start_paused = true)]
async fn all_that_people_sent_goes_where_it_may() {
    let world = World::new();
    let stage = Stage::new(&world).with(|config| config.user.distribution = None);
    stage.up().await.unwrap();
    let (bucket, buckets) = (stage.names().bucket(), world.cloud(ACCOUNT, REGION).buckets);
    for versions in [false, true] {
        buckets.put_versioning(&bucket, versions).await.unwrap();
        for n in 0..700 {
            let key = format!("transfers/{n:03}/meta.json");
            buckets.put_object(&bucket, &key, vec![1]).await.unwrap();
        }
    }
    buckets
        .delete_object(&bucket, "transfers/000/meta.json")
        .await
        .unwrap();
    world.change(|state| {
        state
            .buckets
            .get_mut(&bucket)
            .unwrap()
            .begin_upload("transfers/1", "1")
    });
    let mut context = stage.context();
    context.with_data = true;
    let run = Deployment::new(context, &stage.apps, &[], None).unwrap();
    run.down(&Silent).await.unwrap();
    assert_eq!(names(&world), [""; 0]);
}
