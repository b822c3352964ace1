//! Requests as Lambda's documents have them: what such a document may lack, what it may not, and whose id the answer has.

use anyhow::{Context, Result, ensure};
use base64::{Engine, prelude::BASE64_STANDARD};
use send_e2e::{Lambda, lambda::Invocation};
use serde_json::{Value, json};

use crate::events::{event, healthy, line};

/// A request that is whole without a body, with another value at this place.
fn with(place: &str, value: Value) -> Result<Value> {
    changed(event("POST", "/api/transfers/create"), place, value)
}

fn changed(mut event: Value, place: &str, value: Value) -> Result<Value> {
    let (above, name) = place.rsplit_once('/').context("no place")?;
    let object = event.pointer_mut(above).and_then(Value::as_object_mut);
    object
        .context("no such place")?
        .insert(name.to_owned(), value);
    Ok(event)
}

/// The status that an event is answered with.
async fn status(lambda: &Lambda, event: &Value) -> Result<u64> {
    let answer = lambda
        .invoke(event.to_string())
        .await
        .json()
        .with_context(|| event.to_string())?;
    healthy(lambda).await?;
    answer["statusCode"].as_u64().context("no status")
}

#[tokio::test]
async fn half_a_request_is_answered_400_and_ends_nothing() -> Result<()> {
    let lambda = Lambda::start(&[])?;
    let whole = changed(
        event("GET", "/info/health"),
        "/isBase64Encoded",
        true.into(),
    )?;
    ensure!(status(&lambda, &whole).await? == 200);
    let (method, path) = ("has no method", "The path of the request");
    for (place, value, sentence) in [
        ("/body", json!("*** no base64 ***"), "is not base64"),
        ("/rawPath", Value::Null, path),
        ("/rawPath", json!(""), path),
        ("/rawPath", json!("no/slash"), path),
        ("/rawPath", json!("http://elsewhere.example/"), path),
        ("/rawQueryString", json!("a b\u{0}"), path),
        ("/requestContext/http/method", json!("NOT A METHOD"), method),
        ("/requestContext/http/method", json!(""), method),
        ("/requestContext/http/method", Value::Null, method),
        ("/cookies", json!(["a=b\r\nx-api-key: c"]), "A cookie"),
    ] {
        let event = changed(whole.clone(), place, value.clone())?;
        let answer = lambda.invoke(event.to_string()).await.json()?;
        ensure!(answer["statusCode"] == 400, "{place} {value}: {answer}");
        let body = body(&answer)?;
        let detail = body["detail"].as_str().context("no detail")?;
        ensure!(detail.contains(sentence), "{place} {value}: {detail}");
        same_id(&lambda, &answer).await?;
        let line = line(&lambda).await?;
        ensure!(line["message"] == detail, "{place} {value}: {line}");
        healthy(&lambda).await?;
    }
    Ok(())
}

/// What a document says that a request is answered with.
fn body(answer: &Value) -> Result<Value> {
    let text = answer["body"].as_str().context("no text")?;
    Ok(serde_json::from_str(text)?)
}

/// A refusal and its line in the log name the invocation, as AWS's own lines do.
async fn same_id(lambda: &Lambda, refusal: &Value) -> Result<()> {
    let id = lambda.last_id();
    ensure!(refusal["headers"]["x-request-id"] == id, "{id}: {refusal}");
    let body = body(refusal)?;
    ensure!(body["request_id"] == id, "{id}: {body}");
    let line = line(lambda).await?;
    ensure!(line["request_id"] == id, "{id}: {line}");
    Ok(())
}

#[tokio::test]
async fn a_request_has_the_id_of_its_invocation() -> Result<()> {
    let lambda = Lambda::start(&[("SEND_UPLOADS", "open")])?;
    let mut ids = Vec::new();
    for path in ["/api/transfers/info/00ff10abcdef", "/nowhere"] {
        let asked = event("GET", path).to_string();
        let refusal = lambda.invoke(asked).await.json()?;
        ensure!(refusal["statusCode"] == 404, "{refusal}");
        same_id(&lambda, &refusal).await?;
        let line = line(&lambda).await?;
        ensure!(line["message"] == "request", "{line}");
        ids.push(lambda.last_id());
    }
    ensure!(ids[0] != ids[1], "two have one id");
    Ok(())
}

/// A document that is a request in name but not in form is either answered as one that cannot be read, or fails: never with a 500.
#[tokio::test]
async fn what_is_malformed_inside_a_request_ends_nothing() -> Result<()> {
    let lambda = Lambda::start(&[("SEND_UPLOADS", "open")])?;
    for (place, value) in [
        ("/headers", json!({ "x-a": "b\r\nc: d" })),
        ("/headers", json!({ "not a name": "b" })),
        ("/headers", json!({ "x-a": "\u{0}" })),
        ("/headers", json!({ "x-a": 5 })),
        ("/headers", json!([])),
        ("/cookies", json!("a=b")),
        ("/body", json!({ "a": 1 })),
        ("/isBase64Encoded", json!("yes")),
        ("/requestContext/http", json!([])),
        ("/requestContext/http/sourceIp", json!(7)),
        ("/rawQueryString", json!(7)),
    ] {
        let event = with(place, value.clone())?;
        let told = lambda.invoke(event.to_string()).await;
        let refused = match &told {
            Invocation::Failed(_) => true,
            Invocation::Answered(_) => told.json()?["statusCode"] == 400,
        };
        ensure!(refused, "{place} {value}: {told:?}");
        healthy(&lambda).await?;
    }
    Ok(())
}

/// Who asks is nobody then, and that is no reason to fail.
#[tokio::test]
async fn what_may_be_missing_is_not_missed() -> Result<()> {
    let lambda = Lambda::start(&[("SEND_UPLOADS", "open")])?;
    for (place, value) in [
        ("/headers", json!({})),
        ("/requestContext/http/sourceIp", json!("not an address")),
        ("/requestContext/http/sourceIp", Value::Null),
        ("/requestContext/http/sourceIp", json!("2001:db8::7")),
        (
            "/requestContext/authorizer",
            json!({ "iam": { "userId": "x" } }),
        ),
        (
            "/requestContext/authentication",
            json!({ "clientCert": {} }),
        ),
        ("/body", Value::Null),
        ("/cookies", Value::Null),
        ("/cookies", json!([])),
        ("/rawQueryString", Value::Null),
        ("/stageVariables", json!({ "a": "b" })),
        ("/from_the_future", json!({})),
    ] {
        let status = status(&lambda, &with(place, value.clone())?).await?;
        ensure!(status == 200, "{place} {value}: {status}");
    }
    Ok(())
}

#[tokio::test]
async fn a_body_in_base64_is_taken_for_its_bytes() -> Result<()> {
    let lambda = Lambda::start(&[("SEND_UPLOADS", "open")])?;
    let mut event = event("POST", "/api/transfers/create");
    event["body"] = BASE64_STANDARD
        .encode(json!({ "transfer_id": "00ff10abcdef" }).to_string())
        .into();
    event["isBase64Encoded"] = true.into();
    let answer = lambda.invoke(event.to_string()).await.json()?;
    ensure!(body(&answer)?["transfer_id"] == "00ff10abcdef", "{answer}");
    healthy(&lambda).await
}
