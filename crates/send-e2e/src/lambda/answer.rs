//! An answer of a function as a response: "Invoking Lambda function URLs", response payload format 2.0.

use std::collections::BTreeMap;

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;

/// The response that an answer describes; none where Lambda would not take it for one.
pub(super) fn response(answer: &[u8]) -> Option<Response> {
    let answer: Value = serde_json::from_slice(answer).ok()?;
    let status = answer.get("statusCode")?.as_u64()?;
    let mut response = Response::new(Body::from(body(&answer)?));
    *response.status_mut() = StatusCode::from_u16(status.try_into().ok()?).ok()?;
    let headers = response.headers_mut();
    for (name, value) in texts(answer.get("headers"))? {
        let name = HeaderName::try_from(name).ok()?;
        // How long the body is follows from the body.
        if name != header::CONTENT_LENGTH {
            headers.insert(name, HeaderValue::try_from(value).ok()?);
        }
    }
    for cookie in list(answer.get("cookies"))? {
        let cookie = HeaderValue::try_from(cookie.as_str()?).ok()?;
        headers.append(header::SET_COOKIE, cookie);
    }
    // A header has one value here; only cookies may be several.
    let several = answer.get("multiValueHeaders");
    let several = several.and_then(Value::as_object);
    several
        .is_none_or(|several| several.is_empty())
        .then_some(response)
}

/// What a 502 has in place of an answer.
pub(super) fn none() -> Response {
    told(StatusCode::BAD_GATEWAY, "Internal Server Error")
}

/// What a request is answered that is too large to become an event.
pub(super) fn too_large() -> Response {
    let told = told(
        StatusCode::PAYLOAD_TOO_LARGE,
        r#"{"Message":"Request must be smaller than 6291456 bytes for the InvokeFunction operation"}"#,
    );
    let (mut head, body) = told.into_parts();
    let kind = HeaderValue::from_static("application/json");
    head.headers.insert(header::CONTENT_TYPE, kind);
    Response::from_parts(head, body)
}

fn told(status: StatusCode, text: &'static str) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response
}

fn body(answer: &Value) -> Option<Vec<u8>> {
    let text = match answer.get("body") {
        None | Some(Value::Null) => "",
        Some(body) => body.as_str()?,
    };
    match answer.get("isBase64Encoded") {
        Some(Value::Bool(true)) => BASE64_STANDARD.decode(text).ok(),
        None | Some(Value::Bool(false) | Value::Null) => Some(text.into()),
        Some(_) => None,
    }
}

/// An object whose values are text, by name.
fn texts(object: Option<&Value>) -> Option<BTreeMap<&str, &str>> {
    match object {
        None | Some(Value::Null) => Some(BTreeMap::new()),
        Some(object) => {
            let pairs = object.as_object()?.iter();
            let texts = pairs.map(|(name, value)| Some((name.as_str(), value.as_str()?)));
            texts.collect()
        }
    }
}

fn list(list: Option<&Value>) -> Option<&[Value]> {
    match list {
        None | Some(Value::Null) => Some(&[]),
        Some(list) => list.as_array().map(Vec::as_slice),
    }
}
