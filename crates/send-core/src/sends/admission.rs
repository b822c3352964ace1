//! Who may do what: the owner, a reader, whoever has the link. Without a right token a send that exists, one that does not
//! and one that is gone are answered alike.

use super::Sends;
use crate::{
    error::ApiError,
    id::SendId,
    record::SendRecord,
    secret::{Kind, Presented},
};

/// Who a presented token proves to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Owner,
    Link,
    Reader,
}

impl Sends {
    /// The record, and who the token proves to be. A wrong read half is counted before it is told.
    pub(super) async fn admit(
        &self,
        id: &SendId,
        shown: Option<Presented>,
    ) -> Result<(SendRecord, Who), ApiError> {
        let record = self.read(id).await?.ok_or(ApiError::NotFound)?;
        match shown.ok_or(ApiError::NotFound)? {
            Presented::One(token) if record.owner_verifier.admits(Kind::Owner, &token) => {
                Ok((record, Who::Owner))
            }
            Presented::One(token) if record.link_verifier.admits(Kind::Link, &token) => {
                Ok((record, Who::Link))
            }
            Presented::Reader { link, read } if record.link_verifier.admits(Kind::Link, &link) => {
                self.not_gone(&record.life)?;
                self.check_guess(id, &record, &read).await?;
                Ok((record, Who::Reader))
            }
            Presented::One(_) | Presented::Reader { .. } => Err(ApiError::NotFound),
        }
    }

    pub(super) async fn admit_owner(
        &self,
        id: &SendId,
        shown: Option<Presented>,
    ) -> Result<SendRecord, ApiError> {
        match shown {
            Some(Presented::One(_)) => match self.admit(id, shown).await? {
                (record, Who::Owner) => Ok(record),
                (_, Who::Link | Who::Reader) => Err(ApiError::NotFound),
            },
            _ => Err(ApiError::NotFound),
        }
    }

    pub(super) async fn admit_reader(
        &self,
        id: &SendId,
        shown: Option<Presented>,
    ) -> Result<SendRecord, ApiError> {
        match self.admit(id, shown).await? {
            (record, Who::Reader) => {
                self.readable(&record.life)?;
                Ok(record)
            }
            (_, Who::Owner | Who::Link) => Err(ApiError::NotFound),
        }
    }
}
