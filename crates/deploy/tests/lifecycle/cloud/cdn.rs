//! CloudFront, call by call.

use async_trait::async_trait;
use deploy::cloud::{self, Answer, HeadersPolicy, OriginAccess, Tagged, Tags};

use super::{
    edge::{self, Distribution},
    place::Place,
    refusal::{Done, conflict, exists, not_found},
    state::State,
};

pub(super) struct Cdn(pub(super) Place);

impl Cdn {
    /// Changes a distribution by its ARN.
    async fn change(
        &self,
        call: &'static str,
        arn: &str,
        change: impl Fn(&mut Distribution) + Send + Sync,
    ) -> Answer {
        let work = |state: &mut State| {
            let mut all = self.0.account(state).distributions.values_mut();
            let there = all.find(|one| one.distribution.made.arn == arn);
            change(there.ok_or_else(|| not_found("NoSuchResource", arn))?);
            Ok(())
        };
        self.0.write(call, arn, work).await
    }
}

fn no_access(id: &str) -> super::refusal::Refusal {
    not_found("NoSuchOriginAccessControl", id)
}

fn no_policy(id: &str) -> super::refusal::Refusal {
    not_found("NoSuchResponseHeadersPolicy", id)
}

#[async_trait]
impl cloud::Cdn for Cdn {
    async fn distribution(&self, remark: &str) -> Answer<Option<cloud::Distribution>> {
        let look = |state: &mut State| {
            let mut all = self.0.account(state).distributions.values();
            Ok(all.find(|one| one.remark == remark).map(Distribution::told))
        };
        let found = self
            .0
            .read("cloudfront:ListDistributions", remark, look)
            .await?;
        if found.is_some() {
            self.0
                .also(
                    &[
                        "cloudfront:GetDistributionConfig",
                        "cloudfront:ListTagsForResource",
                    ],
                    remark,
                )
                .await?;
        }
        Ok(found)
    }

    async fn create_distribution(
        &self,
        remark: &str,
        reference: &str,
        wanted: &cloud::Distribution,
    ) -> Answer {
        let make = |state: &mut State| edge::create(&self.0, state, remark, reference, wanted);
        self.0
            .write("cloudfront:CreateDistributionWithTags", remark, make)
            .await
    }

    async fn update_distribution(
        &self,
        remark: &str,
        id: &str,
        etag: &str,
        wanted: &cloud::Distribution,
    ) -> Answer {
        let change = |state: &mut State| edge::update(&self.0, state, id, etag, remark, wanted);
        self.0
            .write("cloudfront:UpdateDistribution", remark, change)
            .await
    }

    async fn delete_distribution(&self, id: &str, etag: &str) -> Answer {
        let remove = |state: &mut State| edge::delete(&self.0, state, id, etag);
        self.0
            .write("cloudfront:DeleteDistribution", id, remove)
            .await
    }

    async fn origin_access(&self, name: &str) -> Answer<Option<OriginAccess>> {
        let look = |state: &mut State| Ok(self.0.account(state).accesses.get(name).cloned());
        self.0
            .read("cloudfront:ListOriginAccessControls", name, look)
            .await
    }

    async fn create_origin_access(&self, name: &str, wanted: &OriginAccess) -> Answer {
        let make = |state: &mut State| {
            let id = state.made_up(14).to_uppercase();
            let accesses = &mut self.0.account(state).accesses;
            if accesses.contains_key(name) {
                return Err(exists("OriginAccessControlAlreadyExists", name));
            }
            accesses.insert(
                name.into(),
                OriginAccess {
                    id,
                    ..wanted.clone()
                },
            );
            Ok(())
        };
        self.0
            .write("cloudfront:CreateOriginAccessControl", name, make)
            .await
    }

