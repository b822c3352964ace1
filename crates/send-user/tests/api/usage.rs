//! What is counted of what goes on, as it is stored.

use std::sync::Arc;

use send_core::{
    clock::Millis,
    id::{Digest, TokenId},
    tokens::{AccessToken, AccessTokens},
    usage::{Figures, Pulse, Usage},
};
use serde_json::json;
use storage::{Blobs, Path, folder::Folder, memory::Memory, url::Store};
use tokio::time::Instant;

use crate::harness::{Keys, ONE_PART, START, Service, content};

/// Bytes of the manifest of [`Service::sent`].
const MANIFEST: u64 = 10;
const SIZE: u64 = ONE_PART as u64;

fn service(blobs: Arc<dyn Blobs>) -> Service {
    let variables = [("SEND_TRUST_PROXY", "x-forwarded-for:1")];
    Service::on(Store::closed(blobs), START, &variables)
}

/// Tells a story in memory, and again in a folder.
async fn on_both(story: impl AsyncFn(Service)) {
    story(service(Arc::new(Memory::default()))).await;
    let folder = tempfile::tempdir().unwrap();
    story(service(Arc::new(Folder::open(folder.path()).unwrap()))).await;
}

/// What is stored of today.
async fn stored(service: &Service) -> Figures {
    let usage = Usage::new(service.blobs.clone(), service.clock());
    let report = usage.days(1).await.unwrap();
    let (date, figures) = report.days[0];
    assert_eq!(date.to_string(), "2026-01-01");
    figures
}

async fn counted(service: &Service) -> Figures {
    service.meter.flush().await;
    stored(service).await
}

async fn segments(service: &Service) -> usize {
    let open = Path::parse("usage/open").unwrap();
    let page = service.blobs.list(Some(&open), None, 100).await.unwrap();
    page.entries.len()
}

fn read<'a>(
    service: &'a Service,
    keys: &Keys,
    below: &str,
    claim: &str,
) -> crate::harness::Ask<'a> {
    service.get(keys.path(below)).token(claim)
}

