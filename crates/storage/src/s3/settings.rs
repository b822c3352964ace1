//! Region, endpoint and credentials, as every AWS tool reads them.
//!
//! The variables of the environment go first; what they leave out comes from the profile that `AWS_PROFILE` names, in
//! `~/.aws/credentials` and `~/.aws/config`; without any credentials, those of the machine are asked for (a role of a
//! container or of an instance). On AWS Lambda all of it is in the environment.

use std::time::Duration;

use object_store::{
    BackoffConfig, ClientOptions, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder, S3ConditionalPut},
};

use super::{PATIENCE, Place, TRIES, credentials, profile::Profile};

/// How long a connection may take to open.
const CONNECT: Duration = Duration::from_secs(3);
/// How long S3 may be silent in the middle of a request. A part of 4 MiB has to be sent in it: 1.7 Mbit/s.
const SILENCE: Duration = Duration::from_secs(20);
/// S3 closes connections that are idle for twenty seconds or so: they are left before that.
const IDLE: Duration = Duration::from_secs(15);

/// A setting of S3 that is not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}={value:?} is not understood: {allowed}")]
pub struct InvalidSetting {
    pub(super) name: &'static str,
    pub(super) value: String,
    pub(super) allowed: &'static str,
}

/// What a client of S3 is made from.
pub(super) struct Settings {
    builder: AmazonS3Builder,
    base: String,
}

impl Settings {
    /// Of a place, from the variables that `get` tells.
    pub(super) fn read(
        place: &Place,
        get: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, InvalidSetting> {
        let get = |name: &str| get(name).filter(|value| !value.is_empty());
        let profile = Profile::read(&get)?;
        let one_of = |names: [&str; 2], setting| {
            let set = names.iter().find_map(|name| get(name));
            set.or_else(|| profile.get(setting).map(str::to_owned))
        };
        let region = one_of(["AWS_REGION", "AWS_DEFAULT_REGION"], "region");
        let region = region.unwrap_or_else(|| "us-east-1".to_owned());
        let endpoint = one_of(["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"], "endpoint_url");
        let endpoint = match endpoint {
            Some(url) => Endpoint::given(&url, place.bucket())?,
            None => Endpoint::of_aws(place.bucket(), &region),
        };
        let options = options(endpoint.is_plain());
        let builder = credentials::of(&profile, &get)
            .with_bucket_name(place.bucket())
            .with_region(region)
            .with_endpoint(&endpoint.url)
            .with_virtual_hosted_style_request(endpoint.holds_bucket)
            .with_conditional_put(S3ConditionalPut::ETagMatch)
            // TLS protects the bytes already; hashing them again for the signature costs a second on each GiB.
            .with_unsigned_payload(!endpoint.is_plain())
            .with_client_options(options);
        Ok(Self {
            builder,
            base: endpoint.base(place.bucket()),
        })
    }

    /// Where everything lies.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// A client of the bucket, which tries again or sends each request once.
    pub(super) fn client(&self, patient: bool) -> object_store::Result<AmazonS3> {
        choose_cryptography();
        let retry = RetryConfig {
            backoff: BackoffConfig {
                init_backoff: Duration::from_millis(50),
                max_backoff: Duration::from_secs(2),
                base: 2.0,
            },
            max_retries: if patient { TRIES } else { 0 },
            retry_timeout: PATIENCE,
        };
        self.builder.clone().with_retry(retry).build()
    }

    /// A client for requests that are signed already.
    pub(super) fn http(&self) -> reqwest::Result<reqwest::Client> {
        choose_cryptography();
        reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .build()
    }
}

/// Where S3 answers.
struct Endpoint {
    url: String,
    /// The bucket is a part of the host's name.
    holds_bucket: bool,
}

impl Endpoint {
    /// A server that the operator names; the bucket is the first part of its paths.
    fn given(url: &str, bucket: &str) -> Result<Self, InvalidSetting> {
        let url = url.trim_end_matches('/');
        let rest = url
            .strip_prefix("https://")
            .or_else(|| url.strip_prefix("http://"));
        let Some(host) =
            rest.filter(|rest| !rest.is_empty() && !rest.contains(['?', '#', '@', ';', ',', ' ']))
        else {
            // Before an @ there may be a password.
            let shown = url.rsplit('@').next().unwrap_or_default();
            return Err(InvalidSetting {
                name: "AWS_ENDPOINT_URL",
                value: shown.to_owned(),
                allowed: "give the URL of an S3 server, such as http://127.0.0.1:9000",
            });
        };
        Ok(Self {
            url: url.to_owned(),
            holds_bucket: host.starts_with(&format!("{bucket}.")),
        })
    }

