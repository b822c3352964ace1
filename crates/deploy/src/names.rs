//! Every name, ARN and tag, computed: there is no state file, the account itself is the state.

use std::fmt;

use crate::cloud::Tags;

/// One of the two services.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, clap::ValueEnum)]
pub enum App {
    /// What everybody uses.
    User,
    /// What operators use.
    Admin,
}

/// Where a deployment stands on its way to everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, clap::ValueEnum)]
pub enum Stage {
    /// For developers.
    Dev,
    /// For those who try it before it goes out.
    Qa,
    /// For everybody.
    Prod,
}

/// The names of one stage in one account and region.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Names {
    /// `sgraph-send`.
    pub project: String,
    /// The stage.
    pub stage: Stage,
    /// The account, of twelve digits.
    pub account: String,
    /// The region.
    pub region: String,
    /// A bucket that the configuration names, in place of ours.
    pub bucket: Option<String>,
}

/// The tag that says which project something belongs to.
pub const PROJECT: &str = "Project";
/// The tag that says which stage.
pub const STAGE: &str = "Stage";

/// The keys of the tags that we set; they are nobody else's.
pub const TAG_KEYS: [&str; 6] = [PROJECT, STAGE, "App", "ManagedBy", "Version", "Commit"];

/// The alias that serves.
pub const LIVE: &str = "live";

impl App {
    /// Both.
    pub const ALL: [Self; 2] = [Self::User, Self::Admin];

    /// In names and tags.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Admin => "admin",
        }
    }

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::User => Self::Admin,
            Self::Admin => Self::User,
        }
    }

    /// The program that it runs.
    #[must_use]
    pub fn program(self) -> String {
        format!("send-{self}")
    }
}

impl Stage {
    /// In names and tags.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Qa => "qa",
            Self::Prod => "prod",
        }
    }
}

impl fmt::Display for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Names {
    /// `sgraph_ai_app_send-user-dev`, the name that its operators know.
    #[must_use]
    pub fn function(&self, app: App) -> String {
        format!("sgraph_ai_app_send-{app}-{}", self.stage)
    }

    /// Roles are global: another region's is another.
    #[must_use]
    pub fn role(&self, app: App) -> String {
        format!("{}-{}", self.function(app), self.region)
    }

    /// The bucket of the stage.
    #[must_use]
    pub fn bucket(&self) -> String {
        let Self {
            project,
            stage,
            account,
            region,
            bucket,
        } = self;
        let ours = || format!("{project}-{stage}-storage-{account}-{region}");
        bucket.clone().unwrap_or_else(ours)
    }

    /// Where the zips of a function lie in the bucket.
    #[must_use]
    pub fn artifacts(&self, app: App) -> String {
        format!("deploy/{app}/")
    }

    /// The zip with this SHA-256.
    #[must_use]
    pub fn artifact(&self, app: App, sha256: &str) -> String {
        format!("{}{sha256}.zip", self.artifacts(app))
    }

    /// Where Lambda writes a function's log, unless told otherwise.
    #[must_use]
    pub fn log_group(&self, app: App) -> String {
        format!("/aws/lambda/{}", self.function(app))
    }

    /// What says of a thing of CloudFront whose it is.
    #[must_use]
    pub fn remark(&self, app: App) -> String {
        format!("{} {} {app} {}", self.project, self.stage, self.region)
    }

    /// A thing of CloudFront that has a name.
    #[must_use]
    pub fn edge(&self, app: App) -> String {
        self.remark(app).replace(' ', "-")
    }

    /// The rule that has the admin service sweep.
    #[must_use]
    pub fn schedule(&self) -> String {
        format!("{}-sweep", self.function(App::Admin))
    }

    /// One of a function's alarms.
    #[must_use]
    pub fn alarm(&self, app: App, figure: &str) -> String {
        format!("{}-{figure}", self.function(app))
    }

    /// The ARN of something in this region.
    fn arn(&self, service: &str, rest: &str) -> String {
        let Self {
            account, region, ..
        } = self;
        format!(
            "arn:{}:{service}:{region}:{account}:{rest}",
            self.partition()
        )
    }

