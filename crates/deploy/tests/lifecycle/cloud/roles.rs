//! IAM: roles, which Lambda cannot assume until a while after they were made.

use async_trait::async_trait;
use deploy::cloud::{self, Answer, Document, Kind, Tagged, Tags};
use serde_json::Value;
use tokio::time::Instant;

use super::{
    place::Place,
    refusal::{Done, Refusal, conflict, exists, not_found, refused},
    state::{Account, State},
};

/// Bytes of all inline policies of a role together, without blanks: IAM quotas.
const POLICY_BYTES: usize = 10_240;

/// A role, and since when it is there.
#[derive(Clone)]
pub(crate) struct Role {
    pub(crate) role: cloud::Role,
    pub(super) made: Instant,
}

impl Account {
    fn role(&mut self, name: &str) -> Done<&mut cloud::Role> {
        let role = self.roles.get_mut(name);
        role.map(|role| &mut role.role)
            .ok_or_else(|| not_found("NoSuchEntity", &format!("role {name}")))
    }
}

impl State {
    /// Whether Lambda can run something as the role, on behalf of an account.
    pub(super) fn assumable(&mut self, account: &str, arn: &str) -> Done {
        let delay = self.settings.role;
        let Some(name) = arn.strip_prefix(&format!("arn:aws:iam::{account}:role/")) else {
            return Err(Refusal::new(
                Kind::Denied,
                "AccessDeniedException",
                "Cross-account pass role is not allowed.",
            ));
        };
        let role = self.account(account).roles.get(name);
        let ready =
            role.is_some_and(|role| role.made.elapsed() >= delay && trusts(&role.role.trust));
        let sentence = "The role defined for the function cannot be assumed by Lambda.";
        let code = "InvalidParameterValueException";
        if ready {
            Ok(())
        } else {
            Err(Refusal::new(Kind::NotAssumable, code, sentence))
        }
    }
}

/// Whether Lambda may assume what is trusted so.
fn trusts(trust: &Document) -> bool {
    trust.statements.values().any(|statement| {
        statement["Effect"] == "Allow"
            && statement["Action"] == "sts:AssumeRole"
            && among(&statement["Principal"]["Service"], "lambda.amazonaws.com")
    })
}

fn among(value: &Value, text: &str) -> bool {
    match value {
        Value::Array(several) => several.iter().any(|one| one == text),
        one => one == text,
    }
}

fn well_formed(document: &Document) -> Done {
    let complete =
        |statement: &Value| statement["Effect"].is_string() && !statement["Action"].is_null();
    if document.statements.is_empty() || !document.statements.values().all(complete) {
        return Err(refused(
            "MalformedPolicyDocument",
            "The policy is not in the valid JSON format.",
        ));
    }
    Ok(())
}

pub(super) struct Roles(pub(super) Place);

impl Roles {
    /// Changes a role that is there.
    async fn change(
        &self,
        call: &'static str,
        name: &str,
        change: impl Fn(&mut cloud::Role) -> Done + Send + Sync,
    ) -> Answer {
        let work = |state: &mut State| change(self.0.account(state).role(name)?);
        self.0.write(call, name, work).await
    }
}

#[async_trait]
impl cloud::Roles for Roles {
    async fn role(&self, name: &str) -> Answer<Option<cloud::Role>> {
        let look = |state: &mut State| Ok(self.0.account(state).role(name).ok().cloned());
        let role = self.0.read("iam:GetRole", name, look).await?;
        if let Some(role) = &role {
            let lists = ["iam:ListRolePolicies", "iam:ListAttachedRolePolicies"];
            self.0.also(&lists, name).await?;
            let each = vec!["iam:GetRolePolicy"; role.policies.len()];
            self.0.also(&each, name).await?;
        }
        Ok(role)
    }

    async fn create_role(&self, name: &str, role: &cloud::Role) -> Answer {
        let make = |state: &mut State| {
            well_formed(&role.trust)?;
            let roles = &mut self.0.account(state).roles;
            if roles.contains_key(name) {
                return Err(exists("EntityAlreadyExists", &format!("role {name}")));
            }
            let mut role = role.clone();
            (role.policies, role.attached) = Default::default();
            let made = Instant::now();
            roles.insert(name.into(), Role { role, made });
            Ok(())
        };
        self.0.write("iam:CreateRole", name, make).await
    }

    async fn put_trust(&self, name: &str, trust: &Document) -> Answer {
        self.change("iam:UpdateAssumeRolePolicy", name, |role| {
            well_formed(trust)?;
            role.trust = trust.clone();
            Ok(())
        })
        .await
    }

    async fn put_policy(&self, name: &str, policy: &str, document: &Document) -> Answer {
        self.change("iam:PutRolePolicy", name, |role| {
            well_formed(document)?;
            let mut policies = role.policies.clone();
            policies.insert(policy.into(), document.clone());
            let bytes: usize = policies
                .values()
                .map(|one| one.to_json().to_string().len())
                .sum();
            if bytes > POLICY_BYTES {
                return Err(refused(
                    "LimitExceeded",
                    format!("Maximum policy size of {POLICY_BYTES} bytes exceeded"),
                ));
            }
            role.policies = policies;
            Ok(())
        })
        .await
    }

    async fn delete_policy(&self, name: &str, policy: &str) -> Answer {
        self.change("iam:DeleteRolePolicy", name, |role| {
            let gone = role.policies.remove(policy).map(|_| ());
            gone.ok_or_else(|| {
                not_found("NoSuchEntity", &format!("policy {policy} of role {name}"))
            })
        })
        .await
    }

    async fn detach_policy(&self, name: &str, arn: &str) -> Answer {
        self.change("iam:DetachRolePolicy", name, |role| {
            let gone = role.attached.remove(arn).then_some(());
            gone.ok_or_else(|| not_found("NoSuchEntity", &format!("policy {arn} at role {name}")))
        })
        .await
    }

    async fn put_boundary(&self, name: &str, arn: &str) -> Answer {
        self.change("iam:PutRolePermissionsBoundary", name, |role| {
            role.boundary = Some(arn.into());
            Ok(())
        })
        .await
    }

    async fn delete_boundary(&self, name: &str) -> Answer {
        self.change("iam:DeleteRolePermissionsBoundary", name, |role| {
            role.boundary = None;
            Ok(())
        })
        .await
    }

    async fn delete_role(&self, name: &str) -> Answer {
        let remove = |state: &mut State| {
            let account = self.0.account(state);
            let role = account.role(name)?;
            if !role.policies.is_empty() || !role.attached.is_empty() {
                return Err(conflict(
                    "DeleteConflict",
                    "Cannot delete entity, must delete policies first.",
                ));
            }
            account.roles.remove(name);
            Ok(())
        };
        self.0.write("iam:DeleteRole", name, remove).await
    }
}

#[async_trait]
impl Tagged for Roles {
    async fn tag(&self, name: &str, tags: &Tags) -> Answer {
        self.change("iam:TagRole", name, |role| {
            role.tags.extend(tags.clone());
            Ok(())
        })
        .await
    }

    async fn untag(&self, name: &str, keys: &[String]) -> Answer {
        self.change("iam:UntagRole", name, |role| {
            role.tags.retain(|key, _| !keys.contains(key));
            Ok(())
        })
        .await
    }
}
