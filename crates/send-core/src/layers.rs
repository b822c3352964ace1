//! What every request passes, outermost first: request id, log and headers; panic to 500; the door; what no route takes;
//! addresses that guess.

use std::{any::Any, net::IpAddr, sync::Arc, time::Instant};

use axum::{
    Router,
    body::Body,
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use tower_http::catch_panic::CatchPanicLayer;

use crate::{
    addresses::WrongTokens,
    admin_keys::{self, AdminKeys},
    clock::Clock,
    config::Config,
    error::{ApiError, ErrorBody, Refusal, StorageFailed, WrongToken},
    extract::{self, ClientAddress},
    id::{Digest, Nonce},
    proxy::{self, TrustedProxy},
    watch::Watch,
};

/// Names a request in answers and in the log.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// What a CDN in front adds, so that the service knows who passed it.
pub const DOOR: HeaderName = HeaderName::from_static("x-send-door");

/// On every answer that does not say otherwise: nothing is kept, framed, sniffed or told to others.
const HEADERS: [(HeaderName, HeaderValue); 6] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    ),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("x-frame-options"),
        HeaderValue::from_static("DENY"),
    ),
];

/// Headers that carry a token.
const TOKENS: [HeaderName; 3] = [
    extract::SEND_TOKEN,
    extract::ACCESS_TOKEN,
    extract::DELETE_AUTH,
];

#[derive(Clone)]
struct Gate {
    door: Option<Digest>,
    proxy: Option<TrustedProxy>,
    admin_keys: AdminKeys,
    wrong: Arc<WrongTokens>,
}

/// Puts the layers around a service's routes, its fallback included.
pub fn apply(routes: Router, config: &Config, clock: Clock, watch: Arc<Watch>) -> Router {
    let gate = Gate {
        door: config.door,
        proxy: config.proxy.clone(),
        admin_keys: config.admin_keys.clone(),
        wrong: Arc::new(WrongTokens::new(clock)),
    };
    routes
        .layer(middleware::from_fn_with_state(gate, pass))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(watch, answer))
}

/// Gives the request its id, logs how it went, and completes the answer.
async fn answer(State(watch): State<Arc<Watch>>, request: Request, next: Next) -> Response {
    let id = Nonce::random().to_string();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let started = Instant::now();
    let mut response = next.run(request).await;
    if let Some(StorageFailed(cause)) = response.extensions_mut().remove() {
        watch.failed(&cause);
    }
    complete(&mut response, &id);
    let route = route.as_ref().map_or("-", MatchedPath::as_str);
    let (status, ms) = (
        response.status().as_u16(),
        started.elapsed().as_secs_f64() * 1e3,
    );
    if route.ends_with("/health") {
        tracing::debug!(request_id = id, %method, route, status, ms, "request");
    } else {
        tracing::info!(request_id = id, %method, route, status, ms, "request");
    }
    response
}

/// Writes the body of a refusal, and the headers that are on every answer.
fn complete(response: &mut Response, id: &str) {
    let status = response.status();
    let own = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| {
            let kind = kind.as_bytes();
            kind.starts_with(b"application/json") || kind.starts_with(b"text/html")
        });
    if (status.is_client_error() || status.is_server_error()) && !own {
        let refusal = response.extensions_mut().remove::<Refusal>();
        write_refusal(response, refusal.unwrap_or_else(|| standard(status)), id);
    }
    let headers = response.headers_mut();
    for (name, value) in &HEADERS {
        if !headers.contains_key(name) {
            headers.insert(name, value.clone());
        }
    }
    if let Ok(value) = HeaderValue::try_from(id) {
        headers.insert(REQUEST_ID, value);
    }
}

fn write_refusal(response: &mut Response, refusal: Refusal, id: &str) {
    let body = ErrorBody {
        detail: refusal.detail,
        request_id: id.to_owned(),
        missing: refusal.missing,
        reason: refusal.reason,
    };
    let body = serde_json::to_vec(&body).unwrap_or_default();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    *response.body_mut() = Body::from(body);
}

/// For refusals that the router makes itself.
fn standard(status: StatusCode) -> Refusal {
    let detail = match status {
        StatusCode::METHOD_NOT_ALLOWED => "This method is not allowed here.",
        _ => status
            .canonical_reason()
            .unwrap_or("The request was refused."),
    };
    Refusal::new(detail)
}

/// Door, encoding and addresses: what is decided before any route sees the request.
async fn pass(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    let address = proxy::address(gate.proxy.as_ref(), request.headers(), request.extensions());
    if let Err(refusal) = gate.check(&request, address) {
        return refusal.into_response();
    }
    request.extensions_mut().insert(ClientAddress(address));
    let shows = gate.is_shown_token(&request);
    let response = next.run(request).await;
    if let Some(address) = address.filter(|address| shows && !address.is_loopback())
        && response.extensions().get::<WrongToken>().is_some()
    {
        gate.wrong.count(address);
    }
    response
}

impl Gate {
    fn check(&self, request: &Request, address: Option<IpAddr>) -> Result<(), ApiError> {
        let headers = request.headers();
        if let Some(door) = &self.door {
            let shown = headers.get(DOOR).map(|value| Digest::of(value.as_bytes()));
            if !shown.is_some_and(|shown| shown.same(door)) {
                return Err(ApiError::Forbidden(
                    "This service is reached by its public address only.",
                ));
            }
        }
        if headers
            .get(header::CONTENT_ENCODING)
            .is_some_and(|encoding| encoding != "identity")
        {
            return Err(ApiError::Encoded);
        }
        if self.is_shown_token(request)
            && address.is_some_and(|address| self.wrong.too_many(address))
        {
            return Err(ApiError::TooMany(
                "Too many wrong tokens came from this address today.",
            ));
        }
        Ok(())
    }

    /// Whether a request shows a token, right or wrong. Who signs in shows the admin key in the body.
    fn is_shown_token(&self, request: &Request) -> bool {
        let headers = request.headers();
        TOKENS.into_iter().any(|name| headers.contains_key(name))
            || self.admin_keys.shown(headers)
            || admin_keys::session(headers).is_some()
            || request.uri().path() == admin_keys::SIGN_IN
    }
}

/// The panic itself is on standard error; the client learns the request id.
fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let said = panic.downcast_ref::<&str>().copied().map(str::to_owned);
    let said = said.or_else(|| panic.downcast_ref::<String>().cloned());
    ApiError::internal(format!("panic: {}", said.unwrap_or_default())).into_response()
}
