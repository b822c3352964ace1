//! What was answered, without what cannot be the same twice. Each exception has its reason; all else is compared byte by byte.

use anyhow::{Result, ensure};
use bytes::Bytes;
use send_e2e::{Answer, Request};
use serde_json::Value;

use crate::host::Kind;

/// Headers that are not compared, and why.
const HEADERS: [(&str, &str); 5] = [
    ("date", "the clock goes on"),
    ("x-request-id", "random, so that it names one request"),
    (
        "connection",
        "belongs to a connection, which not every host has",
    ),
    (
        "transfer-encoding",
        "the same, of a body whose length is not known before it ends",
    ),
    (
        "content-length",
        "not every host says it; where it is said, it is checked",
    ),
];

/// Fields of JSON bodies whose values are not compared, below which path, and why.
const FIELDS: [(&str, &str, &str); 11] = [
    ("request_id", "/", "random, so that it names one request"),
    ("created_at", "/", "the clock goes on"),
    ("expires_at", "/", "the same"),
    ("timestamp", "/api/transfers/complete/", "the same"),
    ("at", "/", "the same"),
    ("writer", "/audit", "random, so that it names one attempt"),
    ("sha256", "/audit", "of an entry, which has its time in it"),
    ("previous", "/audit", "the same"),
    (
        "secret",
        "/tokens/create",
        "random: who makes a token does not choose it",
    ),
    ("storage", "/settings", "each host has its own"),
    (
        "environment",
        "/",
        "where it runs: compared by a test of its own",
    ),
];

/// What is written in JSON: one document, or one a line.
const JSON: [&[u8]; 2] = [b"application/json", b"application/x-ndjson"];
/// What is written in their place.
const BLANK: &str = "(..)";
/// The description of the API names the figures for Prometheus, which a function does not have.
const DESCRIPTION: &str = "/api/openapi.json";
const FIGURES: &str = "/metrics";

/// One request and what it was answered, as far as it is compared.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Exchange {
    asked: String,
    status: u16,
    headers: Vec<(String, String)>,
    body: Bytes,
}

impl Exchange {
    pub(crate) fn of(request: &Request, answer: &Answer) -> Result<Self> {
        let asked = format!("{} {}", request.method, request.path);
        if let Some(said) = answer
            .headers
            .get("content-length")
            .filter(|_| request.method != "HEAD")
        {
            let length = answer.body.len().to_string();
            ensure!(
                said == length.as_str(),
                "{asked}: {said:?} of {length} bytes"
            );
        }
        Ok(Self {
            status: answer.status,
            headers: headers(&request.path, answer)?,
            body: body(&request.path, answer)?,
            asked,
        })
    }
}

/// Compares what all hosts answered.
pub(crate) fn compare(transcripts: &[(Kind, Vec<Exchange>)]) -> Result<()> {
    let Some(((first, wanted), others)) = transcripts.split_first() else {
        return Ok(());
    };
    ensure!(!wanted.is_empty(), "nothing was asked");
    for (kind, told) in others {
        ensure!(
            wanted.len() == told.len(),
            "{first:?} and {kind:?} were asked differently"
        );
        let differences = wanted.iter().zip(told).filter(|(one, other)| one != other);
        let all: Vec<_> = differences.map(|(one, other)| shown(one, other)).collect();
        ensure!(
            all.is_empty(),
            "{first:?} and {kind:?} differ:\n{}",
            all.join("\n")
        );
    }
    Ok(())
}

/// Sorted, since their order says nothing; equal ones as one, which is the same (RFC 9110, section 5.3).
fn headers(path: &str, answer: &Answer) -> Result<Vec<(String, String)>> {
    let mut headers = Vec::new();
    for name in answer.headers.keys() {
        if HEADERS.iter().any(|(excepted, _)| name == excepted) {
            continue;
        }
        let values = answer.headers.get_all(name).iter();
        let values = values.map(|value| Ok(value.to_str()?.to_owned()));
        let values: Vec<String> = values.collect::<Result<_>>()?;
        let value = match name.as_str() {
            // Cookies cannot be joined; a session is random.
            "set-cookie" => values
                .into_iter()
                .map(|cookie| cookie_of(&cookie))
                .collect::<Vec<_>>()
                .join("\n"),
            // What was sent is named by random digits; files of the pages by their hash, which is compared.
            "etag" if path.starts_with("/api/") => without_digits(&values.join(", ")),
            _ => values.join(", "),
        };
        headers.push((name.to_string(), value));
    }
    headers.sort();
    Ok(headers)
}

