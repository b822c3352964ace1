//! What readers reported: open until an operator dismisses it, or the transfer is taken down or deleted.

use storage::Path;

use super::Catalogue;
use crate::{
    api::catalogue as wire,
    error::ApiError,
    id::SendId,
    key::{self, AnyId},
    record::{Record, State},
    store,
};

/// Reports that a listing tells at once: all of a hundred sends.
const ENTRIES: usize = 1_000;

/// Where the reports on a send lie.
pub(super) struct ReportsOn {
    pub(super) id: SendId,
    paths: Vec<Path>,
}

impl Catalogue {
    /// A page of at most `limit` transfers that were reported, with what was said. Those that were taken down or deleted since are left
    /// out, so it may hold fewer and still have a next.
    ///
    /// # Errors
    /// The storage's.
    pub async fn reports(
        &self,
        after: Option<SendId>,
        limit: usize,
    ) -> Result<wire::ReportPage, ApiError> {
        let (reported, next) = self.reported_sends(after, limit).await?;
        let ids: Vec<AnyId> = reported.iter().map(|one| AnyId::Send(one.id)).collect();
        let paths = reported.iter().flat_map(|one| one.paths.clone()).collect();
        let mut said = store::read_documents(&*self.blobs, paths)
            .await?
            .into_iter();
        let (mut lives, mut reports) = (Vec::new(), Vec::new());
        for (one, record) in reported.iter().zip(self.records(&ids).await?) {
            let of_it: Vec<wire::Report> = said.by_ref().take(one.paths.len()).flatten().collect();
            let open =
                |record: &Record| !matches!(record.life().state, State::Deleted | State::TakenDown);
            if let Some(record) = record.filter(open) {
                lives.push((AnyId::Send(one.id), record.life().clone()));
                reports.push(of_it);
            }
        }
        let transfers = self.summaries(&lives).await?.into_iter().zip(reports);
        let told = transfers.map(|(transfer, reports)| wire::Reported { transfer, reports });
        Ok(wire::ReportPage {
            reports: told.collect(),
            next: next.map(|id| id.to_string()),
        })
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
