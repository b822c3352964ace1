//! Every transfer is noted in an index before its record is made, so that an operator finds all there are without listing them.
//!
//! An entry whose record was never made, or is of another generation, tells nothing and is passed over; a sweep removes it.

use bytes::Bytes;
use storage::{Blobs, json::create_or_read};

use crate::{
    error::ApiError,
    key::{AnyId, IndexEntry},
    record::Life,
};

/// Notes a transfer that is about to be made.
pub(crate) async fn note(blobs: &dyn Blobs, id: AnyId, life: &Life) -> Result<(), ApiError> {
    create_or_read(blobs, &IndexEntry::of(id, life).path(), Bytes::new()).await?;
    Ok(())
}

/// Forgets a transfer whose record is gone, or was not made.
pub(crate) async fn forget(blobs: &dyn Blobs, id: AnyId, life: &Life) -> Result<(), ApiError> {
    Ok(blobs.delete(&IndexEntry::of(id, life).path()).await?)
}
