//! `GET /metrics`: figures for Prometheus, for whoever has the admin key.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::header,
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    admin_keys::AdminKeys,
    error::ErrorBody,
    meter::{Host, Meter},
    wrong_keys::WrongKeys,
};

/// Where it is.
pub const PATH: &str = "/metrics";

/// The type of the text: OpenMetrics, which Prometheus reads.
const TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(OpenApi)]
#[openapi(tags((name = "metrics", description = "Figures for Prometheus, on local servers.")))]
struct Tag;

/// Who may read the figures.
#[derive(Clone)]
struct Guard {
    keys: AdminKeys,
    wrong: Arc<WrongKeys>,
}

/// The route, where the process goes on running: on AWS Lambda each answer would come from another. It is open: for a service that
/// asks every request for an admin itself.
pub fn routes(meter: &Meter) -> OpenApiRouter {
    match meter.host() {
        Host::Freezes => OpenApiRouter::new(),
        Host::Runs => OpenApiRouter::with_openapi(Tag::openapi())
            .routes(routes!(metrics))
            .with_state(meter.clone()),
    }
}

/// The same for a service that asks no request for an admin: only who shows the key reads them, without one nobody.
pub fn guarded(meter: &Meter, keys: &AdminKeys) -> OpenApiRouter {
    let guard = Guard {
        keys: keys.clone(),
        wrong: Arc::default(),
    };
    routes(meter).layer(middleware::from_fn_with_state(guard, admit))
}

async fn admit(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    if !guard.keys.admits(headers) {
        let refusal = guard.wrong.turn_away(&guard.keys, headers).await;
        return refusal.into_response();
    }
    next.run(request).await
}

/// Requests, durations, storage calls, transfers, claims, bytes and errors since the process began.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "metrics",
    responses(
        (status = 200, content_type = "application/openmetrics-text", body = String),
        (status = 401, body = ErrorBody, description = "The admin key is needed"),
        (status = 429, body = ErrorBody, description = "Too many wrong keys at once"),
    )
)]
async fn metrics(State(meter): State<Meter>) -> Response {
    ([(header::CONTENT_TYPE, TEXT)], meter.text()).into_response()
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, http::StatusCode};
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;
    use crate::{admin_keys::DEFAULT_NAME, clock::Clock, id::Digest};

    async fn ask(key: &str) -> Response {
        let keys = AdminKeys::new(DEFAULT_NAME, vec![Digest::of("me")]);
        let meter = Meter::new("a-service", Clock::System);
        let (app, _) = guarded(&meter, &keys).split_for_parts();
        let request = Request::get(PATH).header("x-api-key", key);
        let request = request.body(Body::empty()).unwrap();
        Router::oneshot(app, request).await.unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn figures_are_told_to_whoever_is_admitted() {
        assert_eq!(ask("you").await.status(), StatusCode::UNAUTHORIZED);
        let told = ask("me").await;
        assert_eq!(told.headers()["content-type"], TEXT);
        let text = told.into_body().collect().await.unwrap().to_bytes();
        let text = String::from_utf8(text.to_vec()).unwrap();
        assert!(
            text.contains("# TYPE send_claims counter\nsend_claims_total 0\n"),
            "{text}"
        );
        assert!(text.ends_with("# EOF\n"), "{text}");
    }
}
