//! Who sends and who reads: the real user service on the same storage, by the same clock.

use std::fmt;

use axum::{Router, http::Method};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use bytes::Bytes;
use send_core::{
    config::Config,
    id::{Digest, SendId},
    meter::Meter,
    secret::{Kind, Token, Verifier},
};
use serde_json::{Value, json};
use storage::url::Store;

use crate::harness::{Ask, Service};

/// The stored size of the smallest send: one part.
pub(crate) const ONE_PART: u64 = 4_168;

/// The user service beside an admin service.
pub(crate) struct Sender {
    app: Router,
    access_token: Option<String>,
    pub(crate) meter: Meter,
}

/// The keys of one send, as a client has them.
#[derive(Clone, Copy)]
pub(crate) struct Keys {
    pub(crate) id: SendId,
    n: u8,
}

impl Sender {
    /// One from which everyone may send.
    pub(crate) fn beside(service: &Service) -> Self {
        Self::start(service, "open", None)
    }

    /// One from which only who shows a token may send; this one is shown.
    pub(crate) fn with_token(service: &Service, shown: &str) -> Self {
        Self::start(service, "token", Some(shown.to_owned()))
    }

    fn start(service: &Service, uploads: &str, access_token: Option<String>) -> Self {
        let get = |name: &str| match name {
            "SEND_UPLOADS" => Some(uploads.to_owned()),
            "SEND_TRUST_PROXY" => Some("x-forwarded-for:1".to_owned()),
            _ => None,
        };
        let config = Config::read(([127, 0, 0, 1], 0).into(), get).unwrap();
        let store = Store::closed(service.blobs.clone());
        let state = send_user::State::new(config, store, service.clock());
        Self {
            meter: state.meter().clone(),
            app: send_user::app(state),
            access_token,
        }
    }

    pub(crate) fn get(&self, path: impl fmt::Display) -> Ask {
        Ask::of(&self.app, Method::GET, path)
    }

    fn bring(&self, method: Method, path: String, body: impl Into<Bytes>) -> Ask {
        let body = body.into();
        let ask = Ask::of(&self.app, method, path);
        let ask = ask.header("x-amz-content-sha256", Digest::of(&body));
        let shown = self.access_token.iter();
        let name = "x-sgraph-access-token";
        shown
            .fold(ask, |ask, shown| ask.header(name, shown))
            .bytes(body)
    }

    /// Asks for a new send, with fields that differ from the usual ones.
    pub(crate) fn create(&self, keys: Keys, fields: &Value) -> Ask {
        let create = keys.create(fields).to_string();
        self.bring(Method::POST, "/api/v1/sends".to_owned(), create)
    }

    /// A send that was created, and nothing more.
    pub(crate) async fn pending(&self, n: u8, fields: Value) -> Keys {
        let keys = Keys::new(n);
        self.create(keys, &fields).ok().await;
        keys
    }

    /// A send of one part, of which all has arrived and which is not complete.
    pub(crate) async fn arrived(&self, n: u8, fields: Value) -> Keys {
        let keys = self.pending(n, fields).await;
        let part = vec![n; ONE_PART as usize];
        self.put(keys, "/parts/0", part).ok().await;
        self.put(keys, "/manifest", "a manifest").ok().await;
        keys
    }

    /// A completed send of one part.
    pub(crate) async fn sent(&self, n: u8, fields: Value) -> Keys {
        let keys = self.arrived(n, fields).await;
        self.complete(keys).ok().await;
        keys
    }

    fn put(&self, keys: Keys, below: &str, body: impl Into<Bytes>) -> Ask {
        let ask = self.bring(Method::PUT, keys.path(below), body);
        ask.header("x-send-token", keys.owner())
    }

    pub(crate) fn complete(&self, keys: Keys) -> Ask {
        let ask = self.bring(Method::POST, keys.path("/complete"), Bytes::new());
        ask.header("x-send-token", keys.owner())
    }

    /// Asks for a new transfer of the original's routes.
    pub(crate) fn begin(&self, n: u64, fields: &Value) -> Ask {
        let create = with(json!({ "transfer_id": format!("{n:012x}") }), fields);
        let path = "/api/transfers/create".to_owned();
        self.bring(Method::POST, path, create.to_string())
    }

    /// One that was created, and nothing more.
    pub(crate) async fn begun(&self, n: u64, fields: Value) -> String {
        self.begin(n, &fields).ok().await;
        format!("{n:012x}")
    }

    /// A completed transfer of the original's routes, of so many bytes.
    pub(crate) async fn transfer(&self, n: u64, bytes: usize, fields: Value) -> String {
        let id = self.begun(n, fields).await;
        self.upload(&id, bytes).ok().await;
        let path = format!("/api/transfers/complete/{id}");
        self.bring(Method::POST, path, Bytes::new()).ok().await;
        id
    }

    pub(crate) fn upload(&self, id: &str, bytes: usize) -> Ask {
        let path = format!("/api/transfers/upload/{id}");
        self.bring(Method::POST, path, vec![b'c'; bytes])
    }

    pub(crate) fn download(&self, id: &str) -> Ask {
        self.get(format!("/api/transfers/download/{id}"))
    }

    /// The `k`th claim to a send.
    pub(crate) fn claim(&self, keys: Keys, k: u8) -> Ask {
        let claim = json!({ "claim": Token::new([k; 32]).text() }).to_string();
        let ask = self.bring(Method::POST, keys.path("/claims"), claim);
        ask.header("x-send-token", keys.reader())
    }

    /// Reads the payload by the `k`th claim.
    pub(crate) fn read(&self, keys: Keys, k: u8) -> Ask {
        let ask = self.get(keys.path("/content"));
        ask.header("x-send-token", Token::new([k; 32]).text())
    }

    /// What its sender is told of a send.
    pub(crate) fn state(&self, keys: Keys) -> Ask {
        self.get(keys.path("")).header("x-send-token", keys.owner())
    }

    pub(crate) fn report(&self, keys: Keys, reason: &str) -> Ask {
        let reason = json!({ "reason": reason }).to_string();
        let ask = self.bring(Method::POST, keys.path("/report"), reason);
        ask.header("x-send-token", keys.reader())
    }
}

impl Keys {
    pub(crate) fn new(n: u8) -> Self {
        let id = SendId::new([n; 16]);
        Self { id, n }
    }

    fn path(self, below: &str) -> String {
        format!("/api/v1/sends/{}{below}", self.id)
    }

    /// The body of a create, with fields that differ from the usual ones.
    fn create(self, fields: &Value) -> Value {
        let of = |kind, token| Verifier::of(kind, &Token::new(token));
        let usual = json!({
            "id": self.id,
            "link_verifier": of(Kind::Link, self.link()),
            "read_verifier": of(Kind::Read, self.right()),
            "owner_verifier": of(Kind::Owner, [!self.n; 32]),
            "size": ONE_PART,
            "downloads": 0,
            "expires_in": 3_600,
        });
        with(usual, fields)
    }

    fn link(self) -> [u8; 32] {
        [self.n; 32]
    }

    fn right(self) -> [u8; 32] {
        [self.n ^ 0x55; 32]
    }

    fn owner(self) -> String {
        Token::new([!self.n; 32]).text()
    }

    fn reader(self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode([self.link(), self.right()].concat())
    }
}

fn with(mut usual: Value, fields: &Value) -> Value {
    for (name, value) in fields.as_object().unwrap() {
        usual[name] = value.clone();
    }
    usual
}
