//! What can go wrong, by what a person is told.

use crate::manifest::InvalidManifest;

/// Why something was refused.
///
/// [`Error::class`] is the name by which the vectors, and so every other implementation, know an
/// error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A link that was cut, mistyped or changed.
    #[error("this link is damaged: ask for it again, and copy the whole of it")]
    DamagedLink,
    /// A link or a manifest of a later version of the format.
    #[error("this was made by a newer version: update, or reload the page")]
    NewerVersion,
    /// Not 5 to 10 words.
    #[error("a phrase is 5 to 10 words of the letters a to z")]
    BadPhrase,
    /// A passphrase that is empty, or longer than 1024 bytes once normalised.
    #[error("a passphrase has 1 to 1024 bytes")]
    BadPassphrase,
    /// The commitment does not fit: another key, another transfer, or a changed header.
    #[error("this is not what the link promises: another transfer, or changed on the way")]
    WrongKey,
    /// Bytes that were changed, moved or added.
    #[error("the content is corrupted: it was changed on the way")]
    Corrupted,
    /// The end is missing.
    #[error("the content is incomplete: its end is missing")]
    Incomplete,
    /// A manifest that breaks a rule of the format, though whoever made it held the keys.
    #[error("the list of files is not valid: {0}")]
    InvalidManifest(InvalidManifest),
    /// More than version 1 can carry: about 256 GiB.
    #[error("this is more than one transfer can carry")]
    TooLarge,
    /// The source gave more or fewer bytes than was said before: a file changed while it was read.
    #[error("the content changed while it was read")]
    ContentChanged,
    /// A part that the stream does not have.
    #[error("the transfer has no such part")]
    NoSuchPart,
    /// The operating system gave no random bytes.
    #[error("the operating system gave no randomness")]
    NoRandomness,
}

impl Error {
    /// The class of the error, as the vectors spell it.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::DamagedLink => "damaged_link",
            Self::NewerVersion => "newer_version",
            Self::BadPhrase => "bad_phrase",
            Self::BadPassphrase => "bad_passphrase",
            Self::WrongKey => "wrong_key",
            Self::Corrupted => "corrupted",
            Self::Incomplete => "incomplete",
            Self::InvalidManifest(_) => "invalid_manifest",
            Self::TooLarge => "too_large",
            Self::ContentChanged => "content_changed",
            Self::NoSuchPart => "no_such_part",
            Self::NoRandomness => "no_randomness",
        }
    }
}

impl From<InvalidManifest> for Error {
    fn from(reason: InvalidManifest) -> Self {
        Self::InvalidManifest(reason)
    }
}
