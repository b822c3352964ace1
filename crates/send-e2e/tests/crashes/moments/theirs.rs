//! A transfer of the original's routes: create, upload, complete, downloads, delete, and its id used again.

use std::sync::{Mutex, MutexGuard};

use anyhow::{Result, ensure};
use send_e2e::{Client, Request};
use serde_json::json;

use super::{
    dice::Dice,
    door::{Door, expect},
    load::Left,
};
use crate::original::Original;

/// What one client knows.
pub(super) struct Theirs {
    way: Way,
    /// How many downloads; 0 is any number.
    limit: u64,
    facts: Mutex<Facts>,
}

/// How the payload is uploaded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Through the service.
    Service,
    /// By one signed URL.
    Signed,
    /// In parts, by a signed URL for each.
    Parts,
}

/// What was asked for, noted before, and what was answered, noted after.
#[derive(Clone)]
struct Facts {
    transfer: Original,
    completed: bool,
    /// Its client went away for good in the midst of the upload.
    left: bool,
    asked: u64,
    served: u64,
    delete_asked: bool,
    /// What the id is to be used for again.
    next: Option<Original>,
}

impl Facts {
    const fn of(transfer: Original) -> Self {
        Self {
            transfer,
            completed: false,
            left: false,
            asked: 0,
            served: 0,
            delete_asked: false,
            next: None,
        }
    }
}

impl Theirs {
    pub(super) fn new(dice: &mut Dice, signs: bool) -> Result<Self> {
        let size = dice.one_of([1_000, 50_000, 400_000, 3_000_000]);
        let way = dice.one_of([Way::Service, Way::Service, Way::Signed, Way::Parts]);
        Ok(Self {
            way: if signs { way } else { Way::Service },
            limit: dice.one_of([0, 2, 50]),
            facts: Mutex::new(Facts::of(Original::new(size)?)),
        })
    }

