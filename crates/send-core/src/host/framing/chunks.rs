//! Where a chunked body ends (RFC 9112, 7.1), without its bytes.

/// A place in a chunked body. Stricter than hyper in nothing that decides where a chunk ends.
#[derive(Clone, Copy, Debug)]
pub(super) enum Chunks {
    /// In the hexadecimal size of a chunk: its value and digits so far.
    Size { value: u64, digits: u8 },
    /// In what may stand between the size and the end of its line.
    Extension { size: u64 },
    /// Before the line feed that ends the size.
    SizeLineFeed { size: u64 },
    /// In the bytes of a chunk.
    Data { left: u64 },
    /// Before the carriage return after a chunk.
    DataReturn,
    /// Before the line feed after a chunk.
    DataLineFeed,
    /// At the start of a line after the last chunk.
    LineStart,
    /// In a trailer line.
    Trailer,
    /// Before the line feed that ends a trailer line.
    TrailerLineFeed,
    /// Before the line feed that ends the body.
    EndLineFeed,
}

/// What a chunked body has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// More is to come.
    More,
    /// The body has ended.
    End,
    /// This is not a chunked body.
    Malformed,
}

impl Default for Chunks {
    fn default() -> Self {
        Self::Size {
            value: 0,
            digits: 0,
        }
    }
}

impl Chunks {
    /// Reads on, and returns what follows the body when it has ended.
    pub(super) fn feed<'b>(&mut self, mut bytes: &'b [u8]) -> (Step, &'b [u8]) {
        while let Some((&byte, rest)) = bytes.split_first() {
            bytes = rest;
            *self = match (*self, byte) {
                (Self::Data { left }, _) => {
                    // `byte` is one of them.
                    let more = usize::try_from(left - 1).map_or(rest.len(), |n| n.min(rest.len()));
                    bytes = &rest[more..];
                    Self::after_data(left - 1 - more as u64)
                }
                (Self::EndLineFeed, b'\n') => return (Step::End, rest),
                (place, byte) => match place.next(byte) {
                    Some(next) => next,
                    None => return (Step::Malformed, rest),
                },
            };
        }
        (Step::More, bytes)
    }

    /// The place after one byte that is not of a chunk's own bytes.
    fn next(self, byte: u8) -> Option<Self> {
        Some(match (self, byte) {
            (Self::Size { value, digits }, b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F') => Self::Size {
                value: value.checked_mul(16)? + u64::from(char::from(byte).to_digit(16)?),
                digits: digits.checked_add(1)?,
            },
            (Self::Size { value, digits: 1.. }, b'\r') => Self::SizeLineFeed { size: value },
            (Self::Size { value, digits: 1.. }, b' ' | b'\t' | b';') => {
                Self::Extension { size: value }
            }
            (Self::Extension { size }, b'\r') => Self::SizeLineFeed { size },
            (Self::Extension { size }, byte) if byte != b'\n' => Self::Extension { size },
            (Self::SizeLineFeed { size: 0 }, b'\n') => Self::LineStart,
            (Self::SizeLineFeed { size }, b'\n') => Self::Data { left: size },
            (Self::DataReturn, b'\r') => Self::DataLineFeed,
            (Self::DataLineFeed, b'\n') => Self::default(),
            (Self::LineStart, b'\r') => Self::EndLineFeed,
            (Self::Trailer, b'\r') => Self::TrailerLineFeed,
            (Self::LineStart | Self::Trailer, byte) if byte != b'\n' => Self::Trailer,
            (Self::TrailerLineFeed, b'\n') => Self::LineStart,
            _ => return None,
        })
    }

    fn after_data(left: u64) -> Self {
        if left == 0 {
            Self::DataReturn
        } else {
            Self::Data { left }
        }
    }
}