/// A cookie without the value of a session.
fn cookie_of(cookie: &str) -> String {
    let (name, rest) = cookie.split_once('=').unwrap_or((cookie, ""));
    let (value, attributes) = rest.split_once(';').unwrap_or((rest, ""));
    let value = if value.is_empty() { "" } else { BLANK };
    format!("{name}={value};{attributes}")
}

/// The hexadecimal digits in front, each as an x: their number is compared.
fn without_digits(etag: &str) -> String {
    let end = etag.find('-').unwrap_or(etag.len());
    let (random, rest) = etag.split_at(end);
    let blank = |c: char| if c.is_ascii_hexdigit() { 'x' } else { c };
    random.chars().map(blank).chain(rest.chars()).collect()
}

fn body(path: &str, answer: &Answer) -> Result<Bytes> {
    let kind = answer.headers.get("content-type");
    let is_json = kind.is_some_and(|kind| JSON.contains(&kind.as_bytes()));
    if !is_json || answer.headers.contains_key("content-encoding") {
        return Ok(answer.body.clone());
    }
    if path == DESCRIPTION && answer.status == 200 {
        return without_figures(&answer.body);
    }
    let text = std::str::from_utf8(&answer.body)?;
    let here = FIELDS
        .iter()
        .filter(|(_, below, _)| path.starts_with(below));
    let blanked = here.fold(text.to_owned(), |text, (name, ..)| blank(&text, name));
    Ok(blanked.into())
}

fn without_figures(description: &[u8]) -> Result<Bytes> {
    let mut description: Value = serde_json::from_slice(description)?;
    if let Some(paths) = description["paths"].as_object_mut() {
        paths.remove(FIGURES);
    }
    if let Some(tags) = description["tags"].as_array_mut() {
        tags.retain(|tag| tag["name"] != FIGURES.trim_matches('/'));
    }
    Ok(description.to_string().into())
}

/// The same text with another value of a field, wherever it is; everything else stays as it was written.
fn blank(text: &str, name: &str) -> String {
    let begins = format!("\"{name}\":");
    let mut pieces = text.split(begins.as_str());
    let mut blanked = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let after = match piece.strip_prefix('"') {
            // No value of these fields has a quote in it.
            Some(value) => value.find('"').map_or("", |end| &value[end + 1..]),
            None if piece.starts_with("null") => {
                blanked += &format!("{begins}{piece}");
                continue;
            }
            None => piece.find([',', '}', ']']).map_or("", |end| &piece[end..]),
        };
        blanked += &format!("{begins}{BLANK}{after}");
    }
    blanked
}

/// Where two answers differ, for a person.
fn shown(one: &Exchange, other: &Exchange) -> String {
    let mut lines = vec![format!(
        "  {} ({} and {})",
        one.asked, one.status, other.status
    )];
    for (one, other) in [(one, other), (other, one)] {
        let only = one
            .headers
            .iter()
            .filter(|header| !other.headers.contains(header));
        lines.extend(only.map(|(name, value)| format!("    only one has {name}: {value}")));
    }
    if one.body != other.body {
        let text =
            |body: &Bytes| String::from_utf8_lossy(&body[..body.len().min(400)]).into_owned();
        lines.push(format!("    {} bytes: {}", one.body.len(), text(&one.body)));
        lines.push(format!(
            "    {} bytes: {}",
            other.body.len(),
            text(&other.body)
        ));
    }
    lines.join("\n")
}

#[test]
fn a_field_is_blanked_and_nothing_else() {
    let text = r#"{"a":1,"created_at":123,"b":{"created_at":"x","c":null,"created_at":null},"d":[{"created_at":5}]}"#;
    let wanted = r#"{"a":1,"created_at":(..),"b":{"created_at":(..),"c":null,"created_at":null},"d":[{"created_at":(..)}]}"#;
    assert_eq!(blank(text, "created_at"), wanted);
}

#[test]
fn answers_that_differ_by_a_byte_are_found() -> Result<()> {
    let answer = |body: &'static str| Answer {
        status: 200,
        headers: [(
            hyper::header::CONTENT_TYPE,
            hyper::header::HeaderValue::from_static("application/json"),
        )]
        .into_iter()
        .collect(),
        body: Bytes::from_static(body.as_bytes()),
    };
    let request = Request::new("GET", "/");
    let told = |body| Ok::<_, anyhow::Error>(vec![Exchange::of(&request, &answer(body))?]);
    let both = |one, other| {
        Ok::<_, anyhow::Error>([(Kind::Tcp, told(one)?), (Kind::Lambda, told(other)?)])
    };
    compare(&both(r#"{"at":1}"#, r#"{"at":2}"#)?)?;
    let found = compare(&both(r#"{"at":1}"#, r#"{"at":1} "#)?);
    assert!(found.is_err_and(|error| error.to_string().contains("Tcp and Lambda differ")));
    Ok(())
}
