//! Sealing a stream from pieces of any size.

use zeroize::Zeroizing;

use super::{Layout, stream};
use crate::Error;
use crate::cobblestone::Stream;
use crate::keys::TransferKeys;
use crate::sizes::CHUNK;

/// Seals one content stream from first to last byte.
#[derive(Debug)]
#[must_use = "a stream without its end is incomplete: call `finish`"]
pub struct Sealer {
    stream: Stream,
    layout: Layout,
    /// The chunk that is being filled, and what it holds: never a full chunk between two calls.
    index: u64,
    chunk: Zeroizing<Vec<u8>>,
    taken: u64,
}

impl Sealer {
    /// Prepares the stream, and writes its header to `out`.
    pub fn new(keys: &TransferKeys, layout: Layout, out: &mut Vec<u8>) -> Self {
        let stream = stream(&keys.content, &keys.id, layout.salt());
        out.extend_from_slice(&stream.header());
        Self {
            stream,
            layout,
            index: 0,
            chunk: Zeroizing::new(Vec::with_capacity(CHUNK)),
            taken: 0,
        }
    }

    /// Takes the next bytes of the files, and appends the chunks that they fill to `out`.
    ///
    /// # Errors
    /// [`Error::ContentChanged`] if there are more bytes than the layout says; nothing of this
    /// piece is sealed then.
    pub fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        let taken = self.taken + piece.len() as u64;
        if taken > self.layout.size() {
            return Err(Error::ContentChanged);
        }
        self.taken = taken;
        self.fill(piece, out);
        Ok(())
    }

    /// Adds the padding and the final chunk.
    ///
    /// # Errors
    /// [`Error::ContentChanged`] if there were fewer bytes than the layout says.
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<(), Error> {
        if self.taken != self.layout.size() {
            return Err(Error::ContentChanged);
        }
        let mut padding = self.layout.padded - self.layout.size;
        while padding > 0 {
            let zeros = padding.min(CHUNK as u64);
            self.fill(&[0; CHUNK][..zeros as usize], out);
            padding -= zeros;
        }
        self.stream.seal_chunk(self.index, &self.chunk, out);
        Ok(())
    }

    fn fill(&mut self, mut piece: &[u8], out: &mut Vec<u8>) {
        while self.chunk.len() + piece.len() >= CHUNK {
            let (head, tail) = piece.split_at(CHUNK - self.chunk.len());
            if self.chunk.is_empty() {
                self.stream.seal_chunk(self.index, head, out);
            } else {
                self.chunk.extend_from_slice(head);
                self.stream.seal_chunk(self.index, &self.chunk, out);
                self.chunk.clear();
            }
            self.index += 1;
            piece = tail;
        }
        self.chunk.extend_from_slice(piece);
    }
}
