//! The original's questions about access tokens.

use axum::{
    Extension, Json,
    extract::{Path, State as Shared},
    http::HeaderValue,
};
use send_core::{
    api::transfers as wire,
    error::{ApiError, WrongToken},
    tokens::Unusable,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{State, original};

/// An answer, with the mark of a wrong token where there is none such: a guess is answered 200 here.
type Answer<T> = (Option<Extension<WrongToken>>, Json<T>);

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
) -> Result<Answer<wire::TokenCheck>, ApiError> {
    let found = app.tokens.shown(&name).await?;
    let wrong = found.is_none().then_some(Extension(WrongToken));
    let check = match found {
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
    };
    Ok((wrong, Json(check)))
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
) -> Result<Answer<wire::TokenUse>, ApiError> {
    let spent = app.tokens.spend_shown(&name).await?;
    let wrong = matches!(spent, Err(Unusable::NotFound)).then_some(Extension(WrongToken));
    Ok((wrong, Json(wire::TokenUse::of(spent))))
}
