//! A service on a bucket of its own, and what clients of the presigned routes do with it.

use anyhow::{Result, ensure};
use bytes::Bytes;
use send_e2e::{Answer, Bucket, Client, Peer, Request, S3Server, Server, Shared};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use storage::s3::S3;

/// A service on a bucket of its own.
pub(crate) struct Site {
    pub(crate) bucket: Bucket,
    _server: Server,
    pub(crate) client: Client,
    pub(crate) http: reqwest::Client,
}

/// An upload in parts that was begun.
pub(crate) struct Begun {
    pub(crate) id: String,
    pub(crate) upload_id: String,
    pub(crate) urls: Vec<String>,
    pub(crate) part_size: usize,
}

impl Site {
    pub(crate) async fn on(peer: Peer) -> Result<Self> {
        let server = S3Server::start(peer).await?;
        Self::with(server.bucket().await?, &[])
    }

    pub(crate) fn with(bucket: Bucket, more: &[(&'static str, &str)]) -> Result<Self> {
        let mut variables = bucket.variables();
        variables.extend(
            more.iter()
                .map(|(name, value)| (*name, (*value).to_owned())),
        );
        let variables = variables
            .iter()
            .map(|(name, value)| (*name, value.as_str()));
        let server = Server::start(&variables.collect::<Vec<_>>())?;
        Ok(Self {
            bucket,
            client: server.client()?,
            _server: server,
            http: send_e2e::http().build()?,
        })
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Answer> {
        self.client.send(Request::new("GET", path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        let request = Request::new("POST", path).with_json(body);
        self.client.send(request).await
    }

    pub(crate) async fn create(&self, fields: Value) -> Result<String> {
        let created = ok(self.post("/api/transfers/create", &fields).await?)?;
        Ok(text(&created["transfer_id"]))
    }

    pub(crate) async fn begin(&self, id: &str, size: u64, parts: u32) -> Result<Begun> {
        let ask = json!({ "transfer_id": id, "file_size_bytes": size, "num_parts": parts });
        let begun = ok(self.post("/api/presigned/initiate", &ask).await?)?;
        let urls = begun["part_urls"].as_array().unwrap();
        for (n, part) in (1..).zip(urls) {
            assert_eq!(part["part_number"], n);
        }
        Ok(Begun {
            id: id.to_owned(),
            upload_id: text(&begun["upload_id"]),
            urls: urls.iter().map(|part| text(&part["upload_url"])).collect(),
            part_size: begun["part_size"].as_u64().unwrap().try_into()?,
        })
    }

    /// Sends bytes to a signed URL; status and entity tag.
    pub(crate) async fn put(&self, url: &str, bytes: Bytes) -> Result<(u16, String)> {
        let answer = self.http.put(url).body(bytes).send().await?;
        let tag = answer
            .headers()
            .get("etag")
            .map(|tag| tag.to_str().unwrap().to_owned());
        Ok((answer.status().as_u16(), tag.unwrap_or_default()))
    }

    /// Sends these bytes by the URLs of an upload; the parts as they are to be told, the last one first.
    pub(crate) async fn send(&self, begun: &Begun, bytes: &Bytes) -> Result<Vec<Value>> {
        let mut tags = Vec::new();
        for (n, url) in begun.urls.iter().enumerate().rev() {
            let start = n * begun.part_size;
            let end = bytes.len().min(start + begun.part_size);
            let (status, etag) = self.put(url, bytes.slice(start..end)).await?;
            assert_eq!(status, 200);
            tags.push(json!({ "part_number": n + 1, "etag": etag }));
        }
        Ok(tags)
    }

    pub(crate) async fn assemble(&self, begun: &Begun, parts: &[Value]) -> Result<Answer> {
        let ask = json!({ "transfer_id": begun.id, "upload_id": begun.upload_id, "parts": parts });
        self.post("/api/presigned/complete", &ask).await
    }

    pub(crate) async fn complete(&self, id: &str) -> Result<Answer> {
        let path = format!("/api/transfers/complete/{id}");
        self.client.send(Request::new("POST", path)).await
    }

    pub(crate) async fn download_url(&self, id: &str) -> Result<Answer> {
        self.get(&format!("/api/presigned/download-url/{id}")).await
    }

    /// A completed transfer of these bytes, sent through the service.
    pub(crate) async fn sent(&self, fields: Value, bytes: &Bytes) -> Result<String> {
        let id = self.create(fields).await?;
        let upload = Request::new("POST", format!("/api/transfers/upload/{id}"));
        self.client
            .demand(upload.with_body(bytes.clone()), 200)
            .await?;
        ok(self.complete(&id).await?)?;
        Ok(id)
    }

    /// The bytes as a signed URL and as the service bring them.
    pub(crate) async fn downloads(&self, id: &str) -> Result<[Bytes; 2]> {
        let url = text(&ok(self.download_url(id).await?)?["download_url"]);
        let by_url = self.http.get(url).send().await?.error_for_status()?;
        let through = self.get(&format!("/api/transfers/download/{id}")).await?;
        assert_eq!(through.status, 200);
        Ok([by_url.bytes().await?, through.body])
    }

    /// The keys of ciphertext, by folder.
    pub(crate) async fn kept(&self) -> Result<Vec<String>> {
        let keys = self.bucket.keys().await?;
        let folders = keys.iter().filter_map(|key| key.split('/').nth(4));
        let folders = folders.filter(|name| ["payload", "incoming"].contains(name));
        Ok(folders.map(str::to_owned).collect())
    }

    /// The storage as the service sees it, to do what the service has done when its process ends half-way.
    pub(crate) fn storage(&self) -> Result<S3> {
        self.bucket.backend()
    }
}

pub(crate) fn ok(answer: Answer) -> Result<Value> {
    let detail = answer.detail();
    ensure!(answer.status == 200, "{}: {detail}", answer.status);
    answer.json()
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Bytes that no two places of a part have in common for long.
pub(crate) fn content(size: u64, seed: u64) -> Bytes {
    (0..size)
        .map(|at| ((at * 31 + seed) % 251) as u8 ^ (at >> 16) as u8)
        .collect()
}

pub(crate) fn sha256(bytes: &Bytes) -> String {
    hex::encode(Sha256::digest(bytes))
}
