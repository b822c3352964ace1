//! The admin service beside others on one storage, asked by whoever has its key.

use anyhow::Result;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{Answer, Client, Request, Server, Shared, shared::together};

/// A running admin service; it ends when this is dropped.
#[derive(Debug)]
pub struct Admin {
    /// The process.
    pub server: Server,
    client: Client,
}

impl Admin {
    /// The key of every admin service of the tests.
    pub const KEY: &str = "the admin key of the tests";

    /// Starts one on this storage.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn start(storage: &impl Shared) -> Result<Self> {
        let mut own = storage.variables();
        own.push(Self::variable());
        let server = Server::start_program("send-admin", &together(&own, &[]))?;
        Ok(Self {
            client: server.client()?,
            server,
        })
    }

    /// What tells a service the key.
    #[must_use]
    pub fn variable() -> (&'static str, String) {
        let hash = hex::encode(Sha256::digest(Self::KEY));
        ("SEND_ADMIN_KEY_SHA256", hash)
    }

    /// The admin key.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        Self::KEY
    }

    /// Sends a request with the key; the answer whatever it says.
    ///
    /// # Errors
    /// When the connection broke.
    pub async fn send(&self, request: Request) -> Result<Answer> {
        self.client
            .send(request.with_header("x-api-key", Self::KEY))
            .await
    }

    /// What a GET answers.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn get(&self, path: impl Into<String>) -> Result<Value> {
        let request = Request::new("GET", path).with_header("x-api-key", Self::KEY);
        self.client.demand(request, 200).await?.json()
    }

    /// What a POST of this JSON answers.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn post(&self, path: impl Into<String>, body: &Value) -> Result<Value> {
        let request = Request::new("POST", path).with_header("x-api-key", Self::KEY);
        self.client
            .demand(request.with_json(body), 200)
            .await?
            .json()
    }
}
