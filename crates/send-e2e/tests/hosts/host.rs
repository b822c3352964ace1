//! Where the product runs.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, Result};
use axum::{Router, body::Body, extract::ConnectInfo};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{client::conn::http1, header::HOST};
use hyper_util::rt::TokioIo;
use send_core::{clock::Clock, config::Config};
use send_e2e::{Answer, Lambda, Request, Server};
use tokio::{net::TcpStream, time::timeout};
use tower::ServiceExt;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// Where requests come from that come from no socket.
const PEER: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 50_000);

/// One of the product's two services.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    User,
    Admin,
}

/// A running service.
pub(crate) enum Host {
    /// The router as a value.
    InProcess(Router),
    /// The binary, listening.
    Tcp(Server),
    /// The same binary, asked for answers.
    Lambda(Lambda),
}

/// The three ways to run one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    InProcess,
    Tcp,
    Lambda,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::InProcess, Self::Tcp, Self::Lambda];
}

impl Host {
    /// Starts a service with these variables.
    pub(crate) fn start(kind: Kind, service: Service, variables: &[(&str, &str)]) -> Result<Self> {
        let program = match service {
            Service::User => "send-user",
            Service::Admin => "send-admin",
        };
        Ok(match kind {
            Kind::InProcess => Self::InProcess(router(service, variables)?),
            Kind::Tcp => Self::Tcp(Server::start_program(program, variables)?),
            Kind::Lambda => Self::Lambda(Lambda::start_program(program, variables)?),
        })
    }

    /// Sends a request exactly as it is, path and query to the last character.
    pub(crate) async fn ask(&self, request: &Request) -> Result<Answer> {
        let what = || format!("{} {}", request.method, request.path);
        let asked = async {
            match self {
                Self::InProcess(router) => in_process(router.clone(), http(request)?).await,
                Self::Tcp(server) => over(server.address, http(request)?).await,
                Self::Lambda(lambda) => over(lambda.address, http(request)?).await,
            }
        };
        timeout(PATIENCE, asked)
            .await
            .with_context(what)?
            .with_context(what)
    }

    /// How much Lambda would have refused of what was asked and answered.
    pub(crate) fn refused(&self) -> u64 {
        match self {
            Self::InProcess(_) | Self::Tcp(_) => 0,
            Self::Lambda(lambda) => lambda.refused(),
        }
    }
}

fn router(service: Service, variables: &[(&str, &str)]) -> Result<Router> {
    let get = |name: &str| {
        // Of several, the last holds, as for a process.
        let set = variables.iter().rfind(|(set, _)| *set == name);
        set.map(|(_, value)| (*value).to_owned())
    };
    let mut config = Config::read(PEER, get)?;
    let store = config.storage.open()?;
    Ok(match service {
        Service::User => send_user::app(send_user::State::new(config, store, Clock::System)),
        Service::Admin => {
            send_admin::settle(&mut config)?;
            send_admin::app(send_admin::State::new(config, store, Clock::System))
        }
    })
}

fn http(request: &Request) -> Result<hyper::Request<Full<Bytes>>> {
    let builder = hyper::Request::builder()
        .method(request.method)
        .uri(&request.path)
        .header(HOST, "send.example");
    let headers = request.headers.iter();
    let builder = headers.fold(builder, |builder, (name, value)| {
        builder.header(*name, value)
    });
    Ok(builder.body(Full::new(request.body.clone()))?)
}

async fn in_process(router: Router, request: hyper::Request<Full<Bytes>>) -> Result<Answer> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(PEER));
    let (head, body) = router.oneshot(request).await?.into_parts();
    Ok(Answer {
        status: head.status.as_u16(),
        headers: head.headers,
        body: body.collect().await?.to_bytes(),
    })
}

/// By a connection of its own, whose client changes nothing of a path.
async fn over(address: SocketAddr, request: hyper::Request<Full<Bytes>>) -> Result<Answer> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let (head, body) = sender.send_request(request).await?.into_parts();
    let body = body.collect().await?.to_bytes();
    connection.abort();
    Ok(Answer {
        status: head.status.as_u16(),
        headers: head.headers,
        body,
    })
}
