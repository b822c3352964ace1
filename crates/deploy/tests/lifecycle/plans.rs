//! Plans, as people read them.

use deploy::config::Door;

use crate::{cloud::World, listing::called, stage::Stage};

#[tokio::test(start_paused = true)]
async fn of_a_stage_that_is_not_there() {
    let stage = Stage::new(&World::new());
    insta::assert_snapshot!(stage.plan().await.unwrap(), @"
    + bucket/sgraph-send-dev-storage-111122223333-eu-west-1
    + artifact/deploy/user/
    + role/sgraph_ai_app_send-user-dev-eu-west-1
    + log_group//aws/lambda/sgraph_ai_app_send-user-dev
    + function/sgraph_ai_app_send-user-dev
    + function_url/sgraph_ai_app_send-user-dev
    + headers_policy/sgraph-send-dev-user-eu-west-1
    + origin_access/sgraph-send-dev-user-eu-west-1
    + distribution/sgraph-send-dev-user-eu-west-1
    + alarms/sgraph_ai_app_send-user-dev
    + artifact/deploy/admin/
    + role/sgraph_ai_app_send-admin-dev-eu-west-1
    + log_group//aws/lambda/sgraph_ai_app_send-admin-dev
    + function/sgraph_ai_app_send-admin-dev
    + function_url/sgraph_ai_app_send-admin-dev
    + schedule/sgraph_ai_app_send-admin-dev-sweep
    + alarms/sgraph_ai_app_send-admin-dev
    ");
    assert!(!stage.world.journal().iter().any(|call| call.writes));
}

#[tokio::test(start_paused = true)]
async fn of_other_code() {
    let stage = Stage::new(&World::new());
    stage.up().await.unwrap();
    insta::assert_snapshot!(stage.running("second").plan().await.unwrap(), @"
    ~ artifact/deploy/user/
        zips.deploy/user/8966a967a122857a0f66ea34624a180919e9ec93cbda6def373ed4404e4c55d7.zip: (none) => 11
    ~ function/sgraph_ai_app_send-user-dev
        code_sha256: 59e07f4304c96d4a7eaae0d494cb197e98bcc0b0a3bc569cbd55e244a2e811e8 => 8966a967a122857a0f66ea34624a180919e9ec93cbda6def373ed4404e4c55d7
        live.code_sha256: 59e07f4304c96d4a7eaae0d494cb197e98bcc0b0a3bc569cbd55e244a2e811e8 => 8966a967a122857a0f66ea34624a180919e9ec93cbda6def373ed4404e4c55d7
        tags.Commit: first => second
    ~ artifact/deploy/admin/
        zips.deploy/admin/da74a236f11981f30f859880bd962b880030a4a5726f9e71f1d908ce4f8ed24b.zip: (none) => 12
    ~ function/sgraph_ai_app_send-admin-dev
        code_sha256: 84bcc4e2f81b3bf123dc16772d3ba967a878ae6615e151258fe0414cee7674c4 => da74a236f11981f30f859880bd962b880030a4a5726f9e71f1d908ce4f8ed24b
        live.code_sha256: 84bcc4e2f81b3bf123dc16772d3ba967a878ae6615e151258fe0414cee7674c4 => da74a236f11981f30f859880bd962b880030a4a5726f9e71f1d908ce4f8ed24b
        tags.Commit: first => second
    ");
}

#[tokio::test(start_paused = true)]
async fn of_another_configuration() {
    let stage = Stage::new(&World::new());
    stage.up().await.unwrap();
    let other = stage.with(|config| {
        config.user.memory_mb = 1024;
        config.max_age_days = 7;
        config.log_retention_days = 90;
        config.tags.insert("CostCentre".into(), "42".into());
    });
    insta::assert_snapshot!(other.plan().await.unwrap(), @"
    ~ bucket/sgraph-send-dev-storage-111122223333-eu-west-1
        lifecycle.transfers.expire_days: 31 => 8
        tags.CostCentre: (none) => 42
    ~ role/sgraph_ai_app_send-user-dev-eu-west-1
        tags.CostCentre: (none) => 42
    ~ log_group//aws/lambda/sgraph_ai_app_send-user-dev
        retention_days: 30 => 90
        tags.CostCentre: (none) => 42
    ~ function/sgraph_ai_app_send-user-dev
        environment.SEND_MAX_AGE: 30d => 7d
        live.environment.SEND_MAX_AGE: 30d => 7d
        live.memory_mb: 512 => 1024
        memory_mb: 512 => 1024
        tags.CostCentre: (none) => 42
    ~ distribution/sgraph-send-dev-user-eu-west-1
        tags.CostCentre: (none) => 42
    ~ role/sgraph_ai_app_send-admin-dev-eu-west-1
        tags.CostCentre: (none) => 42
    ~ log_group//aws/lambda/sgraph_ai_app_send-admin-dev
        retention_days: 30 => 90
        tags.CostCentre: (none) => 42
    ~ function/sgraph_ai_app_send-admin-dev
        environment.SEND_MAX_AGE: 30d => 7d
        live.environment.SEND_MAX_AGE: 30d => 7d
        tags.CostCentre: (none) => 42
    ~ schedule/sgraph_ai_app_send-admin-dev-sweep
        tags.CostCentre: (none) => 42
    ");
}

#[tokio::test(start_paused = true)]
async fn of_another_door() {
    let stage = Stage::new(&World::new());
    stage.up().await.unwrap();
    let signed = stage.with(|config| config.door = Door::Oac);
    let plan = signed.plan().await.unwrap().to_string();
    insta::assert_snapshot!(called(&stage.world, plan), @r#"
    ~ function_url/sgraph_ai_app_send-user-dev
        auth: NONE => AWS_IAM
        grants.distribution-invoke: (none) => {"Action":"lambda:InvokeFunction","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:cloudfront::111122223333:distribution/(id of sgraph-send dev user eu-west-1)"},"Bool":{"lambda:InvokedViaFunctionUrl":"true"}},"Effect":"Allow","Principal":{"Service":"cloudfront.amazonaws.com"},"Resource":"arn:aws:lambda:eu-west-1:111122223333:function:sgraph_ai_app_send-user-dev:live"}
        grants.distribution-url: (none) => {"Action":"lambda:InvokeFunctionUrl","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:cloudfront::111122223333:distribution/(id of sgraph-send dev user eu-west-1)"},"StringEquals":{"lambda:FunctionUrlAuthType":"AWS_IAM"}},"Effect":"Allow","Principal":{"Service":"cloudfront.amazonaws.com"},"Resource":"arn:aws:lambda:eu-west-1:111122223333:function:sgraph_ai_app_send-user-dev:live"}
        grants.public-invoke: {"Action":"lambda:InvokeFunction","Condition":{"Bool":{"lambda:InvokedViaFunctionUrl":"true"}},"Effect":"Allow","Principal":"*","Resource":"arn:aws:lambda:eu-west-1:111122223333:function:sgraph_ai_app_send-user-dev:live"} => (none)
        grants.public-url: {"Action":"lambda:InvokeFunctionUrl","Condition":{"StringEquals":{"lambda:FunctionUrlAuthType":"NONE"}},"Effect":"Allow","Principal":"*","Resource":"arn:aws:lambda:eu-west-1:111122223333:function:sgraph_ai_app_send-user-dev:live"} => (none)
    ~ distribution/sgraph-send-dev-user-eu-west-1
        origins.function.access:  => (id of sgraph-send-dev-user-eu-west-1)
    "#);
}

#[tokio::test(start_paused = true)]
async fn the_order_of_a_stage() {
    let stack = Stage::new(&World::new()).stack();
    let order: Vec<_> = stack.order().iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(order.join("\n"), @"
    bucket/sgraph-send-dev-storage-111122223333-eu-west-1
    artifact/deploy/user/
    role/sgraph_ai_app_send-user-dev-eu-west-1
    log_group//aws/lambda/sgraph_ai_app_send-user-dev
    function/sgraph_ai_app_send-user-dev
    function_url/sgraph_ai_app_send-user-dev
    headers_policy/sgraph-send-dev-user-eu-west-1
    origin_access/sgraph-send-dev-user-eu-west-1
    distribution/sgraph-send-dev-user-eu-west-1
    alarms/sgraph_ai_app_send-user-dev
    artifact/deploy/admin/
    role/sgraph_ai_app_send-admin-dev-eu-west-1
    log_group//aws/lambda/sgraph_ai_app_send-admin-dev
    function/sgraph_ai_app_send-admin-dev
    function_url/sgraph_ai_app_send-admin-dev
    schedule/sgraph_ai_app_send-admin-dev-sweep
    alarms/sgraph_ai_app_send-admin-dev
    ");
}
