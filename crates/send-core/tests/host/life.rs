//! Connections from first to last: kept, counted, stopped, and apart from one another.

use super::*;

#[tokio::test]
async fn requests_follow_one_another_on_a_connection_and_may_be_sent_at_once() {
    let server = Server::start(limits()).await;
    let mut client = server.connect().await;
    for _ in 0..3 {
        client.send(GET).await;
        assert!(client.until("ok").await.starts_with("HTTP/1.1 200"));
    }
    let chunked = "POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\
        5\r\nabcde\r\n2;x=y\r\nfg\r\n0\r\n\r\n";
    let sized = format!("{}123", upload("/upload", 3));
    client.send(&[GET, chunked, &sized, LAST].concat()).await;
    let reply = client.rest().await;
    let bodies: Vec<_> = reply
        .split("HTTP/1.1 200 OK")
        .skip(1)
        .map(|part| part.rsplit("\r\n\r\n").next())
        .collect();
    assert_eq!(
        bodies,
        [Some("ok"), Some("7"), Some("3"), Some("ok")],
        "{reply}"
    );
}

#[tokio::test]
async fn a_client_that_asks_whether_to_continue_is_told_so() {
    let server = Server::start(limits()).await;
    let mut client = server.connect().await;
    client
        .send(
            "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n",
        )
        .await;
    assert!(client.until("\r\n\r\n").await.starts_with("HTTP/1.1 100"));
    client.send("hi").await;
    client.until("200 OK").await;
    client.send(LAST).await;
    assert!(client.rest().await.ends_with("ok"));
}

#[tokio::test]
async fn a_handler_is_told_the_address_of_its_peer() {
    let server = Server::start(limits()).await;
    let mut client = server.connect().await;
    client
        .send("GET /peer HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        .await;
    let own = client.0.local_addr().unwrap().to_string();
    assert!(client.rest().await.ends_with(&own));
}

#[tokio::test]
async fn a_panic_in_a_handler_ends_its_own_connection_only() {
    let server = Server::start(limits()).await;
    let mut other = server.connect().await;
    other.send("GET /nap HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert_eq!(
        server.ask("GET /panic HTTP/1.1\r\nHost: a\r\n\r\n").await,
        ""
    );
    other.until("rested").await;
    assert!(server.ask(LAST).await.ends_with("ok"));
}

#[tokio::test]
async fn one_connection_too_many_is_answered_503_and_a_freed_place_is_given_again() {
    let limits = Limits {
        connections: 2,
        ..limits()
    };
    let server = Server::start(limits).await;
    let mut first = server.connect().await;
    let mut second = server.connect().await;
    for client in [&mut first, &mut second] {
        client.send(GET).await;
        client.until("ok").await;
    }
    let reply = server.ask(GET).await;
    assert_eq!(status(&reply), "503", "{reply}");
    assert!(
        reply.contains("retry-after: 1") && reply.contains("\"detail\":"),
        "{reply}"
    );
    first.send(LAST).await;
    assert!(first.rest().await.ends_with("ok"));
    drop(first);
    sleep(millis(100)).await;
    assert_eq!(status(&server.ask(LAST).await), "200");
}

#[tokio::test]
async fn connections_beyond_those_that_can_be_refused_are_closed() {
    let limits = Limits {
        connections: 1,
        refusals: 1,
        ..limits()
    };
    let server = Server::start(limits).await;
    let mut served = server.connect().await;
    served.send(GET).await;
    served.until("ok").await;
    let _refused = server.connect().await;
    let mut closed = server.connect().await;
    assert_eq!(
        timeout(millis(600), closed.rest()).await.expect("at once"),
        ""
    );
}

#[tokio::test]
async fn a_stop_lets_a_running_response_finish_and_closes_idle_connections() {
    let limits = Limits {
        idle_timeout: millis(60_000),
        stop_grace: millis(5000),
        ..limits()
    };
    let server = Server::start(limits).await;
    let mut running = server.connect().await;
    running.send("GET /nap HTTP/1.1\r\nHost: a\r\n\r\n").await;
    let mut idle = server.connect().await;
    idle.send(GET).await;
    idle.until("ok").await;
    server.stop.send(()).unwrap();
    assert_eq!(idle.rest().await, "");
    assert!(
        TcpStream::connect(server.address).await.is_err(),
        "no new connections"
    );
    let reply = running.rest().await;
    assert!(
        reply.contains("connection: close") && reply.ends_with("rested"),
        "{reply}"
    );
    drop((running, idle));
    timeout(millis(3000), server.ended)
        .await
        .expect("ended")
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn a_stop_cuts_what_does_not_finish_in_its_grace() {
    let limits = Limits {
        stop_grace: millis(1000),
        ..limits()
    };
    let server = Server::start(limits).await;
    let mut asleep = server.connect().await;
    asleep.send("GET /sleep HTTP/1.1\r\nHost: a\r\n\r\n").await;
    sleep(millis(50)).await;
    server.stop.send(()).unwrap();
    sleep(millis(300)).await;
    assert!(!server.ended.is_finished(), "within the grace");
    timeout(millis(3000), server.ended)
        .await
        .expect("ended")
        .unwrap()
        .unwrap();
    assert_eq!(asleep.rest().await, "");
}
