//! A request as an event: "Invoking Lambda function URLs", request payload format 2.0, AWS Lambda Developer Guide.

use std::{
    net::SocketAddr,
    time::{SystemTime, UNIX_EPOCH},
};

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderName, header, request::Parts},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Map, Value, json};

/// The address of every function of the tests has this in front.
const URL_ID: &str = "a1b2c3d4e5f6g7h8i9j0klmnopqrstuv";

/// What belongs to one connection and never reaches a function (RFC 9110, section 7.6.1).
const HOP_BY_HOP: [HeaderName; 5] = [
    header::CONNECTION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// What Lambda says itself of who asks; whatever came under these names gives way.
const OWN: [&str; 3] = ["x-forwarded-proto", "x-forwarded-port", "x-amzn-trace-id"];

/// The event of a request that came from this address.
pub(super) fn of(head: &Parts, body: &Bytes, from: SocketAddr) -> Value {
    let path = head.uri.path();
    let text = as_text(&head.headers, body);
    let mut event = json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": head.uri.query().unwrap_or_default(),
        "headers": headers(&head.headers, from),
        "requestContext": context(head, from),
        "isBase64Encoded": text.is_none() && !body.is_empty(),
    });
    let cookies = cookies(&head.headers);
    if !cookies.is_empty() {
        event["cookies"] = cookies.into();
    }
    if let Some(parameters) = parameters(head.uri.query()) {
        event["queryStringParameters"] = parameters;
    }
    if !body.is_empty() {
        let encoded = || BASE64_STANDARD.encode(body);
        event["body"] = text.map_or_else(encoded, str::to_owned).into();
    }
    event
}

fn context(head: &Parts, from: SocketAddr) -> Value {
    let agent = head.headers.get(header::USER_AGENT);
    let agent = agent.map(|agent| String::from_utf8_lossy(agent.as_bytes()));
    json!({
        "accountId": "anonymous",
        "apiId": URL_ID,
        "domainName": format!("{URL_ID}.lambda-url.eu-west-2.on.aws"),
        "domainPrefix": URL_ID,
        "http": {
            "method": head.method.as_str(),
            "path": head.uri.path(),
            "protocol": "HTTP/1.1",
            "sourceIp": from.ip(),
            "userAgent": agent.unwrap_or_default(),
        },
        "requestId": "e1506fd5-9e7b-434f-bd42-4f8fa224b599",
        "routeKey": "$default",
        "stage": "$default",
        "time": "23/Nov/2026:12:00:00 +0000",
        "timeEpoch": now(),
    })
}

/// Names in lower case, equal ones joined with commas; cookies travel apart.
fn headers(sent: &HeaderMap, from: SocketAddr) -> Map<String, Value> {
    let mut headers = Map::new();
    for name in sent.keys() {
        let apart = HOP_BY_HOP.contains(name) || name == header::COOKIE;
        if !apart && !OWN.contains(&name.as_str()) {
            headers.insert(name.to_string(), joined(sent, name).into());
        }
    }
    // The last one is Lambda's word; those before it are the client's.
    let before = sent.contains_key("x-forwarded-for");
    let before = before.then(|| joined(sent, &HeaderName::from_static("x-forwarded-for")) + ", ");
    let from = format!("{}{}", before.unwrap_or_default(), from.ip());
    headers.insert("x-forwarded-for".to_owned(), from.into());
    let own = ["https".to_owned(), "443".to_owned(), trace()];
    let own = OWN.map(str::to_owned).into_iter().zip(own.map(Value::from));
    headers.extend(own);
    headers
}

fn joined(headers: &HeaderMap, name: &HeaderName) -> String {
    let values = headers.get_all(name).iter();
    let values: Vec<_> = values
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect();
    values.join(",")
}

/// Each cookie of its own, however many a header holds.
fn cookies(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(header::COOKIE).iter();
    let texts = values.filter_map(|value| value.to_str().ok());
    let cookies = texts.flat_map(|text| text.split(';'));
    let cookies = cookies.map(|cookie| cookie.trim().to_owned());
    cookies.filter(|cookie| !cookie.is_empty()).collect()
}

/// The query as people read it; functions that must not lose anything read `rawQueryString`.
fn parameters(query: Option<&str>) -> Option<Value> {
    let mut parameters = Map::new();
    for pair in query?.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let joined = match parameters.get(name).and_then(Value::as_str) {
            Some(before) => format!("{before},{value}"),
            None => value.to_owned(),
        };
        parameters.insert(name.to_owned(), joined.into());
    }
    (!parameters.is_empty()).then(|| parameters.into())
}

/// A body that travels as it is: of a type that Lambda takes for text, and text indeed.
fn as_text<'a>(headers: &HeaderMap, body: &'a Bytes) -> Option<&'a str> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let kind = kind.split(';').next()?.trim().to_ascii_lowercase();
    let texts = [
        "application/json",
        "application/xml",
        "application/javascript",
    ];
    let is_text = kind.starts_with("text/") || texts.contains(&kind.as_str());
    std::str::from_utf8(body).ok().filter(|_| is_text)
}

/// A fresh trace, `Root=1-{seconds since 1970}-{96 bits}`: AWS X-Ray, "Tracing header".
pub(super) fn trace() -> String {
    let mut random = [0; 12];
    // A trace that is all zeros is still one.
    let _ = getrandom::fill(&mut random);
    format!("Root=1-{:08x}-{}", now() / 1_000, hex::encode(random))
}

/// Milliseconds since 1970.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let millis = since.unwrap_or_default().as_millis();
    millis.try_into().unwrap_or(u64::MAX)
}
