//! A send of ours: create, manifest, parts, complete, claims, reads, delete.

use std::sync::{Mutex, MutexGuard};

use anyhow::{Context, Result, ensure};
use send_e2e::{Claim, Client, Request, Sealed};
use serde_json::{Value, json};

use super::{
    dice::Dice,
    door::{Door, expect},
    load::Left,
};

/// What one client knows.
pub(super) struct Ours {
    sealed: Sealed,
    /// How many downloads; 0 is any number.
    limit: u64,
    /// It goes with its last download.
    wipe: bool,
    facts: Mutex<Facts>,
}

/// What was asked for, noted before, and what was answered, noted after.
#[derive(Clone, Default)]
struct Facts {
    parts: Vec<u32>,
    completed: bool,
    /// Its client went away for good in the midst of the upload.
    left: bool,
    claims: Vec<Asked>,
    delete_asked: bool,
}

#[derive(Clone)]
struct Asked {
    claim: Claim,
    answered: bool,
    finish_asked: bool,
}

impl Ours {
    pub(super) fn new(dice: &mut Dice) -> Result<Self> {
        // One part, two, or three; mostly one.
        let size = dice.one_of([
            1, 1_000, 20_000, 300_000, 800_000, 2_000_000, 5_000_000, 9_000_000,
        ]);
        let wipe = dice.one_in(6);
        Ok(Self {
            sealed: Sealed::new(size)?,
            limit: if wipe { 1 } else { dice.one_of([0, 1, 2, 10]) },
            wipe,
            facts: Mutex::default(),
        })
    }

