//! What makes a test three lines: a service in process, requests as a client makes them, replies as text for snapshots.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use bytes::Bytes;
use http_body_util::BodyExt;
use send_core::{
    clock::Clock,
    config::Config,
    id::{Digest, SendId},
    meter::Meter,
    secret::{Kind, Token, Verifier},
};
use serde_json::{Value, json};
use storage::{
    Blobs, Presign,
    memory::Memory,
    s3::{Place, S3},
    url::Store,
};
use tower::ServiceExt;

/// When tests begin: 2026-01-01, in milliseconds since 1970.
pub(crate) const START: u64 = 1_767_225_600_000;
/// The stored size of the smallest send: one part.
pub(crate) const ONE_PART: usize = 4_168;
/// The stored size of the smallest send of two parts; the second has 16 bytes.
pub(crate) const TWO_PARTS: usize = 4_198_472;
/// Bytes of the first of several parts.
pub(crate) const FIRST_PART: usize = 4_198_456;

/// A service in process.
pub(crate) struct Service {
    app: Router,
    clock: Arc<AtomicU64>,
    pub(crate) blobs: Arc<dyn Blobs>,
    pub(crate) meter: Meter,
}

/// A request on its way.
pub(crate) struct Ask<'a> {
    service: &'a Service,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Bytes,
    hashed: bool,
}

/// What came back.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// The keys of one send, as a client has them.
#[derive(Clone)]
pub(crate) struct Keys {
    pub(crate) id: SendId,
    link: [u8; 32],
    read: [u8; 32],
    owner: [u8; 32],
}

impl Service {
    pub(crate) fn new() -> Self {
        Self::with(&[])
    }

    pub(crate) fn with(variables: &[(&str, &str)]) -> Self {
        Self::start(None, variables)
    }

    /// One whose storage signs URLs, for a bucket that nobody has: signing needs no answer.
    pub(crate) fn signing(variables: &[(&str, &str)]) -> Self {
        let s3 = S3::new(Place::parse("//a-bucket/prefix").unwrap(), |name| {
            let value = match name {
                "AWS_ACCESS_KEY_ID" => "AKIDEXAMPLE",
                "AWS_SECRET_ACCESS_KEY" => "secret",
                "AWS_REGION" => "eu-west-1",
                _ => return None,
            };
            Some(value.to_owned())
        });
        Self::start(Some(Arc::new(s3.unwrap())), variables)
    }

    fn start(presign: Option<Arc<dyn Presign>>, variables: &[(&str, &str)]) -> Self {
        let blobs = Arc::new(Memory::default());
        Self::on(Store { blobs, presign }, START, variables)
    }

    /// One on a storage that the test knows, at some time.
    pub(crate) fn on(store: Store, now: u64, variables: &[(&str, &str)]) -> Self {
        let get = |name: &str| {
            variables
                .iter()
                .find(|(n, _)| *n == name)
                .map(|(_, v)| (*v).to_owned())
        };
        let config = Config::read(([127, 0, 0, 1], 0).into(), get).unwrap();
        let clock = Arc::new(AtomicU64::new(now));
        let blobs = store.blobs.clone();
        let state = send_user::State::new(config, store, Clock::Set(clock.clone()));
        Self {
            meter: state.meter().clone(),
            app: send_user::app(state),
            clock,
            blobs,
        }
    }

    /// The clock that the service goes by.
    pub(crate) fn clock(&self) -> Clock {
        Clock::Set(self.clock.clone())
    }

    /// Lets time go on.
    pub(crate) fn wait_seconds(&self, seconds: u64) {
        self.clock.fetch_add(seconds * 1_000, Ordering::Relaxed);
    }

    pub(crate) fn ask(&self, method: Method, path: impl fmt::Display) -> Ask<'_> {
        let hashed = path.to_string().starts_with("/api/v1");
        Ask {
            service: self,
            method,
            path: path.to_string(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            hashed,
        }
    }

