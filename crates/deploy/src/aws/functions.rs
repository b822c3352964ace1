//! Lambda: functions, their versions, the alias that serves, and its URL.

mod read;
mod url;
mod write;

use async_trait::async_trait;
use aws_sdk_lambda::{
    Client,
    config::{Builder, Config},
    operation::{get_alias::GetAliasOutput, get_function::GetFunctionOutput},
    primitives::Blob,
    types::{FunctionCode, InvocationType, LogType},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use futures::try_join;
use serde_json::Value;

use super::{
    connection::{Connection, patiently},
    error::{Called, found, refused},
};
use crate::{
    cloud::{
        Answer, Auth, Code, Concurrency, Configuration, Document, Function, FunctionUrl, Functions,
        Grant, Invocation, State, Tagged, Tags, Version,
    },
    names::LIVE,
};

/// Lambda in a region.
pub(super) struct Lambda {
    lambda: Client,
}

impl Lambda {
    pub(super) fn new(connection: &Connection) -> Self {
        let config = Builder::from(&connection.sdk).interceptor(connection.counter.clone());
        Self {
            lambda: Client::from_conf(config.build()),
        }
    }

    async fn get(&self, name: &str, qualifier: Option<&str>) -> Answer<GetFunctionOutput> {
        let get = self.lambda.get_function().function_name(name);
        let asked = get.set_qualifier(qualifier.map(Into::into)).send().await;
        asked.called("lambda:GetFunction")
    }

    async fn alias(&self, name: &str) -> Answer<GetAliasOutput> {
        let asked = self
            .lambda
            .get_alias()
            .function_name(name)
            .name(LIVE)
            .send()
            .await;
        asked.called("lambda:GetAlias")
    }
}

#[async_trait]
impl Tagged for Lambda {
    async fn tag(&self, name: &str, tags: &Tags) -> Answer {
        let tags = Some(tags.clone().into_iter().collect());
        let asked = self
            .lambda
            .tag_resource()
            .resource(name)
            .set_tags(tags)
            .send()
            .await;
        asked.called("lambda:TagResource").map(drop)
    }

    async fn untag(&self, name: &str, keys: &[String]) -> Answer {
        let keys = Some(keys.to_vec());
        let asked = self
            .lambda
            .untag_resource()
            .resource(name)
            .set_tag_keys(keys)
            .send()
            .await;
        asked.called("lambda:UntagResource").map(drop)
    }
}

#[async_trait]
impl Functions for Lambda {
    async fn function(&self, name: &str) -> Answer<Option<Function>> {
        let (latest, alias, live) = try_join!(
            async { found(self.get(name, None).await) },
            async { found(self.alias(name).await) },
            async { found(self.get(name, Some(LIVE)).await) },
        )?;
        Ok(latest.map(|latest| read::function(name, latest, alias.zip(live))))
    }

    async fn state(&self, name: &str) -> Answer<State> {
        let told = self.get(name, None).await?.configuration;
        let told =
            told.ok_or_else(|| refused("lambda:GetFunction", "no function in the answer"))?;
        Ok(read::state(&told))
    }

    async fn create_function(
        &self,
        name: &str,
        configuration: &Configuration,
        code: &Code,
        tags: &Tags,
    ) -> Answer {
        let zip = FunctionCode::builder()
            .s3_bucket(&code.bucket)
            .s3_key(&code.key);
        let asked = self
            .lambda
            .create_function()
            .function_name(name)
            .code(zip.build())
            .runtime(configuration.runtime.as_str().into())
            .handler(&configuration.handler)
            .architectures(configuration.architecture.as_str().into())
            .memory_size(configuration.memory_mb)
            .timeout(configuration.timeout_s)
            .ephemeral_storage(write::disk(configuration)?)
            .role(&configuration.role)
            .environment(write::environment(configuration))
            .logging_config(write::logging(configuration))
            .set_layers(Some(configuration.layers.clone()))
            .set_tags(Some(tags.clone().into_iter().collect()))
            .send()
            .await;
        asked.called("lambda:CreateFunction").map(drop)
    }

    async fn update_configuration(
        &self,
        name: &str,
        configuration: &Configuration,
        revision: Option<&str>,
    ) -> Answer {
        let asked = self
            .lambda
            .update_function_configuration()
            .function_name(name)
            .runtime(configuration.runtime.as_str().into())
            .handler(&configuration.handler)
            .memory_size(configuration.memory_mb)
            .timeout(configuration.timeout_s)
            .ephemeral_storage(write::disk(configuration)?)
            .role(&configuration.role)
            .environment(write::environment(configuration))
            .logging_config(write::logging(configuration))
            .set_layers(Some(configuration.layers.clone()))
            .set_revision_id(revision.map(Into::into))
            .send()
            .await;
        asked.called("lambda:UpdateFunctionConfiguration").map(drop)
    }

    async fn update_code(
        &self,
        name: &str,
        architecture: &str,
        code: &Code,
        revision: Option<&str>,
    ) -> Answer {
        let update = self.lambda.update_function_code().function_name(name);
        let update = update.s3_bucket(&code.bucket).s3_key(&code.key);
        let update = update.architectures(architecture.into());
        let asked = update
            .set_revision_id(revision.map(Into::into))
            .send()
            .await;
        asked.called("lambda:UpdateFunctionCode").map(drop)
    }

    async fn put_concurrency(&self, name: &str, reserved: Option<i32>) -> Answer {
        let Some(reserved) = reserved else {
            let asked = self
                .lambda
                .delete_function_concurrency()
                .function_name(name)
                .send()
                .await;
            return asked.called("lambda:DeleteFunctionConcurrency").map(drop);
        };
        let put = self.lambda.put_function_concurrency().function_name(name);
        let asked = put.reserved_concurrent_executions(reserved).send().await;
        asked.called("lambda:PutFunctionConcurrency").map(drop)
    }

    async fn concurrency(&self) -> Answer<Concurrency> {
        let asked = self.lambda.get_account_settings().send().await;
        let limit = asked.called("lambda:GetAccountSettings")?.account_limit;
        let account = limit.as_ref().map(|limit| limit.concurrent_executions);
        let unreserved = limit.and_then(|limit| limit.unreserved_concurrent_executions);
        Ok(Concurrency {
            account: account.unwrap_or_default(),
            unreserved: unreserved.unwrap_or_default(),
        })
    }

    async fn publish_version(
        &self,
        name: &str,
        code_sha256: &str,
        description: &str,
    ) -> Answer<String> {
        let publish = self.lambda.publish_version().function_name(name);
        let publish = publish
            .code_sha256(write::sha256(code_sha256))
            .description(description);
        let told = publish.send().await.called("lambda:PublishVersion")?;
        Ok(told.version.unwrap_or_default())
    }

    async fn versions(&self, name: &str) -> Answer<Vec<Version>> {
        let pages = self.lambda.list_versions_by_function().function_name(name);
        let told = pages.into_paginator().items().send();
        let told: Vec<_> = told
            .collect::<Result<_, _>>()
            .await
            .called("lambda:ListVersionsByFunction")?;
        let mut versions: Vec<_> = told.into_iter().filter_map(read::version).collect();
        versions.sort_by_key(|version| version.number);
        Ok(versions)
    }

    async fn delete_version(&self, name: &str, version: &str) -> Answer {
        let delete = self.lambda.delete_function().function_name(name);
        let asked = delete.qualifier(version).send().await;
        asked.called("lambda:DeleteFunction").map(drop)
    }

    async fn invoke(&self, name: &str, qualifier: &str, event: &Value) -> Answer<Invocation> {
        let invoke = self
            .lambda
            .invoke()
            .function_name(name)
            .qualifier(qualifier)
            .invocation_type(InvocationType::RequestResponse)
            .log_type(LogType::Tail)
            .payload(Blob::new(event.to_string()));
        let patient = Config::builder().timeout_config(patiently());
        let asked = invoke.customize().config_override(patient).send().await;
        Ok(read::invocation(asked.called("lambda:Invoke")?))
    }

    async fn create_alias(&self, name: &str, version: &str) -> Answer {
        let create = self.lambda.create_alias().function_name(name).name(LIVE);
        let asked = create.function_version(version).send().await;
        asked.called("lambda:CreateAlias").map(drop)
    }

    async fn update_alias(&self, name: &str, version: &str, revision: Option<&str>) -> Answer {
        let update = self.lambda.update_alias().function_name(name).name(LIVE);
        let update = update
            .function_version(version)
            .routing_config(write::alone());
        let asked = update
            .set_revision_id(revision.map(Into::into))
            .send()
            .await;
        asked.called("lambda:UpdateAlias").map(drop)
    }

    async fn delete_alias(&self, name: &str) -> Answer {
        let asked = self
            .lambda
            .delete_alias()
            .function_name(name)
            .name(LIVE)
            .send()
            .await;
        asked.called("lambda:DeleteAlias").map(drop)
    }

    async fn delete_function(&self, name: &str) -> Answer {
        let asked = self
            .lambda
            .delete_function()
            .function_name(name)
            .send()
            .await;
        asked.called("lambda:DeleteFunction").map(drop)
    }

    async fn url(&self, name: &str) -> Answer<Option<FunctionUrl>> {
        url::read(&self.lambda, name).await
    }

    async fn create_url(&self, name: &str, auth: Auth) -> Answer {
        url::create(&self.lambda, name, auth).await
    }

    async fn update_url(&self, name: &str, auth: Auth) -> Answer {
        url::update(&self.lambda, name, auth).await
    }

    async fn delete_url(&self, name: &str) -> Answer {
        let delete = self.lambda.delete_function_url_config().function_name(name);
        let asked = delete.qualifier(LIVE).send().await;
        asked.called("lambda:DeleteFunctionUrlConfig").map(drop)
    }

    async fn grants(&self, name: &str) -> Answer<Option<Document>> {
        url::grants(&self.lambda, name).await
    }

    async fn add_grant(&self, name: &str, id: &str, grant: &Grant) -> Answer {
        url::add_grant(&self.lambda, name, id, grant).await
    }

    async fn remove_grant(&self, name: &str, id: &str) -> Answer {
        let remove = self.lambda.remove_permission().function_name(name);
        let asked = remove.qualifier(LIVE).statement_id(id).send().await;
        asked.called("lambda:RemovePermission").map(drop)
    }
}

/// Lambda tells hashes in base64, and we in hexadecimal digits, as files are named by.
fn hexadecimal(sha256: &str) -> String {
    let bytes = BASE64_STANDARD.decode(sha256);
    bytes.map_or_else(|_| sha256.into(), hex::encode)
}
