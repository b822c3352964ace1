//! CloudFront in front of a service: the public door.

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Result, bail};
use async_trait::async_trait;

use super::{ids, tags};
use crate::{
    cloud::{self, Behaviour, Certificate, MadeDistribution, Origin, Tags},
    config::{DistributionConfig, Door},
    context::Context,
    door,
    drift::UNKNOWN,
    names::App,
    resource::{Level, Resource, ResourceId},
    secret::{DoorKey, sha256},
    wait::NotYet,
};

/// The header by which a function knows its distribution: [`send_core::layers::DOOR`], which cannot be told as a constant text.
const DOOR: &str = "x-send-door";
/// The one origin.
const ORIGIN: &str = "function";
/// Policies that CloudFront manages: "Use managed cache policies", "Use managed origin request policies".
const CACHING_DISABLED: &str = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
const CACHING_OPTIMIZED: &str = "658327ea-f89d-4fab-a63d-7e88639e58f6";
const ALL_VIEWER_EXCEPT_HOST: &str = "b689b0a8-53d0-40ab-baf2-68738e2966ac";
/// What is the same for ever: its path holds the hash of all of it.
const ASSETS: &str = "/assets/*";

const READING: [&str; 2] = ["GET", "HEAD"];
const EVERYTHING: [&str; 7] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

pub(super) struct Distribution {
    at: Context,
    app: App,
}

impl Distribution {
    pub(super) fn of(at: &Context, app: App) -> Self {
        Self {
            at: at.clone(),
            app,
        }
    }

    fn behaviour(&self, methods: &[&str], cache_policy: &str) -> Behaviour {
        let policy = self.at.known(self.app).headers_policy.get();
        Behaviour {
            origin: ORIGIN.into(),
            methods: methods.iter().map(|method| (*method).to_owned()).collect(),
            protocol: "redirect-to-https".into(),
            compress: true,
            cache_policy: cache_policy.into(),
            request_policy: ALL_VIEWER_EXCEPT_HOST.into(),
            headers_policy: policy.unwrap_or_else(|| UNKNOWN.into()),
            functions: Vec::new(),
        }
    }

    fn origin(&self) -> Origin {
        let known = self.at.known(self.app);
        let unknown = || UNKNOWN.to_owned();
        let access = match self.at.config.door {
            Door::Oac => known.origin_access.get().unwrap_or_else(unknown),
            Door::Guarded => String::new(),
        };
        let shown = known.door.get().map_or_else(unknown, |key| key.sha256());
        Origin {
            domain: known
                .url
                .get()
                .map_or_else(unknown, |url| door::host(&url).to_owned()),
            protocol: "https-only".into(),
            tls: vec!["TLSv1.2".into()],
            // CloudFront allows no more without being asked: its quotas.
            timeout_s: self.at.app(self.app).timeout_s.min(60),
            access,
            headers_sha256: [(DOOR.to_owned(), shown)].into(),
            headers: BTreeMap::new(),
        }
    }

    /// What is wanted, with what no plan shows: the key of the door, made where there is none.
    fn with_door(&self, wanted: &cloud::Distribution) -> Result<cloud::Distribution> {
        let mut wanted = wanted.clone();
        let door = &self.at.known(self.app).door;
        for origin in wanted
            .origins
            .values_mut()
            .filter(|origin| origin.headers_sha256.contains_key(DOOR))
        {
            let key = door.get().map_or_else(DoorKey::random, Ok)?;
            origin.headers_sha256.insert(DOOR.into(), key.sha256());
            origin.headers.insert(DOOR.into(), key.reveal().into());
        }
        Ok(wanted)
    }

    /// AWS tells a repeated creation by it: that of two runs at once is the same, that of another day another.
    fn reference(&self, wanted: &cloud::Distribution) -> String {
        let remark = self.at.names.remark(self.app);
        let origin = wanted
            .origins
            .get(ORIGIN)
            .map_or("", |origin| &origin.domain);
        let hour = jiff::Timestamp::now().as_second() / 3_600;
        sha256(format!("{remark} {origin} {hour}").as_bytes())
    }
}

#[async_trait]
impl Resource for Distribution {
    type Spec = cloud::Distribution;

    fn id(&self) -> ResourceId {
        ids::distribution(&self.at, self.app)
    }

