//! What readers report of a send, for the operator to see.

use bytes::Bytes;

use super::Sends;
use crate::{
    api::{catalogue::Report, sends as wire},
    error::ApiError,
    id::SendId,
    key::{self, report},
    secret::Presented,
    store,
};

/// Reports that are kept of one send.
const MOST: u32 = 10;
/// Characters of a reason.
const LONGEST: usize = 1_000;

impl Sends {
    /// Keeps a report.
    ///
    /// # Errors
    /// 400 for an empty or too long reason; 403; 404; 410; 429 when there are enough of them.
    pub async fn report(
        &self,
        id: &SendId,
        shown: Option<Presented>,
        ask: &wire::Report,
    ) -> Result<(), ApiError> {
        self.admit_reader(id, shown).await?;
        let reason = ask.reason.trim();
        if reason.is_empty() || reason.chars().count() > LONGEST {
            return Err(ApiError::field(
                "reason",
                format!("must have 1 to {LONGEST} characters"),
            ));
        }
        let reported = serde_json::to_vec(&Report {
            at: self.clock.now(),
            reason: reason.to_owned(),
        });
        let content = Bytes::from(reported.map_err(ApiError::internal)?);
        let (reports, numbered) = (key::reports(id), |k| report(id, k));
        let kept = store::create_next(&*self.blobs, &reports, MOST, numbered, content).await?;
        kept.then_some(()).ok_or(ENOUGH)
    }
}

const ENOUGH: ApiError = ApiError::TooMany("This send has been reported often enough.");
