//! What readers reported: open until it is dismissed, or the transfer is taken down or deleted.

use axum::{Json, extract::State as Shared};
use send_core::{
    api::catalogue as wire,
    audit::{Action, Details, Subject},
    error::{ApiError, ErrorBody},
    extract::Asked,
    key::AnyId,
};
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    State,
    auth::Admin,
    parameters::{Page, TransferAt, TransferPath},
};

/// Transfers on a page, at most: each may have ten reports to read.
const PAGE: usize = 20;

/// The routes.
pub(crate) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::with_openapi(Tag::openapi())
        .routes(routes!(list))
        .routes(routes!(dismiss))
}

#[derive(OpenApi)]
#[openapi(tags((name = "reports", description = "What recipients reported, with their reasons.")))]
struct Tag;

/// A page of transfers that were reported, at most 20.
#[utoipa::path(
    get,
    path = "/reports",
    tag = "reports",
    params(
        ("after" = Option<String>, Query, description = "What the page before gave as `next`"),
        ("limit" = Option<u64>, Query, description = "How many at most", minimum = 1, maximum = 20),
    ),
    responses((status = 200, body = wire::ReportPage), (status = 400, body = ErrorBody))
)]
async fn list(
    Shared(app): Shared<State>,
    Asked(page): Asked<Page>,
) -> Result<Json<wire::ReportPage>, ApiError> {
    let (after, limit) = (page.after()?, page.limit(PAGE, PAGE)?);
    app.catalogue.reports(after, limit).await.map(Json)
}

/// Dismisses what was reported of a transfer, which goes on.
#[utoipa::path(
    post,
    path = "/reports/{id}/dismiss",
    tag = "reports",
    params(TransferPath),
    responses((status = 200, body = wire::Dismissed), (status = 404, body = ErrorBody, description = "Nothing was reported of it"))
)]
async fn dismiss(
    Shared(app): Shared<State>,
    admin: Admin,
    TransferAt(id): TransferAt,
) -> Result<Json<wire::Dismissed>, ApiError> {
    let AnyId::Send(send) = id else {
        return Err(ApiError::NotFound);
    };
    if app.catalogue.reports_on(&id).await?.is_empty() {
        return Err(ApiError::NotFound);
    }
    let (generation, _) = app.catalogue.look(&id).await?;
    let subject = Subject::Transfer(id, generation);
    let (audit, by, action) = (app.audit, admin.by(), Action::ReportsDismissed);
    let change = async move { app.catalogue.dismiss(&send).await };
    let dismissed = audit.record(by, action, subject, Details::new(), change);
    dismissed.await.map(Json)
}
