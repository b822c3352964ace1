//! Access tokens: the original's routes, with secrets, quotas and pages beside them.

use axum::{Json, extract::State as Shared};
use send_core::{
    api::{tokens as wire, transfers::TokenUse},
    audit::{Action, Details, Subject},
    body,
    error::{ApiError, ErrorBody},
    extract::Asked,
    tokens::{AccessToken, Status, TokenName, TokenSecret, Unusable},
};
use serde_json::json;
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    State,
    auth::Admin,
    parameters::{NameAt, Page, TokenAt, TokenPath},
};

/// Tokens on a page, at most.
const PAGE: usize = 100;
/// Bytes of what a token's maker may note.
const MOST_METADATA: usize = 4_096;
/// Characters of who asks for a token.
const LONGEST_MAKER: usize = 128;

/// The routes.
pub(crate) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::with_openapi(Tag::openapi())
        .routes(routes!(create))
        .routes(routes!(lookup))
        .routes(routes!(use_once))
        .routes(routes!(revoke))
        .routes(routes!(update_limit))
        .routes(routes!(reactivate))
        .routes(routes!(list))
        .routes(routes!(list_details))
}

#[derive(OpenApi)]
#[openapi(tags((
    name = "tokens",
    description = "Access tokens: who may send, how often, how much, for how long. Clients show the token's name, or its secret if it has one.",
)))]
struct Tag;

/// Makes a token.
#[utoipa::path(
    post,
    path = "/tokens/create",
    tag = "tokens",
    request_body = wire::CreateToken,
    responses(
        (status = 200, body = wire::TokenCreated),
        (status = 400, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "There is a token of this name"),
        (status = 413, body = ErrorBody),
    )
)]
async fn create(
    Shared(app): Shared<State>,
    admin: Admin,
    body::Json(ask): body::Json<wire::CreateToken>,
) -> Result<Json<wire::TokenCreated>, ApiError> {
    check(&ask)?;
    if app.tokens.find(&ask.token_name).await?.is_some() {
        return Err(ApiError::Conflict("There is a token of this name."));
    }
    let id = ask.token_name.id();
    let secret = ask.secret.then(|| TokenSecret::random(&id));
    let mut token = AccessToken::new(ask.token_name, app.clock.now());
    token.limit(ask.usage_limit);
    token.created_by = ask.created_by;
    token.metadata = ask.metadata;
    token.secret = secret.as_ref().map(TokenSecret::hash);
    token.bytes_limit = ask.bytes_limit;
    token.max_age_s = ask.max_age_s;
    let created = wire::TokenCreated {
        cache_id: id.to_string(),
        token_name: token.token_name.to_string(),
        secret: secret.map(|secret| secret.reveal()),
    };
    let (action, subject, details) = (Action::TokenCreated, Subject::Token(id), allowed(&token));
    let (audit, by) = (app.audit, admin.by());
    let change = async move { app.tokens.create(&token).await };
    audit.record(by, action, subject, details, change).await?;
    Ok(Json(created))
}

/// What the audit log says of what a token allows.
fn allowed(token: &AccessToken) -> Details {
    let details = [
        ("usage_limit", json!(token.usage_limit)),
        ("bytes_limit", json!(token.bytes_limit)),
        ("max_age_s", json!(token.max_age_s)),
    ];
    details.map(|(name, value)| (name.to_owned(), value)).into()
}

impl State {
    /// Changes a token, which the audit log tells of before.
    async fn change(
        &self,
        admin: &Admin,
        name: &TokenName,
        action: Action,
        change: impl Fn(&mut AccessToken) + Send + Sync + 'static,
    ) -> Result<AccessToken, ApiError> {
        let mut token = self.tokens.find(name).await?.ok_or(ApiError::NotFound)?;
        change(&mut token);
        let (subject, details) = (Subject::Token(name.id()), allowed(&token));
        let (tokens, name) = (self.tokens.clone(), name.clone());
        let change = async move { tokens.change(&name, change).await };
        self.audit
            .record(admin.by(), action, subject, details, change)
            .await
    }
}

fn check(ask: &wire::CreateToken) -> Result<(), ApiError> {
    if ask.created_by.chars().count() > LONGEST_MAKER {
        let reason = format!("must have at most {LONGEST_MAKER} characters");
        return Err(ApiError::field("created_by", reason));
    }
    let metadata = serde_json::to_vec(&ask.metadata).map_err(ApiError::internal)?;
    if metadata.len() > MOST_METADATA {
        let reason = format!("must have at most {MOST_METADATA} bytes");
        return Err(ApiError::field("metadata", reason));
    }
    Ok(())
}

/// A token.
#[utoipa::path(
    get,
    path = "/tokens/lookup/{name}",
    tag = "tokens",
    params(TokenPath),
    responses((status = 200, body = wire::Token), (status = 404, body = ErrorBody))
)]
async fn lookup(
    Shared(app): Shared<State>,
    TokenAt(name): TokenAt,
) -> Result<Json<wire::Token>, ApiError> {
    let token = app.tokens.find(&name).await?.ok_or(ApiError::NotFound)?;
    Ok(Json(token.into()))
}

