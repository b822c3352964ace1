//! What a pipeline is given: secrets, and an emulator in the place of AWS.

use std::{collections::BTreeMap, path::Path};

use anyhow::Result;
use send_e2e::{
    Aws,
    aws::{ACCOUNT, ADMIN_KEY, ARCHITECTURE, REGIONS},
    server::binary,
};
use serde_json::json;

use crate::{
    github::{Contexts, Run, called_by, run},
    ground::Clone,
};

/// What a pipeline is given: who deploys to the emulator, and whereof. Where there is none, nothing can be deployed.
pub(crate) struct Given {
    pub(crate) secrets: BTreeMap<String, String>,
    pub(crate) environment: BTreeMap<String, String>,
}

impl Given {
    pub(crate) fn on(aws: Option<&Aws>, zips: &Path) -> Result<Self> {
        let secrets = [
            ("AWS_ACCESS_KEY_ID", ACCOUNT),
            ("AWS_SECRET_ACCESS_KEY", aws.map_or("secret", Aws::secret)),
            ("AWS_DEFAULT_REGION", REGIONS[0]),
            ("AWS_ACCOUNT_ID", ACCOUNT),
            ("SEND_ADMIN_KEY_NAME", "x-own-key"),
            ("SEND_ADMIN_KEY", ADMIN_KEY),
        ];
        let program = binary("deploy")?;
        let (program, zips) = (program.display().to_string(), zips.display().to_string());
        let endpoint = aws.map_or("https://127.0.0.1:9", Aws::secure_endpoint);
        let authority = aws.map(|aws| aws.authority().display().to_string());
        let environment = [
            ("SEND_DEPLOY", &*program),
            ("SEND_ZIPS", &zips),
            ("SEND_ARCH", ARCHITECTURE),
            ("AWS_ENDPOINT_URL", endpoint),
            ("SSL_CERT_FILE", authority.as_deref().unwrap_or_default()),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ];
        let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Ok(Self {
            secrets: secrets.map(own).into(),
            environment: environment.map(own).into(),
        })
    }

    /// With a secret of this value, or without one where it is empty.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.secrets.insert(name.into(), value.into());
        self
    }

    /// What a workflow sees that a branch set going.
    pub(crate) fn seen(&self, branch: &str) -> Contexts {
        let seen = json!({
            "secrets": self.secrets,
            "vars": {},
            "env": self.environment,
            "github": { "ref_name": branch },
        });
        seen.as_object().cloned().unwrap_or_default()
    }

    /// The pipeline of a stage, on a push of this branch. What builds or publishes runs elsewhere.
    pub(crate) fn pushed(&self, sources: &Clone, stage: &str, branch: &str) -> Result<Run> {
        let file = match stage {
            "dev" => "ci-pipeline__dev.yml",
            _ => "ci-pipeline__main.yml",
        };
        let contexts = called_by(file, &self.seen(branch))?;
        let elsewhere = ["run-tests", "build-release", "publish-release"];
        run("ci-pipeline.yml", &contexts, &elsewhere, || {
            sources.machine()
        })
    }
}
