//! What an event asks for: an HTTP request, as Function URLs and API Gateway's HTTP APIs pass it on (payload format 2.0), or chores.

use std::net::{IpAddr, SocketAddr};

use aws_lambda_events::lambda_function_urls::LambdaFunctionUrlRequest;
use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{HeaderValue, Method, Request, Uri, header},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::{Deserialize, de::IgnoredAny};

/// What may not stand in the path of a URL as it is (RFC 3986, 3.3). `%` is looked at apart.
const NO_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// An event that is understood.
#[derive(Debug)]
pub(super) enum Event {
    /// An HTTP request.
    Request(Box<LambdaFunctionUrlRequest>),
    /// The schedule says that it is time for chores.
    Schedule,
}

/// Why an event is not understood. What it holds is not repeated: it may be a secret.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unknown {
    #[error(
        "An event is an HTTP request that cannot be read: {category} error at column {column}."
    )]
    Malformed { category: String, column: usize },
    #[error(
        "An event is neither an HTTP request of a Function URL or HTTP API (payload format 2.0) nor a scheduled event."
    )]
    Kind,
}

/// Why there is no HTTP request in an event that ought to hold one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::host) enum Unreadable {
    #[error("The request has no method, or one that is none.")]
    Method,
    #[error("The path or query of the request is none.")]
    Target,
    #[error("A cookie of the request is none.")]
    Cookie,
    #[error("The body of the request is not base64, as the event says that it is.")]
    Body,
}

/// What tells the kinds of events apart.
#[derive(Deserialize)]
struct Kind {
    #[serde(rename = "requestContext")]
    request_context: Option<IgnoredAny>,
    #[serde(rename = "detail-type")]
    detail_type: Option<String>,
}

impl Event {
    /// Understands an event.
    ///
    /// # Errors
    /// [`Unknown`].
    pub(super) fn read(event: &str) -> Result<Self, Unknown> {
        let malformed = match serde_json::from_str(event) {
            Ok(request) => return Ok(Self::Request(Box::new(request))),
            Err(error) => error,
        };
        match serde_json::from_str(event) {
            // "Scheduled Event" by a rule of EventBridge; a schedule of EventBridge Scheduler says what its target is configured to say.
            Ok(Kind {
                detail_type: Some(kind),
                ..
            }) if kind == "Scheduled Event" => Ok(Self::Schedule),
            Ok(Kind {
                request_context: Some(_),
                ..
            }) => Err(Unknown::Malformed {
                category: format!("{:?}", malformed.classify()).to_lowercase(),
                column: malformed.column(),
            }),
            _ => Err(Unknown::Kind),
        }
    }
}

/// The request in an event. The caller's address is where AWS puts it, never what a header says.
///
/// # Errors
/// [`Unreadable`].
pub(super) fn request(event: LambdaFunctionUrlRequest) -> Result<Request<Body>, Unreadable> {
    let http = event.request_context.http;
    let mut request = Request::new(body(event.body, event.is_base64_encoded)?);
    *request.method_mut() = method(http.method.as_deref())?;
    *request.uri_mut() = uri(event.raw_path.as_deref(), event.raw_query_string.as_deref())?;
    *request.headers_mut() = event.headers;
    if let Some(cookies) = event.cookies.filter(|cookies| !cookies.is_empty()) {
        let cookies = HeaderValue::try_from(cookies.join("; "));
        let cookies = cookies.map_err(|_| Unreadable::Cookie)?;
        request.headers_mut().insert(header::COOKIE, cookies);
    }
    if let Some(address) = http.source_ip.and_then(|ip| ip.parse::<IpAddr>().ok()) {
        let peer = ConnectInfo(SocketAddr::new(address, 0));
        request.extensions_mut().insert(peer);
    }
    Ok(request)
}

fn method(name: Option<&str>) -> Result<Method, Unreadable> {
    let name = name.ok_or(Unreadable::Method)?;
    name.parse().map_err(|_| Unreadable::Method)
}

/// Function URLs leave a path as the client wrote it; HTTP APIs decode it, so what cannot stand in a URL is encoded again.
fn uri(path: Option<&str>, query: Option<&str>) -> Result<Uri, Unreadable> {
    let path = path.filter(|path| path.starts_with('/'));
    let mut target = encoded(path.ok_or(Unreadable::Target)?);
    if let Some(query) = query.filter(|query| !query.is_empty()) {
        target = format!("{target}?{query}");
    }
    target.parse().map_err(|_| Unreadable::Target)
}

/// A path with what may not stand in it encoded, a `%` that begins no code too; the rest stays as it is.
fn encoded(path: &str) -> String {
    let mut pieces = path.split('%');
    let mut encoded = utf8_percent_encode(pieces.next().unwrap_or_default(), NO_PATH).to_string();
    for piece in pieces {
        let code = piece.as_bytes().first_chunk::<2>();
        let is_code = code.is_some_and(|code| code.iter().all(u8::is_ascii_hexdigit));
        encoded += if is_code { "%" } else { "%25" };
        encoded.extend(utf8_percent_encode(piece, NO_PATH));
    }
    encoded
}

fn body(text: Option<String>, is_base64: bool) -> Result<Body, Unreadable> {
    match text {
        None => Ok(Body::empty()),
        Some(text) if is_base64 => {
            let bytes = BASE64_STANDARD.decode(text);
            Ok(Body::from(bytes.map_err(|_| Unreadable::Body)?))
        }
        Some(text) => Ok(Body::from(text)),
    }
}
