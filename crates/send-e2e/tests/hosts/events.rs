//! Events that are no request, or half of one: each has a clear end, and the next event is served.

use anyhow::{Context, Result, ensure};
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use send_e2e::{Admin, Folder, Lambda, Request, Shared, lambda::Invocation};
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::{ends::admin, story::get};

/// A request of a Function URL.
fn event(method: &str, path: &str) -> Value {
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": { "host": "send.example" },
        "requestContext": {
            "accountId": "anonymous",
            "apiId": "a1b2c3",
            "domainName": "a1b2c3.lambda-url.eu-west-2.on.aws",
            "domainPrefix": "a1b2c3",
            "http": { "method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.7", "userAgent": "test" },
            "requestId": "e1506fd5-9e7b-434f-bd42-4f8fa224b599",
            "routeKey": "$default",
            "stage": "$default",
            "time": "23/Nov/2026:12:00:00 +0000",
            "timeEpoch": 1_795_435_200_000_u64,
        },
        "isBase64Encoded": false,
    })
}

/// The same with another value at this place.
fn with(place: &str, value: Value) -> Result<Value> {
    let mut event = event("POST", "/api/transfers/create");
    let (above, name) = place.rsplit_once('/').context("no place")?;
    let object = event.pointer_mut(above).and_then(Value::as_object_mut);
    object
        .context("no such place")?
        .insert(name.to_owned(), value);
    Ok(event)
}

