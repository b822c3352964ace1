//! How entries are added: after the head and what was written since, and nowhere else.

use bytes::Bytes;
use storage::json::{self, Change, Created, create_or_read};

use super::{Action, Audit, By, Details, Stored, Subject};
use crate::{
    api::audit::{Entry, Head},
    error::ApiError,
    id::{Digest, Nonce},
    key, store,
};

/// Objects that are listed to find the newest entry: one, if nobody has put something else before it.
const LISTED: usize = 10;
/// How many numbers are tried that others took first.
const TRIES: u32 = 100;

impl Audit {
    /// Adds an entry.
    ///
    /// # Errors
    /// The storage's; the entry may have been added then. A head that could not be raised is none: the next entry raises it.
    pub async fn append(
        &self,
        by: &By,
        action: Action,
        subject: &Subject,
        details: Details,
    ) -> Result<Entry, ApiError> {
        let mut entry = Stored {
            number: 0,
            at: self.clock.now(),
            by: by.to_string(),
            action,
            subject: subject.to_string(),
            details,
            previous: None,
            writer: Nonce::random(),
        };
        let mut newest = self.start().await?;
        for _ in 0..TRIES {
            entry.number = newest.map_or(0, |head| head.number.saturating_add(1));
            entry.previous = newest.map(|head| head.sha256);
            let number = entry.number;
            if let Some(sha256) = self.create(&entry).await? {
                self.note(Head { number, sha256 }).await;
                return Ok(entry.told(sha256));
            }
            newest = Some(self.there(number).await?);
        }
        if let Some(newest) = newest {
            self.note(newest).await;
        }
        Err(busy())
    }

    /// Where the way to the newest entry begins: at the head. The newest of a listing may be older, where others were removed.
    async fn start(&self) -> Result<Option<Head>, ApiError> {
        if let Some(head) = self.head().await? {
            return Ok(Some(head));
        }
        match self.newest().await? {
            Some(number) => self.there(number).await.map(Some),
            None => Ok(None),
        }
    }

    /// What lies at the place of an entry.
    async fn there(&self, number: u64) -> Result<Head, ApiError> {
        let blob = self.blobs.get(&key::audit_entry(number), None).await?;
        let sha256 = Digest::of(blob.bytes().await?);
        Ok(Head { number, sha256 })
    }

    /// The number of the newest entry that is listed.
    pub(super) async fn newest(&self) -> Result<Option<u64>, ApiError> {
        let page = self.blobs.list(Some(&key::audit()), None, LISTED).await?;
        let mut entries = page.entries.iter();
        let Some(number) = entries.find_map(|entry| key::audit_number(&entry.path)) else {
            return if page.more { Err(buried()) } else { Ok(None) };
        };
        if number >= key::LAST_ENTRY {
            return Err(buried());
        }
        Ok(Some(number))
    }

    /// Creates an entry; `None` when another took the number.
    async fn create(&self, entry: &Stored) -> Result<Option<Digest>, ApiError> {
        if entry.number > key::LAST_ENTRY {
            return Err(buried());
        }
        let bytes = Bytes::from(serde_json::to_vec(entry).map_err(ApiError::internal)?);
        let sha256 = Digest::of(&bytes);
        let path = key::audit_entry(entry.number);
        match create_or_read(&*self.blobs, &path, bytes).await? {
            Created::Taken => Ok(None),
            Created::New | Created::Same => Ok(Some(sha256)),
        }
    }

    /// Raises the head. The entry is there whether or not that succeeds.
    async fn note(&self, newest: Head) {
        if let Err(error) = self.raise(newest).await {
            tracing::warn!(
                cause = error.cause(),
                entry = newest.number,
                "the head of the audit log was not raised; until the next entry does, the newest could be removed unseen"
            );
        }
    }

    /// Notes the newest entry, unless a newer one is noted.
    async fn raise(&self, newest: Head) -> Result<(), ApiError> {
        let path = key::audit_head();
        let raise = |head: &mut Head| -> Result<_, ApiError> {
            if head.number >= newest.number {
                return Ok(Change::Keep(()));
            }
            *head = newest;
            Ok(Change::Write(()))
        };
        for _ in 0..TRIES {
            if store::update(&*self.blobs, &path, raise).await?.is_some() {
                return Ok(());
            }
            match json::create(&*self.blobs, &path, &newest).await? {
                Created::New | Created::Same => return Ok(()),
                Created::Taken => {}
            }
        }
        Err(busy())
    }

    /// The newest entry, as noted beside the log.
    pub(super) async fn head(&self) -> storage::Result<Option<Head>> {
        store::read(&*self.blobs, &key::audit_head()).await
    }
}

fn busy() -> ApiError {
    ApiError::Unavailable(storage::Error::Unavailable(
        "others write to the audit log all the time".into(),
    ))
}

/// Nothing is done that the log cannot hold: what lies there must be looked at first.
fn buried() -> ApiError {
    ApiError::internal("what lies at the end of the audit log is none of its entries")
}
