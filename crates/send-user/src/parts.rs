//! `/api/v1/sends/{id}`: manifest, parts, complete, and the bytes that a claim admits to.

use axum::{
    Json,
    body::Body,
    extract::{Query, State as Shared},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use send_core::{
    api::sends as wire,
    body::{self, Checked, CheckedJson},
    error::{ApiError, ErrorBody},
    extract::{PartAt, SendAt, Shown},
    range::{self, Whole},
    sizes,
};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    State,
    parameters::{
        BodyDigest, ClaimToken, OneRange, OwnerOrClaim, OwnerToken, PartPath, ReaderToken, Sealed,
        SendPath,
    },
};

/// The routes.
pub(crate) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(put_manifest, manifest))
        .routes(routes!(put_part, part))
        .routes(routes!(received))
        .routes(routes!(complete))
        .routes(routes!(content))
        .routes(routes!(part_urls))
}

/// Stores the sealed manifest; until the send is complete a later one replaces it.
#[utoipa::path(
    put,
    path = "/api/v1/sends/{id}/manifest",
    tag = "sends",
    params(SendPath, OwnerToken, BodyDigest),
    request_body(content = inline(Sealed), content_type = "application/octet-stream", description = "A sealed manifest of at most 4,198,472 bytes"),
    responses(
        (status = 200, body = wire::ManifestStored),
        (status = 400, body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "The send is complete"),
        (status = 410, body = ErrorBody),
        (status = 413, body = ErrorBody),
    )
)]
async fn put_manifest(
    Shared(app): Shared<State>,
    SendAt(id): SendAt,
    Shown(token): Shown,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<wire::ManifestStored>, ApiError> {
    let slot = app.sends.expect_manifest(&id, token).await?;
    let digest = body::demanded_digest(&headers)?;
    let bytes = body::read_checked(body, sizes::MAX_MANIFEST, digest).await?;
    if bytes.is_empty() {
        return Err(ApiError::field("body", "must be a sealed manifest"));
    }
    app.sends
        .store_manifest(slot, bytes, digest)
        .await
        .map(Json)
}

/// The sealed manifest; reading it consumes nothing.
#[utoipa::path(
    get,
    path = "/api/v1/sends/{id}/manifest",
    tag = "sends",
    params(SendPath, ReaderToken),
    responses(
        (status = 200, content_type = "application/octet-stream"),
        (status = 400, body = ErrorBody),
        (status = 403, body = ErrorBody, description = "`wrong_passphrase`"),
        (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "Not complete yet"),
        (status = 410, body = ErrorBody),
        (status = 429, body = ErrorBody, description = "A hundred wrong passphrases today"),
    )
)]
async fn manifest(
    Shared(app): Shared<State>,
    SendAt(id): SendAt,
    Shown(token): Shown,
) -> Result<Response, ApiError> {
    let bytes = app.sends.manifest(&id, token).await?;
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response())
}

/// Stores a part; the same bytes again are answered again.
#[utoipa::path(
    put,
    path = "/api/v1/sends/{id}/parts/{part}",
    tag = "sends",
    params(PartPath, OwnerToken, BodyDigest),
    request_body(content = inline(Sealed), content_type = "application/octet-stream", description = "Exactly the bytes of this part"),
    responses(
        (status = 200, body = wire::PartStored),
        (status = 400, body = ErrorBody, description = "Another length or digest, or no such part"),
        (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "Other bytes came before, or the send is complete"),
        (status = 410, body = ErrorBody),
        (status = 413, body = ErrorBody),
        (status = 507, body = ErrorBody, description = "The storage is full"),
    )
)]
async fn put_part(
    Shared(app): Shared<State>,
    PartAt(id, part): PartAt,
    Shown(token): Shown,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<wire::PartStored>, ApiError> {
    let slot = app.sends.expect_part(&id, token, part).await?;
    let digest = body::demanded_digest(&headers)?;
    let whole = |size: u64| match size {
        _ if size == slot.size => Ok(()),
        _ => Err(ApiError::field(
            "body",
            format!("must have {} bytes, and has {size}", slot.size),
        )),
    };
    if let Some(announced) = body::announced(&body).filter(|size| *size <= sizes::FIRST_PART) {
        whole(announced)?;
    }
    let bytes = body::read_checked(body, sizes::FIRST_PART, digest).await?;
    whole(bytes.len() as u64)?;
    app.sends.store_part(slot, bytes, digest).await.map(Json)
}

/// A part, or a range of it.
#[utoipa::path(
    get,
    path = "/api/v1/sends/{id}/parts/{part}",
    tag = "sends",
    params(PartPath, ClaimToken, OneRange),
    responses(
        (status = 200, content_type = "application/octet-stream"),
        (status = 206, content_type = "application/octet-stream"),
        (status = 400, body = ErrorBody, description = "No such part"),
        (status = 404, body = ErrorBody),
        (status = 410, body = ErrorBody),
        (status = 416, body = ErrorBody),
    )
)]
async fn part(
    Shared(app): Shared<State>,
    PartAt(id, part): PartAt,
    Shown(token): Shown,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let part = app.sends.part(&id, token, part).await?;
    let etag = part.etag();
    let whole = Whole {
        size: part.size,
        etag: &etag,
    };
    let range = range::asked(&headers, &whole)?;
    let blob = part.open(range.clone()).await?;
    Ok(range::answer(&whole, range, blob.stream))
}

