//! A server that is killed at any moment has lost nothing that it answered, and the next one goes on with the rest.

use std::time::Duration;

use anyhow::Result;
use send_e2e::{Claim, Client, Folder, Sealed, Shared, Wire};

/// A file that makes a transfer of five parts, the last of them not full.
const FIVE_PARTS: u64 = 17_000_000;

/// Reads it all with one claim, and sees that this was one download of three.
async fn read_back(client: &Client, sealed: &Sealed) -> Result<()> {
    client.download(sealed, &Claim::random()?).await?;
    assert_eq!(client.downloads_left(sealed).await?, Some(2));
    Ok(())
}

#[tokio::test]
async fn an_upload_goes_on_after_the_server_was_killed_between_and_in_the_midst_of_parts()
-> Result<()> {
    let folder = Folder::new()?;
    let sealed = Sealed::new(FIVE_PARTS)?;
    for k in 0..5 {
        let (mut server, client) = folder.serve()?;
        if k == 0 {
            client.demand(sealed.create(3), 201).await?;
        }
        let before: Vec<u32> = (0..k).collect();
        assert_eq!(client.received(&sealed).await?, before, "after {k} kills");
        let part = sealed.put_part(k);
        let mut wire = Wire::connect(&server).await?;
        wire.send_part_of(&part, part.body.len() / 2).await?;
        server.kill()?;

        let (mut server, client) = folder.serve()?;
        assert_eq!(client.received(&sealed).await?, before, "part {k} was cut");
        client.demand(part, 200).await?;
        server.kill()?;
    }
    let (_server, client) = folder.serve()?;
    client.resume(&sealed).await?;
    read_back(&client, &sealed).await
}

#[tokio::test]
async fn a_part_whose_answer_was_lost_is_there_or_is_taken_again() -> Result<()> {
    let folder = Folder::new()?;
    let sealed = Sealed::new(FIVE_PARTS)?;
    let (_server, client) = folder.serve()?;
    client.begin(&sealed, 3, 0).await?;
    for k in 0..5 {
        let mut server = folder.server()?;
        let mut wire = Wire::connect(&server).await?;
        wire.send_request(&sealed.put_part(k)).await?;
        tokio::time::sleep(Duration::from_millis(8 * u64::from(k))).await;
        server.kill()?;
        let server = folder.server()?;
        server.client()?.demand(sealed.put_part(k), 200).await?;
    }
    let (_server, client) = folder.serve()?;
    client.resume(&sealed).await?;
    read_back(&client, &sealed).await
}

/// Kills the server so many microseconds after it was asked to complete a transfer, and sees what the next one makes of it.
async fn kill_while_completing(folder: &Folder, micros: u64) -> Result<bool> {
    let sealed = Sealed::new(5_000_000)?;
    let (mut server, client) = folder.serve()?;
    client.begin(&sealed, 3, sealed.part_count()).await?;
    client.demand(sealed.put_manifest(), 200).await?;
    let mut wire = Wire::connect(&server).await?;
    wire.send_request(&sealed.complete()).await?;
    tokio::time::sleep(Duration::from_micros(micros)).await;
    server.kill()?;

    let (_server, client) = folder.serve()?;
    let state = client.demand(sealed.state(), 200).await?.json()?;
    let completed = state["state"] == "completed";
    assert!(completed || state["state"] == "pending", "{state}");
    if completed {
        client.demand(sealed.put_part(0), 409).await?;
    } else {
        client.demand(sealed.claim(&Claim::random()?), 409).await?;
        client.resume(&sealed).await?;
    }
    client.demand(sealed.complete(), 200).await?;
    read_back(&client, &sealed).await?;
    client.demand(sealed.delete(), 204).await?;
    Ok(completed)
}

#[tokio::test]
async fn a_transfer_whose_server_was_killed_while_completing_it_is_complete_or_goes_on()
-> Result<()> {
    let folder = Folder::new()?;
    for kill in 0..12 {
        kill_while_completing(&folder, 400 * kill).await?;
    }
    Ok(())
}

#[tokio::test]
#[ignore = "long: 500 kills, several minutes"]
async fn of_five_hundred_kills_while_completing_none_leaves_half_a_transfer() -> Result<()> {
    let folder = Folder::new()?;
    let mut completed = 0;
    for kill in 0..500 {
        completed += u32::from(kill_while_completing(&folder, 20 * (kill % 250)).await?);
    }
    println!("{completed} of 500 had been completed when the server was killed");
    assert!(
        (1..500).contains(&completed),
        "the kills came too early or too late: {completed} of 500"
    );
    Ok(())
}

#[tokio::test]
#[ignore = "long: 300 kills, several minutes"]
async fn of_three_hundred_kills_at_any_moment_of_an_upload_none_loses_a_part_that_was_answered()
-> Result<()> {
    let folder = Folder::new()?;
    for _ in 0..10 {
        let sealed = Sealed::new(FIVE_PARTS)?;
        let (_server, client) = folder.serve()?;
        client.begin(&sealed, 3, 0).await?;
        for k in 0..5 {
            for millis in [0, 3, 6, 9, 12, 15] {
                kill_while_sending(&folder, &sealed, k, millis).await?;
            }
            client.demand(sealed.put_part(k), 200).await?;
        }
        client.resume(&sealed).await?;
        read_back(&client, &sealed).await?;
        client.demand(sealed.delete(), 204).await?;
    }
    Ok(())
}

/// Kills a server so many milliseconds after it was sent part `k`. All parts before were answered, and must be there.
async fn kill_while_sending(folder: &Folder, sealed: &Sealed, k: u32, millis: u64) -> Result<()> {
    let (mut server, client) = folder.serve()?;
    let received = client.received(sealed).await?;
    let before: Vec<u32> = (0..k).collect();
    assert!(received.starts_with(&before), "{received:?}");
    let mut wire = Wire::connect(&server).await?;
    wire.send_request(&sealed.put_part(k)).await?;
    tokio::time::sleep(Duration::from_millis(millis)).await;
    server.kill()
}

#[tokio::test]
async fn a_download_goes_on_after_the_server_was_killed() -> Result<()> {
    let folder = Folder::new()?;
    let sealed = Sealed::with_passphrase(FIVE_PARTS, "correct horse")?;
    folder.server()?.client()?.upload(&sealed, 1).await?;
    let claim = Claim::random()?;
    for n in 0..5 {
        let (mut server, client) = folder.serve()?;
        client.demand(sealed.claim(&claim), 200).await?;
        let mut wire = Wire::connect(&server).await?;
        wire.send_request(&sealed.part(&claim, n)).await?;
        let (_, length) = wire.answer_head().await?;
        wire.body(length / 2).await?;
        server.kill()?;

        let (_next, client) = folder.serve()?;
        let part = client.demand(sealed.part(&claim, n), 200).await?;
        sealed.check_part(n, &part.body)?;
    }
    let (_server, client) = folder.serve()?;
    assert_eq!(client.downloads_left(&sealed).await?, Some(0));
    client.demand(sealed.claim(&Claim::random()?), 410).await?;
    Ok(())
}
