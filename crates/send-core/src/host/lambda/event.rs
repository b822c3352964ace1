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
        "An event is neither an HTTP request of a Function URL or HTTP API (payload format 2.0, stage $default) nor a scheduled event."
    )]
    Kind,
}

/// Why there is no HTTP request in an event that ought to hold one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::host) enum Unreadable {
    #[error("The request has no method, or one that is none.")]
    Method,
    #[error("The path of the request is missing, or cannot stand in a URL with its query.")]
    Target,
    #[error("A cookie of the request has a character that no header may have.")]
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

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;
    use http_body_util::BodyExt;
    use serde_json::{Value, json};

    use super::*;

    /// An event as AWS documents it, by its name.
    fn event(name: &str) -> Value {
        let path = format!("{}/tests/events/{name}.json", env!("CARGO_MANIFEST_DIR"));
        serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
    }

    fn request_in(event: &Value) -> Result<Request<Body>, Unreadable> {
        match Event::read(&event.to_string()).unwrap() {
            Event::Request(event) => request(*event),
            Event::Schedule => panic!("a schedule"),
        }
    }

    fn recorded(name: &str) -> Request<Body> {
        request_in(&event(name)).unwrap()
    }

    /// What the service meets of a request, without its headers and body.
    fn head(request: &Request<Body>) -> String {
        let ConnectInfo(peer) = request.extensions().get().unwrap();
        let peer: &SocketAddr = peer;
        format!("{} {} {}", request.method(), request.uri(), peer.ip())
    }

    fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
        headers[name].to_str().unwrap()
    }

    async fn body(request: Request<Body>) -> Vec<u8> {
        let body = request.into_body().collect().await.unwrap();
        body.to_bytes().to_vec()
    }

    #[tokio::test]
    async fn a_request_without_a_body() {
        let request = recorded("function_url_get");
        assert_eq!(head(&request), "GET /info/health 203.0.113.7");
        assert_eq!(text(request.headers(), "accept"), "*/*");
        assert!(body(request).await.is_empty());
    }

    #[tokio::test]
    async fn a_body_of_text_is_what_was_sent() {
        let request = recorded("function_url_json");
        assert_eq!(head(&request), "POST /api/transfers/create 203.0.113.7");
        let sent = r#"{"content_type_hint":"text/plain; naïve"}"#;
        assert_eq!(body(request).await, sent.as_bytes());
    }

    #[tokio::test]
    async fn a_body_of_bytes_is_what_was_sent() {
        let request = recorded("function_url_base64");
        assert_eq!(body(request).await, [0, 1, 2, 3, 0xFC, 0xFD, 0xFE, 0xFF]);
    }

    #[test]
    fn a_path_stays_as_the_client_wrote_it() {
        let request = recorded("function_url_encoded_path");
        let uri = request.uri();
        let path = "/api/vault/read/abcdefgh/a%2Fb%20c/..%2F%E2%82%AC/./../d";
        assert_eq!(uri.path(), path);
        assert_eq!(uri.query(), Some("prefix=a%2Bb+c&prefix=%26&empty=&bare"));
    }

    #[test]
    fn a_path_that_was_decoded_is_encoded_again() {
        let request = recorded("http_api_decoded_path");
        let path = "/api/vault/read/abcdefgh/a%20b/50%25/%C3%BC%3Fx%23y";
        assert_eq!(request.uri().path(), path);
        assert_eq!(request.uri().query(), Some("prefix=a%20b"));
    }

    #[test]
    fn cookies_are_one_header_again() {
        let request = recorded("function_url_cookies");
        let cookies = "send_session=abc; theme=dark; quoted=\"a b\"";
        assert_eq!(text(request.headers(), "cookie"), cookies);
    }

    #[test]
    fn the_address_is_the_one_that_aws_saw_whatever_headers_say() {
        assert!(head(&recorded("function_url_cookies")).ends_with(" 203.0.113.7"));
        let request = recorded("function_url_behind_cloudfront");
        assert!(head(&request).ends_with(" 130.176.1.2"));
        let forwarded = text(request.headers(), "x-forwarded-for");
        assert_eq!(forwarded, "2001:db8::17, 203.0.113.7");
    }

    #[test]
    fn a_schedule_is_told_apart() {
        let scheduled = event("scheduled").to_string();
        assert!(matches!(Event::read(&scheduled), Ok(Event::Schedule)));
    }

    #[test]
    fn what_is_no_request_is_refused_and_not_repeated() {
        let s3 = json!({ "Records": [{ "eventSource": "aws:s3", "secret": "s3cret" }] });
        let mut malformed = event("function_url_get");
        malformed["headers"] = "s3cret".into();
        let others = [json!({}), json!([]), json!("s3cret"), json!(null), s3];
        for event in others {
            let unknown = Event::read(&event.to_string()).unwrap_err();
            assert!(matches!(unknown, Unknown::Kind), "{event}: {unknown}");
        }
        let said = Event::read(&malformed.to_string()).unwrap_err().to_string();
        assert!(
            said.starts_with(
                "An event is an HTTP request that cannot be read: data error at column "
            )
        );
        assert!(!said.contains("s3cret"), "{said}");
    }

    #[test]
    fn a_request_that_none_can_be_says_why() {
        let with = |change: fn(&mut Value)| {
            let mut event = event("function_url_base64");
            change(&mut event);
            request_in(&event).unwrap_err()
        };
        let method = with(|event| event["requestContext"]["http"]["method"] = "A B".into());
        assert_eq!(method, Unreadable::Method);
        let missing = with(|event| event["requestContext"]["http"]["method"] = Value::Null);
        assert_eq!(missing, Unreadable::Method);
        assert_eq!(
            with(|event| event["rawPath"] = Value::Null),
            Unreadable::Target
        );
        assert_eq!(
            with(|event| event["rawPath"] = "info".into()),
            Unreadable::Target
        );
        assert_eq!(
            with(|event| event["rawQueryString"] = "a b".into()),
            Unreadable::Target
        );
        assert_eq!(
            with(|event| event["cookies"] = json!(["a\nb"])),
            Unreadable::Cookie
        );
        assert_eq!(
            with(|event| event["body"] = "no base64".into()),
            Unreadable::Body
        );
    }

    proptest::proptest! {
        #[test]
        fn any_path_can_stand_in_a_url(path in "/.{0,40}") {
            let encoded = encoded(&path);
            proptest::prop_assert!(encoded.parse::<Uri>().is_ok(), "{}", encoded);
            let read = percent_encoding::percent_decode_str(&encoded).collect::<Vec<_>>();
            let wanted = percent_encoding::percent_decode_str(&path).collect::<Vec<_>>();
            proptest::prop_assert_eq!(read, wanted);
        }
    }
}
