//! AWS Lambda.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Answer, CorsRule, Document, Tagged, Tags};

/// The statement by which the schedule may invoke the alias `live`.
pub const SCHEDULE_GRANT: &str = "schedule";

/// A function: what its next version is made of, and the version that serves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Function {
    /// What is changed: Lambda's `$LATEST`.
    #[serde(flatten)]
    pub configuration: Configuration,
    /// How many may run at once, set aside from what the account may; without a number it shares the rest.
    pub concurrency: Option<i32>,
    /// The version behind the alias `live`.
    pub live: Option<Live>,
    /// Its tags.
    pub tags: Tags,
    /// What `$LATEST` was when it was read; a change that names an older one is refused.
    #[serde(skip)]
    pub revision: Option<String>,
    /// Whether it could be changed when it was read.
    #[serde(skip)]
    pub state: State,
}

/// What a version of a function is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Configuration {
    /// `provided.al2023`.
    pub runtime: String,
    /// The name of the program, which this runtime ignores.
    pub handler: String,
    /// `arm64` or `x86_64`.
    pub architecture: String,
    /// Memory in MB; processors come with it.
    pub memory_mb: i32,
    /// Seconds that one event may take.
    pub timeout_s: i32,
    /// MB of `/tmp`.
    pub disk_mb: i32,
    /// ARN of the role that it runs as.
    pub role: String,
    /// Its variables.
    pub environment: BTreeMap<String, String>,
    /// The group that its log lines go to.
    pub log_group: String,
    /// Lambda's layers, of which we have none.
    pub layers: Vec<String>,
    /// SHA-256 of its zip, in hexadecimal digits.
    pub code_sha256: String,
}

/// What serves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Live {
    /// What that version is made of.
    #[serde(flatten)]
    pub configuration: Configuration,
    /// Other versions that get a share of the events, by their numbers: we have none.
    pub others: BTreeMap<String, String>,
    /// Its number.
    #[serde(skip)]
    pub version: String,
    /// What the alias was when it was read.
    #[serde(skip)]
    pub revision: Option<String>,
}

/// A version of a function, frozen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its number, from 1.
    pub number: u64,
    /// What we said of it: version and commit.
    pub description: String,
    /// When it was made, as AWS writes it.
    pub modified: String,
    /// SHA-256 of its zip, in hexadecimal digits.
    pub code_sha256: String,
    /// Bytes of its zip.
    pub code_bytes: i64,
    /// Its variables.
    pub environment: BTreeMap<String, String>,
}

/// Where the zip of a function lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// The bucket.
    pub bucket: String,
    /// The object.
    pub key: String,
}

/// Whether a function can be changed and invoked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// It can.
    #[default]
    Ready,
    /// Not yet.
    Busy,
    /// The last change failed: why.
    Failed(String),
}

/// What an invocation came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Invocation {
    /// What the function answered.
    pub payload: Value,
    /// The kind of error that Lambda saw, if it saw one: `Unhandled`.
    pub error: Option<String>,
    /// The last lines of its log.
    pub log: String,
}

/// How many may run at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concurrency {
    /// In the whole account and region.
    pub account: i32,
    /// What no function has set aside.
    pub unreserved: i32,
}

/// Whom a Function URL lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Auth {
    /// Everyone.
    None,
    /// Who signs for an identity that may.
    #[serde(rename = "AWS_IAM")]
    Iam,
}

/// The URL of a function's alias `live`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionUrl {
    /// Whom it lets in.
    pub auth: Auth,
    /// `BUFFERED`, or `RESPONSE_STREAM`.
    pub mode: String,
    /// Cross-origin rules of the URL's own: we have none, the service answers for itself.
    pub cors: Option<CorsRule>,
    /// The whole policy of the alias but for the grant to the schedule, by the ids of its statements.
    pub grants: BTreeMap<String, Value>,
    /// The URL itself, which AWS makes, with a slash at its end.
    #[serde(skip)]
    pub url: String,
}

/// Who may invoke the alias `live`, in the parameters of `AddPermission`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grant {
    /// `lambda:InvokeFunction` or `lambda:InvokeFunctionUrl`.
    pub action: String,
    /// `*`, or a service of AWS.
    pub principal: String,
    /// The ARN of what that service must act for.
    pub source_arn: Option<String>,
    /// Only by a Function URL with this kind of authentication.
    pub url_auth: Option<Auth>,
    /// Only by way of a Function URL.
    pub via_url: bool,
}

