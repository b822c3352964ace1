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
        cdn(names),
        schedules(names),
        alarms(names),
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

/// What is there bears our tags.
fn ours(names: &Names) -> Value {
    tagged("aws:ResourceTag", names)
}

/// What is being made will bear our tags.
fn will_be_ours(names: &Names) -> Value {
    tagged("aws:RequestTag", names)
}

fn tagged(key: &str, names: &Names) -> Value {
    let tags = names.tags(None);
    let conditions = [PROJECT, STAGE].map(|tag| (format!("{key}/{tag}"), json!(tags.get(tag))));
    json!({ "StringEquals": conditions.into_iter().collect::<serde_json::Map<_, _>>() })
}

fn each(arn: impl Fn(App) -> String) -> Vec<String> {
    App::ALL.map(arn).into()
}

fn roles(names: &Names) -> Vec<Need> {
    let arns = || each(|app| names.role_arn(app));
    let to_lambda = json!({ "StringEquals": { "iam:PassedToService": "lambda.amazonaws.com" } });
    vec![
        Need::of("Roles", actions::ROLES, arns()),
        Need::of("RoleCreate", actions::ROLE_CREATE, arns()).on(will_be_ours(names)),
        Need::of("RoleDelete", actions::ROLE_DELETE, arns()).on(ours(names)),
        Need::of("RolePass", actions::ROLE_PASS, arns()).on(to_lambda),
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
    let mut arns = each(|app| names.function_arn(app));
    arns.extend(each(|app| format!("{}:*", names.function_arn(app))));
    vec![
        Need::of("Functions", actions::FUNCTIONS, arns.clone()),
        Need::of("FunctionCreate", actions::FUNCTION_CREATE, arns.clone()).on(will_be_ours(names)),
        Need::of("FunctionDelete", actions::FUNCTION_DELETE, arns).on(ours(names)),
        Need::of("FunctionLimits", actions::FUNCTION_LIMITS, vec!["*".into()]),
    ]
}

fn logs(names: &Names) -> Vec<Need> {
    let mut arns = each(|app| names.log_group_arn(app));
    arns.extend(each(|app| format!("{}:*", names.log_group_arn(app))));
    vec![
        Need::of("Logs", actions::LOGS, arns),
        Need::of("LogsFind", actions::LOGS_FIND, vec!["*".into()]),
    ]
}

/// Things of CloudFront are known by ids that it makes up.
fn cdn(names: &Names) -> Vec<Need> {
    let (partition, account) = (names.partition(), &names.account);
    let any = |kind: &str| format!("arn:{partition}:cloudfront::{account}:{kind}/*");
    vec![
        Need::of(
            "Distributions",
            actions::DISTRIBUTIONS,
            vec![any("distribution")],
        )
        .on(ours(names)),
        Need::of(
            "DistributionCreate",
            actions::DISTRIBUTION_CREATE,
            vec![any("distribution")],
        )
        .on(will_be_ours(names)),
        Need::of(
            "Edge",
            actions::EDGE,
            vec![any("origin-access-control"), any("response-headers-policy")],
        ),
        Need::of("EdgeFind", actions::EDGE_FIND, vec!["*".into()]),
    ]
}

fn schedules(names: &Names) -> Vec<Need> {
    vec![Need::of(
        "Schedule",
        actions::SCHEDULE,
        vec![names.schedule_arn()],
    )]
}

fn alarms(names: &Names) -> Vec<Need> {
    let arns = each(|app| names.alarm_arn(app, "*"));
    vec![
        Need::of("Alarms", actions::ALARMS, arns),
        Need::of("AlarmsFind", actions::ALARMS_FIND, vec!["*".into()]),
    ]
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
        assert!(
            policy.to_json().to_string().len() <= 6_144,
            "IAM quotas: characters of a managed policy"
        );
        for (sid, statement) in &policy.statements {
            let anything = statement["Resource"] == "*";
            assert_eq!(
                anything,
                sid.ends_with("Find") || sid == "FunctionLimits",
                "{sid}"
            );
            assert!(!statement["Action"].to_string().contains('*'), "{sid}");
        }
    }
}
