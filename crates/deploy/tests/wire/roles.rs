//! IAM.

use deploy::cloud::{Document, Kind, Role};
use serde_json::json;

use crate::{
    place::{Place, on_each_place},
    wire::{failed, retag, spec, tags},
};

on_each_place![
    a_role_is_made_read_changed_and_removed,
    what_others_attached_is_seen_and_a_boundary_is_set,
];

const NAME: &str = "sgraph_ai_app_send-user-dev-eu-west-1";

fn trust(service: &str) -> Document {
    let who = json!({ "Service": service });
    Document::new([(
        "Lambda",
        json!({ "Effect": "Allow", "Principal": who, "Action": "sts:AssumeRole" }),
    )])
}

/// With characters that have to be encoded on the way.
fn policy(prefix: &str) -> Document {
    let what = format!("arn:aws:s3:::bucket/{prefix}/*");
    Document::new([
        (
            "Objects",
            json!({ "Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": what }),
        ),
        (
            "List",
            json!({ "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::bucket", "Condition": { "StringLike": { "s3:prefix": [format!("{prefix}/*"), "a+b %2F"] } } }),
        ),
    ])
}

fn role() -> Role {
    Role {
        trust: trust("lambda.amazonaws.com"),
        policies: [].into(),
        attached: [].into(),
        boundary: None,
        tags: tags(),
    }
}

async fn a_role_is_made_read_changed_and_removed(place: Place) {
    let roles = place.cloud().await.unwrap().roles;
    assert_eq!(roles.role(NAME).await.unwrap(), None);
    failed(roles.delete_role(NAME).await, Kind::NotFound);
    failed(
        roles.put_policy(NAME, "storage", &policy("a")).await,
        Kind::NotFound,
    );

    let mut wanted = role();
    roles.create_role(NAME, &wanted).await.unwrap();
    failed(roles.create_role(NAME, &wanted).await, Kind::AlreadyExists);
    assert_eq!(spec(&roles.role(NAME).await.unwrap()), spec(&wanted));

    wanted.policies = [
        ("logs".into(), policy("b")),
        ("storage".into(), policy("c")),
    ]
    .into();
    for (name, document) in &wanted.policies {
        roles.put_policy(NAME, name, document).await.unwrap();
    }
    wanted.trust = trust("edgelambda.amazonaws.com");
    roles.put_trust(NAME, &wanted.trust).await.unwrap();
    retag(&*roles, NAME, &mut wanted.tags).await.unwrap();
    assert_eq!(spec(&roles.role(NAME).await.unwrap()), spec(&wanted));

    failed(roles.delete_role(NAME).await, Kind::Conflict);
    roles.delete_policy(NAME, "logs").await.unwrap();
    roles.delete_policy(NAME, "storage").await.unwrap();
    failed(roles.delete_policy(NAME, "storage").await, Kind::NotFound);
    roles.delete_role(NAME).await.unwrap();
    assert_eq!(roles.role(NAME).await.unwrap(), None);
}

async fn what_others_attached_is_seen_and_a_boundary_is_set(place: Place) {
    let account = place.account().await.unwrap();
    let roles = account.cloud().await.roles;
    let iam = aws_sdk_iam::Client::new(&account.sdk().await);
    let document = policy("a").to_json().to_string();
    let made = iam
        .create_policy()
        .policy_name("most")
        .policy_document(document)
        .send()
        .await;
    let arn = made.unwrap().policy.unwrap().arn.unwrap();

    let mut wanted = Role {
        boundary: Some(arn.clone()),
        ..role()
    };
    roles.create_role(NAME, &wanted).await.unwrap();
    iam.attach_role_policy()
        .role_name(NAME)
        .policy_arn(&arn)
        .send()
        .await
        .unwrap();
    wanted.attached = [arn.clone()].into();
    assert_eq!(spec(&roles.role(NAME).await.unwrap()), spec(&wanted));
    failed(roles.delete_role(NAME).await, Kind::Conflict);

    roles.detach_policy(NAME, &arn).await.unwrap();
    failed(roles.detach_policy(NAME, &arn).await, Kind::NotFound);
    roles.delete_boundary(NAME).await.unwrap();
    assert_eq!(spec(&roles.role(NAME).await.unwrap()), spec(&role()));
    roles.put_boundary(NAME, &arn).await.unwrap();
    assert_eq!(roles.role(NAME).await.unwrap().unwrap().boundary, Some(arn));
    roles.delete_role(NAME).await.unwrap();
}
