//! An upload or a download that breaks at any byte goes on from there and ends identical.

use anyhow::Result;
use send_e2e::{Claim, Client, Folder, Request, Sealed, Server, Shared, Wire};

/// A file that makes a transfer of five parts, the last of them not full.
const FIVE_PARTS: u64 = 17_000_000;

/// Sends the first `sent` bytes of a request's body, and is gone.
async fn break_off(server: &Server, request: &Request, sent: usize) -> Result<()> {
    let mut wire = Wire::connect(server).await?;
    wire.send_part_of(request, sent).await
}

/// Reads it all with one claim, and sees that this was one download of three.
async fn read_back(client: &Client, sealed: &Sealed) -> Result<()> {
    client.download(sealed, &Claim::random()?).await?;
    assert_eq!(client.downloads_left(sealed).await?, Some(2));
    Ok(())
}

#[tokio::test]
async fn an_upload_that_breaks_in_any_part_goes_on_after_it() -> Result<()> {
    let folder = Folder::new()?;
    let (server, client) = folder.serve()?;
    for k in 0..5 {
        let sealed = Sealed::new(FIVE_PARTS)?;
        assert_eq!(sealed.part_count(), 5);
        client.begin(&sealed, 3, k).await?;
        let part = sealed.put_part(k);
        for sent in [0, 1, part.body.len() / 2, part.body.len() - 1] {
            break_off(&server, &part, sent).await?;
        }
        assert_eq!(client.received(&sealed).await?, (0..k).collect::<Vec<_>>());
        let refused = client.demand(sealed.complete(), 409).await?.json()?;
        assert_eq!(refused["missing"]["part_count"], 5 - k);
        client.resume(&sealed).await?;
        read_back(&client, &sealed).await?;
    }
    Ok(())
}

/// A server with a completed transfer of five parts, three downloads allowed.
async fn sent() -> Result<(Server, Client, Sealed)> {
    let server = Server::start(&[])?;
    let client = server.client()?;
    let sealed = Sealed::new(FIVE_PARTS)?;
    client.upload(&sealed, 3).await?;
    Ok((server, client, sealed))
}

#[tokio::test]
async fn a_download_that_breaks_at_any_byte_goes_on_there_and_is_counted_once() -> Result<()> {
    let (server, client, sealed) = sent().await?;
    let claim = Claim::random()?;
    client.demand(sealed.claim(&claim), 200).await?;
    let (size, border) = (sealed.stored_len(), sealed.part_range(1).start);
    let mut content = Vec::new();
    // In the header, at and around the border of two parts, in the midst, and before the last byte.
    for until in [
        1,
        56,
        border - 1,
        border,
        border + 1,
        size / 2,
        size - 1,
        size,
    ] {
        let request = sealed
            .content(&claim)
            .with_range(&(content.len() as u64..size));
        let mut wire = Wire::connect(&server).await?;
        wire.send_request(&request).await?;
        let (status, length) = wire.answer_head().await?;
        assert_eq!((status, length as u64), (206, size - content.len() as u64));
        content.extend(wire.body(until as usize - content.len()).await?);
    }
    sealed.check_content(&content)?;
    assert_eq!(client.downloads_left(&sealed).await?, Some(2));
    Ok(())
}

#[tokio::test]
async fn a_download_by_part_that_breaks_in_any_of_them_goes_on_there_and_is_counted_once()
-> Result<()> {
    let (server, client, sealed) = sent().await?;
    let claim = Claim::random()?;
    for n in 0..5 {
        client.demand(sealed.claim(&claim), 200).await?;
        let mut wire = Wire::connect(&server).await?;
        wire.send_request(&sealed.part(&claim, n)).await?;
        let (status, length) = wire.answer_head().await?;
        assert_eq!(status, 200);
        let got = wire.body(length / 3).await?;
        drop(wire);
        let rest = sealed
            .part(&claim, n)
            .with_range(&(got.len() as u64..length as u64));
        let rest = client.demand(rest, 206).await?;
        sealed.check_part(n, &[got, rest.body].concat())?;
    }
    assert_eq!(client.downloads_left(&sealed).await?, Some(2));
    Ok(())
}
