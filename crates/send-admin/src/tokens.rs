//! Access tokens: the original's routes, with secrets, quotas and pages beside them.

use axum::{
    Json,
    extract::{Path, State as Shared},
};
use send_core::{
    api::{tokens as wire, transfers::TokenUse},
    body,
    error::{ApiError, ErrorBody},
    tokens::{AccessToken, InvalidName, Status, TokenSecret, Unusable},
};
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    State,
    parameters::{Page, TokenAt, TokenPath},
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
    body::Json(ask): body::Json<wire::CreateToken>,
) -> Result<Json<wire::TokenCreated>, ApiError> {
    check(&ask)?;
    let id = ask.token_name.id();
    let secret = ask.secret.then(|| TokenSecret::random(&id));
    let mut token = AccessToken::new(ask.token_name, app.clock.now());
    token.limit(ask.usage_limit);
    token.created_by = ask.created_by;
    token.metadata = ask.metadata;
    token.secret = secret.as_ref().map(TokenSecret::hash);
    token.bytes_limit = ask.bytes_limit;
    token.max_age_s = ask.max_age_s;
    app.tokens.create(&token).await?;
    Ok(Json(wire::TokenCreated {
        cache_id: id.to_string(),
        token_name: token.token_name.to_string(),
        secret: secret.map(|secret| secret.reveal()),
    }))
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
    Path(name): Path<String>,
    body::Json(_): body::Json<wire::UseToken>,
) -> Result<Json<TokenUse>, ApiError> {
    let spent = match name.parse() {
        Ok(name) => app.tokens.spend(&name).await?,
        Err(InvalidName) => Err(Unusable::NotFound),
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
    TokenAt(name): TokenAt,
) -> Result<Json<wire::TokenRevoked>, ApiError> {
    app.tokens.change(&name, AccessToken::revoke).await?;
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
    TokenAt(name): TokenAt,
    body::Json(ask): body::Json<wire::UpdateLimit>,
) -> Result<Json<wire::Token>, ApiError> {
    let change = move |token: &mut AccessToken| {
        token.limit(ask.usage_limit);
        token.bytes_limit = ask.bytes_limit.unwrap_or(token.bytes_limit);
        token.max_age_s = ask.max_age_s.unwrap_or(token.max_age_s);
    };
    let token = app.tokens.change(&name, change).await?;
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
    TokenAt(name): TokenAt,
) -> Result<Json<wire::Token>, ApiError> {
    let token = app.tokens.change(&name, AccessToken::reactivate).await?;
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
async fn list(Shared(app): Shared<State>, page: Page) -> Result<Json<wire::TokenNames>, ApiError> {
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
    page: Page,
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
