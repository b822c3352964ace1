//! Other programs: what serves is what was asked and answered.

use deploy::{names::App, release, report::Silent};

use crate::{
    cloud::{World, sha256},
    stage::Stage,
};

/// The code that serves everybody.
fn serving(stage: &Stage, app: App) -> String {
    let name = stage.names().function(app);
    stage.world.change(|state| {
        let function = &state.region(&stage.account, &stage.region).functions[&name];
        function.told().live.unwrap().configuration.code_sha256
    })
}

fn code(stage: &Stage, app: App) -> String {
    sha256(format!("{app} {}", stage.code).as_bytes())
}

#[tokio::test(start_paused = true)]
async fn other_code_needs_these_calls_and_no_others() {
    let stage = Stage::new(&World::new()).only(App::User);
    stage.up().await.unwrap();
    stage.world.journal();
    let second = stage.running("second");
    second.up().await.unwrap();
    let mut written: Vec<_> = stage
        .world
        .journal()
        .into_iter()
        .filter(|call| call.writes)
        .map(|call| call.to_string())
        .collect();
    written.dedup();
    insta::assert_snapshot!(written.join("\n"), @"
    s3:PutObject sgraph-send-dev-storage-111122223333-eu-west-1
    lambda:UpdateFunctionCode sgraph_ai_app_send-user-dev
    lambda:TagResource sgraph_ai_app_send-user-dev
    lambda:PublishVersion sgraph_ai_app_send-user-dev
    lambda:InvokeFunction sgraph_ai_app_send-user-dev
    lambda:UpdateAlias sgraph_ai_app_send-user-dev
    ");
    assert_eq!(serving(&second, App::User), code(&second, App::User));
}

#[tokio::test(start_paused = true)]
async fn code_that_does_not_work_never_serves() {
    let stage = Stage::new(&World::new());
    stage.up().await.unwrap();
    let broken = stage.running("broken");
    stage
        .world
        .change(|state| state.settings.broken.insert(code(&broken, App::User)));
    insta::assert_snapshot!(broken.up().await.unwrap_err(), @r#"
    function/sgraph_ai_app_send-user-dev: Version 3 of sgraph_ai_app_send-user-dev does not work, and does not serve: it ended with Unhandled: {"errorMessage":"Runtime exited with error: exit status 1","errorType":"Runtime.ExitError"}
    sgraph_ai_app_send-user-dev 3 answered an event
    not tried, for want of that: function_url/sgraph_ai_app_send-user-dev, distribution/sgraph-send-dev-user-eu-west-1, alarms/sgraph_ai_app_send-user-dev
    "#);
    assert_eq!(serving(&stage, App::User), code(&stage, App::User));
    let mended = stage.running("mended");
    mended.up().await.unwrap();
    assert_eq!(serving(&stage, App::User), code(&mended, App::User));
    assert!(mended.plan().await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_served_before_is_put_back_by_the_run_that_replaced_it() {
    let stage = Stage::new(&World::new());
    stage.up().await.unwrap();
    let second = stage.running("second");
    let (context, stack) = second.begin();
    stack.observe(&Silent).await.unwrap();
    stack.up(&Silent).await.unwrap();
    assert_eq!(serving(&stage, App::User), code(&second, App::User));
    for app in App::ALL {
        release::undo(&context, app).await.unwrap().unwrap();
        assert_eq!(serving(&stage, app), code(&stage, app));
    }
    assert!(
        stage
            .plan()
            .await
            .unwrap()
            .0
            .iter()
            .all(|planned| planned.id.kind != "distribution")
    );
}

#[tokio::test(start_paused = true)]
async fn the_version_before_serves_again_in_one_call() {
    let stage = Stage::new(&World::new()).only(App::User);
    stage.up().await.unwrap();
    let (first, second) = (serving(&stage, App::User), stage.running("second"));
    second.up().await.unwrap();
    let (context, stack) = second.begin();
    stack.observe(&Silent).await.unwrap();
    stage.world.journal();
    release::back(&context, App::User, None).await.unwrap();
    let written: Vec<_> = stage
        .world
        .journal()
        .into_iter()
        .filter(|call| call.writes)
        .map(|call| call.call)
        .collect();
    assert_eq!(written, ["lambda:InvokeFunction", "lambda:UpdateAlias"]);
    assert_eq!(serving(&stage, App::User), first);
    // The version of before the lock-down would let in whom the present one keeps out.
    let open = release::back(&context, App::User, Some(1))
        .await
        .unwrap_err();
    insta::assert_snapshot!(open, @"version 1 of sgraph_ai_app_send-user-dev has another door than version 2: it would let in whom this one keeps out, or nobody");
    second.up().await.unwrap();
    assert_eq!(serving(&stage, App::User), code(&second, App::User));
}

#[tokio::test(start_paused = true)]
async fn versions_and_zips_beyond_those_that_stay_are_removed() {
    let stage = Stage::new(&World::new())
        .only(App::User)
        .with(|config| config.keep = 2);
    for n in 0..6 {
        stage.running(&format!("code {n}")).up().await.unwrap();
    }
    let there = crate::listing::names(&stage.world);
    let kind = |kind: &str| there.iter().filter(|line| line.contains(kind)).count();
    assert_eq!((kind(" version "), kind(" object ")), (3, 3), "{there:?}");
    assert!(stage.running("code 5").plan().await.unwrap().is_empty());
}
