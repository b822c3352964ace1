//! Access tokens: counted exactly between processes, and revoked everywhere at once.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use futures::future::try_join_all;
use send_e2e::{Admin, Answer, Client, Folder, Peer, Request, S3Server, Sealed, Server, Shared};
use serde_json::json;

/// How many use a token at once.
const CROWD: usize = 500;
/// How many may.
const LIMIT: usize = 50;

const BY_TOKEN: [(&str, &str); 1] = [("SEND_UPLOADS", "token")];

/// Two user services on a storage where uploads need a token, and the admin service.
async fn house(storage: &impl Shared) -> Result<([Server; 2], [Client; 2], Admin)> {
    let servers = [
        storage.server_with(&BY_TOKEN)?,
        storage.server_with(&BY_TOKEN)?,
    ];
    let clients = [servers[0].client()?, servers[1].client()?];
    let admin = Admin::start(storage)?;
    let ask = json!({ "token_name": "press", "usage_limit": LIMIT });
    admin.post("/tokens/create", &ask).await?;
    Ok((servers, clients, admin))
}

/// All of these at once, in turn to either process.
async fn ask_all(clients: &[Client; 2], requests: Vec<Request>) -> Result<Vec<Answer>> {
    let asked = clients.iter().cycle().zip(requests);
    try_join_all(asked.map(|(client, request)| client.send(request))).await
}

async fn a_crowd_uses_a_token(storage: &impl Shared) -> Result<()> {
    let (_servers, clients, admin) = house(storage).await?;
    let use_it = || Request::new("POST", "/api/transfers/validate-token/press");
    let answers = ask_all(&clients, (0..CROWD).map(|_| use_it()).collect()).await?;
    let mut used = 0;
    for answer in answers {
        assert_eq!(answer.status, 200, "{}", answer.detail());
        let answer = answer.json()?;
        let won = answer["success"] == true;
        assert!(won || answer["reason"] == "exhausted", "{answer}");
        used += usize::from(won);
    }
    assert_eq!(used, LIMIT);
    let token = admin.get("/tokens/lookup/press").await?;
    assert_eq!(
        (&token["usage_count"], &token["status"]),
        (&json!(LIMIT), &json!("exhausted"))
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_uses_of_a_token_for_fifty_are_fifty_uses() -> Result<()> {
    a_crowd_uses_a_token(&Folder::new()?).await
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_uses_of_a_token_on_s3_are_fifty_uses() -> Result<()> {
    let server = S3Server::start(Peer::Ministack).await?;
    a_crowd_uses_a_token(&server.bucket().await?).await
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_creates_with_a_token_for_fifty_make_fifty_transfers() -> Result<()> {
    let folder = Folder::new()?;
    let (_servers, clients, admin) = house(&folder).await?;
    let create = |n: usize| {
        let create = match n % 2 {
            0 => Sealed::new(1)?.create(1),
            _ => Request::new("POST", "/api/transfers/create").with_json(&json!({})),
        };
        Ok(create.with_header("x-sgraph-access-token", "press"))
    };
    let creates = (0..CROWD).map(create).collect::<Result<_>>()?;
    let answers = ask_all(&clients, creates).await?;
    let made = answers.iter().filter(|answer| answer.status < 300).count();
    let refused = answers.iter().filter(|answer| answer.status == 401).count();
    assert_eq!((made, refused), (LIMIT, CROWD - LIMIT));
    let page = admin.get("/transfers?limit=100&token=press").await?;
    assert_eq!(page["transfers"].as_array().map(Vec::len), Some(LIMIT));
    Ok(())
}

/// What the holder of a token can ask for, each of which needs it.
fn asked_with(
    sealed: &Sealed,
    transfer: &str,
    downloads: u64,
) -> Result<Vec<(&'static str, Request)>> {
    let of_transfer =
        |path: &str| Request::new("POST", format!("/api/transfers/{path}/{transfer}"));
    let initiate = json!({ "transfer_id": transfer, "file_size_bytes": 5, "num_parts": 1 });
    Ok(vec![
        ("a new send", Sealed::new(1)?.create(1)),
        (
            "the same create again, which was answered before",
            sealed.create(downloads),
        ),
        (
            "a new transfer",
            Request::new("POST", "/api/transfers/create").with_json(&json!({})),
        ),
        ("an upload", of_transfer("upload").with_body("bytes")),
        ("a complete", of_transfer("complete")),
        (
            "an upload by URLs",
            Request::new("POST", "/api/presigned/initiate").with_json(&initiate),
        ),
        ("the complete of a send", sealed.complete()),
    ])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_token_is_refused_within_a_second_by_every_process() -> Result<()> {
    let folder = Folder::new()?;
    let (_servers, clients, admin) = house(&folder).await?;
    let with_token = |request: Request| request.with_header("x-sgraph-access-token", "press");
    let sealed = Sealed::new(1)?;
    clients[0].demand(with_token(sealed.create(1)), 201).await?;
    clients[0].demand(sealed.put_part(0), 200).await?;
    clients[0].demand(sealed.put_manifest(), 200).await?;
    let create = Request::new("POST", "/api/transfers/create").with_json(&json!({}));
    let created = clients[0].demand(with_token(create), 200).await?.json()?;
    let transfer = created["transfer_id"].as_str().unwrap_or_default();
    for client in &clients {
        client.demand(with_token(sealed.create(1)), 201).await?;
    }
    admin.post("/tokens/revoke/press", &json!({})).await?;
    let revoked = Instant::now();
    for client in &clients {
        for (what, request) in asked_with(&sealed, transfer, 1)? {
            let answer = client.send(with_token(request)).await?;
            assert_eq!(answer.status, 401, "{what}: {}", answer.detail());
        }
        let check = Request::new("GET", "/api/transfers/check-token/press");
        let check = client.demand(check, 200).await?.json()?;
        assert_eq!(
            (&check["valid"], &check["status"]),
            (&json!(false), &json!("revoked"))
        );
    }
    ensure!(
        revoked.elapsed() < Duration::from_secs(1),
        "{:?}",
        revoked.elapsed()
    );
    admin.post("/tokens/reactivate/press", &json!({})).await?;
    clients[1].demand(sealed.complete(), 200).await?;
    Ok(())
}
