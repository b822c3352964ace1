//! The limits of the local host hold in the real binary. That they are the right ones is tested where they are made.

use anyhow::Result;
use send_e2e::{MIB, Request, Sealed, Server, Wire};

/// Sends bytes on a connection of their own, and reads the answer's status.
async fn status(server: &Server, sent: &str) -> Result<u16> {
    let mut wire = Wire::connect(server).await?;
    wire.send(sent.as_bytes()).await?;
    Ok(wire.answer().await?.0)
}

#[tokio::test]
async fn what_is_over_a_limit_is_refused_before_its_body_is_read() -> Result<()> {
    let server = Server::start(&[("SEND_MAX_TRANSFER_BYTES", "10MiB")])?;
    let client = server.client()?;
    let sealed = Sealed::new(1)?;
    client.demand(sealed.create(0), 201).await?;
    client.demand(Sealed::new(10 * MIB)?.create(0), 413).await?;
    let original = Request::new("POST", "/api/transfers/create").with_body("");
    let id = client.demand(original, 200).await?.json()?["transfer_id"].clone();
    let upload = format!("/api/transfers/upload/{}", id.as_str().unwrap_or_default());
    // Each says how much will come, and sends nothing: an answer can only come before the body.
    for (request, length) in [
        (sealed.create(0), 65 << 10),
        (sealed.put_manifest(), 5 << 20),
        (sealed.put_part(0), 5 << 20),
        (sealed.complete(), 65 << 10),
        (Request::new("POST", upload), 11 << 20),
    ] {
        let head = request.head();
        let announced = head.replace(
            &format!("content-length: {}", request.body.len()),
            &format!("content-length: {length}"),
        );
        assert_eq!(status(&server, &announced).await?, 413, "{announced}");
    }
    Ok(())
}

#[tokio::test]
async fn a_head_that_two_servers_could_read_in_two_ways_is_refused() -> Result<()> {
    let server = Server::start(&[])?;
    for (head, expected) in [
        ("host: a\r\n", 200),
        (
            "host: a\r\ncontent-length: 0\r\ntransfer-encoding: chunked\r\n",
            400,
        ),
        ("host: a\r\ncontent-length: 0\r\ncontent-length: 1\r\n", 400),
        ("host: a\r\nhost: b\r\n", 400),
        ("", 400),
    ] {
        let sent = format!("GET /info/health HTTP/1.1\r\n{head}\r\n");
        assert_eq!(status(&server, &sent).await?, expected, "{head:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_body_that_is_encoded_is_refused() -> Result<()> {
    let server = Server::start(&[])?;
    let encoded = Sealed::new(1)?
        .create(0)
        .with_header("content-encoding", "gzip");
    server.client()?.demand(encoded, 415).await?;
    Ok(())
}

#[tokio::test]
async fn an_answer_that_does_not_wait_for_the_body_says_that_the_connection_ends() -> Result<()> {
    let server = Server::start(&[])?;
    let unknown = Sealed::new(5 * MIB)?;
    let refused = server.client()?.demand(unknown.put_part(0), 404).await?;
    // Otherwise the client sends its next request on a connection that is being closed, and may not send it twice.
    let connection = refused
        .headers
        .get("connection")
        .map(|value| value.as_bytes());
    assert_eq!(connection, Some(&b"close"[..]));
    Ok(())
}
