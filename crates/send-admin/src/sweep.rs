//! Sweeping: by route, by a schedule, by itself on a local server; and what the last runs did.

use std::time::Duration;

use axum::{Json, extract::State as Shared};
use send_core::{
    audit::{Action, Details, Subject},
    error::ApiError,
    sweep::{GRACE, Run},
};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{State, auth::Admin};

/// How long a sweep may go on that somebody waits for: with [`GRACE`] within the time that a function or a proxy allows for an answer.
const PATIENCE: Duration = Duration::from_secs(20).saturating_sub(GRACE);

/// The routes.
pub(crate) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::with_openapi(Tag::openapi()).routes(routes!(runs, run))
}

#[derive(OpenApi)]
#[openapi(tags((name = "sweep", description = "What is over goes: abandoned uploads, expired payloads, tombstones.")))]
struct Tag;

/// The last runs of the sweep.
#[derive(Debug, Serialize, ToSchema)]
struct LastRuns {
    /// The newest first, at most 20.
    runs: Vec<Run>,
}

/// What the last runs did, whoever began them.
#[utoipa::path(get, path = "/sweep", tag = "sweep", responses((status = 200, body = LastRuns)))]
async fn runs(Shared(app): Shared<State>) -> Result<Json<LastRuns>, ApiError> {
    let runs = app.chores.sweeps().await?.runs;
    Ok(Json(LastRuns { runs }))
}

/// Sweeps now, for at most 20 seconds; where that is not enough, the next run goes on.
#[utoipa::path(post, path = "/sweep", tag = "sweep", responses((status = 200, body = Run)))]
async fn run(Shared(app): Shared<State>, admin: Admin) -> Result<Json<Run>, ApiError> {
    let (action, subject) = (Action::Swept, Subject::Everything);
    let (audit, by) = (app.audit, admin.by());
    let change = async move { app.chores.run(PATIENCE).await };
    let swept = audit.record(by, action, subject, Details::new(), change);
    swept.await.map(Json)
}