/// Where a page of received parts begins.
#[derive(Deserialize)]
struct After {
    after: Option<u32>,
}

/// Which parts have arrived.
#[utoipa::path(
    get,
    path = "/api/v1/sends/{id}/parts",
    tag = "sends",
    params(
        SendPath,
        ("after" = Option<u32>, Query, description = "The last part of the page before", maximum = 65535),
        OwnerToken,
    ),
    responses(
        (status = 200, body = wire::Received),
        (status = 400, body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 410, body = ErrorBody),
    )
)]
async fn received(
    Shared(app): Shared<State>,
    SendAt(id): SendAt,
    Shown(token): Shown,
    after: Result<Query<After>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<wire::Received>, ApiError> {
    let after = after.ok().map(|Query(After { after })| after);
    let after = after.filter(|after| after.is_none_or(|part| u64::from(part) < sizes::MAX_PARTS));
    let after = after.ok_or_else(|| {
        let last = sizes::MAX_PARTS - 1;
        ApiError::field("after", format!("must be a number from 0 to {last}"))
    })?;
    app.sends.received(&id, token, after).await.map(Json)
}

/// Completes a send: everything is there, or the answer says what is missing.
#[utoipa::path(
    post,
    path = "/api/v1/sends/{id}/complete",
    operation_id = "complete_send",
    tag = "sends",
    params(SendPath, OwnerToken, BodyDigest),
    responses(
        (status = 200, body = wire::SendState),
        (status = 400, body = ErrorBody),
        (status = 401, body = ErrorBody, description = "The access token that it began with was revoked"),
        (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`missing` says what has not arrived"),
        (status = 410, body = ErrorBody),
    )
)]
async fn complete(
    Shared(app): Shared<State>,
    SendAt(id): SendAt,
    Shown(token): Shown,
    _: Checked,
) -> Result<Json<wire::SendState>, ApiError> {
    app.sends.complete(&id, token).await.map(Json)
}

/// The whole stored stream, or a range of it.
#[utoipa::path(
    get,
    path = "/api/v1/sends/{id}/content",
    tag = "sends",
    params(SendPath, ClaimToken, OneRange),
    responses(
        (status = 200, content_type = "application/octet-stream"),
        (status = 206, content_type = "application/octet-stream"),
        (status = 400, body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 410, body = ErrorBody),
        (status = 413, body = ErrorBody, description = "More than one answer carries, on AWS Lambda"),
        (status = 416, body = ErrorBody),
    )
)]
async fn content(
    Shared(app): Shared<State>,
    SendAt(id): SendAt,
    Shown(token): Shown,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let content = app.sends.content(&id, token).await?;
    let etag = content.etag();
    let whole = Whole {
        size: content.size(),
        etag: &etag,
    };
    let range = range::asked(&headers, &whole)?;
    app.config.room().check(&whole, range.as_ref(), || {
        format!("Read the parts, /api/v1/sends/{id}/parts/0 and on, or ask for a range of bytes.")
    })?;
    let bytes = content.open(range.clone().unwrap_or(0..whole.size));
    Ok(range::answer(&whole, range, bytes))
}

/// URLs that lead straight to the storage: for the owner to send parts, for a claim to read them.
#[utoipa::path(
    post,
    path = "/api/v1/sends/{id}/part-urls",
    tag = "sends",
    params(
        SendPath,
        OwnerOrClaim,
        BodyDigest,
    ),
    request_body = wire::AskUrls,
    responses(
        (status = 200, body = wire::PartUrls),
        (status = 400, body = ErrorBody, description = "No such part, or this storage signs no URLs: use the service"),
        (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "The send is complete, or not yet"),
        (status = 410, body = ErrorBody),
    )
)]
async fn part_urls(
    Shared(app): Shared<State>,
    SendAt(id): SendAt,
    Shown(token): Shown,
    CheckedJson(ask): CheckedJson<wire::AskUrls>,
) -> Result<Json<wire::PartUrls>, ApiError> {
    app.sends.part_urls(&id, token, &ask).await.map(Json)
}
