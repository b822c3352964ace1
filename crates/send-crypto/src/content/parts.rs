//! Sealing and opening a single part, in any order: a part is whole chunks, so it needs no other.

use super::{Layout, check_header, stream};
use crate::Error;
use crate::cobblestone::Stream;
use crate::keys::TransferKeys;
use crate::sizes::{CHUNK, HEADER, PART_CHUNKS};

/// Seals the parts of one content stream.
///
/// One stream never gets two plaintexts for one part: who seals a part again after a restart
/// compares the SHA-256 of the result with the one that was written down before the part was first
/// sent, and begins a new transfer if they differ.
#[derive(Debug)]
pub struct PartSealer {
    stream: Stream,
    layout: Layout,
}

impl PartSealer {
    /// Prepares the stream.
    #[must_use]
    pub fn new(keys: &TransferKeys, layout: Layout) -> Self {
        let stream = stream(&keys.content, &keys.id, layout.salt());
        Self { stream, layout }
    }

    /// What is sealed.
    #[must_use]
    pub const fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Seals part `part`: `plaintext` is the bytes of the files at [`Layout::part_files`]; padding
    /// is added here. What `out` held is replaced, and its memory is used again.
    ///
    /// # Errors
    /// [`Error::NoSuchPart`]; [`Error::ContentChanged`] if `plaintext` is longer or shorter than
    /// the part takes.
    pub fn seal_part(&self, part: u64, plaintext: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        out.clear();
        let files = self.layout.part_files(part);
        let chunks = chunks(&self.layout, part)?;
        if plaintext.len() as u64 != files.end - files.start {
            return Err(Error::ContentChanged);
        }
        let stored = self.layout.part_stored(part);
        out.reserve((stored.end - stored.start) as usize);
        if part == 0 {
            out.extend_from_slice(&self.stream.header());
        }
        let mut rest = plaintext;
        for index in chunks {
            let wanted = self.layout.chunk_len(index);
            let (chunk, tail) = rest.split_at(wanted.min(rest.len()));
            self.seal_chunk(index, chunk, wanted, out);
            rest = tail;
        }
        Ok(())
    }

    fn seal_chunk(&self, index: u64, chunk: &[u8], wanted: usize, out: &mut Vec<u8>) {
        if chunk.len() == wanted {
            self.stream.seal_chunk(index, chunk, out);
        } else {
            let mut padded = [0; CHUNK];
            padded[..chunk.len()].copy_from_slice(chunk);
            self.stream.seal_chunk(index, &padded[..wanted], out);
        }
    }
}

/// Opens the parts of one content stream.
///
/// A reader opens part 0 before it shows or keeps anything of another part: only there stands the
/// commitment.
#[derive(Debug)]
pub struct PartOpener {
    stream: Stream,
    layout: Layout,
}

impl PartOpener {
    /// Prepares for the stream that a manifest describes.
    #[must_use]
    pub fn new(keys: &TransferKeys, layout: Layout) -> Self {
        let stream = stream(&keys.content, &keys.id, layout.salt());
        Self { stream, layout }
    }

    /// What is expected.
    #[must_use]
    pub const fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Opens part `part` into `out`, without padding. What `out` held is replaced, and its memory
    /// is used again.
    ///
    /// Checked in this order: the length, in part 0 the salt and the commitment, then chunk by
    /// chunk.
    ///
    /// # Errors
    /// [`Error::NoSuchPart`]; [`Error::Incomplete`] if it is too short, [`Error::Corrupted`] if it
    /// is too long or has another salt or a bad chunk, [`Error::WrongKey`] by the commitment. `out`
    /// is then empty.
    pub fn open_part(&self, part: u64, ciphertext: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        out.clear();
        let opened = self.open_all(part, ciphertext, out);
        let files = self.layout.part_files(part);
        out.truncate(opened.map_or(0, |()| (files.end - files.start) as usize));
        opened
    }

    fn open_all(&self, part: u64, ciphertext: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        let chunks = chunks(&self.layout, part)?;
        let stored = self.layout.part_stored(part);
        let mut rest = match (ciphertext.len() as u64).cmp(&(stored.end - stored.start)) {
            std::cmp::Ordering::Less => return Err(Error::Incomplete),
            std::cmp::Ordering::Greater => return Err(Error::Corrupted),
            std::cmp::Ordering::Equal => ciphertext,
        };
        if part == 0 {
            check_header(&self.stream, rest)?;
            rest = &rest[HEADER..];
        }
        out.reserve(rest.len());
        for index in chunks {
            let (chunk, tail) = rest.split_at(self.layout.sealed_len(index));
            self.stream.open_chunk(index, chunk, out)?;
            rest = tail;
        }
        Ok(())
    }
}

/// The indices of a part's chunks.
fn chunks(layout: &Layout, part: u64) -> Result<std::ops::RangeInclusive<u64>, Error> {
    if part >= layout.part_count() {
        return Err(Error::NoSuchPart);
    }
    let first = part * PART_CHUNKS;
    Ok(first..=layout.last_chunk().min(first + PART_CHUNKS - 1))
}
