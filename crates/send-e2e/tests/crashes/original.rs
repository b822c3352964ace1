//! A transfer of the original's routes.

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use send_e2e::{Client, Request};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// What its sender knows.
#[derive(Clone)]
pub(crate) struct Original {
    pub(crate) id: String,
    secret: String,
    pub(crate) bytes: Bytes,
}

impl Original {
    /// With an id of its own choice, and so many random bytes.
    pub(crate) fn new(size: usize) -> Result<Self> {
        let mut random = [0; 22];
        getrandom::fill(&mut random)?;
        Ok(Self {
            id: hex::encode(&random[..6]),
            secret: hex::encode(&random[6..]),
            bytes: random_bytes(size)?,
        })
    }

    /// The same with other bytes, as many.
    pub(crate) fn anew(&self) -> Result<Self> {
        let bytes = random_bytes(self.bytes.len())?;
        Ok(Self {
            bytes,
            ..self.clone()
        })
    }

    /// Begins it; `fields` beside what it always says.
    pub(crate) fn create(&self, fields: Value) -> Request {
        let mut body = json!({
            "transfer_id": self.id,
            "delete_auth_hash": hex::encode(Sha256::digest(&self.secret)),
        });
        if let (Some(body), Value::Object(fields)) = (body.as_object_mut(), fields) {
            body.extend(fields);
        }
        Request::new("POST", "/api/transfers/create").with_json(&body)
    }

    pub(crate) fn upload(&self) -> Request {
        self.at("POST", "upload").with_body(self.bytes.clone())
    }

    pub(crate) fn complete(&self) -> Request {
        self.at("POST", "complete")
    }

    pub(crate) fn download(&self) -> Request {
        self.at("GET", "download")
    }

    pub(crate) fn info(&self) -> Request {
        self.at("GET", "info")
    }

    pub(crate) fn delete(&self) -> Request {
        self.at("DELETE", "delete")
            .with_header("x-sgraph-transfer-delete-auth", self.secret.clone())
    }

    /// Asks for a URL to send it to.
    pub(crate) fn upload_url(&self) -> Request {
        Request::new("GET", format!("/api/presigned/upload-url/{}", self.id))
    }

    fn at(&self, method: &'static str, what: &str) -> Request {
        Request::new(method, format!("/api/transfers/{what}/{}", self.id))
    }

    /// Sends it to a URL that it was given; what the storage names it.
    pub(crate) async fn send_to(&self, answer: &Value) -> Result<String> {
        let url = answer["upload_url"].as_str().context("no URL")?;
        let http = send_e2e::http().build()?;
        let sent = http.put(url).body(self.bytes.clone()).send().await?;
        ensure!(sent.status().is_success(), "{}", sent.status());
        let etag = sent.headers().get("etag").context("no entity tag")?;
        Ok(etag.to_str()?.to_owned())
    }

    /// Reads it, which counts as a download.
    pub(crate) async fn read(&self, client: &Client) -> Result<()> {
        let read = client.demand(self.download(), 200).await?;
        ensure!(read.body == self.bytes, "{} is not what was sent", self.id);
        Ok(())
    }

    /// How many downloads are counted.
    pub(crate) async fn count(&self, client: &Client) -> Result<u64> {
        let info = client.demand(self.info(), 200).await?.json()?;
        info["download_count"].as_u64().context("no count")
    }
}

fn random_bytes(size: usize) -> Result<Bytes> {
    let mut bytes = vec![0; size];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.into())
}
