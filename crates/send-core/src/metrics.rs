//! `GET /metrics`: figures for Prometheus, for whoever has the admin key.

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    admin_keys::AdminKeys,
    error::{ApiError, ErrorBody},
    meter::{Host, Meter},
};

/// Where it is.
pub const PATH: &str = "/metrics";

/// The type of the text: OpenMetrics, which Prometheus reads.
const TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The meter, and who may read it.
#[derive(Clone)]
struct Guarded {
    meter: Meter,
    keys: AdminKeys,
}

#[derive(OpenApi)]
#[openapi(tags((name = "metrics", description = "Figures for Prometheus, on local servers.")))]
struct Tag;

/// The route, where the process goes on running: on AWS Lambda each answer would come from another. Without an admin key nobody may
/// read them.
pub fn routes(meter: &Meter, keys: &AdminKeys) -> OpenApiRouter {
    match meter.host() {
        Host::Freezes => OpenApiRouter::new(),
        Host::Runs => OpenApiRouter::with_openapi(Tag::openapi())
            .routes(routes!(metrics))
            .with_state(Guarded {
                meter: meter.clone(),
                keys: keys.clone(),
            }),
    }
}

/// Requests, durations, storage calls, transfers, claims, bytes and errors since the process began.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "metrics",
    responses(
        (status = 200, content_type = "application/openmetrics-text", body = String),
        (status = 401, body = ErrorBody, description = "The admin key is needed"),
    )
)]
async fn metrics(State(guarded): State<Guarded>, headers: HeaderMap) -> Result<Response, ApiError> {
    if !guarded.keys.admits(&headers) {
        return Err(ApiError::Unauthorized("The admin key is needed."));
    }
    Ok(([(header::CONTENT_TYPE, TEXT)], guarded.meter.text()).into_response())
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, extract::Request, http::StatusCode};
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;
    use crate::{admin_keys::DEFAULT_NAME, clock::Clock, id::Digest};

    async fn ask(key: &str) -> Response {
        let keys = AdminKeys::new(DEFAULT_NAME, vec![Digest::of("me")]);
        let meter = Meter::new("a-service", Clock::System);
        let (app, _) = routes(&meter, &keys).split_for_parts();
        let request = Request::get(PATH).header("x-api-key", key);
        let request = request.body(Body::empty()).unwrap();
        Router::oneshot(app, request).await.unwrap()
    }

    #[tokio::test]
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
