//! A story is told once for each host, by the same words.

use anyhow::{Result, ensure};
use send_e2e::{Admin, Answer, Folder, Request, Shared};
use serde_json::{Value, json};

use crate::{
    host::{Host, Kind, Service},
    transcript::{Exchange, compare},
};

/// Both services on one host and one storage, and what they have answered so far.
pub(crate) struct Story {
    pub(crate) kind: Kind,
    user: Host,
    admin: Host,
    told: Vec<Exchange>,
    _folder: Folder,
}

/// Tells a story on every host, with these variables, and compares what was answered.
pub(crate) async fn on_every_host(
    variables: &[(&str, &str)],
    tell: impl AsyncFn(&mut Story) -> Result<()>,
) -> Result<()> {
    on(Kind::ALL, variables, tell).await
}

/// The same on these hosts only: what another would spoil.
pub(crate) async fn on(
    hosts: &[Kind],
    variables: &[(&str, &str)],
    tell: impl AsyncFn(&mut Story) -> Result<()>,
) -> Result<()> {
    let mut transcripts = Vec::new();
    for &kind in hosts {
        let mut story = Story::begin(kind, variables)?;
        tell(&mut story).await?;
        transcripts.push((kind, story.end()?));
    }
    compare(&transcripts)
}

impl Story {
    fn begin(kind: Kind, variables: &[(&str, &str)]) -> Result<Self> {
        let folder = Folder::new()?;
        let mut own = folder.variables();
        own.push(Admin::variable());
        let own = own.iter().map(|(name, value)| (*name, value.as_str()));
        // On Lambda nothing is open unless it is said.
        let usual = [("SEND_UPLOADS", "open")];
        let all: Vec<_> = own.chain(usual).chain(variables.iter().copied()).collect();
        Ok(Self {
            kind,
            user: Host::start(kind, Service::User, &all)?,
            admin: Host::start(kind, Service::Admin, &all)?,
            told: Vec::new(),
            _folder: folder,
        })
    }

    fn end(self) -> Result<Vec<Exchange>> {
        let refused = self.user.refused() + self.admin.refused();
        ensure!(refused == 0, "Lambda would have refused {refused} messages");
        Ok(self.told)
    }

    /// Asks the user service; the answer is to have this status.
    pub(crate) async fn user(&mut self, request: Request, status: u16) -> Result<Answer> {
        self.ask(Service::User, request, status).await
    }

    /// Asks the admin service, without a key.
    pub(crate) async fn stranger(&mut self, request: Request, status: u16) -> Result<Answer> {
        self.ask(Service::Admin, request, status).await
    }

    /// Asks the admin service as an admin.
    pub(crate) async fn admin(&mut self, request: Request, status: u16) -> Result<Answer> {
        let request = request.with_header("x-api-key", Admin::KEY);
        self.stranger(request, status).await
    }

    /// What was answered last is not compared: it is another each time.
    pub(crate) fn forget(&mut self) {
        self.told.pop();
    }

    async fn ask(&mut self, service: Service, request: Request, status: u16) -> Result<Answer> {
        let host = match service {
            Service::User => &self.user,
            Service::Admin => &self.admin,
        };
        let answer = host.ask(&request).await?;
        let (kind, Request { method, path, .. }) = (self.kind, &request);
        ensure!(
            answer.status == status,
            "{kind:?}: {method} {path}: {status} expected, {} came: {}",
            answer.status,
            String::from_utf8_lossy(&answer.body[..answer.body.len().min(500)])
        );
        self.told.push(Exchange::of(&request, &answer)?);
        Ok(answer)
    }
}

pub(crate) fn get(path: impl Into<String>) -> Request {
    Request::new("GET", path)
}

pub(crate) fn post(path: impl Into<String>, body: &Value) -> Request {
    Request::new("POST", path).with_json(body)
}

/// The same request with other values of some fields; null takes a field away.
pub(crate) fn with_fields(request: &Request, fields: &Value) -> Result<Request> {
    let mut body: Value = serde_json::from_slice(&request.body)?;
    let all = fields.as_object().into_iter().flatten();
    for (name, value) in all {
        body[name] = value.clone();
    }
    let mut changed = Request::new(request.method, request.path.clone()).with_json(&body);
    let own = ["content-type", "x-amz-content-sha256"];
    let kept = request.headers.iter();
    let kept = kept.filter(|(name, _)| !own.contains(name)).cloned();
    changed.headers.extend(kept);
    Ok(changed)
}

/// What a transfer of the original's is asked for, with the id that every story chooses.
pub(crate) const ID: &str = "00ff10abcdef";

/// Begins a transfer of the original's with these fields.
pub(crate) fn create(fields: &Value) -> Request {
    let mut ask = json!({ "transfer_id": ID });
    for (name, value) in fields.as_object().into_iter().flatten() {
        ask[name] = value.clone();
    }
    post("/api/transfers/create", &ask)
}

/// A route of the original's about that transfer: `upload`, `complete`, ..
pub(crate) fn original(method: &'static str, route: &str) -> Request {
    Request::new(method, format!("/api/transfers/{route}/{ID}"))
}
