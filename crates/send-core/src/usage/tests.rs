use std::sync::atomic::{AtomicU64, Ordering};

use storage::{counted::Counted, json, memory::Memory};

use super::*;
use crate::meter::Meter;

const NOW: Millis = Millis(1_767_268_800_000);

fn usage(blobs: Arc<dyn Blobs>) -> Usage {
    Usage::new(blobs, Clock::Set(Arc::new(AtomicU64::new(NOW.0))))
}

fn token(n: u8) -> TokenId {
    TokenId::new([n; 16])
}

fn served(bytes_served: u64) -> Figures {
    Figures {
        bytes_served,
        ..Figures::default()
    }
}

async fn put_day(blobs: &dyn Blobs, date: Date, tokens: impl Iterator<Item = (u8, u64)>) {
    let mut day = Day::default();
    for (n, bytes) in tokens {
        day.sums.tell(Some(token(n)), served(bytes));
    }
    json::create(blobs, &key::usage_day(date), &day)
        .await
        .unwrap();
}

#[tokio::test]
async fn every_day_is_there_the_oldest_first() {
    let blobs = Arc::new(Memory::default());
    let today = Date::of(NOW);
    put_day(&*blobs, today.minus(2), [(1, 5)].into_iter()).await;
    put_day(&*blobs, today.minus(3), [(1, 6)].into_iter()).await;
    let report = usage(blobs).days(3).await.unwrap();
    assert_eq!(
        report.days,
        [
            (today.minus(2), served(5)),
            (today.minus(1), Figures::default()),
            (today, Figures::default()),
        ]
    );
    assert_eq!(report.tokens, [(Some(token(1)), served(5))]);
}

#[tokio::test]
async fn twenty_tokens_are_told_apart_the_rest_among_them() {
    let blobs = Arc::new(Memory::default());
    let tokens = (1..=30).map(|n| (n, u64::from(n)));
    put_day(&*blobs, Date::of(NOW), tokens).await;
    let report = usage(blobs).days(1).await.unwrap();
    assert_eq!(report.tokens.len(), 20);
    assert_eq!(report.tokens[0], (None, served((1..=11).sum())));
    assert_eq!(report.tokens[1], (Some(token(30)), served(30)));
    assert_eq!(report.tokens[19], (Some(token(12)), served(12)));
}

#[tokio::test]
async fn what_was_refused_of_a_token_is_counted_in_all_once() {
    let blobs = Arc::new(Memory::default());
    let clock = Clock::Set(Arc::new(AtomicU64::new(NOW.0)));
    let meter = Meter::new("a-service", clock).keeping_usage(blobs.clone());
    meter.refused(token(1));
    for _ in 0..2 {
        meter.answered(&crate::meter::Answered {
            method: &axum::http::Method::POST,
            route: "/api/v1/sends",
            status: axum::http::StatusCode::UNAUTHORIZED,
            took: Duration::ZERO,
            visitor: None,
        });
    }
    meter.flush().await;
    let report = usage(blobs).days(1).await.unwrap();
    assert_eq!(report.days[0].1.refusals, 2);
    let one = Figures {
        refusals: 1,
        ..Figures::default()
    };
    assert_eq!(report.tokens, [(Some(token(1)), one), (None, one)]);
}

#[tokio::test]
async fn a_month_costs_a_call_a_day_and_one_for_each_open_segment() {
    let calls = Arc::new(AtomicU64::new(0));
    let count = calls.clone();
    let told = move |_, _| {
        count.fetch_add(1, Ordering::Relaxed);
    };
    let blobs: Arc<dyn Blobs> = Arc::new(Memory::default());
    for _ in 0..3 {
        let ledger = Ledger::new(blobs.clone(), Clock::Set(Arc::new(AtomicU64::new(NOW.0))));
        ledger.tell_request(Figures::default(), Some(1));
        ledger.flush().await;
    }
    let usage = usage(Arc::new(Counted::new(blobs, told)));
    usage.days(30).await.unwrap();
    assert_eq!(calls.swap(0, Ordering::Relaxed), 1 + 3 + 30);
    usage.pulse(5).await.unwrap();
    assert_eq!(calls.swap(0, Ordering::Relaxed), 1 + 3);
}

#[tokio::test]
async fn a_damaged_day_is_said_and_not_taken_for_an_empty_one() {
    let blobs = Arc::new(Memory::default());
    let today = Date::of(NOW);
    put_day(&*blobs, today.minus(2), [(1, 5)].into_iter()).await;
    let path = key::usage_day(today.minus(1));
    let put = blobs.put(&path, "{".into(), storage::PutMode::Overwrite);
    put.await.unwrap();
    let report = usage(blobs).days(3).await.unwrap();
    assert_eq!(report.damaged, [today.minus(1)]);
    assert_eq!(
        report.days,
        [(today.minus(2), served(5)), (today, Figures::default())]
    );
    assert_eq!(report.tokens, [(Some(token(1)), served(5))]);
}
