//! IAM roles.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{Answer, Document, Tagged, Tags};

/// A role, with all that says what it may.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// Who may assume it.
    pub trust: Document,
    /// Its inline policies, by name.
    pub policies: BTreeMap<String, Document>,
    /// ARNs of the policies that are attached to it.
    pub attached: BTreeSet<String>,
    /// ARN of the policy beyond which nothing is allowed.
    pub boundary: Option<String>,
    /// Its tags.
    pub tags: Tags,
}

/// IAM, as far as roles go. `name` is the role's; tags go by it too.
#[async_trait]
pub trait Roles: Tagged {
    /// The role, if it is there.
    async fn role(&self, name: &str) -> Answer<Option<Role>>;
    /// Makes it with trust, boundary and tags; policies are put later.
    async fn create_role(&self, name: &str, role: &Role) -> Answer;
    /// Changes who may assume it.
    async fn put_trust(&self, name: &str, trust: &Document) -> Answer;
    /// Adds an inline policy, or changes it.
    async fn put_policy(&self, name: &str, policy: &str, document: &Document) -> Answer;
    /// Removes an inline policy.
    async fn delete_policy(&self, name: &str, policy: &str) -> Answer;
    /// Detaches a managed policy.
    async fn detach_policy(&self, name: &str, arn: &str) -> Answer;
    /// Sets the boundary.
    async fn put_boundary(&self, name: &str, arn: &str) -> Answer;
    /// Takes the boundary away.
    async fn delete_boundary(&self, name: &str) -> Answer;
    /// Removes the role, which must have no policies any more.
    async fn delete_role(&self, name: &str) -> Answer;
}
