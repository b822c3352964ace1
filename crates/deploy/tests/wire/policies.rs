//! All policies of IAM that are written here, put where policies are read. The bucket's is S3's.

use anyhow::Result;
use aws_sdk_iam::Client;
use deploy::{
    cloud::{Document, Kind, Role},
    names::{App, Names, Stage},
    policy::{deployer, runtime},
    resource::Level,
};
use serde_json::{Value, json};

use crate::{
    place::{Place, on_each_place},
    wire::{Account, REGION, spec, tags},
};

on_each_place![the_functions_policies_are_taken, the_deployers_is_taken];

/// Every stage, in every cloud of AWS.
fn stages(account: &Account) -> impl Iterator<Item = Names> {
    let stages = [Stage::Dev, Stage::Qa, Stage::Prod];
    let regions = [REGION, "cn-north-1", "us-gov-west-1"];
    stages.into_iter().flat_map(move |stage| {
        regions.map(|region| Names {
            project: "sgraph-send".into(),
            stage,
            account: account.number.clone(),
            region: region.into(),
            bucket: None,
        })
    })
}

/// Those of one service's role, as it is made and as it is locked down.
fn functions(names: &Names) -> impl Iterator<Item = (App, Document)> {
    let levels = [Level::Created, Level::LockedDown];
    let each = move |app| levels.map(|level| (app, runtime::policy(names, app, level)));
    App::ALL.into_iter().flat_map(each)
}

fn role() -> Role {
    Role {
        trust: runtime::trust(),
        policies: [].into(),
        attached: [].into(),
        boundary: None,
        tags: tags(),
    }
}

/// What IAM says to a policy for everybody.
async fn managed(iam: &Client, policy: &Value) -> Result<(), String> {
    let made = iam.create_policy().policy_name("deployer");
    let made = made.policy_document(policy.to_string()).send().await;
    let made = made.map_err(|error| error.into_service_error());
    let made = made.map_err(|error| error.meta().code().unwrap_or_default().to_owned())?;
    let arn = made.policy.and_then(|policy| policy.arn);
    let removed = iam.delete_policy().policy_arn(arn.unwrap_or_default());
    removed.send().await.map_err(|error| error.to_string())?;
    Ok(())
}

async fn the_functions_policies_are_taken(place: Place) {
    let account = place.account().await.unwrap();
    let roles = account.cloud().await.roles;
    let mut wanted = role();
    for names in stages(&account) {
        for (app, document) in functions(&names) {
            let name = names.role(app);
            if roles.role(&name).await.unwrap().is_none() {
                roles.create_role(&name, &role()).await.unwrap();
                roles.put_trust(&name, &wanted.trust).await.unwrap();
            }
            let put = roles.put_policy(&name, "storage", &document).await;
            put.unwrap_or_else(|error| panic!("{name}: {error}"));
            wanted.policies = [("storage".into(), document)].into();
            assert_eq!(spec(&roles.role(&name).await.unwrap()), spec(&wanted));
        }
    }
}

async fn the_deployers_is_taken(place: Place) {
    let account = place.account().await.unwrap();
    let iam = Client::new(&account.sdk().await);
    for names in stages(&account) {
        let policy = deployer::policy(&names).to_json();
        let taken = managed(&iam, &policy).await;
        assert_eq!(taken, Ok(()), "{names:?}");
    }
}

/// Each statement of a policy, spoilt.
fn spoilt(policy: &Document, spoil: (&str, Value)) -> impl Iterator<Item = Document> {
    policy.statements.iter().map(move |(sid, statement)| {
        let mut statement = statement.clone();
        statement[spoil.0] = spoil.1.clone();
        Document::new([(sid.as_str(), statement)])
    })
}

fn ways() -> [(&'static str, Value); 5] {
    [
        ("Resource", json!("some-bucket/*")),
        ("Resource", json!("arn:aws:s3:eu-west-1:1:bucket/*")),
        ("Action", json!("GetObject")),
        ("Effect", json!("allow")),
        (
            "Condition",
            json!({ "NoSuchOperator": { "aws:SourceIp": "127.0.0.1" } }),
        ),
    ]
}

#[tokio::test]
async fn moto_takes_no_policy_that_iam_would_not() {
    let account = Place::Moto.account().await.unwrap();
    let roles = account.cloud().await.roles;
    let iam = Client::new(&account.sdk().await);
    roles.create_role("some", &role()).await.unwrap();
    let names = stages(&account).next().unwrap();
    let runtime = runtime::policy(&names, App::Admin, Level::LockedDown);
    for way in ways() {
        for document in spoilt(&runtime, way.clone()) {
            let put = roles.put_policy("some", "storage", &document).await;
            let error = put.expect_err(&format!("{way:?}"));
            assert_eq!(error.kind, Kind::Refused);
            assert_eq!(error.code, "MalformedPolicyDocument");
        }
        for document in spoilt(&deployer::policy(&names), way.clone()) {
            let taken = managed(&iam, &document.to_json()).await;
            assert_eq!(taken, Err("MalformedPolicyDocument".into()), "{way:?}");
        }
    }
}
