//! Lambda.

mod url;
mod versions;

use std::{sync::Arc, time::Duration};

use anyhow::Result;
use deploy::cloud::{
    Code, Concurrency, Configuration, Document, Function, Functions, Kind, Role, State,
};
use send_e2e::aws::zip_of;
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::time::sleep;

use crate::{
    place::{Place, on_each_place},
    wire::{Account, REGION, failed, retag, spec, tags},
};

on_each_place![
    a_function_is_made_read_and_removed,
    a_function_that_is_not_there_has_no_versions,
    a_new_function_is_busy,
    a_function_is_changed_by_who_knows_what_it_was,
    a_function_is_changed,
    a_function_has_its_share_set_aside,
    what_is_set_aside_is_not_there_for_others,
    a_function_is_tagged,
    what_a_function_breaks_on_is_told,
    a_role_that_is_not_there_is_refused,
];

pub(crate) const NAME: &str = "sgraph_ai_app_send-user-dev";

/// The zip of a function that answers so many bytes; with a `note`, which nobody reads, another zip.
fn zipped(note: &str) -> Result<Vec<u8>> {
    zip_of("constant", Some(note))
}

/// The functions of a new account, and what one can be made of there.
pub(crate) async fn ground(place: Place) -> Result<(Arc<dyn Functions>, Parts)> {
    let account = place.account().await?;
    let parts = Parts::new(&account).await?;
    Ok((account.cloud().await.functions, parts))
}

/// A role and two zips in a bucket: what a function is made of.
pub(crate) struct Parts {
    role: String,
    bucket: String,
    hashes: [String; 2],
}

impl Parts {
    pub(crate) async fn new(account: &Account) -> Result<Self> {
        let (cloud, bucket) = (account.cloud().await, format!("zips-{}", account.number));
        let who = json!({ "Service": "lambda.amazonaws.com" });
        let trust = json!({ "Effect": "Allow", "Principal": who, "Action": "sts:AssumeRole" });
        let role = Role {
            trust: Document::new([("Lambda", trust)]),
            policies: [].into(),
            attached: [].into(),
            boundary: None,
            tags: tags(),
        };
        cloud.roles.create_role("runs", &role).await?;
        cloud.buckets.create_bucket(&bucket, &tags()).await?;
        let mut hashes = Vec::new();
        for key in ["0", "1"] {
            let zip = zipped(key)?;
            hashes.push(hex::encode(Sha256::digest(&zip)));
            cloud.buckets.put_object(&bucket, key, zip).await?;
        }
        Ok(Self {
            role: format!("arn:aws:iam::{}:role/runs", account.number),
            bucket,
            hashes: hashes
                .try_into()
                .map_err(|_| anyhow::anyhow!("not two zips"))?,
        })
    }

    fn code(&self, n: usize) -> Code {
        Code {
            bucket: self.bucket.clone(),
            key: n.to_string(),
        }
    }

    fn configuration(&self) -> Configuration {
        Configuration {
            runtime: "provided.al2023".into(),
            handler: "bootstrap".into(),
            architecture: "x86_64".into(),
            memory_mb: 256,
            timeout_s: 20,
            disk_mb: 1024,
            role: self.role.clone(),
            environment: [("CONSTANT_BYTES".into(), "5".into())].into(),
            log_group: "/some/group".into(),
            layers: vec![],
            code_sha256: self.hashes[0].clone(),
        }
    }

    /// A function, ready to be changed.
    pub(crate) async fn function(&self, functions: &dyn Functions) -> Result<()> {
        functions
            .create_function(NAME, &self.configuration(), &self.code(0), &tags())
            .await?;
        ready(functions).await
    }
}

pub(crate) async fn ready(functions: &dyn Functions) -> Result<()> {
    for _ in 0..200 {
        match functions.state(NAME).await? {
            State::Ready => return Ok(()),
            State::Busy => sleep(Duration::from_millis(50)).await,
            State::Failed(why) => anyhow::bail!("{why}"),
        }
    }
    anyhow::bail!("not ready after 10 s")
}

pub(crate) async fn found(functions: &dyn Functions) -> Result<Function> {
    let found = functions.function(NAME).await?;
    found.ok_or_else(|| anyhow::anyhow!("no function"))
}

async fn a_function_is_made_read_and_removed(place: Place) {
    let (functions, parts) = ground(place).await.unwrap();
    let functions = &*functions;
    assert_eq!(functions.function(NAME).await.unwrap(), None);
    failed(functions.state(NAME).await, Kind::NotFound);
    failed(functions.delete_function(NAME).await, Kind::NotFound);

    let (configuration, code, ours) = (parts.configuration(), parts.code(0), tags());
    let create = || functions.create_function(NAME, &configuration, &code, &ours);
    create().await.unwrap();
    failed(create().await, Kind::AlreadyExists);
    ready(functions).await.unwrap();
    let mut wanted = json!(configuration);
    wanted["concurrency"] = json!(null);
    wanted["live"] = json!(null);
    wanted["tags"] = json!(tags());
    assert_eq!(spec(&found(functions).await.unwrap()), wanted);

    functions.delete_function(NAME).await.unwrap();
    assert_eq!(functions.function(NAME).await.unwrap(), None);
}

