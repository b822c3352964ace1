//! What makes a test three lines: a service in process, requests as an admin makes them, replies as text for snapshots.

mod ask;

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{Router, http::Method};
use send_core::{clock::Clock, config::Config, id::Digest};
use serde_json::Value;
use storage::{Blobs, Path, memory::Memory, url::Store};

pub(crate) use ask::{Ask, Reply};

/// When tests begin: 2026-01-01, in milliseconds since 1970.
pub(crate) const START: u64 = 1_767_225_600_000;

/// The admin key of the tests, and another that is valid beside it.
pub(crate) const KEY: &str = "the admin key";
pub(crate) const SECOND_KEY: &str = "the next admin key";

/// A service in process.
pub(crate) struct Service {
    app: Router,
    clock: Arc<AtomicU64>,
    pub(crate) blobs: Arc<dyn Blobs>,
}

impl Service {
    pub(crate) fn new() -> Self {
        Self::with(&[])
    }

    pub(crate) fn with(variables: &[(&str, &str)]) -> Self {
        let store = Store::closed(Arc::new(Memory::default()));
        Self::on(store, START, variables)
    }

    /// One on a storage that the test knows, at some time. Both keys are valid unless the variables say otherwise.
    pub(crate) fn on(store: Store, now: u64, variables: &[(&str, &str)]) -> Self {
        let keys = format!("{},{}", sha256(KEY), sha256(SECOND_KEY));
        let usual = [("SEND_ADMIN_KEY_SHA256", keys.as_str())];
        let get = |name: &str| {
            let set = variables.iter().chain(&usual).find(|(n, _)| *n == name);
            set.map(|(_, value)| (*value).to_owned())
        };
        let config = Config::read(([127, 0, 0, 1], 0).into(), get).unwrap();
        Self::of(config, store, now)
    }

    /// One that is set up like this.
    pub(crate) fn of(config: Config, store: Store, now: u64) -> Self {
        let clock = Arc::new(AtomicU64::new(now));
        let blobs = store.blobs.clone();
        let state = send_admin::State::new(config, store, Clock::Set(clock.clone()));
        Self {
            app: send_admin::app(state),
            clock,
            blobs,
        }
    }

    /// Another process on the same storage, at the same time.
    pub(crate) fn again(&self, variables: &[(&str, &str)]) -> Self {
        let store = Store::closed(self.blobs.clone());
        Self::on(store, self.clock.load(Ordering::Relaxed), variables)
    }

    /// The clock that it goes by.
    pub(crate) fn clock(&self) -> Clock {
        Clock::Set(self.clock.clone())
    }

    /// What the audit log says, the oldest first: who, what, to what, and the details.
    pub(crate) async fn log(&self) -> Vec<String> {
        let page = self.admin_get("/audit?since=0&limit=100").ok().await.json();
        assert_eq!(page["next"], Value::Null, "the test reads one page");
        let told = |entry: &Value| {
            let of = |name: &str| entry[name].as_str().unwrap().to_owned();
            let (by, action, subject) = (of("by"), of("action"), of("subject"));
            format!("{by}: {action} {subject} {}", entry["details"])
        };
        page["entries"]
            .as_array()
            .unwrap()
            .iter()
            .map(told)
            .collect()
    }

    /// All that is stored: paths and contents.
    pub(crate) async fn all_stored(&self) -> Vec<(String, String)> {
        self.below(None).await
    }

    /// What is stored below a folder: paths and contents.
    pub(crate) async fn stored(&self, folder: &str) -> Vec<(String, String)> {
        self.below(Some(&Path::parse(folder).unwrap())).await
    }

    async fn below(&self, folder: Option<&Path>) -> Vec<(String, String)> {
        let page = self.blobs.list(folder, None, 10_000).await.unwrap();
        assert!(!page.more, "the test reads one page");
        let mut all = Vec::new();
        for entry in page.entries {
            let blob = self.blobs.get(&entry.path, None).await.unwrap();
            let bytes = blob.bytes().await.unwrap();
            let text = String::from_utf8_lossy(&bytes).into_owned();
            all.push((entry.path.to_string(), text));
        }
        all
    }

    /// Lets time go on.
    pub(crate) fn wait_seconds(&self, seconds: u64) {
        self.wait_ms(seconds * 1_000);
    }

    pub(crate) fn wait_ms(&self, ms: u64) {
        self.clock.fetch_add(ms, Ordering::Relaxed);
    }

    pub(crate) fn ask(&self, method: Method, path: impl fmt::Display) -> Ask {
        Ask::of(&self.app, method, path)
    }

    /// A request by who has the admin key.
    pub(crate) fn admin(&self, method: Method, path: impl fmt::Display) -> Ask {
        self.ask(method, path).header("x-api-key", KEY)
    }

    pub(crate) fn get(&self, path: impl fmt::Display) -> Ask {
        self.ask(Method::GET, path)
    }

    pub(crate) fn admin_get(&self, path: impl fmt::Display) -> Ask {
        self.admin(Method::GET, path)
    }

    pub(crate) fn admin_post(&self, path: impl fmt::Display) -> Ask {
        self.admin(Method::POST, path)
    }

    pub(crate) fn post(&self, path: impl fmt::Display) -> Ask {
        self.ask(Method::POST, path)
    }

    pub(crate) fn delete(&self, path: impl fmt::Display) -> Ask {
        self.ask(Method::DELETE, path)
    }

    pub(crate) fn put(&self, path: impl fmt::Display) -> Ask {
        self.ask(Method::PUT, path)
    }
}

/// What is configured of a key.
pub(crate) fn sha256(key: &str) -> String {
    Digest::of(key).to_string()
}
