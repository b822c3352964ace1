//! How long a client may take and how much it may send.

use std::time::Duration;

/// The limits of the local host. The defaults suit a public server; tests shorten them.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections served at once; one more is answered 503. An idle one costs 13 KiB, one with a slow reader at most
    /// [`Limits::buffer_bytes`] and the chunks of its response.
    pub connections: usize,
    /// Connections beyond [`Limits::connections`] that are told so at once; further ones are closed without a word.
    pub refusals: usize,
    /// From accept to the end of the first head, and from the first to the last byte of every later one.
    pub head_timeout: Duration,
    /// Between two requests of one connection. Above the 60 s after which most proxies give up a kept connection, so
    /// that it is they who close it and no request meets a closing server.
    pub idle_timeout: Duration,
    /// Bytes of a head, request line included; more is answered 431. Four times what browsers send with many cookies.
    pub head_bytes: usize,
    /// Header lines of a head; more is answered 431. At most 100, where hyper ends.
    pub headers: usize,
    /// Bytes that a connection may hold in its read buffer, and in its write buffer before it asks a body for more.
    /// At least 8 KiB, hyper's least. Smaller makes large transfers slower, larger costs memory with every slow client.
    pub buffer_bytes: usize,
    /// Bytes that the system may hold for a client before it has sent them (`TCP_NOTSENT_LOWAT`, on Linux). A write waits
    /// beyond that, and goes on when half of them have been sent.
    pub unsent_bytes: u32,
    /// Waiting for a request body before its rate is looked at.
    pub body_grace: Duration,
    /// Least bytes a second of a request body, averaged over the time in which the server waited for the client; a
    /// handler that takes its time is not held against the client. A slower body is answered 408. 4 KiB/s is a bad
    /// mobile connection.
    pub body_rate: u32,
    /// One wait for the client without a single byte of progress, in a request body (answered 408) or in a response
    /// that is not read (closed).
    pub stall_timeout: Duration,
    /// After the last answer of a connection, how long what the client still sends is read and thrown away. Closing
    /// with unread bytes resets the connection, and the reset can overtake the answer.
    pub linger: Duration,
    /// How long running requests may go on after the stop signal.
    pub stop_grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1024,
            refusals: 64,
            head_timeout: Duration::from_secs(5),
            idle_timeout: Duration::from_secs(75),
            head_bytes: 16 * 1024,
            headers: 64,
            buffer_bytes: 256 * 1024,
            unsent_bytes: 512 * 1024,
            body_grace: Duration::from_secs(10),
            body_rate: 4 * 1024,
            stall_timeout: Duration::from_secs(30),
            linger: Duration::from_secs(2),
            stop_grace: Duration::from_secs(10),
        }
    }
}

impl Limits {
    /// The same limits for a connection that is only told to come back later.
    pub(super) fn hurried(self) -> Self {
        let moment = Duration::from_secs(1);
        Self {
            head_timeout: self.head_timeout.min(moment),
            linger: self.linger.min(moment),
            ..self
        }
    }
}
