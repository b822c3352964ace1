//! Connections, and requests on them.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use http_body_util::BodyExt;
use hyper::{
    Request, Response, StatusCode,
    body::{Body as _, Incoming},
    client::conn::http1::{SendRequest, handshake},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use socket2::{SockRef, Socket};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Mutex, watch},
    task::JoinSet,
    time::sleep,
};

use super::{
    Kind, State,
    answer::{self, Body},
    plan::STALL,
};

/// Takes connections until it is aborted; none while it is paused.
pub(super) async fn accept(
    listener: TcpListener,
    state: Arc<State>,
    mut paused: watch::Receiver<bool>,
) {
    let Ok(address) = listener.local_addr() else {
        return;
    };
    let mut listener = Some(listener);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            changed = paused.changed() => {
                if changed.is_err() { return }
                listener = None;
                connections.shutdown().await;
                if !*paused.borrow_and_update() {
                    listener = Some(listen(address).await);
                }
            }
            stream = next(listener.as_ref()) => {
                connections.spawn(serve(stream, state.clone()));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Listens where it has listened before.
async fn listen(address: SocketAddr) -> TcpListener {
    loop {
        match TcpListener::bind(address).await {
            Ok(listener) => return listener,
            Err(_) => sleep(Duration::from_millis(20)).await,
        }
    }
}

/// The next connection; none ever comes where nobody listens.
async fn next(listener: Option<&TcpListener>) -> TcpStream {
    loop {
        match listener {
            None => std::future::pending().await,
            Some(listener) => match listener.accept().await {
                Ok((stream, _)) => return stream,
                Err(_) => sleep(Duration::from_millis(20)).await,
            },
        }
    }
}

async fn serve(stream: TcpStream, state: Arc<State>) {
    let _ = stream.set_nodelay(true);
    let Ok(socket) = SockRef::from(&stream).try_clone() else {
        return;
    };
    let connection = Connection {
        socket,
        state,
        upstream: Mutex::default(),
    };
    let service = service_fn(|request| connection.answer(request));
    // An error is a connection that the client has broken, or that was to be broken.
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// A connection of a client, and its own connection to S3.
struct Connection {
    /// The client's, once more: how it is closed is decided here.
    socket: Socket,
    state: Arc<State>,
    upstream: Mutex<Option<SendRequest<Incoming>>>,
}

impl Connection {
    async fn answer(&self, request: Request<Incoming>) -> io::Result<Response<Body>> {
        let (number, injected) = self.state.note(&request);
        let answer = match injected {
            None => answer::whole(self.forward(number, request).await?),
            Some(Kind::InternalError) => {
                refuse(request, StatusCode::INTERNAL_SERVER_ERROR, "InternalError").await?
            }
            Some(Kind::SlowDown) => {
                refuse(request, StatusCode::SERVICE_UNAVAILABLE, "SlowDown").await?
            }
            Some(Kind::Conflict) => {
                refuse(request, StatusCode::CONFLICT, "ConditionalRequestConflict").await?
            }
            Some(Kind::ResetBefore) => return Err(self.reset()),
            Some(Kind::ResetAfter) => {
                let done = self.forward(number, request).await?;
                drop(done.collect().await);
                return Err(self.reset());
            }
            Some(Kind::Stall) => {
                drop(request.collect().await);
                sleep(STALL).await;
                return Err(self.reset());
            }
            Some(Kind::StallAfter) => {
                let done = self.forward(number, request).await?;
                drop(done.collect().await);
                sleep(STALL).await;
                return Err(self.reset());
            }
            Some(Kind::ShortBody) => answer::half(self.forward(number, request).await?),
        };
        self.state.note_answer(number, answer.status());
        Ok(answer)
    }

    /// Passes a request on as it is, on the connection before if that is still there.
    async fn forward(
        &self,
        number: u64,
        mut request: Request<Incoming>,
    ) -> io::Result<Response<Incoming>> {
        let mut upstream = self.upstream.lock().await;
        loop {
            let kept = upstream.take();
            let is_new = kept.is_none();
            let mut sender = match kept {
                Some(sender) => sender,
                None => self.connect().await?,
            };
            if sender.ready().await.is_err() && !is_new {
                continue;
            }
            match sender.try_send_request(request).await {
                Ok(response) => {
                    *upstream = Some(sender);
                    self.state.note_answer(number, response.status());
                    return Ok(response);
                }
                Err(mut failed) => match failed.take_message() {
                    Some(unsent) if !is_new => request = unsent,
                    _ => return Err(io::Error::other(failed.into_error())),
                },
            }
        }
    }

    async fn connect(&self) -> io::Result<SendRequest<Incoming>> {
        let stream = TcpStream::connect(&self.state.upstream).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream))
            .await
            .map_err(io::Error::other)?;
        tokio::spawn(connection);
        Ok(sender)
    }

    /// What ends the connection by a reset, not by a close: nothing that was answered is to arrive.
    fn reset(&self) -> io::Error {
        let _ = self.socket.set_linger(Some(Duration::ZERO));
        io::ErrorKind::ConnectionReset.into()
    }
}

/// Reads a request to its end, as S3 does, and refuses it.
async fn refuse(
    request: Request<Incoming>,
    status: StatusCode,
    code: &str,
) -> io::Result<Response<Body>> {
    let mut body = request.into_body();
    while !body.is_end_stream() {
        match body.frame().await {
            Some(frame) => drop(frame.map_err(io::Error::other)?),
            None => break,
        }
    }
    Ok(answer::refusal(status, code))
}
