//! A disk that is full refuses what does not fit, loses nothing that is complete, and is forgotten once there is room.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};

use anyhow::Result;
use send_e2e::{Claim, MIB, Request, Sealed, Server};
use serde_json::json;

/// The disk, in MiB: room for two parts of 4 MiB and a third of 2, not for three of 4.
const DISK: u64 = 12;

#[tokio::test]
async fn a_part_that_does_not_fit_is_refused_and_fits_once_there_is_room() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let server = Server::start_on_small_disk(folder.path(), DISK)?;
    let client = server.client()?;
    let (kept, growing) = (Sealed::new(5 * MIB)?, Sealed::new(10 * MIB)?);
    client.upload(&kept, 0).await?;
    client.demand(growing.create(0), 201).await?;
    client.demand(growing.put_manifest(), 200).await?;
    client.demand(growing.put_part(0), 200).await?;

    for _ in 0..3 {
        let refused = client.demand(growing.put_part(1), 507).await?;
        assert_eq!(refused.detail(), "The storage is full. Nothing was stored.");
        assert_eq!(client.received(&growing).await?, [0]);
        client.demand(growing.complete(), 409).await?;
    }
    client.download(&kept, &Claim::random()?).await?;

    client.demand(kept.delete(), 204).await?;
    client.resume(&growing).await?;
    client.download(&growing, &Claim::random()?).await
}

#[tokio::test]
async fn a_full_disk_refuses_new_transfers_and_claims_and_serves_what_is_claimed() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let server = Server::start_on_small_disk(folder.path(), DISK)?;
    let client = server.client()?;
    let kept = Sealed::new(5 * MIB)?;
    client.upload(&kept, 0).await?;
    let claim = Claim::random()?;
    client.demand(kept.claim(&claim), 200).await?;
    let filler = fill(&server, folder.path())?;

    client.demand(Sealed::new(1)?.create(0), 507).await?;
    client.demand(kept.claim(&Claim::random()?), 507).await?;
    client.download(&kept, &claim).await?;

    std::fs::remove_file(filler)?;
    client.demand(kept.claim(&Claim::random()?), 200).await?;
    client.upload(&Sealed::new(1)?, 0).await
}

/// Fills the server's disk to the last page. Only the server sees that disk, and `/proc` what the server sees.
fn fill(server: &Server, folder: &Path) -> Result<PathBuf> {
    let file = format!("/proc/{}/root{}/filler", server.pid(), folder.display());
    let full = std::fs::write(&file, vec![7; (DISK * MIB) as usize]).map_err(|error| error.kind());
    assert_eq!(full, Err(ErrorKind::StorageFull));
    Ok(file.into())
}

#[tokio::test]
async fn a_payload_of_the_original_that_does_not_fit_leaves_the_one_before() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let server = Server::start_on_small_disk(folder.path(), DISK)?;
    let client = server.client()?;
    let create = Request::new("POST", "/api/transfers/create").with_json(&json!({}));
    let id = client.demand(create, 200).await?.json()?["transfer_id"].clone();
    let at = |route: &str| format!("/api/transfers/{route}/{}", id.as_str().unwrap_or_default());
    let upload = |bytes: u64| Request::new("POST", at("upload")).with_body(vec![7; bytes as usize]);

    client.demand(upload(MIB), 200).await?;
    client.demand(upload(20 * MIB), 507).await?;
    client
        .demand(Request::new("POST", at("complete")), 200)
        .await?;
    let got = client
        .demand(Request::new("GET", at("download")), 200)
        .await?;
    assert_eq!(got.body, vec![7; MIB as usize]);
    Ok(())
}
