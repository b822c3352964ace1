use insta::assert_snapshot;

use crate::harness::Service;

#[tokio::test]
async fn settings_are_facts_without_secrets() {
    let service = Service::with(&[
        ("SEND_DOOR_SHA256", &crate::harness::sha256("door")),
        ("SEND_CORS_ORIGINS", "https://a.example"),
        ("SEND_PUBLIC_URL", "https://send.example"),
        ("SEND_ACCESS_TOKEN", "let me in"),
    ]);
    let ask = service.admin_get("/settings").header("x-send-door", "door");
    assert_snapshot!(ask.ok().await, @r#"200 {"admin_key_name":"x-api-key","admin_keys":["cde44974","eb735a5a"],"door":true,"environment":"local","limits":{"default_age_s":604800,"max_age_s":2592000,"max_transfer_bytes":4294967296},"origins":["https://a.example"],"public_url":"https://send.example","storage":"memory:","version":"0.1.0"}"#);
}
