//! Somebody who may what `deploy dev policy` prints, and no more.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use send_e2e::aws::{Aws, Deployer};
use serde_json::{Value, json};

use super::tables::wider;
use crate::hands::Hands;

const NAME: &str = "deployer";

/// A user with a policy, and as what he deploys.
pub(super) struct Holder {
    owner: Hands,
    policy: Value,
    pub(super) deployer: Deployer,
}

impl Holder {
    /// Makes him.
    pub(super) async fn new(aws: &Aws) -> Result<Self> {
        let (owner, deployer) = (Hands::on(aws)?, aws.deployer()?);
        let printed = deployer.run("dev policy").await?;
        ensure!(printed.code == Some(0), "{printed}");
        let policy =
            serde_json::from_str(&printed.stdout).context("what is printed is no policy")?;
        let named = json!({ "UserName": NAME });
        owner.act("iam", "CreateUser", named.clone())?;
        let key = owner.ask("iam", "CreateAccessKey", named)?["AccessKey"].take();
        let text = |name: &str| key[name].as_str().unwrap_or_default().to_owned();
        let deployer = deployer
            .with("AWS_ACCESS_KEY_ID", text("AccessKeyId"))
            .with("AWS_SECRET_ACCESS_KEY", text("SecretAccessKey"));
        let holder = Self {
            owner,
            policy,
            deployer,
        };
        holder.may_all_but(None)?;
        Ok(holder)
    }

    /// From now on he may all of it, or all but this.
    pub(super) fn may_all_but(&self, action: Option<&str>) -> Result<()> {
        for (name, policy) in [
            ("printed", self.printed_without(action)),
            ("emulator", wider(action)),
        ] {
            let put = json!({ "UserName": NAME, "PolicyName": name, "PolicyDocument": policy.to_string() });
            self.owner.act("iam", "PutUserPolicy", put)?;
        }
        Ok(())
    }

    /// All actions of the policy.
    pub(super) fn actions(&self) -> BTreeSet<String> {
        let statements = self.policy["Statement"].as_array().into_iter().flatten();
        statements
            .flat_map(|statement| list(&statement["Action"]))
            .collect()
    }

    fn printed_without(&self, action: Option<&str>) -> Value {
        let mut policy = self.policy.clone();
        if let Some(statements) = policy["Statement"].as_array_mut() {
            for statement in statements.iter_mut() {
                let mut actions = list(&statement["Action"]);
                actions.retain(|one| Some(one.as_str()) != action);
                statement["Action"] = json!(actions);
            }
            statements.retain(|statement| statement["Action"] != json!([]));
        }
        policy
    }
}

/// One, or several.
fn list(actions: &Value) -> Vec<String> {
    match actions {
        Value::Array(several) => several
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        one => one.as_str().map(str::to_owned).into_iter().collect(),
    }
}
