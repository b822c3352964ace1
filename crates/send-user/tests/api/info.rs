use insta::assert_snapshot;

use crate::harness::Service;

#[tokio::test]
async fn on_aws_lambda_it_says_so() {
    let service = Service::with(&[("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001")]);
    let status = service.get("/info/status").ok().await.json();
    assert_eq!(status["environment"], "aws-lambda");
}

#[tokio::test]
async fn the_service_says_what_it_is() {
    let service = Service::new();
    assert_snapshot!(service.get("/info/health").ok().await, @r#"200 {"status":"ok"}"#);
    assert_snapshot!(service.get("/info/status").ok().await, @r#"200 {"environment":"local","name":"send-user","status":"operational","storage":"ok","version":"0.1.0"}"#);
    assert_snapshot!(service.get("/info/version").ok().await, @r#"200 {"version":"0.1.0"}"#);
    assert_snapshot!(service.get("/info/versions").ok().await, @r#"200 {"api":["v1"],"format":"SGS1","send":"0.1.0"}"#);
    assert_snapshot!(service.get("/api/info").ok().await, @r#"200 {"limits":{"default_age_s":604800,"max_age_s":2592000,"max_downloads":100,"max_transfer_bytes":4294967296},"name":"send-user","uploads":"open","version":"0.1.0"}"#);
}

#[tokio::test]
async fn the_same_is_said_under_api() {
    let service = Service::new();
    for page in ["health", "status", "version", "versions"] {
        let (one, other) = (
            service.get(format!("/info/{page}")),
            service.get(format!("/api/info/{page}")),
        );
        assert_eq!(one.ok().await.body, other.ok().await.body);
    }
}

#[tokio::test]
async fn an_unknown_path_is_404_and_a_wrong_method_405() {
    let service = Service::new();
    assert_snapshot!(service.get("/nothing/here").await_reply().await, @r#"404 {"detail":"There is nothing here, or not for this token.","request_id":".."}"#);
    let reply = service.put("/info/health").await_reply().await;
    assert_snapshot!(reply, @r#"405 {"detail":"This method is not allowed here.","request_id":".."}"#);
    assert_eq!(reply.headers["allow"], "GET,HEAD");
}

#[tokio::test]
async fn every_answer_has_a_request_id_of_its_own_and_is_not_kept() {
    let service = Service::new();
    let one = service.get("/info/health").ok().await;
    let other = service
        .get("/info/health")
        .header("x-request-id", "mine")
        .ok()
        .await;
    assert_ne!(one.headers["x-request-id"], other.headers["x-request-id"]);
    assert_ne!(other.headers["x-request-id"], "mine");
    assert_eq!(one.headers["cache-control"], "no-store");
    assert_eq!(one.headers["x-content-type-options"], "nosniff");
    assert_eq!(one.headers["referrer-policy"], "no-referrer");
}

#[tokio::test]
async fn the_api_is_described_as_it_is() {
    let description = Service::new().get("/api/openapi.json").ok().await.json();
    insta::assert_json_snapshot!("openapi", description);
}
