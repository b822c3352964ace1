//! Events that are no request: each has a clear end, and the next event is served.

use anyhow::{Context, Result, bail, ensure};
use bytes::Bytes;
use send_e2e::{Admin, Folder, Lambda, Request, Shared, lambda::Invocation};
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::{
    ends::{admin, says},
    story::get,
};

/// In each line of the log that tells of an event that failed.
const ERROR: &str = r#""level":"ERROR""#;

/// A request of a Function URL.
pub(crate) fn event(method: &str, path: &str) -> Value {
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

/// Is to be served after anything.
pub(crate) async fn healthy(lambda: &Lambda) -> Result<()> {
    let answer = lambda
        .invoke(event("GET", "/info/health").to_string())
        .await
        .json()?;
    ensure!(answer["statusCode"] == 200, "{answer}");
    Ok(())
}

/// The one line that the log has of the last event.
pub(crate) async fn line(lambda: &Lambda) -> Result<Value> {
    let id = lambda.last_id();
    says(lambda, &id, 1).await?;
    match &lambda.logged(&id)[..] {
        [line] => Ok(serde_json::from_str(line)?),
        lines => bail!("{} lines: {}", lines.len(), lines.concat()),
    }
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
        let is_json = serde_json::from_str::<Value>(&unknown).is_ok();
        let Invocation::Failed(told) = lambda.invoke(unknown).await else {
            bail!("{begun}: was answered");
        };
        let told: Value = serde_json::from_slice(&told)?;
        let message = told["errorMessage"].as_str().context("no message")?;
        ensure!(
            message.len() > 20 && told["errorType"].is_string(),
            "{begun}: {told}"
        );
        // What is not even JSON never comes to us: the runtime's client logs it, and does not say which event it was.
        if is_json {
            let line = line(&lambda).await.with_context(|| begun.clone())?;
            ensure!(line["level"] == "ERROR", "{begun}: {line}");
            ensure!(line["message"] == message, "{begun}: {line}");
            ensure!(line["request_id"] == lambda.last_id(), "{begun}: {line}");
        }
        healthy(&lambda).await?;
        asked += 1;
        says(&lambda, ERROR, asked).await.context(begun)?;
    }
    let errors = lambda.logged(ERROR);
    ensure!(errors.len() == asked, "{}", errors.concat());
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