    /// China and the government of the US have clouds of their own.
    #[must_use]
    pub fn partition(&self) -> &'static str {
        match self.region.split_once('-') {
            Some(("cn", _)) => "aws-cn",
            Some(("us", rest)) if rest.starts_with("gov-") => "aws-us-gov",
            _ => "aws",
        }
    }

    /// The ARN of a function.
    #[must_use]
    pub fn function_arn(&self, app: App) -> String {
        self.arn("lambda", &format!("function:{}", self.function(app)))
    }

    /// The ARN of what serves.
    #[must_use]
    pub fn live_arn(&self, app: App) -> String {
        format!("{}:{LIVE}", self.function_arn(app))
    }

    /// The ARN of a role.
    #[must_use]
    pub fn role_arn(&self, app: App) -> String {
        let Self { account, .. } = self;
        format!(
            "arn:{}:iam::{account}:role/{}",
            self.partition(),
            self.role(app)
        )
    }

    /// The ARN of the bucket.
    #[must_use]
    pub fn bucket_arn(&self) -> String {
        format!("arn:{}:s3:::{}", self.partition(), self.bucket())
    }

    /// The ARN of a function's log group, without the `:*` that means its streams.
    #[must_use]
    pub fn log_group_arn(&self, app: App) -> String {
        self.arn("logs", &format!("log-group:{}", self.log_group(app)))
    }

    /// The ARN of the schedule's rule.
    #[must_use]
    pub fn schedule_arn(&self) -> String {
        self.arn("events", &format!("rule/{}", self.schedule()))
    }

    /// The ARN of an alarm.
    #[must_use]
    pub fn alarm_arn(&self, app: App, figure: &str) -> String {
        self.arn("cloudwatch", &format!("alarm:{}", self.alarm(app, figure)))
    }

    /// What every resource is tagged with; `app` for what is one service's.
    #[must_use]
    pub fn tags(&self, app: Option<App>) -> Tags {
        let tags = [
            (PROJECT, self.project.clone()),
            (STAGE, self.stage.to_string()),
            ("App", app.map_or("shared", App::name).into()),
            ("ManagedBy", "sgraph-send-deploy".into()),
        ];
        tags.map(|(key, value)| (key.to_owned(), value)).into()
    }

    /// Whether tags say that something is this stage's.
    #[must_use]
    pub fn owns(&self, tags: &Tags) -> bool {
        let ours = self.tags(None);
        [PROJECT, STAGE]
            .iter()
            .all(|key| tags.get(*key) == ours.get(*key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(region: &str) -> Names {
        Names {
            project: "sgraph-send".into(),
            stage: Stage::Dev,
            account: "111122223333".into(),
            region: region.into(),
            bucket: None,
        }
    }

    #[test]
    fn a_region_is_in_every_name_that_is_global() {
        let (here, there) = (names("eu-west-1"), names("us-east-1"));
        let global = |names: &Names| {
            [
                names.role(App::User),
                names.bucket(),
                names.remark(App::User),
                names.edge(App::User),
            ]
        };
        for (one, other) in global(&here).into_iter().zip(global(&there)) {
            assert_ne!(one, other);
        }
        assert_eq!(
            here.bucket(),
            "sgraph-send-dev-storage-111122223333-eu-west-1"
        );
        assert_eq!(
            here.role(App::Admin),
            "sgraph_ai_app_send-admin-dev-eu-west-1"
        );
    }

    #[test]
    fn names_are_no_longer_than_aws_allows() {
        let longest = Names {
            stage: Stage::Prod,
            ..names("ap-southeast-99")
        };
        assert!(longest.role(App::Admin).len() <= 64, "IAM quotas");
        assert!(longest.bucket().len() <= 63, "S3 quotas");
        assert!(longest.edge(App::Admin).len() <= 64, "CloudFront quotas");
    }

    #[test]
    fn other_partitions_have_arns_of_their_own() {
        assert_eq!(
            names("cn-north-1").bucket_arn(),
            "arn:aws-cn:s3:::sgraph-send-dev-storage-111122223333-cn-north-1"
        );
        assert!(
            names("us-gov-west-1")
                .role_arn(App::User)
                .starts_with("arn:aws-us-gov:iam::1")
        );
    }

    #[test]
    fn what_has_other_tags_is_not_ours() {
        let names = names("eu-west-1");
        let ours = names.tags(Some(App::User));
        assert!(names.owns(&ours));
        let prod = Names {
            stage: Stage::Prod,
            ..names.clone()
        };
        assert!(!prod.owns(&ours));
        assert!(!names.owns(&Tags::new()));
    }
}
