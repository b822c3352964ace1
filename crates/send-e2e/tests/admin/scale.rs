//! Many tokens and transfers: each page costs what it shows, whatever else is stored.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use send_core::{
    clock::Millis,
    id::{Nonce, SendId, TransferId},
    key::{self, AnyId, IndexEntry, TransferKey},
    tokens::{AccessToken, TokenName},
};
use send_e2e::{Admin, Folder, Request, Shared};
use serde_json::{Value, json};

/// How long a page may take.
const PATIENCE: Duration = Duration::from_millis(300);
/// How often each page is asked for; the median counts.
const TRIES: usize = 5;
/// Sends that were reported.
const REPORTED: u8 = 150;
/// Transfers were sent during so many days.
const DAYS: u64 = 30;

/// A folder that holds so many tokens and transfers, and their ids from the oldest to the newest.
struct Stock {
    folder: Folder,
    ids: Vec<String>,
}

/// Makes them from one real transfer, as the service stores it: each with an id, a generation and a time of its own.
async fn stock(tokens: u64, transfers: u64) -> Result<Stock> {
    let folder = Folder::new()?;
    let (server, client) = folder.serve()?;
    let create = json!({ "transfer_id": "000000000000", "delete_auth_hash": "0".repeat(64) });
    let create = Request::new("POST", "/api/transfers/create").with_json(&create);
    client.demand(create, 200).await?;
    let upload = Request::new("POST", "/api/transfers/upload/000000000000");
    client.demand(upload.with_body("content"), 200).await?;
    let complete = Request::new("POST", "/api/transfers/complete/000000000000");
    client.demand(complete, 200).await?;
    drop(server);
    let names = (0..tokens).map(|n| Ok(format!("token-{n:05}").parse()?));
    let names = names.collect::<Result<Vec<TokenName>>>()?;
    for name in &names {
        let token = AccessToken::new(name.clone(), Millis(0));
        write(
            &folder,
            &key::access_token(&name.id()),
            &serde_json::to_vec(&token)?,
        )?;
    }
    for n in 0..REPORTED {
        report(&folder, n)?;
    }
    let first = TransferKey::of(&TransferId::new([0; 6])).record();
    let real: Value = serde_json::from_slice(&fs::read(folder.path().join(first.as_str()))?)?;
    let mut ids = Vec::new();
    for n in 1..=transfers {
        let age = DAYS * 86_400_000 * (transfers - n + 1) / (transfers + 1);
        ids.push(copy(&folder, &real, n, age, &names)?);
    }
    Ok(Stock { folder, ids })
}

/// Another transfer like the real one, so much older.
fn copy(folder: &Folder, real: &Value, n: u64, age: u64, names: &[TokenName]) -> Result<String> {
    let [_, _, bytes @ ..] = n.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes();
    let (id, generation) = (TransferId::new(bytes), Nonce::random());
    let token = names[usize::try_from(n)? % names.len()].id();
    let created = real["created_at"].as_u64().context("a time")? - age;
    let mut record = real.clone();
    record["generation"] = json!(generation);
    record["created_at"] = json!(created);
    record["token"] = json!(token);
    record["state"] = json!(if n.is_multiple_of(50) {
        "deleted"
    } else {
        "completed"
    });
    let key = TransferKey::of(&id);
    write(folder, &key.record(), &serde_json::to_vec(&record)?)?;
    let entry = IndexEntry {
        created_at: Millis(created),
        id: AnyId::Transfer(id),
        generation,
        token: Some(token),
    };
    write(folder, &entry.path(), b"")?;
    Ok(id.to_string())
}

/// A send that was reported three times.
fn report(folder: &Folder, n: u8) -> Result<()> {
    let id = SendId::new([n; 16]);
    for k in 0..3 {
        let reported = json!({ "at": 0, "reason": "Three times the same." });
        write(
            folder,
            &key::report(&id, k),
            &serde_json::to_vec(&reported)?,
        )?;
    }
    let life = json!({
        "generation": Nonce::random(), "state": "completed", "created_at": 0, "expires_at": u64::MAX,
        "size": 4_168, "downloads": 0, "wipe": false,
    });
    let mut record = life;
    for name in [
        "link_verifier",
        "read_verifier",
        "owner_verifier",
        "manifest",
    ] {
        record[name] = json!("0".repeat(64));
    }
    write(
        folder,
        &TransferKey::of(&id).record(),
        &serde_json::to_vec(&record)?,
    )
}

