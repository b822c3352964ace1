//! Real S3 servers, none of them ours, each with a folder of its own that goes with it.
//!
//! - `peer`: which there are, and how each is started
//! - `process`: a process that ends with this one, whatever ends it
//! - [`Bucket`]: a fresh bucket on one of them, for tests and for the services under test

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context, Result, bail};
use object_store::{
    aws::{AmazonS3, AmazonS3Builder},
    signer::Method,
};
use reqwest::StatusCode;
use tokio::time::{Instant, sleep};

use crate::{
    aws::{self, Console},
    ports::Ports,
};
use process::Process;

pub use bucket::Bucket;
pub use peer::Peer;

mod bucket;
pub(crate) mod peer;
pub(crate) mod process;

/// How long a server may take until it answers.
const PATIENCE: Duration = Duration::from_secs(60);
/// The region that all servers are told to be in.
const REGION: &str = "us-east-1";

/// A running S3 server. It ends, with all that was stored, when this and the last of its buckets are dropped.
#[derive(Clone, Debug)]
pub struct S3Server {
    process: Arc<Process>,
    keys: Arc<Keys>,
    endpoint: String,
    secure: Option<Arc<Secure>>,
    /// Given back after the process has ended.
    _ports: Arc<Ports>,
}

/// The same server by TLS.
#[derive(Debug)]
pub struct Secure {
    /// Where it answers, `https://127.0.0.1:PORT`.
    pub endpoint: String,
    /// The file with the authority that its clients have to trust: `SSL_CERT_FILE`.
    pub authority: PathBuf,
}

/// What signs requests: random, so that a server that answers is the one that was started.
#[derive(Debug)]
struct Keys {
    id: String,
    secret: String,
}

impl Keys {
    fn random() -> Result<Self> {
        let mut bytes = [0; 28];
        getrandom::fill(&mut bytes)?;
        let (id, secret) = bytes.split_at(8);
        Ok(Self {
            id: format!("AKIA{}", hex::encode_upper(id)),
            secret: hex::encode(secret),
        })
    }
}

impl S3Server {
    /// Starts a server on free ports of 127.0.0.1, and waits until it answers.
    ///
    /// # Errors
    /// When it is not installed, which says how to, or does not answer in time, which shows what it logged.
    pub async fn start(peer: Peer) -> Result<Self> {
        let keys = Keys::random()?;
        let (process, ports, secure) = peer.launch(&keys)?;
        let server = Self {
            process: Arc::new(process),
            keys: Arc::new(keys),
            endpoint: format!("http://{}", ports.first()),
            secure: secure.map(Arc::new),
            _ports: Arc::new(ports),
        };
        server.wait().await?;
        Ok(server)
    }

    /// Makes a fresh bucket.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn bucket(&self) -> Result<Bucket> {
        let mut random = [0; 8];
        getrandom::fill(&mut random)?;
        let bucket = Bucket::new(self, format!("send-{}", hex::encode(random)))?;
        bucket.make().await?;
        Ok(bucket)
    }

    /// Where it answers, `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// How to reach it by TLS.
    ///
    /// # Errors
    /// When it does not answer so.
    pub fn secure(&self) -> Result<&Secure> {
        self.secure.as_deref().context("this server has no TLS")
    }

    /// What its owner does by hand, at one of its endpoints.
    ///
    /// # Errors
    /// When the library for it is not installed, or the server has no TLS.
    pub fn console(&self, endpoint: &str) -> Result<Console> {
        let keys = aws::Keys {
            id: self.keys.id.clone(),
            secret: self.keys.secret.clone(),
            token: None,
        };
        Console::open(endpoint, &self.secure()?.authority, REGION, keys)
    }

    /// Its host and port, for a [`crate::faults::Faults`] in front of it.
    #[must_use]
    pub fn address(&self) -> &str {
        self.endpoint.trim_start_matches("http://")
    }

    /// Waits until it does what it is asked: an unknown bucket is one that it has looked for.
    async fn wait(&self) -> Result<()> {
        let since = Instant::now();
        let nowhere = Bucket::new(self, "send-nowhere".to_owned())?;
        while since.elapsed() < PATIENCE {
            let answer = nowhere.ask(Method::GET, &[("max-keys", "1")], "").await;
            if answer.is_ok_and(|(status, _)| status == StatusCode::NOT_FOUND) {
                return Ok(());
            }
            sleep(Duration::from_millis(50)).await;
        }
        bail!("the S3 server does not answer: {}", self.process.log())
    }

    /// A client of a bucket for requests to `endpoint`, which is part of what is signed.
    fn client(&self, endpoint: &str, bucket: &str) -> Result<AmazonS3> {
        crate::choose_cryptography();
        AmazonS3Builder::new()
            .with_endpoint(endpoint)
            .with_allow_http(true)
            .with_region(REGION)
            .with_bucket_name(bucket)
            .with_access_key_id(&self.keys.id)
            .with_secret_access_key(&self.keys.secret)
            .build()
            .context("no client of S3")
    }
}
