//! Opening a stream from pieces of any size.

use super::{Layout, check_header, stream};
use crate::Error;
use crate::cobblestone::Stream;
use crate::keys::TransferKeys;
use crate::sizes::{HEADER, SEALED_CHUNK};

/// Opens one content stream from first to last byte.
///
/// What it gives is always a true prefix of the files, which ends before the first bad chunk,
/// however the stream is cut into pieces. After an error every call gives the same error.
#[derive(Debug)]
#[must_use = "a stream whose end was not seen may be cut: call `finish`"]
pub struct Opener {
    stream: Stream,
    layout: Layout,
    state: State,
    /// The beginning of the unit that is being read, when it does not lie whole in one piece.
    held: Vec<u8>,
    released: u64,
}

/// What the stream must bring next.
#[derive(Debug, Clone, Copy)]
enum State {
    Header,
    Chunk(u64),
    End,
    Failed(Error),
}

impl Opener {
    /// Prepares for the stream that a manifest describes.
    pub fn new(keys: &TransferKeys, layout: Layout) -> Self {
        Self {
            stream: stream(&keys.content, &keys.id, layout.salt()),
            layout,
            state: State::Header,
            held: Vec::with_capacity(SEALED_CHUNK),
            released: 0,
        }
    }

    /// Takes the next bytes of the stream, and appends the plaintext of every chunk that is now
    /// whole and good to `out`.
    ///
    /// # Errors
    /// [`Error::Corrupted`] by the salt, by a bad chunk or by bytes after the final chunk;
    /// [`Error::WrongKey`] by the commitment. What good chunks gave before is in `out`.
    pub fn push(&mut self, mut piece: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        while !piece.is_empty() {
            let missing = self.wanted()? - self.held.len();
            let (head, tail) = piece.split_at(missing.min(piece.len()));
            piece = tail;
            if head.len() < missing {
                self.held.extend_from_slice(head);
            } else if self.held.is_empty() {
                self.take(head, out)?;
            } else {
                let mut unit = std::mem::take(&mut self.held);
                unit.extend_from_slice(head);
                let taken = self.take(&unit, out);
                unit.clear();
                self.held = unit;
                taken?;
            }
        }
        Ok(())
    }

    /// Says that the stream has ended.
    ///
    /// # Errors
    /// [`Error::Incomplete`] if the final chunk was not seen, or the error that was given before.
    pub fn finish(self) -> Result<(), Error> {
        match self.state {
            State::End => Ok(()),
            State::Failed(error) => Err(error),
            State::Header | State::Chunk(_) => Err(Error::Incomplete),
        }
    }

    /// The length of the next unit. After the final chunk there is none: any byte there is one too
    /// many.
    fn wanted(&mut self) -> Result<usize, Error> {
        match self.state {
            State::Header => Ok(HEADER),
            State::Chunk(index) => Ok(self.layout.sealed_len(index)),
            State::End => self.fail(Error::Corrupted),
            State::Failed(error) => Err(error),
        }
    }

    /// Takes a whole unit: the header or a chunk.
    fn take(&mut self, unit: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        let next = match self.state {
            State::Header => check_header(&self.stream, unit).map(|()| State::Chunk(0)),
            State::Chunk(index) => self.open_chunk(index, unit, out),
            State::End => Err(Error::Corrupted),
            State::Failed(error) => Err(error),
        };
        match next {
            Ok(state) => {
                self.state = state;
                Ok(())
            }
            Err(error) => self.fail(error),
        }
    }

    /// Opens a chunk, and cuts the padding off.
    fn open_chunk(&mut self, index: u64, sealed: &[u8], out: &mut Vec<u8>) -> Result<State, Error> {
        let before = out.len();
        self.stream.open_chunk(index, sealed, out)?;
        let wanted = self.layout.size() - self.released;
        let given = wanted.min((out.len() - before) as u64);
        out.truncate(before + given as usize);
        self.released += given;
        if index == self.layout.last_chunk() {
            return Ok(State::End);
        }
        Ok(State::Chunk(index + 1))
    }

    fn fail<T>(&mut self, error: Error) -> Result<T, Error> {
        self.state = State::Failed(error);
        Err(error)
    }
}
