//! IAM: the roles that functions run as.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use aws_sdk_iam::{Client, config::Builder, types};
use futures::{future::try_join_all, try_join};
use percent_encoding::percent_decode_str;

use super::{
    connection::Connection,
    error::{Called, found, refused},
};
use crate::cloud::{Answer, Document, Role, Roles, Tagged, Tags};

/// IAM, which is the same in every region.
pub(super) struct Iam {
    iam: Client,
}

impl Iam {
    pub(super) fn new(connection: &Connection) -> Self {
        let config = Builder::from(&connection.sdk).interceptor(connection.counter.clone());
        Self {
            iam: Client::from_conf(config.build()),
        }
    }

    async fn read(&self, name: &str) -> Answer<Role> {
        let (told, policies, attached) =
            try_join!(self.told(name), self.policies(name), self.attached(name))?;
        let trust = told.assume_role_policy_document.unwrap_or_default();
        let boundary = told.permissions_boundary;
        Ok(Role {
            trust: document("iam:GetRole", &trust)?,
            policies,
            attached,
            boundary: boundary.and_then(|policy| policy.permissions_boundary_arn),
            tags: tags(told.tags.unwrap_or_default()),
        })
    }

    async fn told(&self, name: &str) -> Answer<types::Role> {
        let asked = self.iam.get_role().role_name(name).send().await;
        let told = asked.called("iam:GetRole")?.role;
        told.ok_or_else(|| refused("iam:GetRole", "no role in the answer"))
    }

    /// Its inline policies.
    async fn policies(&self, name: &str) -> Answer<BTreeMap<String, Document>> {
        let pages = self.iam.list_role_policies().role_name(name);
        let names = pages.into_paginator().items().send();
        let names: Vec<_> = names
            .collect::<Result<_, _>>()
            .await
            .called("iam:ListRolePolicies")?;
        let documents = names.iter().map(|policy| self.policy(name, policy));
        let documents = try_join_all(documents).await?;
        let documents = names.into_iter().zip(documents);
        // What was removed in between is not there.
        Ok(documents
            .filter_map(|(name, document)| Some((name, document?)))
            .collect())
    }

    async fn policy(&self, name: &str, policy: &str) -> Answer<Option<Document>> {
        let asked = self
            .iam
            .get_role_policy()
            .role_name(name)
            .policy_name(policy)
            .send()
            .await;
        let told = found(asked.called("iam:GetRolePolicy"))?;
        told.map(|told| document("iam:GetRolePolicy", &told.policy_document))
            .transpose()
    }

    async fn attached(&self, name: &str) -> Answer<BTreeSet<String>> {
        let pages = self.iam.list_attached_role_policies().role_name(name);
        let pages = pages.into_paginator().items().send();
        let policies: Vec<_> = pages
            .collect::<Result<_, _>>()
            .await
            .called("iam:ListAttachedRolePolicies")?;
        Ok(policies
            .into_iter()
            .filter_map(|policy| policy.policy_arn)
            .collect())
    }
}

#[async_trait]
impl Tagged for Iam {
    async fn tag(&self, name: &str, tags: &Tags) -> Answer {
        let list = list("iam:TagRole", tags)?;
        let asked = self
            .iam
            .tag_role()
            .role_name(name)
            .set_tags(Some(list))
            .send()
            .await;
        asked.called("iam:TagRole").map(drop)
    }

    async fn untag(&self, name: &str, keys: &[String]) -> Answer {
        let keys = Some(keys.to_vec());
        let asked = self
            .iam
            .untag_role()
            .role_name(name)
            .set_tag_keys(keys)
            .send()
            .await;
        asked.called("iam:UntagRole").map(drop)
    }
}

#[async_trait]
impl Roles for Iam {
    async fn role(&self, name: &str) -> Answer<Option<Role>> {
        found(self.read(name).await)
    }

    async fn create_role(&self, name: &str, role: &Role) -> Answer {
        let asked = self
            .iam
            .create_role()
            .role_name(name)
            .assume_role_policy_document(role.trust.to_json().to_string())
            .set_permissions_boundary(role.boundary.clone())
            .set_tags(Some(list("iam:CreateRole", &role.tags)?))
            .send()
            .await;
        asked.called("iam:CreateRole").map(drop)
    }

    async fn put_trust(&self, name: &str, trust: &Document) -> Answer {
        let text = trust.to_json().to_string();
        let asked = self
            .iam
            .update_assume_role_policy()
            .role_name(name)
            .policy_document(text)
            .send()
            .await;
        asked.called("iam:UpdateAssumeRolePolicy").map(drop)
    }

    async fn put_policy(&self, name: &str, policy: &str, document: &Document) -> Answer {
        let text = document.to_json().to_string();
        let put = self
            .iam
            .put_role_policy()
            .role_name(name)
            .policy_name(policy);
        let asked = put.policy_document(text).send().await;
        asked.called("iam:PutRolePolicy").map(drop)
    }

    async fn delete_policy(&self, name: &str, policy: &str) -> Answer {
        let asked = self
            .iam
            .delete_role_policy()
            .role_name(name)
            .policy_name(policy)
            .send()
            .await;
        asked.called("iam:DeleteRolePolicy").map(drop)
    }

    async fn detach_policy(&self, name: &str, arn: &str) -> Answer {
        let asked = self
            .iam
            .detach_role_policy()
            .role_name(name)
            .policy_arn(arn)
            .send()
            .await;
        asked.called("iam:DetachRolePolicy").map(drop)
    }

    async fn put_boundary(&self, name: &str, arn: &str) -> Answer {
        let put = self.iam.put_role_permissions_boundary().role_name(name);
        let asked = put.permissions_boundary(arn).send().await;
        asked.called("iam:PutRolePermissionsBoundary").map(drop)
    }

    async fn delete_boundary(&self, name: &str) -> Answer {
        let asked = self
            .iam
            .delete_role_permissions_boundary()
            .role_name(name)
            .send()
            .await;
        asked.called("iam:DeleteRolePermissionsBoundary").map(drop)
    }

    async fn delete_role(&self, name: &str) -> Answer {
        let asked = self.iam.delete_role().role_name(name).send().await;
        asked.called("iam:DeleteRole").map(drop)
    }
}

/// IAM tells documents percent-encoded.
fn document(call: &'static str, text: &str) -> Answer<Document> {
    let text = percent_decode_str(text).decode_utf8_lossy();
    Document::parse(&text)
        .map_err(|why| refused(call, format!("a policy that cannot be read: {why}")))
}

fn tags(list: Vec<types::Tag>) -> Tags {
    list.into_iter().map(|tag| (tag.key, tag.value)).collect()
}

fn list(call: &'static str, tags: &Tags) -> Answer<Vec<types::Tag>> {
    let tags = tags
        .iter()
        .map(|(key, value)| types::Tag::builder().key(key).value(value).build());
    tags.collect::<Result<_, _>>().called(call)
}