    fn facts(&self) -> MutexGuard<'_, Facts> {
        self.facts.lock().unwrap()
    }

    fn create(&self, transfer: &Original) -> Request {
        transfer.create(json!({ "max_downloads": self.limit, "allow_recreate": true }))
    }

    pub(super) async fn live(&self, door: &Door, dice: &mut Dice) -> Result<()> {
        let transfer = self.facts().transfer.clone();
        // 409: the id is its own, so an earlier try has arrived, and its answer was lost.
        let create = self.create(&transfer);
        door.demand("create", create, &[200, 409]).await?;
        self.fill(&transfer, door, dice).await?;
        if !dice.one_in(2) || !self.facts().delete_asked {
            return Ok(());
        }
        let next = transfer.anew()?;
        self.facts().next = Some(next.clone());
        let create = self.create(&next);
        door.demand("create again", create, &[200, 409]).await?;
        *self.facts() = Facts::of(next.clone());
        self.fill(&next, door, dice).await
    }

    async fn fill(&self, transfer: &Original, door: &Door, dice: &mut Dice) -> Result<()> {
        self.upload(transfer, door).await?;
        if dice.one_in(8) {
            self.facts().left = true;
            return Ok(());
        }
        door.demand("complete", transfer.complete(), &[200]).await?;
        self.facts().completed = true;
        for _ in 0..dice.below(4) {
            self.download(transfer, door).await?;
        }
        if dice.one_in(3) {
            self.facts().delete_asked = true;
            door.demand("delete", transfer.delete(), &[200]).await?;
        }
        Ok(())
    }

    async fn upload(&self, transfer: &Original, door: &Door) -> Result<()> {
        match self.way {
            Way::Service => {
                door.demand("upload", transfer.upload(), &[200]).await?;
                Ok(())
            }
            Way::Signed => {
                let url = door.demand("upload", transfer.upload_url(), &[200]).await?;
                transfer.send_to(&url.json()?).await.map(drop)
            }
            Way::Parts => {
                let begin = transfer.initiate();
                let begun = door.demand("upload", begin, &[200]).await?.json()?;
                let etag = transfer.send_to(&begun["part_urls"][0]).await?;
                let assemble = transfer.assemble(&begun, &etag);
                door.demand("upload", assemble, &[200]).await?;
                Ok(())
            }
        }
    }

    /// Each try may count, whether it is answered or not.
    async fn download(&self, transfer: &Original, door: &Door) -> Result<()> {
        let count = || self.facts().asked += 1;
        let answer = door.ask_counting("read", transfer.download(), count);
        let answer = answer.await?;
        if answer.status == 410 {
            let may_be_taken = self.limit > 0 && self.facts().asked > self.limit;
            return expect(&answer, may_be_taken, "download");
        }
        expect(&answer, answer.status == 200, "download")?;
        ensure!(answer.body == transfer.bytes, "not what was sent");
        self.facts().served += 1;
        Ok(())
    }

    /// A fresh service has all that was acknowledged; the client goes on with the rest.
    pub(super) async fn settle(&self, client: &Client) -> Result<Left> {
        let mut facts = self.facts().clone();
        if let Some(next) = facts.next.take() {
            let status = client.send(self.create(&next)).await?.status;
            ensure!(status == 200 || status == 409, "create again: {status}");
            facts = Facts::of(next);
            *self.facts() = facts.clone();
        }
        if facts.left {
            return Ok(self.left(0, (0, 0)));
        }
        if facts.delete_asked {
            client.demand(facts.transfer.delete(), 200).await?;
            client.demand(facts.transfer.download(), 404).await?;
            return Ok(self.left(0, (facts.served, facts.asked)));
        }
        if !facts.completed {
            self.go_on(client, &facts.transfer).await?;
        }
        client.demand(facts.transfer.complete(), 200).await?;
        self.read_again(client).await?;
        // Read once more when all has been swept.
        let count = facts.transfer.count(client).await?;
        Ok(self.left(1, (count, count)))
    }

    async fn go_on(&self, client: &Client, transfer: &Original) -> Result<()> {
        let status = client.send(self.create(transfer)).await?.status;
        ensure!(status == 200 || status == 409, "create: {status}");
        let info = client.demand(transfer.info(), 200).await?.json()?;
        if info["status"] == "pending" {
            client.demand(transfer.upload(), 200).await?;
        }
        Ok(())
    }

    /// All of it is what was sent, unless all downloads are taken; never more are counted than were asked for, nor fewer
    /// than were answered.
    pub(super) async fn read_again(&self, client: &Client) -> Result<()> {
        let facts = self.facts().clone();
        let count = facts.transfer.count(client).await?;
        let bounds = facts.served..=facts.asked;
        ensure!(
            bounds.contains(&count),
            "{count} downloads are counted, not {bounds:?}"
        );
        if self.limit > 0 && count == self.limit {
            client.demand(facts.transfer.download(), 410).await?;
            return Ok(());
        }
        facts.transfer.read(client).await?;
        let counted = facts.transfer.count(client).await?;
        ensure!(counted == count + 1, "{counted} after {count}");
        self.facts().asked += 1;
        self.facts().served += 1;
        Ok(())
    }

    fn left(&self, payloads: usize, counted: (u64, u64)) -> Left {
        Left {
            id: self.facts().transfer.id.clone(),
            bytes: vec!["payload/*".to_owned(); payloads],
            slots: if self.limit > 0 { counted } else { (0, 0) },
            claims: (0, 0),
        }
    }
}

impl Original {
    /// Begins an upload in one part.
    fn initiate(&self) -> Request {
        Request::new("POST", "/api/presigned/initiate").with_json(&json!({
            "transfer_id": self.id,
            "file_size_bytes": self.bytes.len(),
            "num_parts": 1,
        }))
    }

    /// Ends an upload that was begun, with the part that S3 named so.
    fn assemble(&self, begun: &serde_json::Value, etag: &str) -> Request {
        Request::new("POST", "/api/presigned/complete").with_json(&json!({
            "transfer_id": self.id,
            "upload_id": begun["upload_id"],
            "parts": [{ "part_number": 1, "etag": etag }],
        }))
    }
}
