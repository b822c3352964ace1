//! The URL of what serves, and who may use it: the policy of the alias `live`, all of it.

use std::collections::BTreeMap;

use anyhow::Result;
use async_trait::async_trait;
use serde_json::Value;

use super::ids;
use crate::{
    cloud::{self, Auth, Grant},
    config::Door,
    context::Context,
    drift::UNKNOWN,
    names::App,
    resource::{Level, Resource, ResourceId},
};

/// Since October 2025 a Function URL needs two statements, one for the URL and one for the function behind it: AWS Lambda, "Control access to
/// Lambda function URLs".
const ACTIONS: [&str; 2] = ["lambda:InvokeFunctionUrl", "lambda:InvokeFunction"];

pub(super) struct FunctionUrl {
    at: Context,
    app: App,
    name: String,
}

impl FunctionUrl {
    pub(super) fn of(at: &Context, app: App) -> Self {
        Self {
            at: at.clone(),
            app,
            name: at.names.function(app),
        }
    }

    /// Whom it lets in at a level.
    fn auth(&self, level: Level) -> Auth {
        let signed = self.at.config.door == Door::Oac && self.at.distribution(self.app).is_some();
        match level {
            Level::LockedDown if signed => Auth::Iam,
            Level::LockedDown | Level::Created => Auth::None,
        }
    }

    /// The grants for one kind of door, by the ids of their statements.
    fn grants(&self, auth: Auth) -> [(&'static str, Grant); 2] {
        let [url, function] = ACTIONS.map(|action| Grant {
            action: action.into(),
            ..self.grantee(auth)
        });
        let url = Grant {
            url_auth: Some(auth),
            ..url
        };
        let function = Grant {
            via_url: true,
            ..function
        };
        match auth {
            Auth::None => [("public-url", url), ("public-invoke", function)],
            Auth::Iam => [("distribution-url", url), ("distribution-invoke", function)],
        }
    }

    fn grantee(&self, auth: Auth) -> Grant {
        let made = self.at.known(self.app).distribution.get();
        let arn = || made.map_or_else(|| UNKNOWN.into(), |made| made.arn);
        match auth {
            Auth::None => Grant {
                principal: "*".into(),
                ..Grant::default()
            },
            Auth::Iam => Grant {
                principal: "cloudfront.amazonaws.com".into(),
                source_arn: Some(arn()),
                ..Grant::default()
            },
        }
    }

    /// Adds what is missing; what is there in another form is replaced.
    async fn add_grants(
        &self,
        found: &BTreeMap<String, Value>,
        wanted: &BTreeMap<String, Value>,
    ) -> Result<()> {
        let functions = &self.at.cloud.functions;
        for (id, grant) in [Auth::None, Auth::Iam]
            .iter()
            .flat_map(|auth| self.grants(*auth))
        {
            let (found, wanted) = (found.get(id), wanted.get(id));
            if wanted.is_none() || found == wanted {
                continue;
            }
            if found.is_some() {
                functions.remove_grant(&self.name, id).await?;
            }
            functions.add_grant(&self.name, id, &grant).await?;
        }
        Ok(())
    }

    async fn remove_grants(&self, ids: impl Iterator<Item = &String>) -> Result<()> {
        for id in ids {
            self.at.cloud.functions.remove_grant(&self.name, id).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl Resource for FunctionUrl {
    type Spec = cloud::FunctionUrl;

    fn id(&self) -> ResourceId {
        ids::function_url(&self.at, self.app)
    }

    fn needs(&self) -> Vec<ResourceId> {
        vec![ids::function(&self.at, self.app)]
    }

    fn wanted(&self, level: Level) -> Self::Spec {
        let auth = self.auth(level);
        let live = self.at.names.live_arn(self.app);
        let statement = |(id, grant): (&str, Grant)| (id.to_owned(), grant.statement(&live));
        cloud::FunctionUrl {
            auth,
            mode: "BUFFERED".into(),
            cors: None,
            grants: self.grants(auth).map(statement).into(),
            url: String::new(),
        }
    }

    async fn observe(&self) -> Result<Option<Self::Spec>> {
        let found = self.at.cloud.functions.url(&self.name).await?;
        self.at
            .known(self.app)
            .url
            .set(found.as_ref().map(|found| found.url.clone()));
        Ok(found)
    }

    async fn apply(&self, found: Option<&Self::Spec>, wanted: &Self::Spec) -> Result<()> {
        let functions = &self.at.cloud.functions;
        let Some(found) = found else {
            // Grants of an earlier URL may still be there: they are seen as soon as this one is.
            return Ok(functions.create_url(&self.name, wanted.auth).await?);
        };
        // Who may come in by the new way can before the old one closes.
        self.add_grants(&found.grants, &wanted.grants).await?;
        if (found.auth, &found.mode, &found.cors) != (wanted.auth, &wanted.mode, &wanted.cors) {
            functions.update_url(&self.name, wanted.auth).await?;
        }
        self.remove_grants(
            found
                .grants
                .keys()
                .filter(|id| !wanted.grants.contains_key(*id)),
        )
        .await
    }

    /// Grants outlive the URL, so they go first.
    async fn delete(&self, found: &Self::Spec) -> Result<()> {
        self.remove_grants(found.grants.keys()).await?;
        Ok(self.at.cloud.functions.delete_url(&self.name).await?)
    }
}
