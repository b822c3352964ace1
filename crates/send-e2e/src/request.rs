//! A request as a value: to be sent by a client that behaves, or byte by byte by one that does not.

use std::ops::Range;

use bytes::Bytes;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// One HTTP request.
#[derive(Clone, Debug)]
pub struct Request {
    /// `GET`, `PUT`, ..
    pub method: &'static str,
    /// Path and query.
    pub path: String,
    /// Names in lower case; neither `host` nor `content-length`, which follow from where it is sent and what it carries.
    pub headers: Vec<(&'static str, String)>,
    /// What it carries.
    pub body: Bytes,
}

impl Request {
    /// A request without body.
    pub fn new(method: &'static str, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            headers: Vec::new(),
            body: Bytes::new(),
        }
    }

    /// The same with these bytes, and the digest of them that the service asks for.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        let digest = hex::encode(Sha256::digest(&self.body));
        self.with_header("x-amz-content-sha256", digest)
    }

    /// The same with this JSON as body.
    #[must_use]
    pub fn with_json(self, body: &Value) -> Self {
        self.with_header("content-type", "application/json")
            .with_body(body.to_string())
    }

    /// The same with this proof of who asks.
    #[must_use]
    pub fn with_token(self, token: impl Into<String>) -> Self {
        self.with_header("x-send-token", token)
    }

    /// The same for a range of bytes only.
    #[must_use]
    pub fn with_range(self, range: &Range<u64>) -> Self {
        self.with_header("range", format!("bytes={}-{}", range.start, range.end - 1))
    }

    /// The same with one header more.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Its head as HTTP/1.1 has it, with the empty line at its end.
    #[must_use]
    pub fn head(&self) -> String {
        let mut head = format!(
            "{} {} HTTP/1.1\r\nhost: localhost\r\n",
            self.method, self.path
        );
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        head + &format!("content-length: {}\r\n\r\n", self.body.len())
    }

    /// All of it as HTTP/1.1 has it.
    #[must_use]
    pub fn bytes(&self) -> Bytes {
        [self.head().as_bytes(), &self.body].concat().into()
    }
}