fn write(folder: &Folder, path: &storage::Path, bytes: &[u8]) -> Result<()> {
    let file = folder.path().join(path.as_str());
    fs::create_dir_all(file.parent().unwrap_or(Path::new("/")))?;
    Ok(fs::write(file, bytes)?)
}

/// How long a page takes, the median of some tries, and how often each asks the storage.
async fn measured(admin: &Admin, path: &str) -> Result<(Duration, u64)> {
    let before = calls(admin).await?;
    let mut times = Vec::new();
    for _ in 0..TRIES {
        let since = Instant::now();
        admin.get(path).await?;
        times.push(since.elapsed());
    }
    times.sort();
    let asked = calls(admin).await? - before;
    Ok((times[TRIES / 2], asked / TRIES as u64))
}

/// How often the service has asked its storage.
async fn calls(admin: &Admin) -> Result<u64> {
    let metrics = admin.send(Request::new("GET", "/metrics")).await?;
    let text = String::from_utf8(metrics.body.to_vec())?;
    let calls = text
        .lines()
        .filter(|line| line.starts_with("send_storage_calls_total"));
    let numbers = calls.map(|line| {
        Ok(line
            .rsplit(' ')
            .next()
            .context("a number")?
            .parse::<u64>()?)
    });
    numbers.sum()
}

async fn pages_of_a_stock(tokens: u64, transfers: u64) -> Result<()> {
    let Stock { folder, ids } = stock(tokens, transfers).await?;
    let admin = Admin::start(&folder)?;
    let newest = ids.last().context("transfers")?;
    for _ in 0..120 {
        admin
            .post("/tokens/reactivate/token-00007", &json!({}))
            .await?;
    }
    let first = admin.get("/transfers?limit=100").await?;
    assert_eq!(
        first["transfers"][1]["id"],
        json!(newest),
        "the first is the real one"
    );
    let names = admin.get("/tokens/list").await?;
    let next = |page: &Value| page["next"].as_str().unwrap_or_default().to_owned();
    // What each may ask the storage: a number that does not depend on how much there is.
    for (path, most) in [
        ("/transfers?limit=100".to_owned(), 1 + 100 + 100),
        (
            format!("/transfers?limit=100&before={}", next(&first)),
            1 + 100 + 100,
        ),
        (
            "/transfers?limit=100&state=deleted".to_owned(),
            5 + 400 + 100,
        ),
        ("/transfers?limit=100&min_size=1000000".to_owned(), 5 + 400),
        (
            "/transfers?limit=100&token=token-00007".to_owned(),
            5 + 100 + 1,
        ),
        ("/transfers?limit=100&reported=true".to_owned(), 1 + 100),
        (format!("/transfers/{newest}"), 2 + 2),
        ("/tokens/list-details".to_owned(), 1 + 100),
        (
            format!("/tokens/list-details?after={}", next(&names)),
            1 + 100,
        ),
        ("/tokens/lookup/token-00007".to_owned(), 1),
        ("/reports".to_owned(), 1 + 20 + 60),
        ("/audit?limit=100".to_owned(), 1 + 101),
        ("/usage?days=30".to_owned(), 1 + 30 + 2),
        ("/health/pulse".to_owned(), 1 + 1),
        ("/sweep".to_owned(), 1),
    ] {
        let (time, calls) = measured(&admin, &path).await?;
        println!("{time:>10.1?} {calls:>4} calls  {path}");
        ensure!(time < PATIENCE, "{path} took {time:?}");
        ensure!(
            calls <= most,
            "{path} asked the storage {calls} times, not {most}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn pages_are_quick_with_a_thousand_tokens_and_ten_thousand_transfers() -> Result<()> {
    pages_of_a_stock(1_000, 10_000).await
}

#[tokio::test]
#[ignore = "long: `bash .ci/long` runs it"]
async fn pages_are_quick_with_ten_thousand_tokens_and_a_hundred_thousand_transfers() -> Result<()> {
    pages_of_a_stock(10_000, 100_000).await
}
