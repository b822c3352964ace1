//! What stories of sweeps are made of: transfers in every state, and what is stored of them.

use std::{
    fmt::Display,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use send_core::{
    config::Limits,
    key::IndexEntry,
    sweep::{Sweep, Swept},
};
use serde_json::{Value, json as value};
use storage::{Blobs, Path, PutMode, folder::Folder, json, memory::Memory, url::Store};

use crate::harness::{Keys, ONE_PART, Service, content};

pub(super) const DAY: u64 = 86_400;
/// What is kept of a send of one part.
pub(super) const WHOLE: [&str; 3] = ["manifests", "parts/00000", "meta.json"];

/// A service on some storage, which begins at the time that the storage's clock shows.
pub(super) fn service(blobs: Arc<dyn Blobs>) -> Service {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Service::on(Store::closed(blobs), now.as_millis() as u64, &[])
}

pub(super) fn sweep_of(service: &Service) -> Sweep {
    Sweep::new(service.blobs.clone(), service.clock(), limits())
}

pub(super) fn limits() -> Limits {
    Limits {
        transfer_bytes: 100 << 30,
        max_age: Duration::from_secs(30 * DAY),
        default_age: Duration::from_secs(7 * DAY),
    }
}

/// Tells a story in memory, and again in a folder.
pub(super) async fn on_both(story: impl AsyncFn(&Service)) {
    story(&service(Arc::new(Memory::default()))).await;
    let folder = tempfile::tempdir().unwrap();
    story(&service(Arc::new(Folder::open(folder.path()).unwrap()))).await;
}

/// Sweeps, and sweeps again: nothing may be left to do.
pub(super) async fn swept(service: &Service) -> Swept {
    let sweep = sweep_of(service);
    let swept = sweep.all().await.unwrap();
    let again = sweep.all().await.unwrap();
    assert!(again.is_nothing(), "{again:?} after {swept:?}");
    swept
}

/// What lies below an id, with the names that are random cut off.
pub(super) async fn kept(service: &Service, id: impl Display) -> Vec<String> {
    let mut kept = Vec::new();
    for path in stored(service).await {
        let Some((_, below)) = path.split_once(&format!("/{id}/")) else {
            continue;
        };
        let names = below.split('/').filter(|name| name.len() < 16);
        kept.push(names.collect::<Vec<_>>().join("/"));
    }
    kept
}

/// All there is but the index.
pub(super) async fn stored(service: &Service) -> Vec<String> {
    let all = all(service).await.into_iter();
    all.filter(|path| !path.starts_with("index/")).collect()
}

/// The ids in the index, the newest first.
pub(super) async fn indexed(service: &Service) -> Vec<String> {
    let all = all(service).await.into_iter();
    let entries = all.filter_map(|path| IndexEntry::parse(&Path::parse(path).unwrap()));
    entries.map(|entry| entry.id.to_string()).collect()
}

async fn all(service: &Service) -> Vec<String> {
    let all = service.blobs.list(None, None, 100_000).await.unwrap();
    let paths = all.entries.iter().map(|entry| entry.path.to_string());
    paths.collect()
}

pub(super) async fn put(service: &Service, path: &str) {
    let path = Path::parse(path).unwrap();
    let put = service
        .blobs
        .put(&path, "left over".into(), PutMode::Create);
    put.await.unwrap();
}

pub(super) fn record_of(id: impl Display) -> Path {
    let id = id.to_string();
    Path::parse(format!("transfers/{}/{id}/meta.json", &id[..2])).unwrap()
}

/// The folder of the current use of an id.
pub(super) async fn generation_of(service: &Service, id: impl Display) -> String {
    let record = record_of(&id);
    let (found, _) = json::read::<Value>(&*service.blobs, &record)
        .await
        .unwrap()
        .unwrap();
    let folder = record.as_str().strip_suffix("/meta.json").unwrap();
    format!("{folder}/{}", found["generation"].as_str().unwrap())
}

/// Changes a record behind the service's back, as a crash at a bad moment, or the operator, leaves it.
pub(super) async fn change(service: &Service, id: impl Display, fields: Value) {
    let path = record_of(id);
    let change = |record: &mut Value| {
        for (name, value) in fields.as_object().unwrap() {
            record[name] = value.clone();
        }
        Ok::<_, storage::Error>(json::Change::Write(()))
    };
    json::update(&*service.blobs, &path, change).await.unwrap();
}

/// A send that was created, with its part and its manifest.
pub(super) async fn uploaded(service: &Service, n: u8, fields: Value) -> Keys {
    let keys = Keys::new(n);
    service
        .post("/api/v1/sends")
        .json(&keys.create(fields))
        .ok()
        .await;
    let owner = keys.owner();
    let part = service.put(keys.path("/parts/0")).token(&owner);
    part.bytes(content(ONE_PART)).ok().await;
    service
        .put(keys.path("/manifest"))
        .token(&owner)
        .bytes("a manifest")
        .ok()
        .await;
    keys
}

/// A send that was completed.
pub(super) async fn sent(service: &Service, n: u8, fields: Value) -> Keys {
    let keys = uploaded(service, n, fields).await;
    service
        .post(keys.path("/complete"))
        .token(keys.owner())
        .ok()
        .await;
    keys
}

/// A transfer of the original's routes that has arrived.
pub(super) async fn arrived(service: &Service, n: u8, fields: Value) -> String {
    let id = format!("{n:012x}");
    let mut ask = value!({ "transfer_id": id });
    for (name, value) in fields.as_object().unwrap() {
        ask[name] = value.clone();
    }
    service.post("/api/transfers/create").json(&ask).ok().await;
    service
        .post(format!("/api/transfers/upload/{id}"))
        .bytes("ciphertext")
        .ok()
        .await;
    id
}

/// A transfer of the original's routes that was completed.
pub(super) async fn completed(service: &Service, n: u8, fields: Value) -> String {
    let id = arrived(service, n, fields).await;
    service
        .post(format!("/api/transfers/complete/{id}"))
        .ok()
        .await;
    id
}
