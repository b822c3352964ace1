//! Lambda.

mod url;

use std::{
    fs,
    io::{Cursor, Write},
    time::Duration,
};

use anyhow::Result;
use deploy::cloud::{
    Code, Concurrency, Configuration, Document, Function, Functions, Kind, Live, Role, State,
};
use send_e2e::server::binary;
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::time::sleep;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::wire::{Account, REGION, failed, spec, tags};

pub(crate) const NAME: &str = "sgraph_ai_app_send-user-dev";

/// The zip of a function that answers so many bytes; `note` makes it another zip.
fn zipped(note: &str) -> Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let how = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    zip.start_file("bootstrap", how.unix_permissions(0o755))?;
    zip.write_all(&fs::read(binary("constant")?)?)?;
    zip.start_file("note", how)?;
    zip.write_all(note.as_bytes())?;
    Ok(zip.finish()?.into_inner())
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

async fn found(functions: &dyn Functions) -> Result<Function> {
    let found = functions.function(NAME).await?;
    found.ok_or_else(|| anyhow::anyhow!("no function"))
}

#[tokio::test]
async fn a_function_is_made_read_changed_and_removed() {
    let account = Account::new().await.unwrap();
    let (functions, parts) = (
        account.cloud().await.functions,
        Parts::new(&account).await.unwrap(),
    );
    let functions = &*functions;
    assert_eq!(functions.function(NAME).await.unwrap(), None);
    failed(functions.state(NAME).await, Kind::NotFound);
    failed(functions.delete_function(NAME).await, Kind::NotFound);
    failed(functions.versions(NAME).await, Kind::NotFound);

    let mut configuration = parts.configuration();
    let (code, ours) = (parts.code(0), tags());
    let create = || functions.create_function(NAME, &configuration, &code, &ours);
    create().await.unwrap();
    failed(create().await, Kind::AlreadyExists);
    assert_eq!(functions.state(NAME).await.unwrap(), State::Busy);
    ready(functions).await.unwrap();
    let first = found(functions).await.unwrap();
    let mut wanted = json!(configuration);
    wanted["concurrency"] = json!(null);
    wanted["live"] = json!(null);
    wanted["tags"] = json!(tags());
    assert_eq!(spec(&first), wanted);

    configuration.memory_mb = 512;
    configuration.timeout_s = 60;
    configuration.disk_mb = 512;
    configuration
        .environment
        .insert("NAME".into(), "a \"b\" ü".into());
    configuration.log_group = "/other/group".into();
    functions
        .update_configuration(NAME, &configuration, first.revision.as_deref())
        .await
        .unwrap();
    failed(
        functions
            .update_configuration(NAME, &configuration, first.revision.as_deref())
            .await,
        Kind::Stale,
    );
    ready(functions).await.unwrap();
    failed(
        functions
            .update_code(NAME, "arm64", &parts.code(1), first.revision.as_deref())
            .await,
        Kind::Stale,
    );
    functions
        .update_code(NAME, "arm64", &parts.code(1), None)
        .await
        .unwrap();
    ready(functions).await.unwrap();
    configuration.architecture = "arm64".into();
    configuration.code_sha256 = parts.hashes[1].clone();

    functions.put_concurrency(NAME, Some(10)).await.unwrap();
    let arn = format!("arn:aws:lambda:{REGION}:{}:function:{NAME}", account.number);
    functions
        .tag(&arn, &[("Version".into(), "0.1.0".into())].into())
        .await
        .unwrap();
    functions.untag(&arn, &["Note".into()]).await.unwrap();
    let changed = found(functions).await.unwrap();
    assert_eq!(changed.configuration, configuration);
    assert_eq!(changed.concurrency, Some(10));
    assert_eq!(
        changed.tags.keys().collect::<Vec<_>>(),
        ["Project", "Stage", "Version"]
    );
    let concurrency = functions.concurrency().await.unwrap();
    assert_eq!(
        concurrency,
        Concurrency {
            account: 1000,
            unreserved: 990
        }
    );
    functions.put_concurrency(NAME, None).await.unwrap();
    assert_eq!(found(functions).await.unwrap().concurrency, None);

    functions.delete_function(NAME).await.unwrap();
    assert_eq!(functions.function(NAME).await.unwrap(), None);
}

