//! What whoever deploys a stage needs, and no more. What is removed must bear our tags, where AWS can tell.

mod actions;

use serde_json::{Value, json};

use crate::{
    cloud::Document,
    names::{App, Names, PROJECT, STAGE},
};

/// One statement: what is allowed, of what, and under which condition.
struct Need {
    sid: &'static str,
    actions: &'static [&'static str],
    resources: Vec<String>,
    condition: Option<Value>,
}

/// The policy of a deployer of a stage.
#[must_use]
pub fn policy(names: &Names) -> Document {
    let needs = [
        roles(names),
        buckets(names),
        functions(names),
        logs(names),
        edge(names),
        watching(names),
        tagged(names),
    ];
    Document::new(
        needs
            .into_iter()
            .flatten()
            .map(|need| (need.sid, need.statement())),
    )
}

impl Need {
    const fn of(
        sid: &'static str,
        actions: &'static [&'static str],
        resources: Vec<String>,
    ) -> Self {
        Self {
            sid,
            actions,
            resources,
            condition: None,
        }
    }

    fn on(self, condition: Value) -> Self {
        Self {
            condition: Some(condition),
            ..self
        }
    }

    fn statement(self) -> Value {
        let mut statement =
            json!({ "Effect": "Allow", "Action": self.actions, "Resource": self.resources });
        if let Some(condition) = self.condition {
            statement["Condition"] = condition;
        }
        statement
    }
}

/// Both services at once: a policy has only so many characters.
fn either(arn: impl Fn(App) -> String) -> String {
    arn(App::User).replacen(App::User.name(), "*", 1)
}

fn role(names: &Names) -> String {
    either(|app| names.role_arn(app))
}

/// A function, and its versions and alias.
fn function(names: &Names) -> [String; 2] {
    let arn = either(|app| names.function_arn(app));
    [format!("{arn}:*"), arn]
}

/// Things of CloudFront are known by ids that it makes up.
fn any_edge(names: &Names, kind: &str) -> String {
    format!(
        "arn:{}:cloudfront::{}:{kind}/*",
        names.partition(),
        names.account
    )
}

fn roles(names: &Names) -> Vec<Need> {
    let to_lambda = json!({ "StringEquals": { "iam:PassedToService": "lambda.amazonaws.com" } });
    vec![
        Need::of("Roles", actions::ROLES, vec![role(names)]),
        Need::of("PassRole", actions::ROLE_PASS, vec![role(names)]).on(to_lambda),
    ]
}

fn buckets(names: &Names) -> Vec<Need> {
    let bucket = names.bucket_arn();
    vec![
        Need::of("Bucket", actions::BUCKET, vec![bucket.clone()]),
        Need::of("Zips", actions::ZIPS, vec![format!("{bucket}/deploy/*")]),
        Need::of("Empty", actions::EMPTY, vec![format!("{bucket}/*")]),
    ]
}

fn functions(names: &Names) -> Vec<Need> {
    vec![Need::of(
        "Functions",
        actions::FUNCTIONS,
        function(names).into(),
    )]
}

fn logs(names: &Names) -> Vec<Need> {
    let arn = either(|app| names.log_group_arn(app));
    vec![Need::of(
        "Logs",
        actions::LOGS,
        vec![format!("{arn}:*"), arn],
    )]
}

/// What has no tags, and so can only be told by its name.
fn edge(names: &Names) -> Vec<Need> {
    let kinds = ["origin-access-control", "response-headers-policy"];
    vec![Need::of(
        "Edge",
        actions::EDGE,
        kinds.map(|kind| any_edge(names, kind)).into(),
    )]
}

fn watching(names: &Names) -> Vec<Need> {
    vec![
        Need::of("Schedule", actions::SCHEDULE, vec![names.schedule_arn()]),
        Need::of(
            "Alarms",
            actions::ALARMS,
            vec![either(|app| names.alarm_arn(app, "*"))],
        ),
    ]
}

/// What is made must bear our tags, what is removed must bear them already: of what cannot be known by a name alone, that is all there is.
fn tagged(names: &Names) -> Vec<Need> {
    let mut arns = vec![role(names), any_edge(names, "distribution")];
    arns.extend(function(names));
    vec![
        Need::of("Create", actions::CREATE, arns.clone()).on(tags("aws:RequestTag", names)),
        Need::of("Ours", actions::OURS, arns).on(tags("aws:ResourceTag", names)),
        Need::of("Anywhere", actions::ANYWHERE, vec!["*".into()]),
    ]
}

fn tags(key: &str, names: &Names) -> Value {
    let tags = names.tags(None);
    let conditions = [PROJECT, STAGE].map(|tag| (format!("{key}/{tag}"), json!(tags.get(tag))));
    json!({ "StringEquals": conditions.into_iter().collect::<serde_json::Map<_, _>>() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::Stage;

    #[test]
    fn it_fits_into_a_managed_policy_and_has_no_star_but_where_aws_knows_no_resource() {
        let names = Names {
            project: "sgraph-send".into(),
            stage: Stage::Prod,
            account: "111122223333".into(),
            region: "ap-southeast-2".into(),
            bucket: None,
        };
        let policy = policy(&names);
        let length = policy.to_json().to_string().len();
        assert!(
            length <= 6_144,
            "{length}: IAM quotas: characters of a managed policy"
        );
        for (sid, statement) in &policy.statements {
            let anything = statement["Resource"] == "*";
            assert_eq!(anything, sid == "Anywhere", "{sid}");
            assert!(!statement["Action"].to_string().contains('*'), "{sid}");
        }
    }
}
