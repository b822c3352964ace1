//! A Runtime API that costs next to nothing: events that were made before, answers that are only read. One thread a connection.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

/// How long a bootstrap may take for anything.
const PATIENCE: Duration = Duration::from_secs(120);

/// Where a bootstrap asks for events.
pub(crate) struct RuntimeApi {
    pub(crate) address: SocketAddr,
    events: Sender<Arc<Vec<u8>>>,
    heard: Receiver<Heard>,
}

/// What a bootstrap said, and when all of it had arrived.
struct Heard {
    at: Instant,
    said: Said,
}

enum Said {
    Next,
    Answer(Vec<u8>),
}

/// What all connections share.
#[derive(Clone)]
struct Line {
    events: Arc<Mutex<Receiver<Arc<Vec<u8>>>>>,
    heard: Sender<Heard>,
}

/// What an extension is told that registers itself: the Extensions API, which is at the same address.
const REGISTERED: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nlambda-extension-identifier: 8f5c2d1e-0000-4000-8000-0000000000ee\r\n\
    content-length: 62\r\n\r\n{\"functionName\":\"send\",\"functionVersion\":\"1\",\"handler\":\"send\"}";

impl RuntimeApi {
    pub(crate) fn open() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let ((events, waiting), (hear, heard)) = (channel(), channel());
        let line = Line {
            events: Arc::new(Mutex::new(waiting)),
            heard: hear,
        };
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let line = line.clone();
                thread::spawn(move || line.serve(stream));
            }
        });
        Ok(Self {
            address,
            events,
            heard,
        })
    }

    /// Has this ready for whoever asks next.
    pub(crate) fn offer(&self, event: &Arc<Vec<u8>>) -> Result<()> {
        Ok(self.events.send(event.clone())?)
    }

    /// When the bootstrap asked for an event.
    pub(crate) fn asked(&self) -> Result<Instant> {
        loop {
            let heard = self.hear()?;
            if matches!(heard.said, Said::Next) {
                return Ok(heard.at);
            }
        }
    }

    /// What the bootstrap answered, and when.
    pub(crate) fn answered(&self) -> Result<(Vec<u8>, Instant)> {
        loop {
            let heard = self.hear()?;
            if let Said::Answer(answer) = heard.said {
                return Ok((answer, heard.at));
            }
        }
    }

    fn hear(&self) -> Result<Heard> {
        let heard = self.heard.recv_timeout(PATIENCE);
        heard.context("the bootstrap says nothing")
    }
}

impl Line {
    /// Until the bootstrap closes it, or nobody measures any more.
    fn serve(self, stream: TcpStream) -> Result<()> {
        stream.set_nodelay(true)?;
        let mut reader = BufReader::with_capacity(1 << 16, stream.try_clone()?);
        let mut writer = stream;
        while let Some((line, length)) = head(&mut reader)? {
            let mut body = vec![0; length];
            reader.read_exact(&mut body)?;
            let at = Instant::now();
            if line.contains(" /2020-01-01/extension/event/next ") {
                // Extensions that ask for no events are told nothing.
                continue;
            } else if line.contains(" /2020-01-01/extension/register ") {
                writer.write_all(REGISTERED)?;
            } else if line.starts_with("GET ") {
                self.tell(at, Said::Next)?;
                let event = self.next()?;
                writer.write_all(&event)?;
            } else {
                // Before it is told, so that the next question is on its way while the answer is looked at.
                writer.write_all(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n")?;
                self.tell(at, Said::Answer(body))?;
            }
        }
        Ok(())
    }

    fn tell(&self, at: Instant, said: Said) -> Result<()> {
        Ok(self.heard.send(Heard { at, said })?)
    }

    fn next(&self) -> Result<Arc<Vec<u8>>> {
        let events = self.events.lock();
        Ok(events.unwrap_or_else(PoisonError::into_inner).recv()?)
    }
}

/// The first line of a request, and how long its body is; none at the end.
fn head(reader: &mut impl BufRead) -> Result<Option<(String, usize)>> {
    let (mut first, mut length) = (String::new(), 0);
    if reader.read_line(&mut first)? == 0 {
        return Ok(None);
    }
    let mut line = String::new();
    while reader.read_line(&mut line)? > 0 && line != "\r\n" {
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse()?;
        }
        line.clear();
    }
    Ok(Some((first, length)))
}

/// An event as the Runtime API answers it, head and all.
pub(crate) fn event(json: &str) -> Arc<Vec<u8>> {
    // Far enough in the future: milliseconds since 1970.
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nlambda-runtime-aws-request-id: 8f5c2d1e-0000-4000-8000-000000000000\r\n\
         lambda-runtime-deadline-ms: 4102444800000\r\nlambda-runtime-invoked-function-arn: arn:aws:lambda:eu-west-2:123456789012:function:send\r\n\
         lambda-runtime-trace-id: Root=1-65000000-0123456789abcdef01234567\r\ncontent-length: {}\r\n\r\n",
        json.len()
    );
    Arc::new([head.as_bytes(), json.as_bytes()].concat())
}
