//! Clients that take their time: which are closed, and which are not.

use tokio::net::TcpSocket;
use tokio::time::Instant;

use super::*;

/// Sends `byte` every `pause` until the server has answered, and returns the answer.
async fn dribble(client: &mut Client, byte: u8, pause: Duration) -> String {
    let (mut read, mut write) = client.0.split();
    let mut reply = String::new();
    let sending = async {
        loop {
            sleep(pause).await;
            if write.write_all(&[byte]).await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! {
        () = sending => {}
        read = timeout(millis(5000), read.read_to_string(&mut reply)) => {
            // A close with bytes under way is a reset, after the answer.
            let _ = read.expect("the server closes");
        }
    }
    reply
}

#[tokio::test]
async fn a_silent_client_is_closed() {
    let server = Server::start(limits()).await;
    let mut client = server.connect().await;
    let start = Instant::now();
    assert_eq!(client.rest().await, "");
    assert!((millis(250)..millis(2000)).contains(&start.elapsed()));
}

#[tokio::test]
async fn a_client_that_dribbles_its_head_is_closed() {
    let server = Server::start(limits()).await;
    let mut client = server.connect().await;
    client.send("GET / HTTP/1.1\r\nHost: ").await;
    let start = Instant::now();
    assert_eq!(dribble(&mut client, b'a', millis(20)).await, "");
    assert!((millis(250)..millis(2000)).contains(&start.elapsed()));
}

#[tokio::test]
async fn a_client_that_dribbles_its_second_head_is_closed_as_soon() {
    let server = Server::start(limits()).await;
    let mut client = server.connect().await;
    client.send(GET).await;
    client.until("ok").await;
    sleep(millis(500)).await;
    let start = Instant::now();
    assert_eq!(dribble(&mut client, b'G', millis(20)).await, "");
    assert!((millis(250)..millis(2000)).contains(&start.elapsed()));
}

#[tokio::test]
async fn a_kept_connection_outlives_the_head_timeout_but_not_the_idle_one() {
    let server = Server::start(limits()).await;
    let mut client = server.connect().await;
    for _ in 0..2 {
        client.send(GET).await;
        client.until("ok").await;
        sleep(millis(500)).await;
    }
    client.send(GET).await;
    client.until("ok").await;
    let start = Instant::now();
    assert_eq!(client.rest().await, "");
    assert!((millis(650)..millis(2000)).contains(&start.elapsed()));
}

#[tokio::test]
async fn a_body_that_dribbles_is_answered_408_and_closed() {
    let server = Server::start(limits()).await;
    for framing in ["Content-Length: 9999", "Transfer-Encoding: chunked"] {
        let mut client = server.connect().await;
        let head = format!("POST /upload HTTP/1.1\r\nHost: a\r\n{framing}\r\n\r\n9\r\n");
        client.send(&head).await;
        let start = Instant::now();
        let reply = dribble(&mut client, b'1', millis(50)).await;
        assert_eq!(status(&reply), "408", "{reply}");
        assert!(reply.contains("connection: close"), "{reply}");
        assert!((millis(250)..millis(2000)).contains(&start.elapsed()));
    }
}

#[tokio::test]
async fn a_body_that_never_begins_is_answered_408_and_closed() {
    let server = Server::start(limits()).await;
    let expecting = upload("/upload", 5).replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n");
    for head in [upload("/upload", 5), expecting] {
        let reply = server.ask(&head).await;
        let last = reply.trim_start_matches("HTTP/1.1 100 Continue\r\n\r\n");
        assert_eq!(status(last), "408", "{reply}");
    }
}

#[tokio::test]
async fn a_body_that_stalls_is_answered_408_and_closed_however_fast_it_began() {
    let server = Server::start(limits()).await;
    let mut client = server.connect().await;
    client.send(&upload("/upload", 1_000_000)).await;
    client.send(&"x".repeat(500_000)).await;
    let start = Instant::now();
    let reply = client.rest().await;
    assert_eq!(status(&reply), "408", "{reply}");
    assert!(start.elapsed() < millis(3000));
}

#[tokio::test]
async fn a_slow_but_honest_upload_is_not_closed() {
    let server = Server::start(limits()).await;
    let mut client = server.connect().await;
    client.send(&upload("/upload", 3000)).await;
    for _ in 0..15 {
        sleep(millis(100)).await;
        client.send(&"x".repeat(200)).await;
    }
    assert!(client.until("3000").await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn the_time_a_handler_takes_before_it_reads_is_not_the_clients() {
    let server = Server::start(limits()).await;
    let mut client = server.connect().await;
    client.send(&upload("/late", 500_000)).await;
    client.send(&"x".repeat(500_000)).await;
    assert!(client.until("500000").await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_client_that_does_not_read_its_response_is_closed() {
    let server = Server::start(limits()).await;
    let mut client = server.connect().await;
    client.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n").await;
    sleep(millis(1500)).await;
    let mut bytes = Vec::new();
    let _ = timeout(millis(5000), client.0.read_to_end(&mut bytes))
        .await
        .expect("closed");
    assert!(bytes.starts_with(b"HTTP/1.1 200") && bytes.len() < BIG);
}

#[tokio::test]
async fn a_client_that_reads_slowly_gets_its_whole_response() {
    let server = Server::start(limits()).await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(64 * 1024).unwrap();
    let mut client = Client(socket.connect(server.address).await.unwrap());
    client.send(&GET.replace("/ ", "/big ")).await;
    // 2 MB/s for three times the stall timeout, then the rest at once.
    let mut bytes = vec![0; 100 * 1024];
    for _ in 0..30 {
        sleep(millis(50)).await;
        client.0.read_exact(&mut bytes).await.unwrap();
    }
    let mut rest = vec![0; BIG - 30 * bytes.len()];
    client.0.read_exact(&mut rest).await.unwrap();
}

#[tokio::test]
async fn a_response_that_the_app_produces_slowly_is_not_cut() {
    let server = Server::start(limits()).await;
    let reply = server
        .ask("GET /drip HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        .await;
    assert!(
        reply.contains("one ") && reply.ends_with("four\r\n0\r\n\r\n"),
        "{reply}"
    );
}

#[tokio::test]
async fn an_answer_before_the_end_of_an_upload_reaches_a_client_that_goes_on_sending() {
    let server = Server::start(limits()).await;
    let mut client = server.connect().await;
    client.send(&upload("/unread", 50_000_000)).await;
    let reply = dribble(&mut client, b'x', millis(1)).await;
    assert!(reply.ends_with("unread"), "{reply}");
}
