//! The URL of the alias that serves, and who may use it.

use aws_sdk_lambda::{
    Client,
    operation::get_function_url_config::GetFunctionUrlConfigOutput,
    types::{Cors, FunctionUrlAuthType, InvokeMode},
};
use futures::try_join;

use super::{Called, LIVE, found, refused};
use crate::cloud::{Answer, Auth, CorsRule, Document, FunctionUrl, Grant, SCHEDULE_GRANT};

/// The URL, if it is there, and its grants.
pub(super) async fn read(lambda: &Client, name: &str) -> Answer<Option<FunctionUrl>> {
    let get = lambda
        .get_function_url_config()
        .function_name(name)
        .qualifier(LIVE);
    let url = async { found(get.send().await.called("lambda:GetFunctionUrlConfig")) };
    let (url, grants) = try_join!(url, grants(lambda, name))?;
    Ok(url.map(|url| spec(url, grants)))
}

fn spec(told: GetFunctionUrlConfigOutput, grants: Option<Document>) -> FunctionUrl {
    let mut grants = grants.map(|policy| policy.statements).unwrap_or_default();
    // It belongs to the schedule.
    grants.remove(SCHEDULE_GRANT);
    FunctionUrl {
        auth: match told.auth_type {
            FunctionUrlAuthType::None => Auth::None,
            _ => Auth::Iam,
        },
        mode: told
            .invoke_mode
            .map_or("BUFFERED".into(), |mode| mode.as_str().into()),
        cors: told.cors.and_then(rules),
        grants,
        url: told.function_url,
    }
}

/// Rules that say nothing are none.
fn rules(told: Cors) -> Option<CorsRule> {
    if told == Cors::builder().build() {
        return None;
    }
    Some(CorsRule {
        origins: told.allow_origins.unwrap_or_default(),
        methods: told.allow_methods.unwrap_or_default(),
        headers: told.allow_headers.unwrap_or_default(),
        exposed: told.expose_headers.unwrap_or_default(),
        max_age: told.max_age,
    })
}

pub(super) async fn create(lambda: &Client, name: &str, auth: Auth) -> Answer {
    let create = lambda.create_function_url_config().function_name(name);
    let create = create.qualifier(LIVE).auth_type(spelt(auth));
    let asked = create.invoke_mode(InvokeMode::Buffered).send().await;
    asked.called("lambda:CreateFunctionUrlConfig").map(drop)
}

pub(super) async fn update(lambda: &Client, name: &str, auth: Auth) -> Answer {
    let update = lambda.update_function_url_config().function_name(name);
    let update = update.qualifier(LIVE).auth_type(spelt(auth));
    // What is left out stays: rules that say nothing replace those that are there.
    let update = update.cors(Cors::builder().build());
    let asked = update.invoke_mode(InvokeMode::Buffered).send().await;
    asked.called("lambda:UpdateFunctionUrlConfig").map(drop)
}

/// The policy of the alias; one without statements is none.
pub(super) async fn grants(lambda: &Client, name: &str) -> Answer<Option<Document>> {
    let asked = lambda
        .get_policy()
        .function_name(name)
        .qualifier(LIVE)
        .send()
        .await;
    let told = found(asked.called("lambda:GetPolicy"))?;
    let text = told.and_then(|told| told.policy);
    let policy = text.map(|text| Document::parse(&text)).transpose();
    let policy = policy.map_err(|why| {
        refused(
            "lambda:GetPolicy",
            format!("a policy that cannot be read: {why}"),
        )
    })?;
    Ok(policy.filter(|policy| !policy.statements.is_empty()))
}

pub(super) async fn add_grant(lambda: &Client, name: &str, id: &str, grant: &Grant) -> Answer {
    let asked = lambda
        .add_permission()
        .function_name(name)
        .qualifier(LIVE)
        .statement_id(id)
        .action(&grant.action)
        .principal(&grant.principal)
        .set_source_arn(grant.source_arn.clone())
        .set_function_url_auth_type(grant.url_auth.map(spelt))
        .set_invoked_via_function_url(grant.via_url.then_some(true))
        .send()
        .await;
    asked.called("lambda:AddPermission").map(drop)
}

const fn spelt(auth: Auth) -> FunctionUrlAuthType {
    match auth {
        Auth::None => FunctionUrlAuthType::None,
        Auth::Iam => FunctionUrlAuthType::AwsIam,
    }
}
