//! The content stream: the files' bytes one after the other, padded with zeros, sealed in chunks
//! and cut into parts.
//!
//! By part ([`PartSealer`], [`PartOpener`]), where a part is one message, one object and one retry;
//! or as one stream of pieces of any size ([`Sealer`], [`Opener`]). Both ways make and read the
//! same bytes, in constant memory.

mod open;
mod parts;
mod seal;

pub use open::Opener;
pub use parts::{PartOpener, PartSealer};
pub use seal::Sealer;

use std::ops::Range;

use crate::Error;
use crate::cobblestone::{Salt, Stream};
use crate::keys::{ContentKey, TransferId, context};
use crate::sizes::{self, CHUNK, TAG, padded_len};

/// What a content stream is: its salt, the length of the files, and the length with padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    salt: Salt,
    size: u64,
    padded: u64,
}

impl Layout {
    /// The stream of `size` bytes of files, padded as the format asks.
    ///
    /// # Errors
    /// [`Error::TooLarge`] if it needs more than 65,536 parts.
    pub fn new(salt: Salt, size: u64) -> Result<Self, Error> {
        Ok(Self::from_valid(salt, size, padded_len(size)?))
    }

    /// A stream without padding: what Cobblestone-256 itself makes of `size` bytes.
    ///
    /// # Errors
    /// [`Error::TooLarge`] if it needs more than 65,536 parts.
    pub fn without_padding(salt: Salt, size: u64) -> Result<Self, Error> {
        if size > sizes::MAX_PADDED {
            return Err(Error::TooLarge);
        }
        Ok(Self::from_valid(salt, size, size))
    }

    pub(crate) const fn from_valid(salt: Salt, size: u64, padded: u64) -> Self {
        Self { salt, size, padded }
    }

    /// The salt at the head of the stream.
    #[must_use]
    pub const fn salt(&self) -> Salt {
        self.salt
    }

    /// The length of the files, in bytes.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The length of the files with padding, in bytes.
    #[must_use]
    pub const fn padded(&self) -> u64 {
        self.padded
    }

    /// The length of the stream, in bytes: what the server stores.
    #[must_use]
    pub const fn stored_len(&self) -> u64 {
        sizes::ciphertext_len(self.padded)
    }

    /// The number of parts.
    #[must_use]
    pub const fn part_count(&self) -> u64 {
        sizes::part_count(self.padded)
    }

    /// Which bytes of the files part `part` carries; empty if it is all padding, or beyond the
    /// last.
    #[must_use]
    pub fn part_files(&self, part: u64) -> Range<u64> {
        let Range { start, end } = sizes::part_plaintext(self.padded, part);
        start.min(self.size)..end.min(self.size)
    }

    /// Which bytes of the stream part `part` is; empty beyond the last.
    #[must_use]
    pub fn part_stored(&self, part: u64) -> Range<u64> {
        sizes::part_ciphertext(self.padded, part)
    }

    /// The index of the final chunk.
    const fn last_chunk(&self) -> u64 {
        sizes::chunk_count(self.padded) - 1
    }

    /// The plaintext length of chunk `index`.
    const fn chunk_len(&self, index: u64) -> usize {
        if index < self.last_chunk() {
            CHUNK
        } else {
            (self.padded % CHUNK as u64) as usize
        }
    }

    /// The length of chunk `index` with its tag.
    const fn sealed_len(&self, index: u64) -> usize {
        self.chunk_len(index) + TAG
    }
}

/// The keys of the content stream with this salt; its context is `T || "/content" || 0x00 || id`.
fn stream(key: &ContentKey, id: &TransferId, salt: Salt) -> Stream {
    Stream::derive(key.expose(), &context(b"/content", id), salt)
}

/// Compares the header of a stream with what the manifest promises: first the salt, then the
/// commitment.
fn check_header(stream: &Stream, header: &[u8]) -> Result<(), Error> {
    let salt = header.first_chunk().ok_or(Error::Incomplete)?;
    if Salt(*salt) != stream.salt() {
        return Err(Error::Corrupted);
    }
    stream.check_commitment(header)
}

#[cfg(test)]
mod tests;
