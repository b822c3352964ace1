//! `/api/v1/sends/{id}`: claims, each of which is one download.

use axum::{Json, extract::State as Shared, http::StatusCode};
use send_core::{
    api::sends as wire,
    body::CheckedJson,
    error::{ApiError, ErrorBody},
    extract::{SendAt, Shown},
    secret::Token,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    State,
    parameters::{BodyDigest, ClaimToken, ReaderToken, SendPath},
};

/// The routes.
pub(crate) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(claim))
        .routes(routes!(finish))
}

/// Takes one download, exactly; the same claim again is answered again and takes none.
#[utoipa::path(
    post,
    path = "/api/v1/sends/{id}/claims",
    tag = "sends",
    params(SendPath, ReaderToken, BodyDigest),
    request_body = wire::Claim,
    responses(
        (status = 200, body = wire::Claimed),
        (status = 400, body = ErrorBody),
        (status = 403, body = ErrorBody, description = "`wrong_passphrase`"),
        (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "Not complete yet"),
        (status = 410, body = ErrorBody, description = "None left, or this claim is over, or the send is gone"),
        (status = 429, body = ErrorBody, description = "A hundred wrong passphrases today"),
    )
)]
async fn claim(
    Shared(app): Shared<State>,
    SendAt(id): SendAt,
    Shown(token): Shown,
    CheckedJson(ask): CheckedJson<wire::Claim>,
) -> Result<Json<wire::Claimed>, ApiError> {
    let claim = Token::parse(&ask.claim)
        .ok_or_else(|| ApiError::field("claim", "must be 32 bytes in base64url without padding"))?;
    app.sends.claim(&id, token, &claim).await.map(Json)
}

/// Ends a claim: its holder has everything.
#[utoipa::path(
    delete,
    path = "/api/v1/sends/{id}/claim",
    operation_id = "finish_claim",
    tag = "sends",
    params(SendPath, ClaimToken),
    responses(
        (status = 204),
        (status = 400, body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 410, body = ErrorBody),
    )
)]
async fn finish(
    Shared(app): Shared<State>,
    SendAt(id): SendAt,
    Shown(token): Shown,
) -> Result<StatusCode, ApiError> {
    app.sends.finish_claim(&id, token).await?;
    Ok(StatusCode::NO_CONTENT)
}
