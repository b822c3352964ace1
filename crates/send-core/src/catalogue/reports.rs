//! What readers reported: open until an operator dismisses it, or ends the transfer.

use super::Catalogue;
use crate::{
    api::catalogue as wire,
    error::ApiError,
    id::SendId,
    key::{self, AnyId},
    record::Life,
    store,
};

/// Reports that a listing tells at once.
const ENTRIES: usize = 1_000;

impl Catalogue {
    /// A page of at most `limit` transfers that were reported, with what was said.
    ///
    /// # Errors
    /// The storage's.
    pub async fn reports(
        &self,
        after: Option<SendId>,
        limit: usize,
    ) -> Result<wire::ReportPage, ApiError> {
        let after = after.map(AnyId::Send);
        let (ids, next) = self.reported_ids(after, limit).await?;
        let records = ids.iter().zip(self.records(&ids).await?);
        let lives: Vec<(AnyId, Life)> = records
            .filter_map(|(id, record)| Some((*id, record?.life().clone())))
            .collect();
        let mut reports = Vec::with_capacity(lives.len());
        for ((id, _), transfer) in lives.iter().zip(self.summaries(&lives).await?) {
            let reported = self.reports_on(id).await?;
            reports.push(wire::Reported {
                transfer,
                reports: reported,
            });
        }
        Ok(wire::ReportPage {
            reports,
            next: next.map(|id| id.to_string()),
        })
    }

    /// Removes what was reported of a transfer, which goes on; how many reports that were.
    ///
    /// # Errors
    /// 404 when there is none.
    pub async fn dismiss(&self, id: &SendId) -> Result<wire::Dismissed, ApiError> {
        match self.remove_reports(&AnyId::Send(*id)).await? {
            0 => Err(ApiError::NotFound),
            dismissed => Ok(wire::Dismissed { dismissed }),
        }
    }

    pub(super) async fn remove_reports(&self, id: &AnyId) -> Result<u64, ApiError> {
        match id {
            AnyId::Send(id) => store::remove_all(&*self.blobs, &[key::reports(id)]).await,
            // The original's routes know no reports.
            AnyId::Transfer(_) => Ok(0),
        }
    }

    /// What was reported of a transfer, the oldest first.
    pub(super) async fn reports_on(&self, id: &AnyId) -> Result<Vec<wire::Report>, ApiError> {
        let AnyId::Send(id) = id else {
            return Ok(Vec::new());
        };
        let listed = store::list(&*self.blobs, &key::reports(id)).await?;
        let paths = listed.into_iter().map(|entry| entry.path).collect();
        let reports = store::read_documents(&*self.blobs, paths).await?;
        Ok(reports.into_iter().flatten().collect())
    }

    /// At most `limit` ids of transfers that were reported, and after which the next page begins.
    pub(super) async fn reported_ids(
        &self,
        after: Option<AnyId>,
        limit: usize,
    ) -> Result<(Vec<AnyId>, Option<AnyId>), ApiError> {
        let after = after.and_then(|id| match id {
            AnyId::Send(id) => Some(key::beyond_reports(&id)),
            AnyId::Transfer(_) => None,
        });
        let folder = key::all_reports();
        let page = self
            .blobs
            .list(Some(&folder), after.as_ref(), ENTRIES)
            .await?;
        let mut ids: Vec<AnyId> = page
            .entries
            .iter()
            .filter_map(|entry| key::reported(&entry.path))
            .map(AnyId::Send)
            .collect();
        ids.dedup();
        let more = page.more || ids.len() > limit;
        ids.truncate(limit);
        let next = ids.last().copied().filter(|_| more);
        Ok((ids, next))
    }
}
