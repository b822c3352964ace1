//! Somebody with all rights, and without this program.

use std::{thread::sleep, time::Duration};

use anyhow::{Context, Result};
use send_e2e::aws::{Aws, Console, Keys, Refusal};
use serde_json::{Value, json};

use crate::ground::HERE;

/// The user service's function; the admin service's; the bucket.
pub(crate) const USER: &str = "sgraph_ai_app_send-user-dev";
pub(crate) const ADMIN: &str = "sgraph_ai_app_send-admin-dev";
pub(crate) const BUCKET: &str = "sgraph-send-dev-storage-000000000000-eu-west-1";
pub(crate) const USER_ARN: &str =
    "arn:aws:lambda:eu-west-1:000000000000:function:sgraph_ai_app_send-user-dev";

/// Where alarms go, in these tests.
pub(crate) const TOPIC: &str = "arn:aws:sns:eu-west-1:000000000000:sgraph-send-dev";

/// Somebody with all rights.
pub(crate) struct Hands(Console);

impl Hands {
    /// The owner of the account.
    pub(crate) fn on(aws: &Aws) -> Result<Self> {
        Ok(Self(aws.console()?))
    }

    /// Somebody else.
    fn with(&self, keys: Keys) -> Self {
        Self(self.0.with(keys))
    }

    /// Asks, and is told.
    pub(crate) fn ask(&self, service: &str, operation: &str, parameters: Value) -> Result<Value> {
        self.0.ask(service, operation, parameters)
    }

    /// Asks, and perhaps is refused.
    pub(crate) fn attempt(
        &self,
        service: &str,
        operation: &str,
        parameters: Value,
    ) -> Result<Result<Value, Refusal>> {
        self.0.attempt(service, operation, parameters)
    }

    /// Changes something.
    pub(crate) fn act(&self, service: &str, operation: &str, parameters: Value) -> Result<()> {
        self.ask(service, operation, parameters).map(drop)
    }

    /// The same by plain HTTP.
    pub(crate) fn without_tls(&self, aws: &Aws) -> Result<Self> {
        let keys = self.0.keys().clone();
        Ok(Self(Console::open(
            aws.endpoint(),
            aws.authority(),
            HERE,
            keys,
        )?))
    }

    /// Somebody who took a role.
    pub(crate) fn in_role(&self, role: &str) -> Result<Self> {
        let role = json!({ "RoleArn": format!("arn:aws:iam::000000000000:role/{role}"), "RoleSessionName": "tests" });
        Ok(self.with(keys(&self.ask("sts", "AssumeRole", role)?["Credentials"])))
    }

    /// Somebody new, with this policy.
    pub(crate) fn user(&self, name: &str, policy: &Value) -> Result<Self> {
        let named = json!({ "UserName": name });
        self.act("iam", "CreateUser", named.clone())?;
        let put = json!({ "PolicyName": "own", "PolicyDocument": policy.to_string() });
        self.act("iam", "PutUserPolicy", with(named.clone(), put))?;
        Ok(self.with(keys(
            &self.ask("iam", "CreateAccessKey", named)?["AccessKey"],
        )))
    }

    /// Changes some of the settings of a function's `$LATEST`.
    pub(crate) fn function(&self, settings: Value) -> Result<()> {
        self.ask(
            "lambda",
            "UpdateFunctionConfiguration",
            with(json!({ "FunctionName": USER }), settings),
        )?;
        self.settled()
    }

    /// Waits until the function's last change is made.
    pub(crate) fn settled(&self) -> Result<()> {
        loop {
            let told = self.ask(
                "lambda",
                "GetFunctionConfiguration",
                json!({ "FunctionName": USER }),
            )?;
            if told["LastUpdateStatus"] == "Successful" && told["State"] == "Active" {
                return Ok(());
            }
            sleep(Duration::from_millis(20));
        }
    }