    fn needs(&self) -> Vec<ResourceId> {
        let (at, app) = (&self.at, self.app);
        vec![
            ids::function_url(at, app),
            ids::headers_policy(at, app),
            ids::origin_access(at, app),
        ]
    }

    fn wanted(&self, _: Level) -> Self::Spec {
        let config = self.at.distribution(self.app);
        cloud::Distribution {
            enabled: true,
            aliases: config
                .and_then(|config| config.domain.clone())
                .into_iter()
                .collect(),
            certificate: certificate(config),
            http_version: "http2and3".into(),
            ipv6: true,
            price_class: config.map_or_else(String::new, |config| config.price_class.clone()),
            origins: [(ORIGIN.to_owned(), self.origin())].into(),
            default: self.behaviour(&EVERYTHING, CACHING_DISABLED),
            paths: [(
                ASSETS.to_owned(),
                self.behaviour(&READING, CACHING_OPTIMIZED),
            )]
            .into(),
            root_object: String::new(),
            web_acl: config
                .and_then(|config| config.web_acl.clone())
                .unwrap_or_default(),
            tags: tags::wanted(&self.at, Some(self.app)),
            made: MadeDistribution::default(),
            etag: String::new(),
            deployed: true,
        }
    }

    async fn observe(&self) -> Result<Option<Self::Spec>> {
        let found = self
            .at
            .cloud
            .cdn
            .distribution(&self.at.names.remark(self.app))
            .await?;
        let known = self.at.known(self.app);
        let origin = found.as_ref().and_then(|found| found.origins.get(ORIGIN));
        let shown = origin.and_then(|origin| origin.headers.get(DOOR)).cloned();
        known.door.set(shown.map(DoorKey::shown));
        known
            .distribution
            .set(found.as_ref().map(|found| found.made.clone()));
        Ok(found)
    }

    async fn apply(&self, found: Option<&Self::Spec>, wanted: &Self::Spec) -> Result<()> {
        let (cdn, remark) = (&self.at.cloud.cdn, self.at.names.remark(self.app));
        let wanted = self.with_door(wanted)?;
        let Some(found) = found else {
            return Ok(cdn
                .create_distribution(&remark, &self.reference(&wanted), &wanted)
                .await?);
        };
        tags::apply(&**cdn, &found.made.arn, &found.tags, &wanted.tags).await?;
        if !same_settings(found, &wanted) {
            return Ok(cdn
                .update_distribution(&remark, &found.made.id, &found.etag, &wanted)
                .await?);
        }
        if !found.deployed {
            bail!(NotYet(
                "CloudFront carries it to its edges, which takes minutes".into()
            ));
        }
        Ok(())
    }

    /// Disabled, carried to all edges, deleted.
    async fn delete(&self, found: &Self::Spec) -> Result<()> {
        let (cdn, made) = (&self.at.cloud.cdn, &found.made);
        if found.enabled {
            let disabled = cloud::Distribution {
                enabled: false,
                ..found.clone()
            };
            let remark = self.at.names.remark(self.app);
            return Ok(cdn
                .update_distribution(&remark, &made.id, &found.etag, &disabled)
                .await?);
        }
        if !found.deployed {
            bail!(NotYet(
                "CloudFront disables it at its edges, which takes minutes".into()
            ));
        }
        Ok(cdn.delete_distribution(&made.id, &found.etag).await?)
    }

    fn is_ours(&self, found: &Self::Spec) -> bool {
        self.at.names.owns(&found.tags)
    }

    fn patience(&self) -> Duration {
        Duration::from_secs(40 * 60)
    }
}

/// Whether only what is not part of the configuration differs.
fn same_settings(found: &cloud::Distribution, wanted: &cloud::Distribution) -> bool {
    let settings = |spec: &cloud::Distribution| cloud::Distribution {
        tags: Tags::new(),
        made: MadeDistribution::default(),
        etag: String::new(),
        deployed: true,
        ..spec.clone()
    };
    settings(found) == settings(wanted)
}

/// With CloudFront's own certificate, CloudFront chooses the versions of TLS.
fn certificate(config: Option<&DistributionConfig>) -> Certificate {
    let arn = config.and_then(|config| config.certificate.clone());
    let least_tls = if arn.is_some() {
        "TLSv1.2_2021"
    } else {
        "TLSv1"
    };
    Certificate {
        arn,
        least_tls: least_tls.into(),
    }
}
