//! The original's questions about access tokens.

use axum::{
    Json,
    extract::{Path, State as Shared},
    http::HeaderValue,
};
use send_core::{api::transfers as wire, error::ApiError};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{State, original};

/// The routes.
pub(crate) fn routes(origins: &[HeaderValue]) -> OpenApiRouter<State> {
    let routes = OpenApiRouter::new()
        .routes(routes!(check_token))
        .routes(routes!(validate_token));
    original::rules(routes, origins)
}

/// Whether an access token can be used; counts nothing.
#[utoipa::path(
    get,
    path = "/api/transfers/check-token/{name}",
    tag = "transfers",
    params(("name" = String, Path, description = "The token")),
    responses((status = 200, body = wire::TokenCheck))
)]
async fn check_token(
    Shared(app): Shared<State>,
    Path(name): Path<String>,
) -> Result<Json<wire::TokenCheck>, ApiError> {
    Ok(Json(match app.tokens.shown(&name).await? {
        None => wire::TokenCheck {
            valid: false,
            status: None,
            remaining: None,
            reason: Some("not_found"),
        },
        Some(token) => wire::TokenCheck {
            valid: token.unusable().is_none(),
            status: Some(token.status),
            remaining: Some(token.remaining()),
            reason: None,
        },
    }))
}

/// Uses an access token once.
#[utoipa::path(
    post,
    path = "/api/transfers/validate-token/{name}",
    tag = "transfers",
    params(("name" = String, Path, description = "The token")),
    responses((status = 200, body = wire::TokenUse))
)]
async fn validate_token(
    Shared(app): Shared<State>,
    Path(name): Path<String>,
) -> Result<Json<wire::TokenUse>, ApiError> {
    Ok(Json(wire::TokenUse::of(
        app.tokens.spend_shown(&name).await?,
    )))
}
