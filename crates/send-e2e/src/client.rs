//! A client that behaves.

use anyhow::{Result, ensure};
use bytes::Bytes;
use reqwest::{
    Method,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use serde_json::Value;

use crate::{Claim, Request, Sealed};

/// Sends requests to one server, over connections that it keeps.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) http: reqwest::Client,
    base: String,
}

/// What a server answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// All of the body.
    pub body: Bytes,
}

impl Client {
    /// Of the server at this base, `http://127.0.0.1:PORT`.
    ///
    /// # Errors
    /// When the HTTP library cannot start.
    pub fn new(base: impl Into<String>) -> Result<Self> {
        let http = crate::http().build()?;
        Ok(Self {
            http,
            base: base.into(),
        })
    }

    /// Of the server at this base, with these headers in every request.
    ///
    /// # Errors
    /// As [`Self::new`], and when one is no header.
    pub fn with_headers(base: impl Into<String>, headers: &[(&str, &str)]) -> Result<Self> {
        let header = |(name, value): &(&str, &str)| -> Result<_> {
            Ok((
                HeaderName::from_bytes(name.as_bytes())?,
                HeaderValue::from_str(value)?,
            ))
        };
        let headers = headers.iter().map(header).collect::<Result<_>>()?;
        let http = crate::http().default_headers(headers).build()?;
        Ok(Self {
            http,
            base: base.into(),
        })
    }

    /// Sends a request and reads the whole answer, whatever it says.
    ///
    /// # Errors
    /// When the connection broke before the answer was complete.
    pub async fn send(&self, request: Request) -> Result<Answer> {
        let url = format!("{}{}", self.base, request.path);
        let method = Method::from_bytes(request.method.as_bytes())?;
        let mut builder = self.http.request(method, url);
        for (name, value) in request.headers {
            builder = builder.header(name, value);
        }
        Answer::of(builder.body(request.body).send().await?).await
    }

    /// Sends a transfer from the first request to the last.
    ///
    /// # Errors
    /// When anything is refused.
    pub async fn upload(&self, sealed: &Sealed, downloads: u64) -> Result<()> {
        self.begin(sealed, downloads, 0).await?;
        self.resume(sealed).await
    }

    /// Begins a transfer and sends the first `parts` of its parts.
    ///
    /// # Errors
    /// When anything is refused.
    pub async fn begin(&self, sealed: &Sealed, downloads: u64, parts: u32) -> Result<()> {
        self.demand(sealed.create(downloads), 201).await?;
        for n in 0..parts {
            self.demand(sealed.put_part(n), 200).await?;
        }
        Ok(())
    }

    /// Sends what the server has not got yet, and completes the transfer.
    ///
    /// # Errors
    /// When anything is refused.
    pub async fn resume(&self, sealed: &Sealed) -> Result<()> {
        let received = self.received(sealed).await?;
        self.demand(sealed.put_manifest(), 200).await?;
        for n in (0..sealed.part_count()).filter(|n| !received.contains(n)) {
            self.demand(sealed.put_part(n), 200).await?;
        }
        self.demand(sealed.complete(), 200).await?;
        Ok(())
    }

    /// Which parts have arrived.
    ///
    /// # Errors
    /// When the server does not say.
    pub async fn received(&self, sealed: &Sealed) -> Result<Vec<u32>> {
        let answer = self.demand(sealed.received(), 200).await?.json()?;
        let parts = answer["received"].as_array().into_iter().flatten();
        let numbers = parts.filter_map(|part| part["part"].as_u64()?.try_into().ok());
        Ok(numbers.collect())
    }

    /// How many downloads are left of a limited transfer.
    ///
    /// # Errors
    /// When the server does not say.
    pub async fn downloads_left(&self, sealed: &Sealed) -> Result<Option<u64>> {
        let state = self.demand(sealed.state(), 200).await?.json()?;
        Ok(state["downloads_left"].as_u64())
    }

    /// Claims a transfer, reads manifest and parts, and decrypts them.
    ///
    /// # Errors
    /// When anything is refused, or is not what was sent.
    pub async fn download(&self, sealed: &Sealed, claim: &Claim) -> Result<()> {
        let manifest = self.demand(sealed.read_manifest(), 200).await?;
        sealed.check_manifest(&manifest.body)?;
        self.demand(sealed.claim(claim), 200).await?;
        for n in 0..sealed.part_count() {
            let part = self.demand(sealed.part(claim, n), 200).await?;
            sealed.check_part(n, &part.body)?;
        }
        Ok(())
    }

    /// Sends a request that is to be answered with this status.
    ///
    /// # Errors
    /// When it is answered with another, or not at all.
    pub async fn demand(&self, request: Request, status: u16) -> Result<Answer> {
        let what = format!("{} {}", request.method, request.path);
        let answer = self.send(request).await?;
        ensure!(
            answer.status == status,
            "{what}: {status} expected, {} came: {}",
            answer.status,
            answer.text()
        );
        Ok(answer)
    }
}

impl Answer {
    /// Reads all of a response.
    pub(crate) async fn of(response: reqwest::Response) -> Result<Self> {
        Ok(Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.bytes().await?,
        })
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// When it is none.
    pub fn json(&self) -> Result<Value> {
        Ok(serde_json::from_slice(&self.body)?)
    }

    /// Why something was refused: the `detail` of the body; empty where there is none.
    #[must_use]
    pub fn detail(&self) -> String {
        let json = self.json().unwrap_or_default();
        json["detail"].as_str().unwrap_or_default().to_owned()
    }

    /// The beginning of the body, for a person.
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body[..self.body.len().min(500)]).into_owned()
    }
}
