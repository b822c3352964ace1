//! Transfers: what is stored, newest first; taking down, extending, deleting. Metadata only.

use axum::{Json, extract::State as Shared, http::StatusCode};
use send_core::{
    api::catalogue as wire,
    audit::{Action, Details, Subject},
    body,
    catalogue::Filter,
    error::{ApiError, ErrorBody},
    extract::Asked,
    record,
    tokens::TokenName,
};
use serde::Deserialize;
use serde_json::json;
use utoipa::{IntoParams, OpenApi};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    State,
    auth::Admin,
    parameters::{self, TransferAt, TransferPath},
};

/// Transfers on a page, unless told otherwise.
const PAGE: usize = 50;
/// Transfers on a page, at most.
const MOST: usize = 100;

/// The routes.
pub(crate) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::with_openapi(Tag::openapi())
        .routes(routes!(list))
        .routes(routes!(detail, extend, delete))
        .routes(routes!(take_down))
}

#[derive(OpenApi)]
#[openapi(tags((
    name = "transfers",
    description = "What is stored: metadata only, no route reads a payload. The newest first, by an index of hours.",
)))]
struct Tag;

/// Which transfers are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// What the page before gave as `next`.
    before: Option<String>,
    /// How many at most; 50 when absent.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
    /// Only those that stand like this: looks at one record after the other.
    #[param(inline)]
    state: Option<wire::Standing>,
    /// Only those of at least so many stored bytes: looks at one record after the other.
    min_size: Option<u64>,
    /// Only those of at most so many stored bytes: looks at one record after the other.
    max_size: Option<u64>,
    /// Only those sent with the access token of this name.
    #[param(value_type = Option<String>, pattern = r"^(?!sgs_)[A-Za-z0-9_.\-]{1,128}$")]
    token: Option<TokenName>,
    /// Only those that were reported, in the order of their ids.
    #[serde(default)]
    reported: bool,
}

impl Wanted {
    fn filter(self) -> Result<Filter, ApiError> {
        Ok(Filter {
            before: self.before,
            limit: parameters::within("limit", self.limit, PAGE, MOST)?,
            state: self.state,
            min_size: self.min_size,
            max_size: self.max_size,
            token: self.token.map(|name| name.id()),
            reported: self.reported,
        })
    }
}

/// A page of transfers. Filters that look at one record after the other stop after some hundred: `next` then goes on.
#[utoipa::path(
    get,
    path = "/transfers",
    tag = "transfers",
    params(Wanted),
    responses((status = 200, body = wire::Transfers), (status = 400, body = ErrorBody))
)]
async fn list(
    Shared(app): Shared<State>,
    Asked(wanted): Asked<Wanted>,
) -> Result<Json<wire::Transfers>, ApiError> {
    app.catalogue.page(&wanted.filter()?).await.map(Json)
}

/// All that is known of a transfer.
#[utoipa::path(
    get,
    path = "/transfers/{id}",
    tag = "transfers",
    params(TransferPath),
    responses((status = 200, body = wire::Detail), (status = 404, body = ErrorBody))
)]
async fn detail(
    Shared(app): Shared<State>,
    TransferAt(id): TransferAt,
) -> Result<Json<wire::Detail>, ApiError> {
    app.catalogue.detail(&id).await.map(Json)
}

/// Takes a transfer down: at once, also for downloads in flight; who holds a token of it is told the reason. Again is no error.
#[utoipa::path(
    post,
    path = "/transfers/{id}/takedown",
    tag = "transfers",
    params(TransferPath),
    request_body = wire::AskTakedown,
    responses(
        (status = 200, body = wire::Detail),
        (status = 400, body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "The id was used again meanwhile"),
    )
)]
async fn take_down(
    Shared(app): Shared<State>,
    admin: Admin,
    TransferAt(id): TransferAt,
    body::Json(ask): body::Json<wire::AskTakedown>,
) -> Result<Json<wire::Detail>, ApiError> {
    let (generation, state) = app.catalogue.look(&id).await?;
    if state == record::State::TakenDown {
        return app.catalogue.detail(&id).await.map(Json);
    }
    let subject = Subject::Transfer(id, generation);
    let details = Details::from([("reason".to_owned(), json!(ask.reason))]);
    let (audit, by, action) = (app.audit, admin.by(), Action::TransferTakenDown);
    let change = async move { app.catalogue.take_down(&id, generation, ask.reason).await };
    let taken = audit.record(by, action, subject, details, change);
    taken.await.map(Json)
}

/// Lets a transfer live longer, or shorter.
#[utoipa::path(
    patch,
    path = "/transfers/{id}",
    tag = "transfers",
    params(TransferPath),
    request_body = wire::AskExtension,
    responses(
        (status = 200, body = wire::Detail),
        (status = 400, body = ErrorBody, description = "Past its creation and the longest life"),
        (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "The id was used again meanwhile"),
        (status = 410, body = ErrorBody, description = "It is gone"),
    )
)]
async fn extend(
    Shared(app): Shared<State>,
    admin: Admin,
    TransferAt(id): TransferAt,
    body::Json(ask): body::Json<wire::AskExtension>,
) -> Result<Json<wire::Detail>, ApiError> {
    let generation = app.catalogue.may_extend(&id, ask.expires_in).await?;
    let subject = Subject::Transfer(id, generation);
    let details = Details::from([("expires_in".to_owned(), json!(ask.expires_in))]);
    let (audit, by, action) = (app.audit, admin.by(), Action::TransferExtended);
    let change = async move { app.catalogue.extend(&id, generation, ask.expires_in).await };
    let extended = audit.record(by, action, subject, details, change);
    extended.await.map(Json)
}

/// Deletes a transfer, as its sender could. Again is no error.
#[utoipa::path(
    delete,
    path = "/transfers/{id}",
    tag = "transfers",
    params(TransferPath),
    responses(
        (status = 204),
        (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "The id was used again meanwhile"),
    )
)]
async fn delete(
    Shared(app): Shared<State>,
    admin: Admin,
    TransferAt(id): TransferAt,
) -> Result<StatusCode, ApiError> {
    let (generation, state) = app.catalogue.look(&id).await?;
    if state.is_removed() {
        return Ok(StatusCode::NO_CONTENT);
    }
    let subject = Subject::Transfer(id, generation);
    let (audit, by, action) = (app.audit, admin.by(), Action::TransferDeleted);
    let change = async move { app.catalogue.delete(&id, generation).await };
    let deleted = audit.record(by, action, subject, Details::new(), change);
    deleted.await.map(|()| StatusCode::NO_CONTENT)
}