    /// AWS's own: the bucket has a host of its own, so that a page may be allowed to reach it and no other, except where its
    /// name has dots, which no certificate covers.
    fn of_aws(bucket: &str, region: &str) -> Self {
        let domain = if region.starts_with("cn-") {
            "amazonaws.com.cn"
        } else {
            "amazonaws.com"
        };
        let holds_bucket = !bucket.contains('.');
        let host = if holds_bucket {
            format!("{bucket}.s3")
        } else {
            "s3".to_owned()
        };
        Self {
            url: format!("https://{host}.{region}.{domain}"),
            holds_bucket,
        }
    }

    fn base(&self, bucket: &str) -> String {
        if self.holds_bucket {
            format!("{}/", self.url)
        } else {
            format!("{}/{bucket}/", self.url)
        }
    }

    fn is_plain(&self) -> bool {
        self.url.starts_with("http://")
    }
}

/// Plain HTTP is allowed where the operator names a server that speaks it.
fn options(plain: bool) -> ClientOptions {
    ClientOptions::new()
        .with_allow_http(plain)
        .with_connect_timeout(CONNECT)
        .with_read_timeout(SILENCE)
        // A slow download is no failure: silence is.
        .with_timeout_disabled()
        .with_pool_idle_timeout(IDLE)
}

/// ring, for everything that this process does over TLS; a program that chose before is left alone.
fn choose_cryptography() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bucket: &str, vars: &[(&str, &str)]) -> Result<Settings, InvalidSetting> {
        let place = Place::parse(&format!("//{bucket}")).unwrap();
        let get = |name: &str| {
            let found = vars.iter().find(|(n, _)| *n == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Settings::read(&place, get)
    }

    #[test]
    fn a_page_can_be_told_exactly_where_the_bucket_is() {
        for (bucket, vars, base) in [
            (
                "bucket",
                &[][..],
                "https://bucket.s3.us-east-1.amazonaws.com/",
            ),
            (
                "bucket",
                &[
                    ("AWS_DEFAULT_REGION", "us-east-2"),
                    ("AWS_REGION", "eu-west-1"),
                ],
                "https://bucket.s3.eu-west-1.amazonaws.com/",
            ),
            (
                "a.bucket",
                &[],
                "https://s3.us-east-1.amazonaws.com/a.bucket/",
            ),
            (
                "bucket",
                &[("AWS_REGION", "cn-north-1")],
                "https://bucket.s3.cn-north-1.amazonaws.com.cn/",
            ),
            (
                "bucket",
                &[("AWS_ENDPOINT_URL", "http://127.0.0.1:9000/")],
                "http://127.0.0.1:9000/bucket/",
            ),
            (
                "bucket",
                &[
                    ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
                    ("AWS_ENDPOINT_URL_S3", "https://bucket.objects.example"),
                ],
                "https://bucket.objects.example/",
            ),
        ] {
            assert_eq!(read(bucket, vars).unwrap().base(), base, "{vars:?}");
        }
    }

    #[test]
    fn an_endpoint_that_is_none_is_named() {
        for value in ["127.0.0.1:9000", "ftp://a", "http://", "https://user@host"] {
            let refused = read("bucket", &[("AWS_ENDPOINT_URL", value)])
                .err()
                .unwrap();
            assert!(
                refused.to_string().contains("AWS_ENDPOINT_URL="),
                "{refused}"
            );
            assert!(!refused.to_string().contains("user"), "{refused}");
        }
    }
}
