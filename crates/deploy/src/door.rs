//! How a service is reached from outside: by the names that AWS gives, or by those that an emulator understands.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context as _, Result, bail, ensure};
use bytes::Bytes;
use reqwest::{Client, Method, RequestBuilder, Response, Url};
use send_core::body::CONTENT_SHA256;

use crate::secret::sha256;

/// How long a request may take: a cold start, and a part of 4 MiB over a slow line.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where an emulator of AWS listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emulator(Url);

/// A service, asked from outside.
#[derive(Clone)]
pub struct Door {
    /// What people open, without a slash at its end.
    pub url: String,
    client: Client,
}

impl Emulator {
    /// What `AWS_ENDPOINT_URL` names, if that is a machine of one's own.
    ///
    /// # Errors
    /// When it is not a URL, or one without TLS: a bucket that is locked down refuses that.
    pub fn at(endpoint: &str) -> Result<Option<Self>> {
        let url: Url = endpoint.parse().with_context(|| {
            format!(
                "AWS_ENDPOINT_URL={endpoint} is not a URL: give one such as https://127.0.0.1:4566"
            )
        })?;
        let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        if !local {
            return Ok(None);
        }
        ensure!(
            url.scheme() == "https",
            "AWS_ENDPOINT_URL={endpoint} has no TLS, and a bucket that is locked down refuses every request without: start the emulator with \
             TLS, as crates/deploy/README.md shows"
        );
        Ok(Some(Self(url)))
    }

    fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or(443)
    }

    /// Browsers and emulators agree that what ends in `localhost` is this machine.
    fn host(host: &str) -> String {
        let host = host
            .strip_suffix(".cloudfront.net")
            .map(|id| format!("{id}.cloudfront.localhost"))
            .or_else(|| {
                host.strip_suffix(".on.aws")
                    .map(|rest| format!("{rest}.localhost"))
            });
        host.unwrap_or_default()
    }
}

/// The domain in a Function URL, as Lambda tells it: `https://abc.lambda-url.REGION.on.aws/`.
#[must_use]
pub fn host(url: &str) -> &str {
    url.trim_start_matches("https://").trim_end_matches('/')
}

impl Door {
    /// Of a domain that AWS gave.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub fn of(domain: &str, emulator: Option<&Emulator>) -> Result<Self> {
        // An error means that it has been told already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none());
        let Some(emulator) = emulator else {
            return Ok(Self {
                url: format!("https://{domain}"),
                client: client.build()?,
            });
        };
        let (host, port) = (Emulator::host(domain), emulator.port());
        let client = client
            .no_proxy()
            .resolve(&host, SocketAddr::from(([127, 0, 0, 1], port)));
        Ok(Self {
            url: format!("https://{host}:{port}"),
            client: client.build()?,
        })
    }

    /// A request.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    /// A request with a body, and its SHA-256: CloudFront signs what it asks of a function only with that.
    pub fn request_with(
        &self,
        method: Method,
        path: &str,
        body: impl Into<Bytes>,
    ) -> RequestBuilder {
        let body = body.into();
        self.request(method, path)
            .header(CONTENT_SHA256, sha256(&body))
            .body(body)
    }

    /// Sends a request that must be answered with this status.
    ///
    /// # Errors
    /// When it is not; the answer's own words are told.
    pub async fn demand(&self, request: RequestBuilder, status: u16) -> Result<Response> {
        let request = request.build()?;
        let asked = format!("{} {}{}", request.method(), self.url, request.url().path());
        let answer = self
            .client
            .execute(request)
            .await
            .with_context(|| format!("{asked} was not answered"))?;
        if answer.status().as_u16() == status {
            return Ok(answer);
        }
        let answered = answer.status();
        let words = answer.text().await.unwrap_or_default();
        bail!(
            "{asked} answered {answered} in place of {status}: {}",
            words.chars().take(300).collect::<String>()
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_an_emulator_names_of_aws_end_in_localhost() {
        let emulator = Emulator::at("https://127.0.0.1:4566").unwrap().unwrap();
        let open = |domain| Door::of(domain, Some(&emulator)).unwrap().url;
        assert_eq!(
            open("d123.cloudfront.net"),
            "https://d123.cloudfront.localhost:4566"
        );
        assert_eq!(
            open("abc.lambda-url.eu-west-1.on.aws"),
            "https://abc.lambda-url.eu-west-1.localhost:4566"
        );
        assert_eq!(
            Door::of("d123.cloudfront.net", None).unwrap().url,
            "https://d123.cloudfront.net"
        );
    }

    #[test]
    fn an_emulator_without_tls_is_refused_with_the_reason() {
        let refused = Emulator::at("http://127.0.0.1:4566")
            .unwrap_err()
            .to_string();
        assert!(refused.contains("has no TLS"), "{refused}");
        assert_eq!(
            Emulator::at("https://s3.eu-west-1.amazonaws.com").unwrap(),
            None
        );
        assert!(Emulator::at("nowhere").is_err());
    }
}
