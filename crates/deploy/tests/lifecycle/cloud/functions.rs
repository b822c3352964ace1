//! AWS Lambda, call by call. What the calls do: [`super::lambda`], [`super::versions`], [`super::urls`].

use async_trait::async_trait;
use deploy::cloud::{
    self, Answer, Auth, Code, Concurrency, Configuration, Document, FunctionUrl, Grant, Invocation,
    State as Readiness, Tagged, Tags, Version,
};
use serde_json::Value;

use super::{
    lambda::{self, Function},
    limits,
    place::Place,
    refusal::{Done, conflict},
    running,
    state::State,
    urls, versions,
};

pub(super) struct Functions(pub(super) Place);

impl Functions {
    async fn look<T>(
        &self,
        call: &'static str,
        name: &str,
        look: impl Fn(&mut Function) -> Done<T> + Send + Sync,
    ) -> Answer<T> {
        let work = |state: &mut State| look(self.0.region(state).function(name)?);
        self.0.read(call, name, work).await
    }

    async fn change(
        &self,
        call: &'static str,
        name: &str,
        change: impl Fn(&mut Function) -> Done + Send + Sync,
    ) -> Answer {
        let work = |state: &mut State| change(self.0.region(state).function(name)?);
        self.0.write(call, name, work).await
    }

    async fn with(
        &self,
        call: &'static str,
        name: &str,
        work: impl Fn(&Place, &mut State) -> Done + Send + Sync,
    ) -> Answer {
        self.0.write(call, name, |state| work(&self.0, state)).await
    }

    /// The name in an ARN of ours.
    fn named<'a>(&self, arn: &'a str) -> &'a str {
        let start = self.0.arn("lambda", "function:");
        arn.strip_prefix(&start).unwrap_or("?")
    }
}

/// What a look at something that is not there tells.
fn maybe<T>(answer: Answer<Option<T>>) -> Answer<Option<T>> {
    match answer {
        Err(error) if error.kind == cloud::Kind::NotFound => Ok(None),
        other => other,
    }
}

#[async_trait]
impl cloud::Functions for Functions {
    async fn function(&self, name: &str) -> Answer<Option<cloud::Function>> {
        let told = maybe(
            self.look("lambda:GetFunction", name, |one| Ok(Some(one.told())))
                .await,
        )?;
        if let Some(function) = &told {
            self.0.also(&["lambda:GetAlias"], name).await?;
            let frozen = ["lambda:GetFunctionConfiguration"];
            self.0
                .also(&frozen[..usize::from(function.live.is_some())], name)
                .await?;
        }
        Ok(told)
    }

    async fn state(&self, name: &str) -> Answer<Readiness> {
        self.look("lambda:GetFunctionConfiguration", name, |one| {
            Ok(one.readiness())
        })
        .await
    }

    async fn create_function(
        &self,
        name: &str,
        wanted: &Configuration,
        code: &Code,
        tags: &Tags,
    ) -> Answer {
        self.with("lambda:CreateFunction", name, |place, state| {
            lambda::create(place, state, name, wanted, code, tags)
        })
        .await
    }

    async fn update_configuration(
        &self,
        name: &str,
        wanted: &Configuration,
        revision: Option<&str>,
    ) -> Answer {
        self.with(
            "lambda:UpdateFunctionConfiguration",
            name,
            |place, state| lambda::configure(place, state, name, wanted, revision),
        )
        .await
    }

    async fn update_code(
        &self,
        name: &str,
        architecture: &str,
        code: &Code,
        revision: Option<&str>,
    ) -> Answer {
        self.with("lambda:UpdateFunctionCode", name, |place, state| {
            lambda::replace(place, state, name, architecture, code, revision)
        })
        .await
    }

    async fn put_concurrency(&self, name: &str, reserved: Option<i32>) -> Answer {
        let call = match reserved {
            Some(_) => "lambda:PutFunctionConcurrency",
            None => "lambda:DeleteFunctionConcurrency",
        };
        self.with(call, name, |place, state| {
            limits::reserve(place, state, name, reserved)
        })
        .await
    }

    async fn concurrency(&self) -> Answer<Concurrency> {
        let look = |state: &mut State| {
            let account = state.settings.concurrency;
            let reserved: i32 = self
                .0
                .region(state)
                .functions
                .values()
                .filter_map(|one| one.concurrency)
                .sum();
            Ok(Concurrency {
                account,
                unreserved: account - reserved,
            })
        };
        self.0
            .read("lambda:GetAccountSettings", &self.0.account, look)
            .await
    }

