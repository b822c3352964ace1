//! Pages of transfers.

use std::collections::BTreeSet;

use storage::Path;

use super::Catalogue;
use crate::{
    api::catalogue::{self as wire, Standing},
    clock::Millis,
    error::ApiError,
    id::{SendId, TokenId},
    key::{self, AnyId, IndexEntry},
    record::{Life, Record},
    store,
};

/// Entries of the index that one listing tells, where a filter leaves out some.
const ENTRIES: usize = 1_000;
/// Listings that a page takes at most.
const LISTINGS: usize = 5;
/// Records that are read side by side at least, where a filter leaves out some.
const AT_LEAST: usize = 16;
/// Records that a page reads at most.
const RECORDS: usize = 300;

/// Which transfers are wanted.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Where the page before ended.
    pub before: Option<String>,
    /// How many at most.
    pub limit: usize,
    /// Only those that stand like this.
    pub state: Option<Standing>,
    /// Only those of at least so many stored bytes.
    pub min_size: Option<u64>,
    /// Only those of at most so many stored bytes.
    pub max_size: Option<u64>,
    /// Only those sent with this access token; the index tells that.
    pub token: Option<TokenId>,
    /// Only those that were reported; the reports tell that.
    pub reported: bool,
}

/// A page on its way.
#[derive(Default)]
struct Found {
    lives: Vec<(AnyId, Life)>,
    looked_at: usize,
    next: Option<String>,
}

impl Filter {
    /// Which of the filters look at one thing after the other.
    fn scans(&self) -> Vec<&'static str> {
        let size = self.min_size.is_some() || self.max_size.is_some();
        let filters = [
            ("state", self.state.is_some()),
            ("size", size),
            ("token", self.token.is_some()),
        ];
        let used = filters.into_iter().filter(|(_, used)| *used);
        used.map(|(name, _)| name).collect()
    }

    /// Entries to list at once: no more than are read, where all are wanted.
    fn entries(&self) -> usize {
        if !self.scans().is_empty() {
            ENTRIES
        } else {
            self.limit
        }
    }

    fn admits_entry(&self, entry: &IndexEntry) -> bool {
        self.token.is_none() || entry.token == self.token
    }

    fn admits(&self, life: &Life, now: Millis) -> bool {
        self.state
            .is_none_or(|state| Standing::of(life, now) == state)
            && self.min_size.is_none_or(|least| life.size >= least)
            && self.max_size.is_none_or(|most| life.size <= most)
            && (self.token.is_none() || life.token == self.token)
    }

    /// After which path of the index the page begins.
    fn start(&self) -> Result<Option<Path>, ApiError> {
        let Some(before) = &self.before else {
            return Ok(None);
        };
        let entry = IndexEntry::from_name(before).ok_or_else(not_a_page)?;
        Ok(Some(entry.path()))
    }

    /// After which transfer the page of those that were reported begins.
    fn after(&self) -> Result<Option<SendId>, ApiError> {
        let before = self.before.as_deref();
        before
            .map(|id| id.parse().map_err(|_| not_a_page()))
            .transpose()
    }
}

fn not_a_page() -> ApiError {
    ApiError::field("before", "must be what the page before gave as next")
}

impl Catalogue {
    /// A page of transfers.
    ///
    /// # Errors
    /// 400 for a `before` that no page gave.
    pub async fn page(&self, filter: &Filter) -> Result<wire::Transfers, ApiError> {
        let found = if filter.reported {
            self.reported(filter).await?
        } else {
            self.newest(filter).await?
        };
        Ok(wire::Transfers {
            transfers: self.summaries(&found.lives).await?,
            next: found.next,
            looked_at: found.looked_at as u64,
            scans: filter.scans(),
        })
    }

    /// As lists show them, with the names of their access tokens.
    pub(super) async fn summaries(
        &self,
        lives: &[(AnyId, Life)],
    ) -> Result<Vec<wire::Summary>, ApiError> {
        let tokens: BTreeSet<TokenId> = lives.iter().filter_map(|(_, life)| life.token).collect();
        let tokens: Vec<TokenId> = tokens.into_iter().collect();
        let names = self.tokens.names(&tokens).await?;
        let name = |token: &TokenId| tokens.binary_search(token).ok().map(|at| names[at].clone());
        let summary =
            |(id, life): &(AnyId, Life)| self.summary(id, life, life.token.as_ref().and_then(name));
        Ok(lives.iter().map(summary).collect())
    }

    async fn reported(&self, filter: &Filter) -> Result<Found, ApiError> {
        let (sends, next) = self.reported_sends(filter.after()?, filter.limit).await?;
        let mut found = Found {
            next: next.map(|id| id.to_string()),
            ..Found::default()
        };
        let ids: Vec<AnyId> = sends.iter().map(|send| AnyId::Send(send.id)).collect();
        for (id, record) in ids.iter().zip(self.records(&ids).await?) {
            found.looked_at += 1;
            let life = record.map(|record| record.life().clone());
            let life = life.filter(|life| filter.admits(life, self.clock.now()));
            found.lives.extend(life.map(|life| (*id, life)));
        }
        Ok(found)
    }

    async fn newest(&self, filter: &Filter) -> Result<Found, ApiError> {
        let (mut found, mut after) = (Found::default(), filter.start()?);
        for _ in 0..LISTINGS {
            let folder = key::index();
            let page = self
                .blobs
                .list(Some(&folder), after.as_ref(), filter.entries())
                .await?;
            after = page.entries.last().map(|entry| entry.path.clone());
            let entries = page
                .entries
                .iter()
                .filter_map(|e| IndexEntry::parse(&e.path));
            let wanted: Vec<_> = entries.filter(|entry| filter.admits_entry(entry)).collect();
            if self.fill(filter, &wanted, page.more, &mut found).await? || !page.more {
                return Ok(found);
            }
        }
        found.next = after.map(|path| path.name().to_owned());
        Ok(found)
    }

    /// Adds what is wanted of some entries; whether the page ends with them.
    async fn fill(
        &self,
        filter: &Filter,
        entries: &[IndexEntry],
        more: bool,
        found: &mut Found,
    ) -> Result<bool, ApiError> {
        let mut rest = entries.len();
        for some in entries.chunks(filter.limit.max(AT_LEAST)) {
            let ids: Vec<AnyId> = some.iter().map(|entry| entry.id).collect();
            for (entry, record) in some.iter().zip(self.records(&ids).await?) {
                (rest, found.looked_at) = (rest - 1, found.looked_at + 1);
                let life = record.map(|record| record.life().clone());
                let of_it = |life: &Life| life.generation == entry.generation;
                let life = life
                    .filter(of_it)
                    .filter(|life| filter.admits(life, self.clock.now()));
                found.lives.extend(life.map(|life| (entry.id, life)));
                if found.lives.len() == filter.limit || found.looked_at >= RECORDS {
                    found.next = (rest > 0 || more).then(|| entry.name());
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// The records of some transfers, read side by side.
    pub(super) async fn records(&self, ids: &[AnyId]) -> Result<Vec<Option<Record>>, ApiError> {
        let paths = ids.iter().map(|id| id.key().record()).collect();
        store::read_documents(&*self.blobs, paths).await
    }
}
