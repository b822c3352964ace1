//! A storage that refuses the service: it starts, says what is wrong where one looks, and logs it once a minute.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::net::SocketAddr;

use anyhow::Result;
use send_e2e::{Bucket, Peer, Request, S3Server, Server, Shared};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// Starts a service on a bucket with some variables changed, and finds it saying what is wrong.
async fn says(bucket: &Bucket, changes: &[(&'static str, &str)], sentence: &str) -> Result<()> {
    let mut variables = bucket.variables();
    variables.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    let kept = variables
        .iter()
        .map(|(name, value)| (*name, value.as_str()));
    let variables: Vec<_> = kept.chain(changes.iter().copied()).collect();
    let server = Server::start(&variables)?;
    let client = server.client()?;

    let status = client
        .demand(Request::new("GET", "/info/status"), 200)
        .await?
        .json()?;
    assert_eq!(status["status"], "degraded", "{sentence}");
    let said = status["storage"].as_str().unwrap();
    assert!(said.contains(sentence), "{sentence} expected, {said} said");
    client
        .demand(Request::new("GET", "/info/health"), 200)
        .await?;

    for _ in 0..20 {
        let create = Request::new("POST", "/api/transfers/create").with_json(&json!({}));
        let refused = client.demand(create, 503).await?.detail();
        assert!(refused.starts_with("The storage "), "{refused}");
        assert!(
            refused.contains(sentence) || refused.contains("Try again"),
            "{refused}"
        );
    }
    let logged = server.logged("storage unavailable");
    assert_eq!(logged.len(), 1, "{logged:?}");
    assert!(logged[0].contains(sentence), "{logged:?}");
    Ok(())
}

#[tokio::test]
async fn what_real_servers_refuse_is_told() -> Result<()> {
    let bucket = S3Server::start(Peer::Seaweed).await?.bucket().await?;
    let nobody = ("AWS_ACCESS_KEY_ID", "AKIANOBODY0000000000");
    let wrong = (
        "AWS_SECRET_ACCESS_KEY",
        "0123456789abcdef0123456789abcdef01234567",
    );
    let nowhere = ("SEND_STORAGE", "s3://send-no-such-bucket/prefix");
    says(&bucket, &[nobody], "the credentials are missing or wrong").await?;
    says(&bucket, &[wrong], "the credentials are missing or wrong").await?;
    says(&bucket, &[nowhere], "the bucket does not exist").await?;
    let none = [
        ("AWS_ACCESS_KEY_ID", ""),
        ("AWS_SECRET_ACCESS_KEY", ""),
        ("HOME", "/nonexistent"),
    ];
    says(&bucket, &none, "the credentials are missing or wrong").await?;

    let bucket = S3Server::start(Peer::Ministack).await?.bucket().await?;
    says(&bucket, &[nowhere], "the bucket does not exist").await?;
    says(
        &bucket,
        &[("AWS_REGION", "eu-west-1")],
        "the bucket lies in another region",
    )
    .await
}

/// What Amazon answers and no server at hand does: status, code and message as in "Error responses" of its API reference.
#[tokio::test]
async fn what_amazon_refuses_is_told() -> Result<()> {
    let bucket = S3Server::start(Peer::Seaweed).await?.bucket().await?;
    for (status, code, sentence) in [
        (
            "403 Forbidden",
            "AccessDenied",
            "the credentials do not allow it",
        ),
        (
            "400 Bad Request",
            "ExpiredToken",
            "the credentials have expired",
        ),
        (
            "403 Forbidden",
            "RequestTimeTooSkewed",
            "the clock of this machine is wrong",
        ),
        (
            "301 Moved Permanently",
            "PermanentRedirect",
            "the bucket lies in another region",
        ),
        (
            "400 Bad Request",
            "AuthorizationHeaderMalformed",
            "the bucket lies in another region",
        ),
    ] {
        let endpoint = format!("http://{}", refusing(status, code).await?);
        says(&bucket, &[("AWS_ENDPOINT_URL", &endpoint)], sentence).await?;
    }
    Ok(())
}

/// A server that answers everything with one refusal.
async fn refusing(status: &'static str, code: &'static str) -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(refuse(stream, status, code));
        }
    });
    Ok(address)
}

/// Reads one small request, answers it, and closes.
async fn refuse(mut stream: TcpStream, status: &str, code: &str) -> Result<()> {
    let mut request = vec![0; 64 * 1024];
    let mut read = 0;
    loop {
        read += stream.read(&mut request[read..]).await?;
        let text = String::from_utf8_lossy(&request[..read]).to_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .split_once("content-length: ")
            .map_or("0", |(_, rest)| rest.lines().next().unwrap());
        if body.len() >= length.parse::<usize>()? {
            break;
        }
    }
    let body =
        format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>No.</Message></Error>");
    let head =
        format!("HTTP/1.1 {status}\r\ncontent-type: application/xml\r\nconnection: close\r\n");
    let answer = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
    Ok(stream.write_all(answer.as_bytes()).await?)
}
