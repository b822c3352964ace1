//! Take-downs: effective at once, in flight too; and the reports that lead to them.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use send_e2e::{Admin, Claim, Client, Folder, MIB, Request, Sealed, Server, Shared, Wire};
use serde_json::{Value, json};
use tokio::time::sleep;

/// How much a slow reader reads at once, and how long it rests then: 5 MB a second.
const PIECE: usize = 1 << 18;
const REST: Duration = Duration::from_millis(50);
/// What may be on its way when a stream is cut: the buffers of both sockets on this machine, and a second of reading.
const UNDER_WAY: usize = 16 << 20;

struct House {
    server: Server,
    client: Client,
    admin: Admin,
    _folder: Folder,
}

fn house() -> Result<House> {
    let folder = Folder::new()?;
    let (server, client) = folder.serve()?;
    Ok(House {
        admin: Admin::start(&folder)?,
        server,
        client,
        _folder: folder,
    })
}

impl House {
    async fn take_down(&self, id: &str, reason: &str) -> Result<Value> {
        let path = format!("/transfers/{id}/takedown");
        self.admin.post(path, &json!({ "reason": reason })).await
    }

    /// A completed transfer of the original's routes.
    async fn transfer(&self, size: u64) -> Result<String> {
        let create = Request::new("POST", "/api/transfers/create").with_json(&json!({}));
        let created = self.client.demand(create, 200).await?.json()?;
        let id = created["transfer_id"].as_str().context("an id")?.to_owned();
        let bytes = Bytes::from(vec![7; size.try_into()?]);
        for request in [
            Request::new("POST", format!("/api/transfers/upload/{id}")).with_body(bytes),
            Request::new("POST", format!("/api/transfers/complete/{id}")),
        ] {
            self.client.demand(request, 200).await?;
        }
        Ok(id)
    }

    async fn sent(&self, size: u64) -> Result<Sealed> {
        let sealed = Sealed::new(size)?;
        self.client.upload(&sealed, 3).await?;
        Ok(sealed)
    }

    /// Reads slowly, takes the transfer down in the middle, and reads what still comes.
    async fn cut_off(&self, request: &Request, id: &str) -> Result<()> {
        let mut wire = Wire::connect(&self.server).await?;
        wire.send_request(request).await?;
        let (status, length) = wire.answer_head().await?;
        assert_eq!(status, 200);
        for _ in 0..4 {
            wire.skip(PIECE).await?;
            sleep(REST).await;
        }
        self.take_down(id, "abuse").await?;
        let (taken_down, mut after) = (Instant::now(), 0);
        while wire.skip(PIECE).await.is_ok() {
            after += PIECE;
            ensure!(
                after < UNDER_WAY,
                "still served after {:?}",
                taken_down.elapsed()
            );
            sleep(REST).await;
        }
        ensure!(4 * PIECE + after < length, "it was cut off");
        Ok(())
    }
}

#[tokio::test]
async fn a_download_in_flight_ends_when_its_transfer_is_taken_down() -> Result<()> {
    let house = house()?;
    let id = house.transfer(64 * MIB).await?;
    let download = Request::new("GET", format!("/api/transfers/download/{id}"));
    house.cut_off(&download, &id).await?;
    let answer = house.client.send(download).await?;
    assert_eq!(
        answer.status, 404,
        "the original's clients know nothing else"
    );
    Ok(())
}

#[tokio::test]
async fn the_content_of_a_send_in_flight_ends_when_it_is_taken_down() -> Result<()> {
    let house = house()?;
    let sealed = house.sent(64 * MIB).await?;
    let claim = Claim::random()?;
    house.client.demand(sealed.claim(&claim), 200).await?;
    house.cut_off(&sealed.content(&claim), &sealed.id()).await
}

#[tokio::test]
async fn who_holds_a_token_is_told_the_reason_and_no_part_is_served() -> Result<()> {
    let house = house()?;
    let (sealed, claim) = (house.sent(5 * MIB).await?, Claim::random()?);
    house.client.demand(sealed.claim(&claim), 200).await?;
    house.client.demand(sealed.part(&claim, 0), 200).await?;
    let detail = house.take_down(&sealed.id(), "malware").await?;
    assert_eq!(detail["state"], "taken_down");
    for request in [
        sealed.part(&claim, 1),
        sealed.content(&claim),
        sealed.state(),
        sealed.read_manifest(),
        sealed.claim(&Claim::random()?),
    ] {
        let path = request.path.clone();
        let answer = house.client.demand(request, 410).await?.json()?;
        let told = (&answer["detail"], &answer["reason"]);
        assert_eq!(told, (&json!("taken_down"), &json!("malware")), "{path}");
    }
    let stranger = Request::new("GET", format!("/api/v1/sends/{}", sealed.id()));
    house.client.demand(stranger, 404).await?;
    Ok(())
}

#[tokio::test]
async fn what_a_reader_reports_appears_with_its_reason_and_ids_cannot_be_guessed() -> Result<()> {
    let house = house()?;
    let (sealed, other) = (house.sent(1).await?, Sealed::new(1)?);
    house
        .client
        .demand(sealed.report("It is not theirs to give."), 202)
        .await?;
    // Who has no right token learns nothing: an id that is there is answered like one that is not.
    let mut by_another = other.report("Whatever.");
    let unknown = house.client.demand(by_another.clone(), 404).await?;
    by_another.path = sealed.report("").path;
    let guessed = house.client.demand(by_another, 404).await?;
    assert_eq!(unknown.detail(), guessed.detail());
    let page = house.admin.get("/reports").await?;
    let [reported] = &page["reports"].as_array().context("reports")?[..] else {
        anyhow::bail!("one was reported: {page}");
    };
    assert_eq!(reported["transfer"]["id"], json!(sealed.id()));
    assert_eq!(
        reported["reports"][0]["reason"],
        "It is not theirs to give."
    );
    let found = house.admin.get("/transfers?reported=true").await?;
    assert_eq!(found["transfers"][0]["id"], json!(sealed.id()));
    let dismiss = format!("/reports/{}/dismiss", sealed.id());
    let dismissed = house.admin.post(dismiss, &json!({})).await?;
    assert_eq!(dismissed["dismissed"], 1);
    assert_eq!(house.admin.get("/reports").await?["reports"], json!([]));
    house.client.demand(sealed.report("Again."), 202).await?;
    house.take_down(&sealed.id(), "copyright").await?;
    assert_eq!(house.admin.get("/reports").await?["reports"], json!([]));
    Ok(())
}