    pub(crate) fn get(&self, path: impl fmt::Display) -> Ask<'_> {
        self.ask(Method::GET, path)
    }

    pub(crate) fn post(&self, path: impl fmt::Display) -> Ask<'_> {
        self.ask(Method::POST, path)
    }

    pub(crate) fn put(&self, path: impl fmt::Display) -> Ask<'_> {
        self.ask(Method::PUT, path)
    }

    pub(crate) fn patch(&self, path: impl fmt::Display) -> Ask<'_> {
        self.ask(Method::PATCH, path)
    }

    pub(crate) fn delete(&self, path: impl fmt::Display) -> Ask<'_> {
        self.ask(Method::DELETE, path)
    }

    /// A send that was created, and nothing more.
    pub(crate) async fn pending(&self, ask: Value) -> Keys {
        let keys = Keys::new(1);
        let reply = self
            .post("/api/v1/sends")
            .json(&keys.create(ask))
            .await_reply()
            .await;
        assert_eq!(reply.status, 201, "{reply}");
        keys
    }

    /// A completed send of one part.
    pub(crate) async fn sent(&self, ask: Value) -> Keys {
        let keys = self.pending(ask).await;
        self.put(keys.path("/parts/0"))
            .token(keys.owner())
            .bytes(content(ONE_PART))
            .ok()
            .await;
        self.put(keys.path("/manifest"))
            .token(keys.owner())
            .bytes("a manifest")
            .ok()
            .await;
        self.post(keys.path("/complete"))
            .token(keys.owner())
            .ok()
            .await;
        keys
    }

    /// A completed send of one part, and a claim to it.
    pub(crate) async fn claimed(&self, ask: Value) -> (Keys, String) {
        let keys = self.sent(ask).await;
        let claim = claim(1);
        self.claim(&keys, 1).ok().await;
        (keys, claim)
    }

    pub(crate) fn claim(&self, keys: &Keys, n: u8) -> Ask<'_> {
        self.post(keys.path("/claims"))
            .token(keys.reader())
            .json(&json!({ "claim": claim(n) }))
    }
}

impl Ask<'_> {
    pub(crate) fn header(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.headers
            .insert(name, value.to_string().parse().unwrap());
        self
    }

    pub(crate) fn token(self, token: impl fmt::Display) -> Self {
        self.header("x-send-token", token)
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json")
            .bytes(body.to_string())
    }

    pub(crate) fn bytes(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Leaves out the digest of the body.
    pub(crate) fn unhashed(mut self) -> Self {
        self.hashed = false;
        self
    }

    pub(crate) async fn await_reply(self) -> Reply {
        let mut request = Request::new(Body::from(self.body.clone()));
        *request.method_mut() = self.method;
        *request.uri_mut() = self.path.parse().unwrap();
        *request.headers_mut() = self.headers;
        let digest = Digest::of(&self.body).to_string().parse().unwrap();
        if self.hashed {
            request
                .headers_mut()
                .entry("x-amz-content-sha256")
                .or_insert(digest);
        }
        let response = self.service.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Reply {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    pub(crate) async fn ok(self) -> Reply {
        let (method, path) = (self.method.clone(), self.path.clone());
        let reply = self.await_reply().await;
        assert!(reply.status.is_success(), "{method} {path}: {reply}");
        reply
    }

    /// Status and detail of a refusal.
    pub(crate) async fn refused(self) -> (u16, String) {
        let reply = self.await_reply().await;
        let detail = reply.json()["detail"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        assert_eq!(
            reply.json()["request_id"],
            reply.headers["x-request-id"].to_str().unwrap()
        );
        (reply.status.as_u16(), detail)
    }
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {self}"))
    }
}

/// For snapshots: the status, and the body with what is random left out.
impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.status.as_u16())?;
        match serde_json::from_slice::<Value>(&self.body) {
            Ok(mut json) => {
                if let Some(id) = json.get_mut("request_id") {
                    *id = "..".into();
                }
                write!(f, "{json}")
            }
            Err(_) => write!(f, "{} bytes", self.body.len()),
        }
    }
}

impl Keys {
    pub(crate) fn new(n: u8) -> Self {
        Self {
            id: SendId::new([n; 16]),
            link: [n; 32],
            read: [n + 50; 32],
            owner: [n + 100; 32],
        }
    }

    /// The body of a create, with fields that differ from the usual ones.
    pub(crate) fn create(&self, fields: Value) -> Value {
        let of = |kind, bytes| Verifier::of(kind, &Token::new(bytes));
        let mut ask = json!({
            "id": self.id,
            "link_verifier": of(Kind::Link, self.link),
            "read_verifier": of(Kind::Read, self.read),
            "owner_verifier": of(Kind::Owner, self.owner),
            "size": ONE_PART,
            "downloads": 0,
            "expires_in": 3_600,
        });
        for (name, value) in fields.as_object().unwrap() {
            ask[name] = value.clone();
        }
        ask
    }

    pub(crate) fn path(&self, below: &str) -> String {
        format!("/api/v1/sends/{}{below}", self.id)
    }

    pub(crate) fn link(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.link)
    }

    pub(crate) fn owner(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.owner)
    }

    pub(crate) fn reader(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode([self.link, self.read].concat())
    }

    /// A reader's token whose read half is wrong, as a wrong passphrase makes it.
    pub(crate) fn wrong_reader(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode([self.link, [0; 32]].concat())
    }
}

/// A claim.
pub(crate) fn claim(n: u8) -> String {
    BASE64_URL_SAFE_NO_PAD.encode([n; 32])
}

/// Bytes that differ from place to place.
pub(crate) fn content(size: usize) -> Bytes {
    (0..size).map(|at| (at % 251) as u8).collect()
}
