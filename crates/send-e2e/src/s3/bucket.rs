//! A bucket of its own for each test.

use std::{collections::HashMap, time::Duration};

use anyhow::{Context, Result, bail, ensure};
use futures::TryStreamExt;
use object_store::{
    ObjectStore,
    aws::AmazonS3,
    path::Path as Key,
    signer::{Method, SignedUrlOptions, Signer},
};
use reqwest::StatusCode;
use storage::{s3::S3, url::Url};

use super::{REGION, S3Server};
use crate::{Shared, faults::Faults};

/// What all keys of a service in it begin with.
const PREFIX: &str = "some/prefix";
/// How long a signed URL works.
const LIFE: Duration = Duration::from_mins(5);
/// How long the server may be silent.
const SILENCE: Duration = Duration::from_secs(30);

/// A bucket with a prefix for services. Dropped, nothing happens to it: it goes with its server.
#[derive(Clone, Debug)]
pub struct Bucket {
    server: S3Server,
    name: String,
    prefix: String,
    /// Where services are told to find S3: the server, or what stands before it.
    endpoint: String,
    /// Past what stands before it.
    direct: AmazonS3,
    http: reqwest::Client,
}

impl Bucket {
    pub(super) fn new(server: &S3Server, name: String) -> Result<Self> {
        Ok(Self {
            direct: server.client(&server.endpoint, &name)?,
            server: server.clone(),
            endpoint: server.endpoint.clone(),
            prefix: PREFIX.to_owned(),
            http: crate::http().read_timeout(SILENCE).build()?,
            name,
        })
    }

    pub(super) async fn make(&self) -> Result<()> {
        self.demand(Method::PUT, &[], "").await.map(drop)
    }

    /// The same bucket with another prefix: another storage, as empty as a fresh bucket, and cheaper.
    #[must_use]
    pub fn below(&self, prefix: impl Into<String>) -> Self {
        Self {
            prefix: prefix.into(),
            ..self.clone()
        }
    }

    /// The same for services that reach S3 through this proxy only. What this bucket itself asks goes past it.
    #[must_use]
    pub fn behind(&self, faults: &Faults) -> Self {
        Self {
            endpoint: faults.base(),
            ..self.clone()
        }
    }

    /// The value of `SEND_STORAGE` that names it.
    #[must_use]
    pub fn storage(&self) -> String {
        format!("s3://{}/{}", self.name, self.prefix)
    }

    /// The backend on it, made of what a service on it would find in its environment.
    ///
    /// # Errors
    /// When the backend refuses that.
    pub fn backend(&self) -> Result<S3> {
        let variables: HashMap<_, _> = self.variables().into_iter().collect();
        let Url::S3(place) = self.storage().parse()? else {
            bail!("{} is not on S3", self.storage());
        };
        Ok(S3::new(place, |name| variables.get(name).cloned())?)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The server that it is on.
    #[must_use]
    pub fn on(&self) -> &S3Server {
        &self.server
    }

    /// A signed URL of the object at this key below the prefix, where services would send it.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub async fn url(&self, method: Method, key: &str) -> Result<String> {
        let key = Key::from(format!("{}/{key}", self.prefix));
        let client = self.server.client(&self.endpoint, &self.name)?;
        Ok(client.signed_url(method, &key, LIFE).await?.into())
    }

    /// All keys below the prefix, without it, in byte order, as the server tells them.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn keys(&self) -> Result<Vec<String>> {
        let within = format!("{}/", self.prefix);
        let listed = self.direct.list(Some(&Key::from(self.prefix.as_str())));
        let keys = listed.map_ok(|object| object.location.to_string());
        let mut keys: Vec<String> = keys
            .map_ok(|key| key.trim_start_matches(&within).to_owned())
            .try_collect()
            .await?;
        keys.sort();
        Ok(keys)
    }

    /// The keys, without the prefix, of all uploads in parts below it that are neither complete nor given up.
    ///
    /// # Errors
    /// When the server refuses, or there are more than it tells at once.
    pub async fn unfinished_uploads(&self) -> Result<Vec<String>> {
        let within = format!("{}/", self.prefix);
        let query = [("uploads", ""), ("prefix", within.as_str())];
        let listed = self.demand(Method::GET, &query, "").await?;
        ensure!(
            !listed.contains("<IsTruncated>true</IsTruncated>"),
            "more unfinished uploads than one answer tells"
        );
        let keys = listed.split("<Key>").skip(1);
        let keys = keys.map(|rest| rest.split('<').next().unwrap_or_default());
        Ok(keys
            .map(|key| key.trim_start_matches(&within).to_owned())
            .collect())
    }

    /// Lets pages of this origin use signed URLs: as the documentation tells operators to.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn allow_origin(&self, origin: &str) -> Result<()> {
        let rules = format!(
            "<CORSConfiguration><CORSRule><AllowedOrigin>{origin}</AllowedOrigin>\
             <AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod>\
             <AllowedHeader>if-none-match</AllowedHeader><AllowedHeader>x-amz-checksum-sha256</AllowedHeader>\
             <AllowedHeader>range</AllowedHeader><AllowedHeader>content-type</AllowedHeader>\
             <ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>600</MaxAgeSeconds></CORSRule></CORSConfiguration>"
        );
        let answer = self.demand(Method::PUT, &[("cors", "")], &rules).await;
        answer.map(drop)
    }

    /// Sends a signed request about the bucket as a whole.
    pub(super) async fn ask(
        &self,
        method: Method,
        query: &[(&str, &str)],
        body: &str,
    ) -> Result<(StatusCode, String)> {
        let query = query
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let options = SignedUrlOptions::default().with_query(query);
        let whole = Key::default();
        let signed = self
            .direct
            .signed_url_opts(method.clone(), &whole, LIFE, &options);
        let url = signed.await?;
        let request = self.http.request(method, url).body(body.to_owned());
        let answer = request.send().await?;
        Ok((answer.status(), answer.text().await?))
    }

    async fn demand(&self, method: Method, query: &[(&str, &str)], body: &str) -> Result<String> {
        let asked = format!("{method} {} {query:?}", self.name);
        let (status, text) = self.ask(method, query, body).await.context(asked.clone())?;
        ensure!(status.is_success(), "{asked}: {status}: {text}");
        Ok(text)
    }
}

impl Shared for Bucket {
    fn variables(&self) -> Vec<(&'static str, String)> {
        vec![
            ("SEND_STORAGE", self.storage()),
            ("SEND_UPLOADS", "open".into()),
            ("AWS_ACCESS_KEY_ID", self.server.keys.id.clone()),
            ("AWS_SECRET_ACCESS_KEY", self.server.keys.secret.clone()),
            ("AWS_REGION", REGION.into()),
            ("AWS_ENDPOINT_URL", self.endpoint.clone()),
            ("AWS_EC2_METADATA_DISABLED", "true".into()),
        ]
    }
}