impl Grant {
    /// The statement that Lambda makes of it; `resource` is the ARN of the alias.
    #[must_use]
    pub fn statement(&self, resource: &str) -> Value {
        let principal = match self.principal.as_str() {
            everyone @ "*" => json!(everyone),
            service => json!({ "Service": service }),
        };
        let mut conditions = json!({});
        if let Some(auth) = self.url_auth {
            conditions["StringEquals"] = json!({ "lambda:FunctionUrlAuthType": auth });
        }
        if self.via_url {
            conditions["Bool"] = json!({ "lambda:InvokedViaFunctionUrl": "true" });
        }
        if let Some(source) = &self.source_arn {
            conditions["ArnLike"] = json!({ "aws:SourceArn": source });
        }
        let mut statement = json!({ "Effect": "Allow", "Principal": principal, "Action": self.action, "Resource": resource });
        if conditions != json!({}) {
            statement["Condition"] = conditions;
        }
        statement
    }
}

/// AWS Lambda. `name` is the function's; tags go by its ARN.
#[async_trait]
pub trait Functions: Tagged {
    /// The function and what serves, if it is there.
    async fn function(&self, name: &str) -> Answer<Option<Function>>;
    /// Whether it can be changed and invoked.
    async fn state(&self, name: &str) -> Answer<State>;
    /// Makes it, tagged from its first moment; not yet a version.
    async fn create_function(
        &self,
        name: &str,
        configuration: &Configuration,
        code: &Code,
        tags: &Tags,
    ) -> Answer;
    /// Changes everything but the code, if it is still what `revision` was.
    async fn update_configuration(
        &self,
        name: &str,
        configuration: &Configuration,
        revision: Option<&str>,
    ) -> Answer;
    /// Changes code and architecture, if it is still what `revision` was.
    async fn update_code(
        &self,
        name: &str,
        architecture: &str,
        code: &Code,
        revision: Option<&str>,
    ) -> Answer;
    /// Sets aside how many may run at once, or no longer.
    async fn put_concurrency(&self, name: &str, reserved: Option<i32>) -> Answer;
    /// How many may run at once in this account and region.
    async fn concurrency(&self) -> Answer<Concurrency>;
    /// Freezes what is there, if its code has this SHA-256; tells the number of the version.
    async fn publish_version(
        &self,
        name: &str,
        code_sha256: &str,
        description: &str,
    ) -> Answer<String>;
    /// All versions, oldest first.
    async fn versions(&self, name: &str) -> Answer<Vec<Version>>;
    /// Removes a version.
    async fn delete_version(&self, name: &str, version: &str) -> Answer;
    /// Has a version, or an alias, answer an event.
    async fn invoke(&self, name: &str, qualifier: &str, event: &Value) -> Answer<Invocation>;
    /// Makes the alias `live`.
    async fn create_alias(&self, name: &str, version: &str) -> Answer;
    /// Points the alias `live` to a version, alone, if it is still what `revision` was.
    async fn update_alias(&self, name: &str, version: &str, revision: Option<&str>) -> Answer;
    /// Removes the alias `live`.
    async fn delete_alias(&self, name: &str) -> Answer;
    /// Removes the function with its versions.
    async fn delete_function(&self, name: &str) -> Answer;

    /// The URL of the alias `live`, if it is there. Its grants are told even without it, since they outlive it.
    async fn url(&self, name: &str) -> Answer<Option<FunctionUrl>>;
    /// Makes it.
    async fn create_url(&self, name: &str, auth: Auth) -> Answer;
    /// Changes whom it lets in; buffered, without rules of its own.
    async fn update_url(&self, name: &str, auth: Auth) -> Answer;
    /// Removes it; the grants stay.
    async fn delete_url(&self, name: &str) -> Answer;
    /// The policy of the alias `live`.
    async fn grants(&self, name: &str) -> Answer<Option<Document>>;
    /// Adds a statement to the policy of the alias `live`.
    async fn add_grant(&self, name: &str, id: &str, grant: &Grant) -> Answer;
    /// Removes a statement from it.
    async fn remove_grant(&self, name: &str, id: &str) -> Answer;
}