async fn a_function_that_is_not_there_has_no_versions(place: Place) {
    let functions = place.cloud().await.unwrap().functions;
    failed(functions.versions(NAME).await, Kind::NotFound);
}

async fn a_new_function_is_busy(place: Place) {
    let (functions, parts) = ground(place).await.unwrap();
    functions
        .create_function(NAME, &parts.configuration(), &parts.code(0), &tags())
        .await
        .unwrap();
    assert_eq!(functions.state(NAME).await.unwrap(), State::Busy);
}

async fn a_function_is_changed_by_who_knows_what_it_was(place: Place) {
    let (functions, parts) = ground(place).await.unwrap();
    let functions = &*functions;
    parts.function(functions).await.unwrap();
    let first = found(functions).await.unwrap().revision;
    let (configuration, code) = (parts.configuration(), parts.code(1));
    let change = || functions.update_configuration(NAME, &configuration, first.as_deref());
    change().await.unwrap();
    failed(change().await, Kind::Stale);
    ready(functions).await.unwrap();
    let change = functions.update_code(NAME, "arm64", &code, first.as_deref());
    failed(change.await, Kind::Stale);
}

async fn a_function_is_changed(place: Place) {
    let (functions, parts) = ground(place).await.unwrap();
    let functions = &*functions;
    parts.function(functions).await.unwrap();
    let first = found(functions).await.unwrap().revision;
    let mut wanted = Configuration {
        memory_mb: 512,
        timeout_s: 60,
        disk_mb: 512,
        environment: [("NAME".into(), "a \"b\" ü".into())].into(),
        log_group: "/other/group".into(),
        ..parts.configuration()
    };
    let change = functions.update_configuration(NAME, &wanted, first.as_deref());
    change.await.unwrap();
    ready(functions).await.unwrap();
    assert_eq!(found(functions).await.unwrap().configuration, wanted);

    let code = parts.code(1);
    let change = functions.update_code(NAME, "arm64", &code, None);
    change.await.unwrap();
    ready(functions).await.unwrap();
    wanted.architecture = "arm64".into();
    wanted.code_sha256 = parts.hashes[1].clone();
    assert_eq!(found(functions).await.unwrap().configuration, wanted);
}

async fn a_function_has_its_share_set_aside(place: Place) {
    let (functions, parts) = ground(place).await.unwrap();
    let functions = &*functions;
    failed(
        functions.put_concurrency(NAME, Some(10)).await,
        Kind::NotFound,
    );
    parts.function(functions).await.unwrap();
    for reserved in [Some(10), None] {
        functions.put_concurrency(NAME, reserved).await.unwrap();
        assert_eq!(found(functions).await.unwrap().concurrency, reserved);
    }
}

async fn what_is_set_aside_is_not_there_for_others(place: Place) {
    let account = place.account().await.unwrap();
    let parts = Parts::new(&account).await.unwrap();
    let functions = account.cloud().await.functions;
    let functions = &*functions;
    parts.function(functions).await.unwrap();
    for (reserved, unreserved) in [(Some(10), 990), (None, 1000)] {
        functions.put_concurrency(NAME, reserved).await.unwrap();
        let told = functions.concurrency().await.unwrap();
        let wanted = Concurrency {
            account: 1000,
            unreserved,
        };
        assert_eq!(told, wanted);
    }
}

async fn a_function_is_tagged(place: Place) {
    let account = place.account().await.unwrap();
    let parts = Parts::new(&account).await.unwrap();
    let functions = account.cloud().await.functions;
    let functions = &*functions;
    parts.function(functions).await.unwrap();
    let mut wanted = tags();
    let arn = format!("arn:aws:lambda:{REGION}:{}:function:{NAME}", account.number);
    retag(functions, &arn, &mut wanted).await.unwrap();
    assert_eq!(found(functions).await.unwrap().tags, wanted);
}

async fn what_a_function_breaks_on_is_told(place: Place) {
    let (functions, parts) = ground(place).await.unwrap();
    let functions = &*functions;
    // Without its variable it ends before it answers.
    let configuration = Configuration {
        environment: [].into(),
        ..parts.configuration()
    };
    functions
        .create_function(NAME, &configuration, &parts.code(0), &tags())
        .await
        .unwrap();
    ready(functions).await.unwrap();
    let answered = functions.invoke(NAME, "$LATEST", &json!({})).await.unwrap();
    assert_eq!(answered.error.as_deref(), Some("Unhandled"), "{answered:?}");
    let said = answered.payload["errorMessage"].as_str();
    let said = said.unwrap_or_default();
    assert!(said.contains("NotPresent"), "{answered:?}");
}

async fn a_role_that_is_not_there_is_refused(place: Place) {
    let account = place.account().await.unwrap();
    let (functions, parts) = (
        account.cloud().await.functions,
        Parts::new(&account).await.unwrap(),
    );
    let role = format!("arn:aws:iam::{}:role/absent", account.number);
    let configuration = Configuration {
        role,
        ..parts.configuration()
    };
    failed(
        functions
            .create_function(NAME, &configuration, &parts.code(0), &tags())
            .await,
        Kind::Refused,
    );
}