    fn facts(&self) -> MutexGuard<'_, Facts> {
        self.facts.lock().unwrap()
    }

    fn create(&self) -> Result<Request> {
        let ask = self.sealed.create(self.limit);
        let mut body: Value = serde_json::from_slice(&ask.body)?;
        body["wipe"] = self.wipe.into();
        Ok(Request::new(ask.method, ask.path).with_json(&body))
    }

    pub(super) async fn live(&self, door: &Door, dice: &mut Dice) -> Result<()> {
        door.demand("create", self.create()?, &[201]).await?;
        let count = self.sealed.part_count();
        let goes_away = dice.one_in(8);
        let first = dice.below(count.into()) as u32;
        for n in (0..count).map(|n| (first + n) % count) {
            door.demand("part", self.sealed.put_part(n), &[200]).await?;
            self.facts().parts.push(n);
            if goes_away {
                self.facts().left = true;
                return Ok(());
            }
        }
        let manifest = self.sealed.put_manifest();
        door.demand("manifest", manifest, &[200]).await?;
        door.demand("complete", self.sealed.complete(), &[200])
            .await?;
        self.facts().completed = true;
        for _ in 0..dice.below(4) {
            self.download(door, dice).await?;
        }
        if dice.one_in(3) {
            self.facts().delete_asked = true;
            door.demand("delete", self.sealed.delete(), &[204]).await?;
        }
        Ok(())
    }

    async fn download(&self, door: &Door, dice: &mut Dice) -> Result<()> {
        let claim = Claim::random()?;
        let earlier = self.facts().claims.len();
        self.facts().claims.push(Asked {
            claim: claim.clone(),
            answered: false,
            finish_asked: false,
        });
        let answer = door.ask("claim", self.sealed.claim(&claim)).await?;
        if answer.status == 410 {
            let are_taken = self.limit > 0 && earlier as u64 >= self.limit;
            return expect(&answer, are_taken, "claim");
        }
        expect(&answer, answer.status == 200, "claim")?;
        self.facts().claims[earlier].answered = true;
        for n in 0..self.sealed.part_count() {
            let part = self.sealed.part(&claim, n);
            let part = door.demand("read", part, &[200]).await?;
            self.sealed.check_part(n, &part.body)?;
        }
        if dice.one_in(2) {
            self.facts().claims[earlier].finish_asked = true;
            let finish = self.sealed.finish(&claim);
            door.demand("finish", finish, &[204]).await?;
        }
        Ok(())
    }

    /// A fresh service has all that was acknowledged; the client goes on with the rest.
    pub(super) async fn settle(&self, client: &Client) -> Result<Left> {
        let facts = self.facts().clone();
        let sealed = &self.sealed;
        if facts.left {
            return Ok(self.left(&[], (0, 0)));
        }
        if facts.delete_asked {
            client.demand(sealed.delete(), 204).await?;
            let refused = client.demand(sealed.read_manifest(), 410).await?;
            expect(&refused, refused.detail() == "deleted", "manifest")?;
            let asked = facts.claims.len() as u64;
            return Ok(self.left(&[], (facts.answered(), asked)));
        }
        let mut finished = facts.claims.iter().filter(|asked| asked.finish_asked);
        if let Some(asked) = finished.next().filter(|_| self.wipe) {
            client.demand(sealed.finish(&asked.claim), 204).await?;
            client.demand(sealed.read_manifest(), 410).await?;
            return Ok(self.left(&[], (1, 1)));
        }
        if !facts.completed {
            self.go_on(client, &facts).await?;
        }
        client.demand(sealed.complete(), 200).await?;
        self.settle_claims(client).await?;
        self.read_again(client).await?;
        let answered = self.facts().answered();
        // The last claim of one that goes with it lapses until the sweep.
        let bytes = if self.wipe { Vec::new() } else { self.bytes() };
        Ok(self.left(&bytes, (answered, answered)))
    }

    async fn go_on(&self, client: &Client, facts: &Facts) -> Result<()> {
        client.demand(self.create()?, 201).await?;
        let received = client.received(&self.sealed).await?;
        let mut parts = facts.parts.iter();
        let lost = parts.find(|n| !received.contains(n));
        ensure!(lost.is_none(), "part {lost:?} was acknowledged and is lost");
        // Its complete may have arrived, and the answer was lost.
        let state = client.demand(self.sealed.state(), 200).await?.json()?;
        if state["state"] == "completed" {
            return Ok(());
        }
        client.resume(&self.sealed).await
    }

    /// Never more are counted than were asked for, nor fewer than were answered; asked again, each counts once.
    async fn settle_claims(&self, client: &Client) -> Result<()> {
        let facts = self.facts().clone();
        let taken = self.taken(client).await?;
        let bounds = facts.answered()..=facts.claims.len() as u64;
        ensure!(
            self.limit == 0 || bounds.contains(&taken),
            "{taken} downloads are counted, not {bounds:?}"
        );
        for (n, asked) in facts.claims.iter().enumerate() {
            if asked.answered {
                continue;
            }
            let answer = client.send(self.sealed.claim(&asked.claim)).await?;
            let none_left = self.limit > 0 && self.taken(client).await? == self.limit;
            let is_right = answer.status == 200 || (answer.status == 410 && none_left);
            expect(&answer, is_right, "claim")?;
            self.facts().claims[n].answered = answer.status == 200;
        }
        let (taken, answered) = (self.taken(client).await?, self.facts().answered());
        ensure!(self.limit == 0 || taken == answered, "{taken}, {answered}");
        self.find_reader(client, taken).await
    }

    /// A claim that can be read with: one that was taken, or a fresh one, for which the owner may have to allow it.
    async fn find_reader(&self, client: &Client, taken: u64) -> Result<()> {
        let facts = self.facts().clone();
        let is_reader = |asked: &&Asked| asked.answered && !asked.finish_asked;
        if facts.claims.iter().any(|asked| is_reader(&asked)) {
            return Ok(());
        }
        if self.limit > 0 && taken == self.limit {
            let change = Request {
                method: "PATCH",
                ..self.sealed.state()
            };
            let more = json!({ "downloads": self.limit + 1 });
            client.demand(change.with_json(&more), 200).await?;
        }
        let claim = Claim::random()?;
        client.demand(self.sealed.claim(&claim), 200).await?;
        self.facts().claims.push(Asked {
            claim,
            answered: true,
            finish_asked: false,
        });
        Ok(())
    }

    /// How many downloads are counted; 0 where any number is allowed.
    async fn taken(&self, client: &Client) -> Result<u64> {
        let left = client.downloads_left(&self.sealed).await?;
        Ok(left.map_or(0, |left| self.limit - left))
    }

    /// All of it is what was sent.
    pub(super) async fn read_again(&self, client: &Client) -> Result<()> {
        let facts = self.facts().clone();
        let mut claims = facts.claims.iter();
        let reader = claims.find(|asked| asked.answered && !asked.finish_asked);
        let claim = &reader.context("no claim to read with")?.claim;
        client.download(&self.sealed, claim).await
    }

    fn bytes(&self) -> Vec<String> {
        let parts = (0..self.sealed.part_count()).map(|n| format!("parts/{n:05}"));
        std::iter::once("manifests/*".to_owned())
            .chain(parts)
            .collect()
    }

    fn left(&self, bytes: &[String], claims: (u64, u64)) -> Left {
        Left {
            id: self.sealed.id(),
            bytes: bytes.to_vec(),
            slots: if self.limit > 0 { claims } else { (0, 0) },
            claims,
        }
    }
}

impl Facts {
    fn answered(&self) -> u64 {
        self.claims.iter().filter(|asked| asked.answered).count() as u64
    }
}