#[tokio::test]
async fn a_send_is_counted_from_its_beginning_to_its_end() {
    on_both(async |service| {
        let (keys, claim) = service.claimed(json!({ "downloads": 1 })).await;
        read(&service, &keys, "/parts/0", &claim).ok().await;
        let manifest = service.get(keys.path("/manifest")).token(keys.reader());
        manifest.ok().await;
        let figures = counted(&service).await;
        assert_eq!(
            figures,
            Figures {
                transfers: 1,
                bytes_stored: SIZE + MANIFEST,
                bytes_served: SIZE + MANIFEST,
                claims: 1,
                requests: 7,
                refusals: 0,
                failures: 0,
            }
        );
        assert_eq!(segments(&service).await, 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_asked_again_is_not_counted_again() {
    on_both(async |service| {
        let (keys, _) = service.claimed(json!({ "downloads": 2 })).await;
        let before = counted(&service).await;
        let create = keys.create(json!({ "downloads": 2 }));
        service.post("/api/v1/sends").json(&create).ok().await;
        service.claim(&keys, 1).ok().await;
        let after = counted(&service).await;
        assert_eq!(
            after.less(before),
            Figures {
                requests: 2,
                ..Figures::default()
            }
        );
        service.claim(&keys, 2).ok().await;
        assert_eq!(service.claim(&keys, 3).refused().await.0, 410);
        let last = counted(&service).await.less(after);
        assert_eq!((last.claims, last.requests, last.refusals), (1, 2, 1));
    })
    .await;
}

#[tokio::test]
async fn only_the_bytes_of_a_range_are_served() {
    on_both(async |service| {
        let (keys, claim) = service.claimed(json!({ "downloads": 1 })).await;
        for (below, range) in [("/parts/0", "bytes=10-19"), ("/content", "bytes=-5")] {
            let part = read(&service, &keys, below, &claim).header("range", range);
            assert_eq!(part.ok().await.status, 206);
        }
        assert_eq!(counted(&service).await.bytes_served, 15);
    })
    .await;
}

#[tokio::test]
async fn a_part_that_comes_again_is_stored_once() {
    on_both(async |service| {
        let keys = service.pending(json!({})).await;
        for _ in 0..2 {
            let part = service.put(keys.path("/parts/0")).token(keys.owner());
            part.bytes(content(ONE_PART)).ok().await;
        }
        assert_eq!(counted(&service).await.bytes_stored, SIZE);
    })
    .await;
}

/// Parts may come by signed URLs there, which nobody sees: what counts is the complete send.
#[tokio::test]
async fn where_parts_may_go_straight_a_send_is_stored_when_it_is_complete() {
    let service = Service::signing(&[]);
    let keys = service.pending(json!({})).await;
    let part = service.put(keys.path("/parts/0")).token(keys.owner());
    part.bytes(content(ONE_PART)).ok().await;
    assert_eq!(counted(&service).await.bytes_stored, 0);
    let manifest = service.put(keys.path("/manifest")).token(keys.owner());
    manifest.bytes("a manifest").ok().await;
    for _ in 0..2 {
        let complete = service.post(keys.path("/complete")).token(keys.owner());
        complete.ok().await;
    }
    assert_eq!(counted(&service).await.bytes_stored, SIZE + MANIFEST);
}

#[tokio::test]
async fn what_a_token_sent_belongs_to_it_when_it_is_read_too() {
    let service = Service::with(&[("SEND_UPLOADS", "token")]);
    let token = AccessToken::new("press".parse().unwrap(), Millis(START));
    let tokens = AccessTokens::new(service.blobs.clone(), None);
    tokens.create(&token).await.unwrap();
    let keys = Keys::new(1);
    let create = service.post("/api/v1/sends").json(&keys.create(json!({})));
    create.header("x-sgraph-access-token", "press").ok().await;
    for (below, bytes) in [
        ("/parts/0", content(ONE_PART)),
        ("/manifest", "a manifest".into()),
    ] {
        let put = service.put(keys.path(below)).token(keys.owner());
        put.bytes(bytes).ok().await;
    }
    let complete = service.post(keys.path("/complete")).token(keys.owner());
    complete.ok().await;
    service.claim(&keys, 1).ok().await;
    let claim = crate::harness::claim(1);
    read(&service, &keys, "/parts/0", &claim).ok().await;
    let totals = counted(&service).await;
    let usage = Usage::new(service.blobs.clone(), service.clock());
    let of_token = Figures {
        requests: 0,
        ..totals
    };
    assert_eq!((of_token.transfers, of_token.claims), (1, 1));
    assert_eq!(
        (of_token.bytes_stored, of_token.bytes_served),
        (SIZE + MANIFEST, SIZE)
    );
    let told = usage.days(1).await.unwrap().tokens;
    assert_eq!(told, [(Some(TokenId::of_name("press")), of_token)]);
}

#[tokio::test]
async fn a_transfer_of_the_originals_is_counted_too() {
    on_both(async |service| {
        let created = service.post("/api/transfers/create").json(&json!({}));
        let id = created.ok().await.json()["transfer_id"].clone();
        let of = |way: &str| format!("/api/transfers/{way}/{}", id.as_str().unwrap());
        service.post(of("upload")).bytes("twelve bytes").ok().await;
        service.post(of("complete")).ok().await;
        service.get(of("download")).ok().await;
        service.get(of("download-base64")).ok().await;
        let figures = counted(&service).await;
        assert_eq!((figures.transfers, figures.claims), (1, 2));
        assert_eq!((figures.bytes_stored, figures.bytes_served), (12, 24));
    })
    .await;
}

#[tokio::test]
async fn refusals_are_counted_and_probes_are_not() {
    on_both(async |service| {
        let probe = service.get("/info/health");
        probe.header("x-forwarded-for", "192.0.2.1").ok().await;
        assert_eq!(counted(&service).await, Figures::default());
        assert_eq!(segments(&service).await, 0);
        service.get("/nothing/here").refused().await;
        service.get("/metrics").refused().await;
        let figures = counted(&service).await;
        assert_eq!((figures.requests, figures.refusals), (2, 2));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn without_an_admin_key_nobody_reads_the_figures() {
    let service = Service::new();
    for key in ["", "any", "undefined"] {
        let refused = service
            .get("/metrics")
            .header("x-api-key", key)
            .refused()
            .await;
        assert_eq!(refused, (401, "The admin key is needed.".to_owned()));
    }
}

#[tokio::test(start_paused = true)]
async fn the_admin_key_reads_the_figures() {
    let hash = Digest::of("the admin's key").to_string();
    let service = Service::with(&[("SEND_ADMIN_KEY_SHA256", &hash)]);
    service.claimed(json!({ "downloads": 1 })).await;
    let (wrong, begun) = (service.get("/metrics"), Instant::now());
    assert_eq!(wrong.header("x-api-key", "another").refused().await.0, 401);
    assert_eq!(begun.elapsed().as_secs(), 1, "a wrong key waits");
    let right = service
        .get("/metrics")
        .header("x-api-key", "the admin's key");
    let text = String::from_utf8(right.ok().await.body.to_vec()).unwrap();
    for line in [
        r#"send_requests_total{method="POST",route="/api/v1/sends",status="201"} 1"#,
        r#"send_requests_total{method="GET",route="/metrics",status="401"} 1"#,
        "send_transfers_total 1",
        "send_claims_total 1",
        "send_refusals_total 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in {text}");
    }
}

#[tokio::test]
async fn the_pulse_knows_visitors_apart_and_no_address_is_stored() {
    on_both(async |service| {
        for address in [
            "192.0.2.1",
            "192.0.2.2",
            "192.0.2.1",
            "2001:db8::1",
            "2001:db8::2",
        ] {
            let visit = service.get("/api/info").header("x-forwarded-for", address);
            visit.ok().await;
        }
        service.meter.flush().await;
        let usage = Usage::new(service.blobs.clone(), service.clock());
        let pulse = Pulse {
            requests: 5,
            visitors: 3,
            transfers: 0,
        };
        assert_eq!(usage.pulse(5).await.unwrap(), pulse);
        let all = service.blobs.list(None, None, 100).await.unwrap();
        for entry in all.entries {
            let stored = service.blobs.get(&entry.path, None).await.unwrap();
            let stored = String::from_utf8(stored.bytes().await.unwrap().to_vec()).unwrap();
            assert!(
                !stored.contains("192.0") && !stored.contains("2001:db8"),
                "{stored}"
            );
        }
        service.wait_seconds(5 * 60);
        assert_eq!(usage.pulse(5).await.unwrap(), Pulse::default());
        assert_eq!(usage.pulse(60).await.unwrap(), pulse);
    })
    .await;
}

#[tokio::test]
async fn a_host_that_freezes_writes_before_it_does() {
    let blobs = Arc::new(Memory::default());
    let lambda = [
        ("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001"),
        ("SEND_UPLOADS", "open"),
    ];
    let service = Service::on(Store::closed(blobs), START, &lambda);
    let (keys, claim) = service.claimed(json!({ "downloads": 1 })).await;
    assert_eq!(
        stored(&service).await.requests,
        1,
        "then ten seconds nothing"
    );
    service.wait_seconds(10);
    read(&service, &keys, "/parts/0", &claim).ok().await;
    let figures = stored(&service).await;
    assert_eq!((figures.requests, figures.bytes_served), (6, SIZE));
    assert_eq!(service.get("/metrics").refused().await.0, 404);
    assert_eq!(segments(&service).await, 1);
}
