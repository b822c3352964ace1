use insta::assert_snapshot;

use crate::harness::Service;

#[tokio::test]
async fn the_service_says_what_it_is() {
    let service = Service::new();
    assert_snapshot!(service.get("/info/health").ok().await, @r#"200 {"status":"ok"}"#);
    assert_snapshot!(service.get("/info/status").ok().await, @r#"200 {"environment":"local","name":"send-admin","status":"operational","storage":"ok","version":"0.1.0"}"#);
    assert_snapshot!(service.get("/api/info").ok().await, @r#"200 {"limits":{"default_age_s":604800,"max_age_s":2592000,"max_downloads":100,"max_transfer_bytes":4294967296},"name":"send-admin","uploads":"open","version":"0.1.0"}"#);
    let reply = service.put("/info/health").await_reply().await;
    assert_snapshot!(reply, @r#"405 {"detail":"This method is not allowed here.","request_id":".."}"#);
}

#[tokio::test]
async fn on_aws_lambda_it_says_so() {
    let service = Service::with(&[("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001")]);
    let status = service.get("/info/status").ok().await.json();
    assert_eq!(status["environment"], "aws-lambda");
}

#[tokio::test]
async fn the_api_is_described_as_it_is() {
    let description = Service::new().get("/api/openapi.json").ok().await.json();
    insta::assert_json_snapshot!("openapi", description);
}
