//! What admins did, read and verified.

use axum::{
    Json,
    extract::State as Shared,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use send_core::{
    api::audit as wire,
    audit::{EXPORTED, PAGE},
    error::{ApiError, ErrorBody},
    extract::Asked,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{State, parameters::within};

/// Tells where an export goes on: the next `since`.
const NEXT: HeaderName = HeaderName::from_static("x-send-next");

/// Entries of a page that asks for no number.
const USUAL: u64 = 50;

/// The routes.
pub(crate) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(audit_entries))
        .routes(routes!(audit_export))
        .routes(routes!(audit_verify))
}

/// Which page of the log.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Which {
    /// Entries with smaller numbers, newest first. Without it and without `since`: the newest.
    before: Option<u64>,
    /// Entries from this number on, oldest first.
    since: Option<u64>,
    /// How many: 1 to 100, usually 50.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u64>,
}

/// The log by pages: newest first, or oldest first from a number on.
#[utoipa::path(
    get,
    path = "/audit",
    tag = "audit",
    params(Which),
    responses((status = 200, body = wire::Entries), (status = 400, body = ErrorBody))
)]
async fn audit_entries(
    Shared(app): Shared<State>,
    Asked(ask): Asked<Which>,
) -> Result<Json<wire::Entries>, ApiError> {
    let limit = within("limit", ask.limit, USUAL, PAGE)?;
    let entries = match (ask.before, ask.since) {
        (before, None) => app.audit.page(before, limit).await?,
        (None, Some(since)) => app.audit.since(since, limit).await?,
        (Some(_), Some(_)) => {
            return Err(ApiError::field(
                "since",
                "cannot be given together with before",
            ));
        }
    };
    Ok(Json(entries))
}

/// Where an export begins.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Since {
    /// The first number.
    #[serde(default)]
    #[param(required = false, default = 0)]
    since: u64,
}

/// At most 1,000 entries, oldest first, one a line.
#[utoipa::path(
    get,
    path = "/audit/export",
    tag = "audit",
    params(Since),
    responses(
        (
            status = 200,
            body = String,
            content_type = "application/x-ndjson",
            headers(("x-send-next" = u64, description = "The next `since`, where there is more")),
        ),
        (status = 400, body = ErrorBody),
    )
)]
async fn audit_export(
    Shared(app): Shared<State>,
    Asked(ask): Asked<Since>,
) -> Result<Response, ApiError> {
    let page = app.audit.since(ask.since, EXPORTED).await?;
    let mut lines = Vec::new();
    for entry in &page.entries {
        serde_json::to_writer(&mut lines, entry).map_err(ApiError::internal)?;
        lines.push(b'\n');
    }
    let mut headers = HeaderMap::new();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/x-ndjson"),
    );
    if let Some(next) = page.next {
        headers.insert(NEXT, HeaderValue::from(next));
    }
    Ok((headers, lines).into_response())
}

/// Where a check begins.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct From {
    /// The first number.
    #[serde(default)]
    #[param(required = false, default = 0)]
    from: u64,
}

/// What was edited, removed or inserted among at most 5,000 entries.
#[utoipa::path(
    get,
    path = "/audit/verify",
    tag = "audit",
    params(From),
    responses((status = 200, body = wire::Verified), (status = 400, body = ErrorBody))
)]
async fn audit_verify(
    Shared(app): Shared<State>,
    Asked(ask): Asked<From>,
) -> Result<Json<wire::Verified>, ApiError> {
    Ok(Json(app.audit.verify(ask.from).await?))
}