/// Is to be served after anything.
async fn healthy(lambda: &Lambda) -> Result<()> {
    let answer = lambda
        .invoke(event("GET", "/info/health").to_string())
        .await
        .json()?;
    ensure!(answer["statusCode"] == 200, "{answer}");
    Ok(())
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
async fn what_is_no_event_of_ours_fails_in_words_and_ends_nothing() -> Result<()> {
    let s3 = json!({ "Records": [{ "eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": { "object": { "key": "a-secret-key" } } }] });
    let sqs = json!({ "Records": [{ "eventSource": "aws:sqs", "body": "a-secret-key" }] });
    let api_gateway_v1 = json!({ "httpMethod": "GET", "path": "/info/health", "requestContext": { "stage": "prod" }, "a": "a-secret-key" });
    let rule = json!({ "version": "0", "detail-type": "EC2 Instance State-change Notification", "source": "aws.ec2", "detail": {} });
    let lambda = Lambda::start(&[("SEND_UPLOADS", "open")])?;
    let mut asked = 0;
    for unknown in [
        "".to_owned(),
        "{".to_owned(),
        "{\"a\":".to_owned(),
        "not json, a-secret-key".to_owned(),
        "\u{0}".to_owned(),
        "{}".to_owned(),
        "[]".to_owned(),
        "null".to_owned(),
        "1".to_owned(),
        "\"text\"".to_owned(),
        "[".repeat(10_000),
        s3.to_string(),
        sqs.to_string(),
        api_gateway_v1.to_string(),
        rule.to_string(),
        json!({ "detail-type": 5 }).to_string(),
    ] {
        let begun: String = unknown.chars().take(60).collect();
        let Invocation::Failed(told) = lambda.invoke(unknown).await else {
            anyhow::bail!("{begun}: was answered");
        };
        let told: Value = serde_json::from_slice(&told)?;
        let message = told["errorMessage"].as_str().context("no message")?;
        ensure!(
            message.len() > 20 && told["errorType"].is_string(),
            "{begun}: {told}"
        );
        healthy(&lambda).await?;
        asked += 1;
        let lines =
            lambda.logged(r#""level":"WARN""#).len() + lambda.logged(r#""level":"ERROR""#).len();
        ensure!(lines >= asked, "{begun}: no line in the log");
    }
    ensure!(
        lambda.logged("a-secret-key").is_empty(),
        "the log repeats an event"
    );
    Ok(())
}

#[tokio::test]
async fn bytes_that_are_no_text_are_no_event() -> Result<()> {
    let lambda = Lambda::start(&[("SEND_UPLOADS", "open")])?;
    let failed = lambda.invoke(Bytes::from_static(b"\xff\xfe{}")).await;
    ensure!(matches!(failed, Invocation::Failed(_)), "{failed:?}");
    healthy(&lambda).await
}

#[tokio::test]
async fn half_a_request_is_answered_400_and_ends_nothing() -> Result<()> {
    let lambda = Lambda::start(&[("SEND_UPLOADS", "open")])?;
    for (place, value) in [
        ("/isBase64Encoded", json!(true)),
        ("/rawPath", Value::Null),
        ("/rawPath", json!("")),
        ("/rawPath", json!("no/slash")),
        ("/rawPath", json!("http://elsewhere.example/")),
        ("/requestContext/http/method", json!("NOT A METHOD")),
        ("/requestContext/http/method", json!("")),
        ("/requestContext/http/method", Value::Null),
        ("/cookies", json!(["a=b\r\nx-api-key: c"])),
        ("/rawQueryString", json!("a b\u{0}")),
    ] {
        let mut event = with(place, value.clone())?;
        event["body"] = "*** no base64 ***".into();
        let status = status(&lambda, &event).await?;
        ensure!(status == 400, "{place} {value}: {status}");
    }
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
    let body: Value = serde_json::from_str(answer["body"].as_str().context("no text")?)?;
    ensure!(body["transfer_id"] == "00ff10abcdef", "{answer}");
    healthy(&lambda).await
}

/// As EventBridge writes it, when a rule says that it is time.
fn scheduled() -> String {
    json!({
        "version": "0",
        "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": "2026-11-23T12:00:00Z",
        "region": "eu-west-2",
        "resources": ["arn:aws:events:eu-west-2:123456789012:rule/sweep"],
        "detail": {},
    })
    .to_string()
}

#[tokio::test]
async fn the_schedule_has_the_chores_done() -> Result<()> {
    let folder = Folder::new()?;
    let lambda = admin(&folder)?;
    let client = lambda.client()?;
    let runs = async || {
        let ask = get("/sweep").with_header("x-api-key", Admin::KEY);
        let told = client.demand(ask, 200).await?.json()?;
        Ok::<_, anyhow::Error>(told["runs"].as_array().context("no runs")?.len())
    };
    for swept in 0..3 {
        ensure!(runs().await? == swept, "it sweeps by itself");
        let told = lambda.invoke(scheduled()).await;
        ensure!(matches!(told, Invocation::Answered(_)), "{told:?}");
        healthy(&lambda).await?;
    }
    ensure!(runs().await? == 3, "a run is missing");
    Ok(())
}

#[tokio::test]
async fn the_schedule_may_ask_the_user_service_too() -> Result<()> {
    let folder = Folder::new()?;
    let lambda = folder.function()?;
    let told = lambda.invoke(scheduled()).await;
    ensure!(matches!(told, Invocation::Answered(_)), "{told:?}");
    healthy(&lambda).await
}

/// Lambda goes on with an event whose sender is gone; the next one waits its turn.
#[tokio::test]
async fn a_client_that_goes_away_ends_nothing() -> Result<()> {
    let folder = Folder::new()?;
    let lambda = admin(&folder)?;
    // It takes a second to refuse a wrong key.
    let slow = get("/tokens/list")
        .with_header("x-api-key", "wrong")
        .bytes();
    let torn = Request::new("POST", "/tokens/create")
        .with_body(vec![b' '; 100_000])
        .bytes();
    for (bytes, sent) in [(&slow, slow.len()), (&torn, torn.len() / 2), (&slow, 10)] {
        let mut stream = TcpStream::connect(lambda.address).await?;
        stream.write_all(&bytes[..sent]).await?;
        stream.flush().await?;
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        drop(stream);
        lambda.client()?.demand(get("/info/health"), 200).await?;
    }
    ensure!(lambda.refused() == 0, "something was refused");
    Ok(())
}
