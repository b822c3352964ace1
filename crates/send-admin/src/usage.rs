//! How much the service is used: by day, by access token, by age of what is stored, and right now.

use axum::{Json, extract::State as Shared};
use send_core::{
    api::usage::{self as wire, AgeUsage, DayUsage, StoredUsage, TokenUsage},
    error::{ApiError, ErrorBody},
    extract::Asked,
    id::TokenId,
    sweep::Inventory,
    usage::{Figures, MOST_DAYS},
};
use serde::Deserialize;
use utoipa::{IntoParams, OpenApi};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{State, parameters::within};

/// Days that are told unless told otherwise.
const DAYS: u64 = 30;
/// Minutes that the pulse is taken over unless told otherwise.
const WINDOW: u64 = 5;
/// Minutes that it can be taken over at most.
const LONGEST_WINDOW: u64 = 60;

/// The routes.
pub(crate) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::with_openapi(Tag::openapi())
        .routes(routes!(usage))
        .routes(routes!(pulse))
}

#[derive(OpenApi)]
#[openapi(tags((
    name = "usage",
    description = "Figures by day and by access token, as processes write them every ten seconds; and what goes on right now.",
)))]
struct Tag;

/// How many days are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Days {
    /// Today and so many days before it in all; 30 when absent.
    #[param(minimum = 1, maximum = 366)]
    days: Option<u64>,
}

/// What the service was used for, and what is stored.
#[utoipa::path(
    get,
    path = "/usage",
    tag = "usage",
    params(Days),
    responses((status = 200, body = wire::Usage), (status = 400, body = ErrorBody))
)]
async fn usage(
    Shared(app): Shared<State>,
    Asked(ask): Asked<Days>,
) -> Result<Json<wire::Usage>, ApiError> {
    let days = within("days", ask.days, DAYS, MOST_DAYS)?;
    let report = app.usage.days(days).await?;
    Ok(Json(wire::Usage {
        days: report
            .days
            .into_iter()
            .map(|(date, figures)| DayUsage::of(date, figures))
            .collect(),
        damaged: report.damaged.iter().map(ToString::to_string).collect(),
        tokens: app.named(report.tokens).await?,
        stored: app.chores.sweeps().await?.inventory.map(stored),
    }))
}

fn stored(inventory: Inventory) -> StoredUsage {
    let by_age = inventory.stored.by_age().map(|(days, heap)| AgeUsage {
        days: days.map(u64::from),
        transfers: heap.transfers,
        bytes: heap.bytes,
    });
    let by_age: Vec<AgeUsage> = by_age.collect();
    StoredUsage {
        at: inventory.at,
        transfers: by_age.iter().map(|age| age.transfers).sum(),
        bytes: by_age.iter().map(|age| age.bytes).sum(),
        by_age,
    }
}

impl State {
    /// Figures by access token, with the tokens' names.
    async fn named(
        &self,
        tokens: Vec<(Option<TokenId>, Figures)>,
    ) -> Result<Vec<TokenUsage>, ApiError> {
        let ids: Vec<TokenId> = tokens.iter().filter_map(|(id, _)| *id).collect();
        let mut names = self.tokens.names(&ids).await?.into_iter();
        let told = |(id, figures): (Option<TokenId>, Figures)| {
            TokenUsage::of(id.and_then(|_| names.next()), figures)
        };
        Ok(tokens.into_iter().map(told).collect())
    }
}

/// Over how many minutes the pulse is taken.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Window {
    /// 5 when absent.
    #[param(minimum = 1, maximum = 60)]
    window_minutes: Option<u64>,
}

/// Requests, visitors and transfers of the last minutes, ten seconds late.
#[utoipa::path(
    get,
    path = "/health/pulse",
    tag = "usage",
    params(Window),
    responses((status = 200, body = wire::Pulse), (status = 400, body = ErrorBody))
)]
async fn pulse(
    Shared(app): Shared<State>,
    Asked(ask): Asked<Window>,
) -> Result<Json<wire::Pulse>, ApiError> {
    let window_minutes = within("window_minutes", ask.window_minutes, WINDOW, LONGEST_WINDOW)?;
    let pulse = app.usage.pulse(window_minutes).await?;
    Ok(Json(wire::Pulse::of(window_minutes, pulse)))
}
