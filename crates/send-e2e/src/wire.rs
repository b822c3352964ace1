//! A connection on which any bytes can be sent, and which can be broken off at any of them.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use bytes::{Buf, Bytes, BytesMut};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::{Request, Server};

/// Room for one read: several of the pieces that a server writes, so that a large body costs few calls.
const READ: usize = 1 << 20;
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// One connection to a server. Dropped, it is closed, whatever is under way.
#[derive(Debug)]
pub struct Wire {
    stream: TcpStream,
    /// What has arrived and was not looked at.
    held: BytesMut,
}

impl Wire {
    /// A new connection.
    ///
    /// # Errors
    /// When the server does not accept it.
    pub async fn connect(server: &Server) -> Result<Self> {
        let stream = TcpStream::connect(server.address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            held: BytesMut::new(),
        })
    }

    /// Sends bytes as they are.
    ///
    /// # Errors
    /// When the connection breaks.
    pub async fn send(&mut self, bytes: &[u8]) -> Result<()> {
        Ok(self.stream.write_all(bytes).await?)
    }

    /// Sends a request with all of its body.
    ///
    /// # Errors
    /// When the connection breaks.
    pub async fn send_request(&mut self, request: &Request) -> Result<()> {
        self.send(&request.bytes()).await
    }

    /// Sends a request, but only the first `sent` bytes of its body.
    ///
    /// # Errors
    /// When the connection breaks.
    pub async fn send_part_of(&mut self, request: &Request, sent: usize) -> Result<()> {
        self.send(request.head().as_bytes()).await?;
        self.send(&request.body[..sent]).await
    }

    /// The next answer: its status, and its body, whose length must be in its head.
    ///
    /// # Errors
    /// When the connection is closed before, or nothing comes for half a minute.
    pub async fn answer(&mut self) -> Result<(u16, Bytes)> {
        let (status, length) = self.answer_head().await?;
        Ok((status, self.body(length).await?))
    }

    /// The head of the next answer: its status, and how long the body is that follows.
    ///
    /// # Errors
    /// As [`Self::answer`].
    pub async fn answer_head(&mut self) -> Result<(u16, usize)> {
        let end = loop {
            match self.held.windows(4).position(|end| end == b"\r\n\r\n") {
                Some(at) => break at + 4,
                None => self.read_more().await?,
            }
        };
        let head = std::str::from_utf8(&self.held[..end])?.to_ascii_lowercase();
        self.held.advance(end);
        let status = head.split(' ').nth(1).context("no status")?.parse()?;
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length:"));
        Ok((status, length.unwrap_or("0").trim().parse()?))
    }

    /// The next `length` bytes of an answer's body.
    ///
    /// # Errors
    /// As [`Self::answer`].
    pub async fn body(&mut self, length: usize) -> Result<Bytes> {
        while self.held.len() < length {
            self.read_more().await?;
        }
        Ok(self.held.split_to(length).freeze())
    }

    /// Reads the next `length` bytes of an answer's body and forgets them.
    ///
    /// # Errors
    /// As [`Self::answer`].
    pub async fn skip(&mut self, mut length: usize) -> Result<()> {
        loop {
            let here = length.min(self.held.len());
            self.held.advance(here);
            length -= here;
            if length == 0 {
                return Ok(());
            }
            self.read_more().await?;
        }
    }

    async fn read_more(&mut self) -> Result<()> {
        self.held.reserve(READ);
        let read = timeout(PATIENCE, self.stream.read_buf(&mut self.held)).await;
        match read.context("no answer")?? {
            0 => bail!("the connection was closed before the answer was complete"),
            _ => Ok(()),
        }
    }
}
