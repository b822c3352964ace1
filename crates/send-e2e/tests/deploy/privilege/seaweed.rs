//! The bucket's own policy on a server that is neither AWS nor the emulator, and answers with and without TLS: what it makes of each statement.

use anyhow::{Context, Result, ensure};
use deploy::{
    cloud::Document,
    config::{self, Files, Flags},
    names::{Names, Stage},
    policy,
};
use send_e2e::{Bucket, Peer, Request, S3Server, Server, Shared, aws::Console};
use serde_json::{Value, json};

use crate::{ground::HERE, hands::with};

/// A server with a bucket, and somebody with all rights on it, by TLS and without.
struct Both {
    bucket: Bucket,
    secure: Console,
    plain: Console,
}

impl Both {
    async fn new() -> Result<Self> {
        let server = S3Server::start(Peer::Seaweed).await?;
        Ok(Self {
            secure: server.console(&server.secure()?.endpoint)?,
            plain: server.console(server.endpoint())?,
            bucket: server.bucket().await?,
        })
    }

    /// The code of the refusal of an operation on the bucket.
    fn refusal(&self, by: &Console, operation: &str, more: Value) -> Result<Option<String>> {
        let asked = with(json!({ "Bucket": self.bucket.name() }), more);
        let answer = by.attempt("s3", operation, asked)?;
        Ok(answer.err().map(|refusal| refusal.code))
    }

    /// What somebody is told who does all that the services do.
    fn told(&self, by: &Console) -> Result<Vec<Option<String>>> {
        let key = json!({ "Key": "transfers/x" });
        [
            ("PutObject", with(key.clone(), json!({ "Body": "x" }))),
            ("GetObject", key.clone()),
            ("ListObjectsV2", json!({ "Prefix": "transfers/" })),
            ("CreateMultipartUpload", key.clone()),
            ("ListMultipartUploads", json!({})),
            ("DeleteObject", key),
        ]
        .into_iter()
        .map(|(operation, more)| self.refusal(by, operation, more))
        .collect()
    }

    /// What somebody is told who wants an object encrypted so.
    fn encrypted(&self, algorithm: &str) -> Result<Option<String>> {
        let put = json!({ "Key": "transfers/x", "Body": "x", "ServerSideEncryption": algorithm });
        self.refusal(&self.secure, "PutObject", put)
    }

    /// Whether the service works on it at this endpoint.
    async fn serves(&self, endpoint: &str) -> Result<bool> {
        let authority = self.bucket.on().secure()?.authority.display().to_string();
        let mut variables = self.bucket.variables();
        variables.retain(|(name, _)| *name != "AWS_ENDPOINT_URL");
        variables.push(("AWS_ENDPOINT_URL", endpoint.into()));
        variables.push(("SSL_CERT_FILE", authority));
        let variables: Vec<_> = variables.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let server = Server::start(&variables)?;
        let create = Request::new("POST", "/api/transfers/create").with_json(&json!({}));
        let answer = server.client()?.send(create).await?;
        ensure!([200, 503].contains(&answer.status), "{answer:?}");
        Ok(answer.status == 200)
    }
}

/// The policy of this bucket, locked down.
fn policy_of(bucket: &Bucket) -> Result<Document> {
    let flags = Flags {
        regions: vec![HERE.into()],
        architecture: None,
    };
    let read = config::read(Stage::Dev, &Files::Embedded, |_| None, &flags)?;
    let config = read.first().context("no configuration")?;
    let names = Names {
        project: config.project.clone(),
        stage: Stage::Dev,
        account: "000000000000".into(),
        region: HERE.into(),
        bucket: Some(bucket.name().into()),
    };
    Ok(policy::bucket::policy(&names, config))
}

#[tokio::test]
async fn another_server_than_aws_refuses_plain_http_and_other_encryption_too() -> Result<()> {
    let both = Both::new().await?;
    let (plain, secure) = (
        both.bucket.on().endpoint(),
        &both.bucket.on().secure()?.endpoint,
    );
    let nobody = Some("AccessDenied".to_owned());
    assert_eq!(both.told(&both.plain)?, vec![None; 6]);
    assert_eq!(both.told(&both.secure)?, vec![None; 6]);
    // It has no keys to encrypt with, and says so where it would.
    let keyless = Some("InternalError".to_owned());
    assert_eq!(both.encrypted("aws:kms")?, keyless);
    assert!(both.serves(plain).await? && both.serves(secure).await?);

    let mut policy = policy_of(&both.bucket)?;
    let put = |policy: &Document| {
        let text = json!({ "Policy": policy.to_json().to_string() });
        both.refusal(&both.secure, "PutBucketPolicy", text)
    };
    // Of who asks it knows neither what AWS calls `aws:PrincipalArn` nor how that is compared: this statement is for others to show.
    assert_eq!(put(&policy)?.as_deref(), Some("InvalidPolicyDocument"));
    policy.statements.remove("DenyStrangers");
    assert_eq!(put(&policy)?, None);

    assert_eq!(both.told(&both.secure)?, vec![None; 6]);
    assert_eq!(both.told(&both.plain)?, vec![nobody.clone(); 6]);
    assert_eq!(both.encrypted("aws:kms")?, nobody);
    assert_eq!(both.encrypted("AES256")?, keyless);
    assert!(both.serves(secure).await? && !both.serves(plain).await?);

    // Nor can it be taken away without TLS.
    let taken = both.refusal(&both.plain, "DeleteBucketPolicy", json!({}))?;
    assert_eq!(taken, nobody);
    let asked = json!({ "Bucket": both.bucket.name() });
    let told = both.secure.ask("s3", "GetBucketPolicy", asked)?;
    let told = Document::parse(told["Policy"].as_str().context("no policy")?)?;
    assert_eq!(told, policy);
    Ok(())
}
