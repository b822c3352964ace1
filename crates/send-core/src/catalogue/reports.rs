//! What readers reported: open until an operator dismisses it, or the transfer is taken down or deleted.

use storage::Path;

use super::Catalogue;
use crate::{
    api::catalogue as wire,
    error::ApiError,
    id::SendId,
    key::{self, AnyId},
    record::Record,
    store,
};

/// Reports that a listing tells at once: all of a hundred sends.
const ENTRIES: usize = 1_000;

/// How often a page looks on for reports that are open.
const ROUNDS: usize = 5;

/// Where the reports on a send lie.
pub(super) struct ReportsOn {
    pub(super) id: SendId,
    paths: Vec<Path>,
}

impl Catalogue {
    /// A page of at most `limit` transfers that were reported, with what was said. Those that were taken down or deleted since are passed
    /// over; after many of them a page may hold fewer and still have a next.
    ///
    /// # Errors
    /// The storage's.
    pub async fn reports(
        &self,
        after: Option<SendId>,
        limit: usize,
    ) -> Result<wire::ReportPage, ApiError> {
        let (mut lives, mut paths, mut next) = (Vec::new(), Vec::new(), after);
        for _ in 0..ROUNDS {
            let wanted = limit - lives.len();
            let (reported, then) = self.reported_sends(next, wanted).await?;
            next = then;
            let ids: Vec<AnyId> = reported.iter().map(|one| AnyId::Send(one.id)).collect();
            for (one, record) in reported.into_iter().zip(self.records(&ids).await?) {
                if let Some(record) = record.filter(is_open) {
                    lives.push((AnyId::Send(one.id), record.life().clone()));
                    paths.push(one.paths);
                }
            }
            if next.is_none() || lives.len() == limit {
                break;
            }
        }
        let reports = self.said(paths).await?;
        let transfers = self.summaries(&lives).await?.into_iter().zip(reports);
        let told = transfers.map(|(transfer, reports)| wire::Reported { transfer, reports });
        Ok(wire::ReportPage {
            reports: told.collect(),
            next: next.map(|id| id.to_string()),
        })
    }

    /// What some reports say, read side by side.
    async fn said(&self, paths: Vec<Vec<Path>>) -> Result<Vec<Vec<wire::Report>>, ApiError> {
        let counts: Vec<usize> = paths.iter().map(Vec::len).collect();
        let all = store::read_documents(&*self.blobs, paths.concat()).await?;
        let mut all = all.into_iter();
        let of_one = |count: usize| all.by_ref().take(count).flatten().collect();
        Ok(counts.into_iter().map(of_one).collect())
    }

    /// Removes what was reported of a transfer, which goes on; how many reports that were.
    ///
    /// # Errors
    /// 404 when there is none.
    pub async fn dismiss(&self, id: &SendId) -> Result<wire::Dismissed, ApiError> {
        match store::remove_all(&*self.blobs, &[key::reports(id)]).await? {
            0 => Err(ApiError::NotFound),
            dismissed => Ok(wire::Dismissed { dismissed }),
        }
    }

    /// What was reported of a transfer, the oldest first.
    ///
    /// # Errors
    /// The storage's.
    pub async fn reports_on(&self, id: &AnyId) -> Result<Vec<wire::Report>, ApiError> {
        let AnyId::Send(id) = id else {
            return Ok(Vec::new());
        };
        let listed = store::list(&*self.blobs, &key::reports(id)).await?;
        let paths = listed.into_iter().map(|entry| entry.path).collect();
        let reports = store::read_documents(&*self.blobs, paths).await?;
        Ok(reports.into_iter().flatten().collect())
    }

    /// At most `limit` sends that were reported, and after which the next page begins.
    pub(super) async fn reported_sends(
        &self,
        after: Option<SendId>,
        limit: usize,
    ) -> Result<(Vec<ReportsOn>, Option<SendId>), ApiError> {
        let (folder, after) = (key::all_reports(), after.as_ref().map(key::beyond_reports));
        let page = self
            .blobs
            .list(Some(&folder), after.as_ref(), ENTRIES)
            .await?;
        let mut found = Vec::<ReportsOn>::new();
        for path in page.entries.into_iter().map(|entry| entry.path) {
            match (key::reported(&path), found.last_mut()) {
                (Some(id), Some(last)) if last.id == id => last.paths.push(path),
                (Some(id), _) => found.push(ReportsOn {
                    id,
                    paths: vec![path],
                }),
                (None, _) => {}
            }
        }
        let more = page.more || found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|last| last.id);
        Ok((found, next))
    }
}

fn is_open(record: &Record) -> bool {
    !record.life().state.is_removed()
}
