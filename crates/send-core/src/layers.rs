//! What every request passes, outermost first: request id, log and headers; panic to 500; the door; what no route takes;
//! addresses that guess.

use std::{
    any::Any,
    net::IpAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Body,
    extract::{MatchedPath, Query, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use futures::{StreamExt, stream};
use http_body::Body as _;
use serde::Deserialize;
use tokio::time::timeout;
use tower_http::catch_panic::CatchPanicLayer;

use crate::{
    addresses::WrongTokens,
    admin_keys::{self, AdminKeys},
    clock::Clock,
    config::Config,
    error::{ApiError, ErrorBody, Refusal, StorageFailed, WrongToken},
    extract::{self, ClientAddress},
    id::{Digest, Nonce},
    meter::{Answered, Host, Meter},
    proxy::{self, TrustedProxy},
    telemetry, trace,
    watch::Watch,
};

/// Names a request in answers and in the log.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// What a CDN in front adds, so that the service knows who passed it.
pub const DOOR: HeaderName = HeaderName::from_static("x-send-door");

/// The id that the host has given to a request; without one the request gets a random one.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(pub(crate) String);

/// How long an answer may wait for figures to be written, on a host that stands still between requests.
pub(crate) const PATIENCE: Duration = Duration::from_secs(2);

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

/// Routes whose path carries an access token.
const TOKEN_IN_PATH: [&str; 2] = [
    "/api/transfers/check-token/{name}",
    "/api/transfers/validate-token/{name}",
];

/// The query of the routes that take an access token there.
#[derive(Deserialize)]
struct TokenInQuery {
    access_token: Option<String>,
}

#[derive(Clone)]
struct Gate {
    door: Option<Digest>,
    proxy: Option<TrustedProxy>,
    admin_keys: AdminKeys,
    /// None on AWS Lambda, where the environments do not know of each other, and the address may be a whole city's CDN.
    wrong: Option<Arc<WrongTokens>>,
}

/// Who hears how requests went.
#[derive(Clone)]
struct Ears {
    watch: Arc<Watch>,
    meter: Meter,
}

/// Puts the layers around a service's routes, its fallback included.
pub fn apply(
    routes: Router,
    config: &Config,
    clock: Clock,
    watch: Arc<Watch>,
    meter: Meter,
) -> Router {
    let gate = Gate {
        door: config.door,
        proxy: config.proxy.clone(),
        admin_keys: config.admin_keys.clone(),
        wrong: (!config.on_lambda).then(|| Arc::new(WrongTokens::new(clock))),
    };
    let ears = Ears { watch, meter };
    routes
        .layer(middleware::from_fn_with_state(gate, pass))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(ears, answer))
}

/// Gives the request its id, completes the answer, and tells how it went.
async fn answer(State(ears): State<Ears>, request: Request, next: Next) -> Response {
    let id = match request.extensions().get() {
        Some(RequestId(id)) => id.clone(),
        None => Nonce::random().to_string(),
    };
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let trace = trace::id(request.headers()).map(str::to_owned);
    let started = Instant::now();
    let mut response = next.run(request).await;
    if let Some(StorageFailed(cause)) = response.extensions_mut().remove() {
        ears.watch.failed(&cause);
    }
    complete(&mut response, &id);
    let visitor = response.extensions_mut().remove::<ClientAddress>();
    let answered = Answered {
        method: &method,
        route: route.as_ref().map_or("-", MatchedPath::as_str),
        status: response.status(),
        took: started.elapsed(),
        visitor: visitor.and_then(|ClientAddress(address)| address),
    };
    log(&id, trace.as_deref(), &answered);
    ears.meter.answered(&answered);
    match ears.meter.host() {
        Host::Runs => response,
        Host::Freezes => settle(ears.meter, response).await,
    }
}

fn log(request_id: &str, trace: Option<&str>, answered: &Answered) {
    let Answered { method, route, .. } = answered;
    let (status, ms) = (answered.status.as_u16(), answered.took.as_secs_f64() * 1e3);
    if answered.is_probe() {
        tracing::debug!(request_id, trace, %method, route, status, ms, "request");
    } else {
        tracing::info!(request_id, trace, %method, route, status, ms, "request");
    }
}

/// Lets figures be written before the process stands still: behind the body where that is a stream, since its bytes count too.
async fn settle(meter: Meter, response: Response) -> Response {
    if response.body().size_hint().exact().is_some() {
        write_figures(&meter).await;
        return response;
    }
    response.map(|body| {
        let write = async move { write_figures(&meter).await };
        let behind = stream::once(write).filter_map(async |()| None);
        Body::from_stream(body.into_data_stream().chain(behind))
    })
}

/// Tells the log and the storage what was counted, where it is time to.
pub(crate) async fn write_figures(meter: &Meter) {
    if let Some(line) = meter.embedded_if_due() {
        telemetry::figures(&line);
    }
    if timeout(PATIENCE, meter.flush_if_due()).await.is_err() {
        tracing::debug!(
            "the storage is slow to take figures of usage; they are kept and tried again"
        );
    }
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
    head(response.headers_mut(), id);
}

/// Adds the headers that are on every answer.
pub(crate) fn head(headers: &mut HeaderMap, id: &str) {
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
    let shown = gate.shown(&request);
    let mut response = next.run(request).await;
    response.extensions_mut().insert(ClientAddress(address));
    if let (Some(wrong), Some(address)) = (&gate.wrong, address)
        && !address.is_loopback()
        && shown.was_wrong(&response)
    {
        wrong.count(address);
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
        if let (Some(wrong), Some(address)) = (&self.wrong, address)
            && self.shown(request).any()
            && wrong.too_many(address)
        {
            return Err(ApiError::TooMany(
                "Too many wrong tokens came from this address today.",
            ));
        }
        Ok(())
    }

    /// What a request shows. Who signs in shows the admin key in the body.
    fn shown(&self, request: &Request) -> Shown {
        let headers = request.headers();
        Shown {
            token: TOKENS.into_iter().any(|name| headers.contains_key(name))
                || in_path(request)
                || in_query(request),
            admin: self.admin_keys.shown(headers)
                || admin_keys::session(headers).is_some()
                || request.uri().path() == admin_keys::SIGN_IN,
        }
    }
}

fn in_path(request: &Request) -> bool {
    let route = request.extensions().get::<MatchedPath>();
    route.is_some_and(|route| TOKEN_IN_PATH.contains(&route.as_str()))
}

fn in_query(request: &Request) -> bool {
    let query = Query::<TokenInQuery>::try_from_uri(request.uri());
    query.is_ok_and(|Query(query)| query.access_token.is_some())
}

/// What a request shows to be let in, right or wrong.
#[derive(Clone, Copy)]
struct Shown {
    /// A token of a transfer, or an access token.
    token: bool,
    /// The admin key or a session.
    admin: bool,
}

impl Shown {
    const fn any(self) -> bool {
        self.token || self.admin
    }

    /// A wrong token may be answered as if there were nothing, a wrong admin key never is: an admin may look for what is not there.
    fn was_wrong(self, response: &Response) -> bool {
        let refused = response.extensions().get::<WrongToken>().is_some();
        let no_admin = [StatusCode::UNAUTHORIZED, StatusCode::TOO_MANY_REQUESTS];
        refused && (self.token || self.admin && no_admin.contains(&response.status()))
    }
}

/// The panic itself is on standard error; the client learns the request id.
fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let said = panic.downcast_ref::<&str>().copied().map(str::to_owned);
    let said = said.or_else(|| panic.downcast_ref::<String>().cloned());
    ApiError::internal(format!("panic: {}", said.unwrap_or_default())).into_response()
}