#[tokio::test]
async fn versions_are_published_served_and_invoked() {
    let account = Account::new().await.unwrap();
    let (functions, parts) = (
        account.cloud().await.functions,
        Parts::new(&account).await.unwrap(),
    );
    let functions = &*functions;
    parts.function(functions).await.unwrap();
    failed(functions.delete_alias("nothing").await, Kind::NotFound);

    let one = functions
        .publish_version(NAME, &parts.hashes[0], "0.1.0 abc")
        .await
        .unwrap();
    functions.create_alias(NAME, &one).await.unwrap();
    failed(
        functions.create_alias(NAME, &one).await,
        Kind::AlreadyExists,
    );
    functions
        .update_code(NAME, "x86_64", &parts.code(1), None)
        .await
        .unwrap();
    ready(functions).await.unwrap();
    let mut other = Configuration {
        code_sha256: parts.hashes[1].clone(),
        ..parts.configuration()
    };
    other
        .environment
        .insert("CONSTANT_BYTES".into(), "3".into());
    functions
        .update_configuration(NAME, &other, None)
        .await
        .unwrap();
    ready(functions).await.unwrap();
    let two = functions
        .publish_version(NAME, &parts.hashes[1], "0.2.0 def")
        .await
        .unwrap();
    assert_eq!((one.as_str(), two.as_str()), ("1", "2"));

    let versions = functions.versions(NAME).await.unwrap();
    let told: Vec<_> = versions
        .iter()
        .map(|one| {
            (
                one.number,
                one.description.as_str(),
                one.code_sha256.as_str(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (1, "0.1.0 abc", parts.hashes[0].as_str()),
            (2, "0.2.0 def", parts.hashes[1].as_str())
        ]
    );
    assert!(
        versions
            .iter()
            .all(|one| one.code_bytes > 1_000_000 && one.modified.contains('T'))
    );
    assert_eq!(versions[1].environment, other.environment);

    let live = found(functions).await.unwrap().live.unwrap();
    let wanted = Live {
        configuration: parts.configuration(),
        others: [].into(),
        version: one.clone(),
        revision: live.revision.clone(),
    };
    assert_eq!(live, wanted);
    let event = json!({ "some": "event" });
    for (qualifier, bytes) in [("live", 5), (&one, 5), (&two, 3)] {
        let answered = functions.invoke(NAME, qualifier, &event).await.unwrap();
        assert_eq!(
            answered.payload,
            json!("a".repeat(bytes - 2)),
            "{answered:?}"
        );
        assert_eq!(answered.error, None);
    }
    functions
        .update_alias(NAME, &two, live.revision.as_deref())
        .await
        .unwrap();
    failed(
        functions
            .update_alias(NAME, &one, live.revision.as_deref())
            .await,
        Kind::Stale,
    );
    let live = found(functions).await.unwrap().live.unwrap();
    assert_eq!((live.version.as_str(), &live.configuration), ("2", &other));

    failed(functions.delete_version(NAME, &two).await, Kind::Conflict);
    functions.delete_version(NAME, &one).await.unwrap();
    functions.delete_alias(NAME).await.unwrap();
    assert_eq!(found(functions).await.unwrap().live, None);
    failed(functions.invoke(NAME, "live", &event).await, Kind::NotFound);
    assert_eq!(functions.versions(NAME).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_a_function_breaks_on_is_told() {
    let account = Account::new().await.unwrap();
    let (functions, parts) = (
        account.cloud().await.functions,
        Parts::new(&account).await.unwrap(),
    );
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
    assert!(!answered.payload.is_null());
}

#[tokio::test]
async fn a_role_that_is_not_there_is_refused() {
    let account = Account::new().await.unwrap();
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
