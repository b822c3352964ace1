//! `/api/v1/sends`: create, state, change, delete, report.

use axum::{
    Json,
    extract::State as Shared,
    http::{HeaderMap, StatusCode},
};
use send_core::{
    api::sends as wire,
    body::CheckedJson,
    error::{ApiError, ErrorBody},
    extract::{self, SendAt, Shown},
};
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    State,
    parameters::{AccessToken, AnyToken, BodyDigest, OwnerToken, ReaderToken, SendPath},
};

/// The routes.
pub(crate) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::with_openapi(Tag::openapi())
        .routes(routes!(create))
        .routes(routes!(state, change, delete))
        .routes(routes!(report))
}

#[derive(OpenApi)]
#[openapi(tags((
    name = "sends",
    description = "Transfers in the encrypted format SGS1. Who asks proves it with `x-send-token`: base64url of a link token (32 \
        bytes), a reader's token (64), an owner token (32) or a claim (32). Without a right one everything answers 404. \
        PUT, POST and PATCH carry the hexadecimal SHA-256 of their body in `x-amz-content-sha256`.",
)))]
struct Tag;

/// Begins a send; the same again is answered again.
#[utoipa::path(
    post,
    path = "/api/v1/sends",
    operation_id = "create_send",
    tag = "sends",
    params(BodyDigest, AccessToken),
    request_body = wire::Create,
    responses(
        (status = 201, body = wire::Created),
        (status = 400, body = ErrorBody, description = "A field is malformed, or no padded SGS1 stream has this size"),
        (status = 401, body = ErrorBody, description = "An access token is needed"),
        (status = 409, body = ErrorBody, description = "The id is another's, or was used"),
        (status = 413, body = ErrorBody, description = "Larger than this server takes"),
    )
)]
async fn create(
    Shared(app): Shared<State>,
    headers: HeaderMap,
    CheckedJson(ask): CheckedJson<wire::Create>,
) -> Result<(StatusCode, Json<wire::Created>), ApiError> {
    let access_token = extract::text(&headers, &extract::ACCESS_TOKEN);
    let grant = app.may_send(access_token).await?;
    let created = match app.sends.created(&ask, &grant).await? {
        Some(before) => before,
        None => {
            let grant = app.may_create(access_token, Some(ask.size)).await?;
            app.sends.create(&ask, &grant).await?
        }
    };
    Ok((StatusCode::CREATED, Json(created)))
}

/// Where a send stands.
#[utoipa::path(
    get,
    path = "/api/v1/sends/{id}",
    operation_id = "send_state",
    tag = "sends",
    params(SendPath, AnyToken),
    responses(
        (status = 200, body = wire::SendState),
        (status = 400, body = ErrorBody),
        (status = 403, body = ErrorBody, description = "A reader's token with a wrong read half: `wrong_passphrase`"),
        (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "Not complete yet, and not asked by its owner"),
        (status = 410, body = ErrorBody, description = "`expired`, `exhausted`, `deleted` or `taken_down`"),
    )
)]
async fn state(
    Shared(app): Shared<State>,
    SendAt(id): SendAt,
    Shown(token): Shown,
) -> Result<Json<wire::SendState>, ApiError> {
    app.sends.state(&id, token).await.map(Json)
}

/// Changes how long a send lives and how often it may be downloaded.
#[utoipa::path(
    patch,
    path = "/api/v1/sends/{id}",
    operation_id = "change_send",
    tag = "sends",
    params(SendPath, OwnerToken, BodyDigest),
    request_body = wire::Change,
    responses(
        (status = 200, body = wire::SendState),
        (status = 400, body = ErrorBody, description = "Too long a life, or a lower or other kind of limit"),
        (status = 404, body = ErrorBody),
        (status = 410, body = ErrorBody),
    )
)]
async fn change(
    Shared(app): Shared<State>,
    SendAt(id): SendAt,
    Shown(token): Shown,
    CheckedJson(ask): CheckedJson<wire::Change>,
) -> Result<Json<wire::SendState>, ApiError> {
    app.sends.change(&id, token, &ask).await.map(Json)
}

/// Deletes a send at once, also for claims in flight.
#[utoipa::path(
    delete,
    path = "/api/v1/sends/{id}",
    operation_id = "delete_send",
    tag = "sends",
    params(SendPath, OwnerToken),
    responses(
        (status = 204),
        (status = 400, body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 410, body = ErrorBody),
    )
)]
async fn delete(
    Shared(app): Shared<State>,
    SendAt(id): SendAt,
    Shown(token): Shown,
) -> Result<StatusCode, ApiError> {
    app.sends.delete(&id, token).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Tells the operator what is wrong with a send.
#[utoipa::path(
    post,
    path = "/api/v1/sends/{id}/report",
    operation_id = "report_send",
    tag = "sends",
    params(SendPath, ReaderToken, BodyDigest),
    request_body = wire::Report,
    responses(
        (status = 202),
        (status = 400, body = ErrorBody),
        (status = 403, body = ErrorBody, description = "`wrong_passphrase`"),
        (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "Not complete yet"),
        (status = 410, body = ErrorBody),
        (status = 429, body = ErrorBody, description = "Reported often enough"),
    )
)]
async fn report(
    Shared(app): Shared<State>,
    SendAt(id): SendAt,
    Shown(token): Shown,
    CheckedJson(ask): CheckedJson<wire::Report>,
) -> Result<StatusCode, ApiError> {
    app.sends.report(&id, token, &ask).await?;
    Ok(StatusCode::ACCEPTED)
}
