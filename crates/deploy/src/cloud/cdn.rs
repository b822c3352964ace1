//! CloudFront, which is global: its things have no names, or names of ours that say nothing of whose they are, so a remark of ours marks each.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{Answer, Tagged, Tags};

/// A distribution: the public door of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Distribution {
    /// Whether it serves.
    pub enabled: bool,
    /// Own domains, beside the one that CloudFront gives.
    pub aliases: Vec<String>,
    /// The certificate of the own domains, and the least version of TLS.
    pub certificate: Certificate,
    /// `http2and3`.
    pub http_version: String,
    /// Whether it answers by IPv6 too.
    pub ipv6: bool,
    /// In which parts of the world it answers: `PriceClass_100`, `PriceClass_All`.
    pub price_class: String,
    /// Where it fetches from; we have one.
    pub origins: BTreeMap<String, Origin>,
    /// What it does by default.
    pub default: Behaviour,
    /// What it does for some paths, by their patterns.
    pub paths: BTreeMap<String, Behaviour>,
    /// The object that `/` means; the service knows that itself.
    pub root_object: String,
    /// ARN of a web ACL, if one is configured.
    pub web_acl: String,
    /// Its tags.
    pub tags: Tags,
    /// What AWS calls it.
    #[serde(skip)]
    pub made: Made,
    /// What its configuration was when it was read.
    #[serde(skip)]
    pub etag: String,
    /// Whether what is configured has arrived everywhere.
    pub deployed: bool,
}

/// What AWS calls a distribution.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Made {
    /// Its id: `E2ABC..`.
    pub id: String,
    /// Its ARN.
    pub arn: String,
    /// Its domain: `d111..cloudfront.net`.
    pub domain: String,
}

/// The certificate of a distribution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// ARN of a certificate in us-east-1; without one CloudFront's own serves, with the versions of TLS that CloudFront chooses.
    pub arn: Option<String>,
    /// The least version of TLS: `TLSv1.2_2021`. CloudFront's own certificate has `TLSv1`, whatever is asked.
    pub least_tls: String,
}

/// Where a distribution fetches from.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Its domain.
    pub domain: String,
    /// `https-only`.
    pub protocol: String,
    /// Versions of TLS towards it.
    pub tls: Vec<String>,
    /// Seconds that it may take to answer.
    pub timeout_s: i32,
    /// Id of the origin access control that signs for it.
    pub access: String,
    /// SHA-256 of each header that is added, by lower-case name: what a plan may show.
    pub headers_sha256: BTreeMap<String, String>,
    /// The headers themselves, which open the door.
    #[serde(skip)]
    pub headers: BTreeMap<String, String>,
}

/// What a distribution does with a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Behaviour {
    /// The origin.
    pub origin: String,
    /// Methods that it takes.
    pub methods: Vec<String>,
    /// `redirect-to-https`.
    pub protocol: String,
    /// Whether it compresses.
    pub compress: bool,
    /// Id of the policy that says what is cached.
    pub cache_policy: String,
    /// Id of the policy that says what the origin gets to see.
    pub request_policy: String,
    /// Id of the policy of headers that are added to answers.
    pub headers_policy: String,
    /// ARNs of code that runs at the edge: we have none.
    pub functions: Vec<String>,
}

/// Signs requests to an origin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OriginAccess {
    /// Whose it is: it has no tags.
    pub remark: String,
    /// `lambda`.
    pub origin_type: String,
    /// `always`.
    pub signing: String,
    /// AWS's id of it.
    #[serde(skip)]
    pub id: String,
}

/// Headers that are added to answers, where the service has not said them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadersPolicy {
    /// Whose it is: it has no tags.
    pub remark: String,
    /// Seconds for which a browser asks by HTTPS only.
    pub hsts_s: Option<i32>,
    /// Whether that replaces what the service says.
    pub overrides: bool,
    /// Other headers that it adds, removes or replaces: we have none.
    pub others: Vec<String>,
    /// AWS's id of it.
    #[serde(skip)]
    pub id: String,
}

/// CloudFront. Tags go by a distribution's ARN.
#[async_trait]
pub trait Cdn: Tagged {
    /// The distribution with this remark, if it is there.
    async fn distribution(&self, remark: &str) -> Answer<Option<Distribution>>;
    /// Makes it, tagged from its first moment. `reference` is what AWS tells a repeated call by.
    async fn create_distribution(
        &self,
        remark: &str,
        reference: &str,
        wanted: &Distribution,
    ) -> Answer;
    /// Changes it, if it is still what `etag` was.
    async fn update_distribution(
        &self,
        remark: &str,
        id: &str,
        etag: &str,
        wanted: &Distribution,
    ) -> Answer;
    /// Removes it, which must be disabled and deployed.
    async fn delete_distribution(&self, id: &str, etag: &str) -> Answer;

    /// The origin access control of this name, if it is there.
    async fn origin_access(&self, name: &str) -> Answer<Option<OriginAccess>>;
    /// Makes it.
    async fn create_origin_access(&self, name: &str, wanted: &OriginAccess) -> Answer;
    /// Changes it.
    async fn update_origin_access(
        &self,
        name: &str,
        found: &OriginAccess,
        wanted: &OriginAccess,
    ) -> Answer;
    /// Removes it, which no distribution may use any more.
    async fn delete_origin_access(&self, found: &OriginAccess) -> Answer;

    /// The policy of this name, if it is there.
    async fn headers_policy(&self, name: &str) -> Answer<Option<HeadersPolicy>>;
    /// Makes it.
    async fn create_headers_policy(&self, name: &str, wanted: &HeadersPolicy) -> Answer;
    /// Changes it.
    async fn update_headers_policy(
        &self,
        name: &str,
        found: &HeadersPolicy,
        wanted: &HeadersPolicy,
    ) -> Answer;
    /// Removes it, which no distribution may use any more.
    async fn delete_headers_policy(&self, found: &HeadersPolicy) -> Answer;
}

impl std::fmt::Debug for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let headers = &self.headers_sha256;
        write!(f, "Origin({}, {}, {headers:?})", self.domain, self.protocol)
    }
}
