//! Many tokens and transfers: each page costs what it shows, whatever else is stored.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use send_core::{
    clock::Millis,
    id::{Nonce, TransferId},
    key::{self, AnyId, IndexEntry, TransferKey},
    tokens::{AccessToken, TokenName},
};
use send_e2e::{Admin, Folder, Request, Shared};
use serde_json::{Value, json};

/// How long a page may take.
const PATIENCE: Duration = Duration::from_millis(300);
/// How often each page is asked for; the median counts.
const TRIES: usize = 5;
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

fn write(folder: &Folder, path: &storage::Path, bytes: &[u8]) -> Result<()> {
    let file = folder.path().join(path.as_str());
    fs::create_dir_all(file.parent().unwrap_or(Path::new("/")))?;
    Ok(fs::write(file, bytes)?)
}

/// How long a page takes: the median of some tries; and the page.
async fn timed(admin: &Admin, path: &str) -> Result<(Duration, Value)> {
    let (mut times, mut page) = (Vec::new(), Value::Null);
    for _ in 0..TRIES {
        let since = Instant::now();
        page = admin.get(path).await?;
        times.push(since.elapsed());
    }
    times.sort();
    Ok((times[TRIES / 2], page))
}

async fn pages_of_a_stock(tokens: u64, transfers: u64) -> Result<()> {
    let Stock { folder, ids } = stock(tokens, transfers).await?;
    let admin = Admin::start(&folder)?;
    let newest = ids.last().context("transfers")?;
    let (_, first) = timed(&admin, "/transfers?limit=100").await?;
    assert_eq!(
        first["transfers"][1]["id"],
        json!(newest),
        "the first is the real one"
    );
    let (_, names) = timed(&admin, "/tokens/list").await?;
    let next = |page: &Value| page["next"].as_str().unwrap_or_default().to_owned();
    for path in [
        "/transfers?limit=100".to_owned(),
        format!("/transfers?limit=100&before={}", next(&first)),
        "/transfers?limit=100&state=deleted".to_owned(),
        "/transfers?limit=100&min_size=1000000".to_owned(),
        "/transfers?limit=100&token=token-00007".to_owned(),
        "/transfers?reported=true".to_owned(),
        format!("/transfers/{newest}"),
        "/tokens/list-details".to_owned(),
        format!("/tokens/list-details?after={}", next(&names)),
        "/tokens/lookup/token-00007".to_owned(),
        "/reports".to_owned(),
        "/audit".to_owned(),
        "/usage?days=30".to_owned(),
        "/health/pulse".to_owned(),
        "/sweep".to_owned(),
    ] {
        let (time, page) = timed(&admin, &path).await?;
        println!("{time:>10.1?}  {path}  {} bytes", page.to_string().len());
        ensure!(time < PATIENCE, "{path} took {time:?}");
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
