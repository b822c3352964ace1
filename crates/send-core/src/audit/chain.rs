//! How entries are added: after the newest, and nowhere else.

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
/// How often a number is tried that others take first.
const TRIES: u32 = 100;

impl Audit {
    /// Adds an entry.
    ///
    /// # Errors
    /// The storage's; the entry may have been added then.
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
        for _ in 0..TRIES {
            let newest = self.newest().await?;
            entry.number = newest.map_or(0, |head| head.number + 1);
            entry.previous = newest.map(|head| head.sha256);
            if let Some(sha256) = self.create(&entry).await? {
                return Ok(entry.told(sha256));
            }
        }
        Err(busy())
    }

    /// The newest entry of the log.
    pub(super) async fn newest(&self) -> Result<Option<Head>, ApiError> {
        let page = self.blobs.list(Some(&key::audit()), None, LISTED).await?;
        let mut entries = page.entries.iter();
        let Some(number) = entries.find_map(|entry| key::audit_number(&entry.path)) else {
            return if page.more { Err(buried()) } else { Ok(None) };
        };
        if number >= key::LAST_ENTRY {
            return Err(buried());
        }
        let blob = self.blobs.get(&key::audit_entry(number), None).await?;
        let sha256 = Digest::of(blob.bytes().await?);
        Ok(Some(Head { number, sha256 }))
    }

    /// Creates an entry and raises the head to it; `None` when another took the number.
    async fn create(&self, entry: &Stored) -> Result<Option<Digest>, ApiError> {
        let bytes = Bytes::from(serde_json::to_vec(entry).map_err(ApiError::internal)?);
        let sha256 = Digest::of(&bytes);
        let path = key::audit_entry(entry.number);
        match create_or_read(&*self.blobs, &path, bytes).await? {
            Created::Taken => return Ok(None),
            Created::New | Created::Same => {}
        }
        let number = entry.number;
        self.raise(Head { number, sha256 }).await?;
        Ok(Some(sha256))
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
        let head = json::read(&*self.blobs, &key::audit_head()).await?;
        Ok(head.map(|(head, _)| head))
    }
}

fn busy() -> ApiError {
    ApiError::Unavailable(storage::Error::Unavailable(
        "others write to the audit log all the time".into(),
    ))
}

/// Nothing is done that the log cannot hold: what lies there must be looked at first.
fn buried() -> ApiError {
    ApiError::internal(
        "the folder of the audit log begins with objects that are none of its entries",
    )
}