    /// Changes the variables of the function.
    pub(crate) fn environment(&self, change: impl FnOnce(&mut Value)) -> Result<()> {
        let told = self.ask(
            "lambda",
            "GetFunctionConfiguration",
            json!({ "FunctionName": USER }),
        )?;
        let mut environment = json!({ "Variables": told["Environment"]["Variables"] });
        change(&mut environment["Variables"]);
        self.function(json!({ "Environment": environment }))
    }

    /// Changes the one policy of a role.
    pub(crate) fn role_policy(
        &self,
        function: &str,
        change: impl FnOnce(&mut Vec<Value>),
    ) -> Result<()> {
        let role = format!("{function}-eu-west-1");
        let named = json!({ "RoleName": role, "PolicyName": "runtime" });
        let mut policy = self.ask("iam", "GetRolePolicy", named.clone())?["PolicyDocument"].take();
        change(statements(&mut policy)?);
        self.ask(
            "iam",
            "PutRolePolicy",
            with(named, json!({ "PolicyDocument": policy.to_string() })),
        )?;
        Ok(())
    }

    /// Changes the policy of the bucket.
    pub(crate) fn bucket_policy(&self, change: impl FnOnce(&mut Vec<Value>)) -> Result<()> {
        let told = self.ask("s3", "GetBucketPolicy", json!({ "Bucket": BUCKET }))?;
        let mut policy: Value =
            serde_json::from_str(told["Policy"].as_str().context("no policy")?)?;
        change(statements(&mut policy)?);
        self.ask(
            "s3",
            "PutBucketPolicy",
            json!({ "Bucket": BUCKET, "Policy": policy.to_string() }),
        )?;
        Ok(())
    }

    /// Sets something up about the bucket.
    pub(crate) fn bucket(&self, operation: &str, parameters: Value) -> Result<()> {
        self.ask(
            "s3",
            operation,
            with(json!({ "Bucket": BUCKET }), parameters),
        )?;
        Ok(())
    }

    /// The id and the ARN of the distribution.
    pub(crate) fn distribution_id(&self) -> Result<(String, Value)> {
        let told = self.ask("cloudfront", "ListDistributions", json!({}))?;
        let one = &told["DistributionList"]["Items"][0];
        Ok((
            one["Id"].as_str().context("no distribution")?.into(),
            one["ARN"].clone(),
        ))
    }

    /// Changes the configuration of the distribution.
    pub(crate) fn distribution(&self, change: impl FnOnce(&mut Value)) -> Result<()> {
        let named = json!({ "Id": self.distribution_id()?.0 });
        let mut told = self.ask("cloudfront", "GetDistributionConfig", named.clone())?;
        change(&mut told["DistributionConfig"]);
        let changed =
            json!({ "IfMatch": told["ETag"], "DistributionConfig": told["DistributionConfig"] });
        self.ask("cloudfront", "UpdateDistribution", with(named, changed))?;
        Ok(())
    }
}

/// Keys as AWS gives them out.
pub(crate) fn keys(given: &Value) -> Keys {
    let text = |name: &str| given[name].as_str().map(str::to_owned);
    Keys {
        id: text("AccessKeyId").unwrap_or_default(),
        secret: text("SecretAccessKey").unwrap_or_default(),
        token: text("SessionToken"),
    }
}

/// The statements of a policy.
fn statements(policy: &mut Value) -> Result<&mut Vec<Value>> {
    policy["Statement"].as_array_mut().context("no statements")
}

/// A statement by its id.
pub(crate) fn statement<'a>(all: &'a mut [Value], sid: &str) -> &'a mut Value {
    match all.iter().position(|one| one["Sid"] == sid) {
        Some(at) => &mut all[at],
        None => panic!("no statement {sid}"),
    }
}

/// Takes a field away.
pub(crate) fn lose(from: &mut Value, field: &str) {
    if let Some(fields) = from.as_object_mut() {
        fields.remove(field);
    }
}

/// Both objects in one.
pub(crate) fn with(mut one: Value, other: Value) -> Value {
    if let (Value::Object(one), Value::Object(other)) = (&mut one, other) {
        one.extend(other);
    }
    one
}
