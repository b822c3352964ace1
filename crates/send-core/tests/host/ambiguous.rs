//! Requests that two servers may understand differently: each is answered 400 and ends its connection.

use super::*;

/// Sends a request and one more behind it: the refusal must be all that comes.
async fn refused(request: &str) -> String {
    let server = Server::start(limits()).await;
    let reply = server.ask(&format!("{request}{GET}")).await;
    assert_eq!(
        reply.matches("HTTP/1.").count(),
        1,
        "{request:?} -> {reply}"
    );
    assert!(!reply.ends_with("ok"), "{request:?} -> {reply}");
    reply
}

fn detail(reply: &str) -> String {
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    let id = body["request_id"].as_str().unwrap();
    assert_eq!(id.len(), 16);
    assert!(head.contains(&format!("x-request-id: {id}")), "{head}");
    assert!(head.contains("connection: close"), "{head}");
    body["detail"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn ambiguous_requests_are_answered_400_with_a_sentence() {
    let cases = [
        (
            "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "both",
        ),
        (
            "POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
            "both",
        ),
        (
            "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n",
            "Content-Length",
        ),
        (
            "POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            "chunked",
        ),
        (
            "POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "chunked",
        ),
        ("GET / HTTP/1.1\nHost: a\n\n", "carriage return"),
        ("GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", "carriage return"),
        ("GET / HTTP/1.1\r\n\r\n", "no Host"),
        (
            "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
            "more than one Host",
        ),
        (
            "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n",
            "more than one Host",
        ),
        ("GET / HTTP/1.1\r\nHost:\r\n\r\n", "host name"),
        ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "host name"),
        ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "host name"),
        ("GET / HTTP/1.1\r\nHost: user@a\r\n\r\n", "host name"),
        ("GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", "another host"),
        (
            "GET http://a:81/ HTTP/1.1\r\nHost: a\r\n\r\n",
            "another host",
        ),
        (
            "GET http://x@a/ HTTP/1.1\r\nHost: a\r\n\r\n",
            "another host",
        ),
        ("CONNECT b:80 HTTP/1.1\r\nHost: a\r\n\r\n", "another host"),
    ];
    for (request, sentence) in cases {
        let reply = refused(request).await;
        let version = reply.starts_with("HTTP/1.1 400") || reply.starts_with("HTTP/1.0 400");
        assert!(version, "{request:?} -> {reply}");
        let detail = detail(&reply);
        assert!(detail.contains(sentence), "{request:?} -> {detail}");
    }
}

#[tokio::test]
async fn malformed_requests_are_answered_400_by_hyper() {
    let cases = [
        "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\nx",
        "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\nx",
        "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\nx",
        "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n\r\nx",
        "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length : 1\r\n\r\nx",
        "POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        "POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding\x0b: chunked\r\n\r\n0\r\n\r\n",
        "POST /upload HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n folded\r\n\r\n",
        "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: y\rz\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: y\0z\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.2\r\nHost: a\r\n\r\n",
        "G\x01T / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /\r\n\r\n",
    ];
    for request in cases {
        let reply = refused(request).await;
        assert_eq!(status(&reply), "400", "{request:?} -> {reply}");
    }
}

#[tokio::test]
async fn a_request_behind_a_malformed_chunked_body_is_not_served() {
    for body in [
        "0\r\na: b\n\r\n\r\n",
        "1;\n\r\nx\r\n0\r\n\r\n",
        "1\r\nxx\r\n0\r\n\r\n",
    ] {
        let request = format!(
            "POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{body}{GET}"
        );
        let reply = Server::start(limits()).await.ask(&request).await;
        assert!(!reply.ends_with("ok"), "{body:?} -> {reply}");
    }
}

#[tokio::test]
async fn heads_that_are_too_large_are_answered_431_or_414() {
    let head = |lines: usize, size: usize| {
        let line = format!("X: {}\r\n", "y".repeat(size));
        format!(
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{}\r\n",
            line.repeat(lines)
        )
    };
    let server = Server::start(limits()).await;
    for (lines, size, expected) in [
        (62, 1, "200"),
        (63, 1, "431"),
        (99, 1, "431"),
        (1, 16_000, "200"),
        (1, 17_000, "431"),
        (17, 1000, "431"),
    ] {
        let reply = server.ask(&head(lines, size)).await;
        assert_eq!(status(&reply), expected, "{lines} lines of {size} bytes");
    }
}

#[tokio::test]
async fn requests_that_are_unusual_but_clear_are_served() {
    let server = Server::start(limits()).await;
    for request in [
        "GET http://a/ HTTP/1.1\r\nHost: A\r\nConnection: close\r\n\r\n",
        "GET http://a:80/ HTTP/1.1\r\nHost: a:80\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: [::1]:8080\r\nConnection: close\r\n\r\n",
        "\r\nGET / HTTP/1.1\r\nhost:a\r\nconnection:close\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
    ] {
        let reply = server.ask(request).await;
        assert_eq!(status(&reply), "200", "{request:?} -> {reply}");
    }
}
