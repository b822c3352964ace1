//! Many clients at once, and all that their transfers leave.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use anyhow::{Context, Result, ensure};
use futures::{StreamExt, TryStreamExt, stream};
use send_e2e::{Client, crash::Kept};
use tokio::task::JoinSet;

use super::{dice::Dice, door::Door, ours::Ours, theirs::Theirs};

/// Clients at once.
const CLIENTS: usize = 5;
/// Transfers that are looked at side by side afterwards.
const AT_ONCE: usize = 4;

/// A transfer as its client knows it.
#[derive(Clone)]
pub(super) enum Transfer {
    Ours(Arc<Ours>),
    Theirs(Arc<Theirs>),
}

/// What a transfer may leave in the storage, once it was settled and swept.
#[derive(Debug)]
pub(super) struct Left {
    pub(super) id: String,
    /// Names below its generation of all bytes that are to be there; a star is any name.
    pub(super) bytes: Vec<String>,
    /// How many downloads may be counted by slots.
    pub(super) slots: (u64, u64),
    /// How many claims there may be.
    pub(super) claims: (u64, u64),
}

/// Clients that are at work.
pub(super) struct Load {
    clients: JoinSet<Result<()>>,
    transfers: Arc<Mutex<Vec<Transfer>>>,
}

/// All transfers of a load.
pub(super) struct Transfers(Vec<Transfer>);

/// All transfers of a load, and what each has left.
pub(super) struct AllLeft(Vec<(Transfer, Left)>);

impl Load {
    pub(super) fn start(door: &Door, dice: &mut Dice, signs: bool) -> Self {
        let mut clients = JoinSet::new();
        let transfers = Arc::<Mutex<Vec<Transfer>>>::default();
        for _ in 0..CLIENTS {
            clients.spawn(work(door.clone(), dice.another(), transfers.clone(), signs));
        }
        Self { clients, transfers }
    }

    /// Whether no client has been told what it must not be told.
    pub(super) fn is_well(&mut self) -> Result<()> {
        match self.clients.try_join_next() {
            None => Ok(()),
            Some(ended) => ended?.context("a client"),
        }
    }

    /// All stop where they are.
    pub(super) async fn stop(mut self) -> Result<Transfers> {
        self.clients.abort_all();
        while let Some(ended) = self.clients.join_next().await {
            match ended {
                Err(stopped) if stopped.is_cancelled() => {}
                ended => ended?.context("a client")?,
            }
        }
        Ok(Transfers(self.transfers.lock().unwrap().clone()))
    }
}

/// One transfer after the other.
async fn work(
    door: Door,
    mut dice: Dice,
    transfers: Arc<Mutex<Vec<Transfer>>>,
    signs: bool,
) -> Result<()> {
    loop {
        let transfer = if dice.one_in(2) {
            Transfer::Ours(Arc::new(Ours::new(&mut dice)?))
        } else {
            Transfer::Theirs(Arc::new(Theirs::new(&mut dice, signs)?))
        };
        transfers.lock().unwrap().push(transfer.clone());
        match transfer {
            Transfer::Ours(ours) => ours.live(&door, &mut dice).await,
            Transfer::Theirs(theirs) => theirs.live(&door, &mut dice).await,
        }?;
    }
}

impl Transfers {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// What was acknowledged is there; the clients of the rest go on, to its end.
    pub(super) async fn settle(self, client: &Client) -> Result<AllLeft> {
        let settled = stream::iter(self.0).map(async |transfer| {
            let left = match &transfer {
                Transfer::Ours(ours) => ours.settle(client).await,
                Transfer::Theirs(theirs) => theirs.settle(client).await,
            };
            anyhow::Ok((transfer, left?))
        });
        let settled = settled.buffer_unordered(AT_ONCE).try_collect().await?;
        Ok(AllLeft(settled))
    }
}

impl AllLeft {
    /// Compares all keys of the storage with what is to be there.
    pub(super) async fn is_all_there_is(&self, kept: &Kept) -> Result<()> {
        let mut found = BTreeMap::<String, Vec<String>>::new();
        for key in kept.keys().await? {
            let segments: Vec<&str> = key.split('/').collect();
            let (id, name) = match segments[..] {
                ["transfers", _, id, "meta.json"] => (id, "meta.json".to_owned()),
                ["transfers", _, id, _, "parts", n] => (id, format!("parts/{n}")),
                ["transfers", _, id, _, folder, _] => (id, format!("{folder}/*")),
                ["transfers", _, id, _, file] => (id, file.to_owned()),
                ["index", _, entry] if self.noted(entry) => continue,
                ["usage", ..] | ["sweeps.json"] => continue,
                _ => anyhow::bail!("{key} is nobody's"),
            };
            found.entry(id.to_owned()).or_default().push(name);
        }
        for (_, left) in &self.0 {
            let names = found.remove(&left.id).unwrap_or_default();
            left.is(&names)?;
        }
        ensure!(found.is_empty(), "of nobody: {found:?}");
        Ok(())
    }

    /// Whether an entry of the index, `{time}-{id}-..`, tells of one of these.
    fn noted(&self, entry: &str) -> bool {
        let id = entry.split('-').nth(1);
        self.0.iter().any(|(_, left)| Some(left.id.as_str()) == id)
    }

    /// What is left is what was sent, after all sweeps.
    pub(super) async fn is_read_again(&self, client: &Client) -> Result<()> {
        let reads = stream::iter(&self.0).map(async |(transfer, left)| match transfer {
            Transfer::Ours(ours) if !left.bytes.is_empty() => ours.read_again(client).await,
            Transfer::Theirs(theirs) if !left.bytes.is_empty() => theirs.read_again(client).await,
            Transfer::Ours(_) | Transfer::Theirs(_) => Ok(()),
        });
        reads.buffer_unordered(AT_ONCE).try_collect().await
    }
}

impl Left {
    fn is(&self, names: &[String]) -> Result<()> {
        let count = |wanted: &str| names.iter().filter(|name| *name == wanted).count() as u64;
        let others = ["meta.json", "slots/*", "claims/*", "count.json"];
        let bytes = names.iter().filter(|name| !others.contains(&name.as_str()));
        let mut bytes: Vec<_> = bytes.cloned().collect();
        bytes.sort();
        let within = |(least, most): (u64, u64), count: u64| least <= count && count <= most;
        let is_right = bytes == self.bytes
            && count("meta.json") == 1
            && within(self.slots, count("slots/*"))
            && within(self.claims, count("claims/*"));
        ensure!(is_right, "{self:?}, but there is {names:?}");
        Ok(())
    }
}
