//! Runs of the sweep: one goes on where another stopped, and what they found adds up.

use std::{sync::Arc, time::Duration};

use serde_json::json;
use storage::{Path, PutMode, memory::Memory};

use super::fixtures::*;
use crate::harness::ONE_PART;

/// More than a run looks at that has no time.
const MANY: u8 = 120;

fn stored_transfers(runs: &send_core::sweep::Runs) -> (u64, u64) {
    let heaps = runs.inventory.unwrap().stored;
    heaps
        .by_age()
        .fold((0, 0), |(transfers, bytes), (_, heap)| {
            (transfers + heap.transfers, bytes + heap.bytes)
        })
}

#[tokio::test]
async fn a_run_without_time_is_gone_on_with_and_the_inventory_adds_up() {
    let service = service(Arc::new(Memory::default()));
    for n in 1..=MANY {
        sent(&service, n, json!({})).await;
    }
    let sweep = sweep_of(&service);
    let mut runs = 0;
    while !sweep.run(Duration::ZERO).await.unwrap().finished {
        runs += 1;
        assert!(
            sweep.runs().await.unwrap().inventory.is_none(),
            "not at the end"
        );
    }
    assert!(runs >= 2, "{runs}");
    let noted = sweep.runs().await.unwrap();
    assert_eq!(noted.runs.len(), runs + 1);
    let all = (u64::from(MANY), u64::from(MANY) * ONE_PART as u64);
    assert_eq!(stored_transfers(&noted), all);
    // Two from the same place: what both found counts once.
    let (one, other) = (sweep_of(&service), sweep_of(&service));
    let (one, other) = tokio::join!(one.run(Duration::MAX), other.run(Duration::MAX));
    assert!(one.unwrap().finished && other.unwrap().finished);
    assert_eq!(stored_transfers(&sweep.runs().await.unwrap()), all);
}

#[tokio::test]
async fn what_another_run_has_moved_is_left_where_it_is() {
    let service = service(Arc::new(Memory::default()));
    for n in 1..=MANY {
        sent(&service, n, json!({})).await;
    }
    let sweep = sweep_of(&service);
    sweep.run(Duration::ZERO).await.unwrap();
    // Both go on from there, and only one of them may say where the next begins.
    let (slow, fast) = (sweep_of(&service), sweep_of(&service));
    let (slow, fast) = tokio::join!(slow.run(Duration::ZERO), fast.run(Duration::MAX));
    slow.unwrap();
    fast.unwrap();
    while !sweep.run(Duration::ZERO).await.unwrap().finished {}
    let noted = sweep.runs().await.unwrap();
    assert_eq!(stored_transfers(&noted).0, u64::from(MANY));
}

#[tokio::test]
async fn notes_that_are_damaged_stop_nothing() {
    let service = service(Arc::new(Memory::default()));
    let keys = sent(&service, 1, json!({ "expires_in": 60 })).await;
    let path = Path::parse("sweeps.json").unwrap();
    let damaged = service.blobs.put(&path, "{".into(), PutMode::Overwrite);
    damaged.await.unwrap();
    let sweep = sweep_of(&service);
    assert!(sweep.runs().await.unwrap().runs.is_empty());
    service.wait_seconds(60);
    assert_eq!(sweep.run(Duration::MAX).await.unwrap().swept.payloads, 1);
    assert_eq!(kept(&service, keys.id).await, ["meta.json"]);
    assert_eq!(sweep.runs().await.unwrap().runs.len(), 1);
}
