//! What all of the original's routes share: who may call them from other origins, and that a look burns nothing.

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use send_core::{extract, layers};
use tower_http::cors::{AllowOrigin, CorsLayer};
use utoipa_axum::router::OpenApiRouter;

use crate::State;

/// Names the key that may write to a vault.
const VAULT_WRITE_KEY: HeaderName = HeaderName::from_static("x-sgraph-vault-write-key");

/// Puts the rules around some of the original's routes.
pub(crate) fn rules(routes: OpenApiRouter<State>, origins: &[HeaderValue]) -> OpenApiRouter<State> {
    let routes = routes.layer(middleware::from_fn(refuse_head));
    if origins.is_empty() {
        routes
    } else {
        routes.layer(cross_origin(origins))
    }
}

/// A HEAD would be served by the GET, which counts a download.
async fn refuse_head(request: Request, next: Next) -> Response {
    if request.method() == Method::HEAD {
        return (
            StatusCode::METHOD_NOT_ALLOWED,
            [(header::ALLOW, "GET, POST, DELETE")],
        )
            .into_response();
    }
    next.run(request).await
}

fn cross_origin(origins: &[HeaderValue]) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins.iter().cloned()))
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers([
            extract::ACCESS_TOKEN,
            extract::DELETE_AUTH,
            VAULT_WRITE_KEY,
            extract::SEND_TOKEN,
            send_core::body::CONTENT_SHA256,
            header::CONTENT_TYPE,
            header::RANGE,
        ])
        .expose_headers([
            header::ETAG,
            header::CONTENT_RANGE,
            header::ACCEPT_RANGES,
            layers::REQUEST_ID,
        ])
}