/// Uses a token once. That it cannot be used is told, and is no error.
#[utoipa::path(
    post,
    path = "/tokens/use/{name}",
    tag = "tokens",
    params(("name" = String, Path, description = "The token's name; what can be none is not found")),
    request_body = Option<wire::UseToken>,
    responses((status = 200, body = TokenUse), (status = 400, body = ErrorBody))
)]
async fn use_once(
    Shared(app): Shared<State>,
    NameAt(name): NameAt,
    body::Json(_): body::Json<wire::UseToken>,
) -> Result<Json<TokenUse>, ApiError> {
    let spent = match name {
        Some(name) => app.tokens.spend(&name).await?,
        None => Err(Unusable::NotFound),
    };
    Ok(Json(TokenUse::of(spent)))
}

/// Takes a token out of use, at once and everywhere.
#[utoipa::path(
    post,
    path = "/tokens/revoke/{name}",
    tag = "tokens",
    params(TokenPath),
    responses((status = 200, body = wire::TokenRevoked), (status = 404, body = ErrorBody))
)]
async fn revoke(
    Shared(app): Shared<State>,
    admin: Admin,
    TokenAt(name): TokenAt,
) -> Result<Json<wire::TokenRevoked>, ApiError> {
    let action = Action::TokenRevoked;
    app.change(&admin, &name, action, AccessToken::revoke)
        .await?;
    Ok(Json(wire::TokenRevoked {
        status: Status::Revoked,
        token_name: name.to_string(),
    }))
}

/// Changes the limits of a token: one that was used up can be used again as far as the new ones allow.
#[utoipa::path(
    post,
    path = "/tokens/update-limit/{name}",
    tag = "tokens",
    params(TokenPath),
    request_body = wire::UpdateLimit,
    responses((status = 200, body = wire::Token), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody))
)]
async fn update_limit(
    Shared(app): Shared<State>,
    admin: Admin,
    TokenAt(name): TokenAt,
    body::Json(ask): body::Json<wire::UpdateLimit>,
) -> Result<Json<wire::Token>, ApiError> {
    let change = move |token: &mut AccessToken| {
        token.limit(ask.usage_limit);
        token.bytes_limit = ask.bytes_limit.unwrap_or(token.bytes_limit);
        token.max_age_s = ask.max_age_s.unwrap_or(token.max_age_s);
    };
    let action = Action::TokenLimitChanged;
    let token = app.change(&admin, &name, action, change).await?;
    Ok(Json(token.into()))
}

/// Puts a revoked token into use again, as far as its limits allow.
#[utoipa::path(
    post,
    path = "/tokens/reactivate/{name}",
    tag = "tokens",
    params(TokenPath),
    responses((status = 200, body = wire::Token), (status = 404, body = ErrorBody))
)]
async fn reactivate(
    Shared(app): Shared<State>,
    admin: Admin,
    TokenAt(name): TokenAt,
) -> Result<Json<wire::Token>, ApiError> {
    let action = Action::TokenReactivated;
    let token = app
        .change(&admin, &name, action, AccessToken::reactivate)
        .await?;
    Ok(Json(token.into()))
}

/// The names of all tokens, in pages.
#[utoipa::path(
    get,
    path = "/tokens/list",
    tag = "tokens",
    params(Page),
    responses((status = 200, body = wire::TokenNames), (status = 400, body = ErrorBody))
)]
async fn list(
    Shared(app): Shared<State>,
    Asked(page): Asked<Page>,
) -> Result<Json<wire::TokenNames>, ApiError> {
    let (tokens, next) = tokens(&app, &page).await?;
    let name = |token: AccessToken| token.token_name.to_string();
    Ok(Json(wire::TokenNames {
        token_names: tokens.into_iter().map(name).collect(),
        next,
    }))
}

/// All tokens, in pages.
#[utoipa::path(
    get,
    path = "/tokens/list-details",
    tag = "tokens",
    params(Page),
    responses((status = 200, body = wire::TokenPage), (status = 400, body = ErrorBody))
)]
async fn list_details(
    Shared(app): Shared<State>,
    Asked(page): Asked<Page>,
) -> Result<Json<wire::TokenPage>, ApiError> {
    let (tokens, next) = tokens(&app, &page).await?;
    Ok(Json(wire::TokenPage {
        tokens: tokens.into_iter().map(Into::into).collect(),
        next,
    }))
}

async fn tokens(app: &State, page: &Page) -> Result<(Vec<AccessToken>, Option<String>), ApiError> {
    let after = page.after()?;
    let limit = page.limit(PAGE, PAGE)?;
    let (tokens, next) = app.tokens.page(after.as_ref(), limit).await?;
    Ok((tokens, next.map(|id| id.to_string())))
}