    async fn publish_version(
        &self,
        name: &str,
        code_sha256: &str,
        description: &str,
    ) -> Answer<String> {
        let publish =
            |state: &mut State| versions::publish(&self.0, state, name, code_sha256, description);
        self.0.write("lambda:PublishVersion", name, publish).await
    }

    async fn versions(&self, name: &str) -> Answer<Vec<Version>> {
        self.look("lambda:ListVersionsByFunction", name, |one| {
            Ok(one.told_versions())
        })
        .await
    }

    async fn delete_version(&self, name: &str, version: &str) -> Answer {
        self.change("lambda:DeleteFunction", name, |one| {
            one.delete_version(version)
        })
        .await
    }

    async fn invoke(&self, name: &str, qualifier: &str, event: &Value) -> Answer<Invocation> {
        let invoke = |state: &mut State| running::invoke(&self.0, state, name, qualifier, event);
        self.0.write("lambda:InvokeFunction", name, invoke).await
    }

    async fn create_alias(&self, name: &str, version: &str) -> Answer {
        self.with("lambda:CreateAlias", name, |place, state| {
            versions::alias(place, state, name, version)
        })
        .await
    }

    async fn update_alias(&self, name: &str, version: &str, revision: Option<&str>) -> Answer {
        self.with("lambda:UpdateAlias", name, |place, state| {
            versions::point(place, state, name, version, revision)
        })
        .await
    }

    async fn delete_alias(&self, name: &str) -> Answer {
        self.change("lambda:DeleteAlias", name, |one| match &one.url {
            Some(_) => Err(conflict(
                "ResourceConflictException",
                "the alias has a function URL",
            )),
            None => {
                one.live = None;
                Ok(())
            }
        })
        .await
    }

    async fn delete_function(&self, name: &str) -> Answer {
        self.with("lambda:DeleteFunction", name, |place, state| {
            let region = place.region(state);
            region.function(name)?.idle()?;
            region.functions.remove(name);
            Ok(())
        })
        .await
    }

    async fn url(&self, name: &str) -> Answer<Option<FunctionUrl>> {
        let look = |one: &mut Function| Ok(one.told_url());
        let url = maybe(self.look("lambda:GetFunctionUrlConfig", name, look).await)?;
        self.0.also(&["lambda:GetPolicy"], name).await?;
        Ok(url)
    }

    async fn create_url(&self, name: &str, auth: Auth) -> Answer {
        self.with("lambda:CreateFunctionUrlConfig", name, |place, state| {
            urls::create(place, state, name, auth)
        })
        .await
    }

    async fn update_url(&self, name: &str, auth: Auth) -> Answer {
        self.with("lambda:UpdateFunctionUrlConfig", name, |place, state| {
            urls::update(place, state, name, auth)
        })
        .await
    }

    async fn delete_url(&self, name: &str) -> Answer {
        self.with("lambda:DeleteFunctionUrlConfig", name, |place, state| {
            urls::delete(place, state, name)
        })
        .await
    }

    async fn grants(&self, name: &str) -> Answer<Option<Document>> {
        maybe(
            self.look("lambda:GetPolicy", name, |one| Ok(one.policy()))
                .await,
        )
    }

    async fn add_grant(&self, name: &str, id: &str, grant: &Grant) -> Answer {
        self.with("lambda:AddPermission", name, |place, state| {
            urls::grant(place, state, name, id, grant)
        })
        .await
    }

    async fn remove_grant(&self, name: &str, id: &str) -> Answer {
        self.with("lambda:RemovePermission", name, |place, state| {
            urls::revoke(place, state, name, id)
        })
        .await
    }
}

#[async_trait]
impl Tagged for Functions {
    async fn tag(&self, arn: &str, tags: &Tags) -> Answer {
        self.change("lambda:TagResource", self.named(arn), |one| {
            one.tags.extend(tags.clone());
            Ok(())
        })
        .await
    }

    async fn untag(&self, arn: &str, keys: &[String]) -> Answer {
        self.change("lambda:UntagResource", self.named(arn), |one| {
            one.tags.retain(|key, _| !keys.contains(key));
            Ok(())
        })
        .await
    }
}