    async fn update_origin_access(
        &self,
        name: &str,
        found: &OriginAccess,
        wanted: &OriginAccess,
    ) -> Answer {
        let change = |state: &mut State| {
            let mut all = self.0.account(state).accesses.values_mut();
            let there = all
                .find(|one| one.id == found.id)
                .ok_or_else(|| no_access(&found.id))?;
            let id = there.id.clone();
            *there = OriginAccess {
                id,
                ..wanted.clone()
            };
            Ok(())
        };
        self.0
            .write("cloudfront:UpdateOriginAccessControl", name, change)
            .await
    }

    async fn delete_origin_access(&self, found: &OriginAccess) -> Answer {
        let remove = |state: &mut State| {
            let account = self.0.account(state);
            let there = account.accesses.values().find(|one| one.id == found.id);
            there.ok_or_else(|| no_access(&found.id))?;
            in_use(account.signs_by(&found.id), "OriginAccessControlInUse")?;
            account.accesses.retain(|_, one| one.id != found.id);
            Ok(())
        };
        self.0
            .write("cloudfront:DeleteOriginAccessControl", &found.id, remove)
            .await
    }

    async fn headers_policy(&self, name: &str) -> Answer<Option<HeadersPolicy>> {
        let look = |state: &mut State| Ok(self.0.account(state).headers.get(name).cloned());
        let found = self
            .0
            .read("cloudfront:ListResponseHeadersPolicies", name, look)
            .await?;
        if found.is_some() {
            self.0
                .also(&["cloudfront:GetResponseHeadersPolicy"], name)
                .await?;
        }
        Ok(found)
    }

    async fn create_headers_policy(&self, name: &str, wanted: &HeadersPolicy) -> Answer {
        let make = |state: &mut State| {
            let id = state.made_up(36);
            let policies = &mut self.0.account(state).headers;
            if policies.contains_key(name) {
                return Err(exists("ResponseHeadersPolicyAlreadyExists", name));
            }
            policies.insert(
                name.into(),
                HeadersPolicy {
                    id,
                    ..wanted.clone()
                },
            );
            Ok(())
        };
        self.0
            .write("cloudfront:CreateResponseHeadersPolicy", name, make)
            .await
    }

    async fn update_headers_policy(
        &self,
        name: &str,
        found: &HeadersPolicy,
        wanted: &HeadersPolicy,
    ) -> Answer {
        let change = |state: &mut State| {
            let mut all = self.0.account(state).headers.values_mut();
            let there = all
                .find(|one| one.id == found.id)
                .ok_or_else(|| no_policy(&found.id))?;
            let id = there.id.clone();
            *there = HeadersPolicy {
                id,
                ..wanted.clone()
            };
            Ok(())
        };
        self.0
            .write("cloudfront:UpdateResponseHeadersPolicy", name, change)
            .await
    }

    async fn delete_headers_policy(&self, found: &HeadersPolicy) -> Answer {
        let remove = |state: &mut State| {
            let account = self.0.account(state);
            let there = account.headers.values().find(|one| one.id == found.id);
            there.ok_or_else(|| no_policy(&found.id))?;
            in_use(account.adds_by(&found.id), "ResponseHeadersPolicyInUse")?;
            account.headers.retain(|_, one| one.id != found.id);
            Ok(())
        };
        self.0
            .write("cloudfront:DeleteResponseHeadersPolicy", &found.id, remove)
            .await
    }
}

fn in_use(used: bool, code: &'static str) -> Done {
    if used {
        Err(conflict(code, "it is used by one or more distributions"))
    } else {
        Ok(())
    }
}

#[async_trait]
impl Tagged for Cdn {
    async fn tag(&self, arn: &str, tags: &Tags) -> Answer {
        self.change("cloudfront:TagResource", arn, |one| {
            one.distribution.tags.extend(tags.clone())
        })
        .await
    }

    async fn untag(&self, arn: &str, keys: &[String]) -> Answer {
        self.change("cloudfront:UntagResource", arn, |one| {
            one.distribution.tags.retain(|key, _| !keys.contains(key));
        })
        .await
    }
}
