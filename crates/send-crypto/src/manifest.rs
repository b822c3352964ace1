//! The manifest: names, types, sizes and places of the files, a note, and what the content stream
//! must be.

mod json;
mod name;

use serde::Serialize;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use unicode_normalization::UnicodeNormalization;

use crate::cobblestone::{self, Salt};
use crate::keys::{TransferId, TransferKeys, context};
use crate::sizes::{ciphertext_len, padded_len, padme};
use crate::{Error, Layout};

/// The version that this crate reads and writes.
const VERSION: u64 = 1;
/// The most files that a transfer may have.
pub const MAX_FILES: usize = 10_000;
/// The most bytes of UTF-8 that a note may have.
pub const MAX_NOTE: usize = 16_384;
/// The most bytes of UTF-8 that a name may have, with the folders before it.
pub const MAX_NAME: usize = 255;
/// The most characters of a media type: 127, a slash, 127 (RFC 6838, 4.2).
const MAX_MIME: usize = 255;
/// The JSON is padded as if it had at least this many bytes.
const MIN_PLAINTEXT: u64 = 1_024;
/// The most bytes of padded JSON: 4 MiB.
const MAX_PLAINTEXT: u64 = 4 << 20;

/// Which rule a manifest breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidManifest {
    /// Not UTF-8, not JSON, a key twice, or nested too deep.
    #[error("it is not well-formed")]
    NotJson,
    /// A field is missing, unknown, of another kind or out of range.
    #[error("a field is missing or unknown, or has a value that it may not have")]
    Field,
    /// Neither a file nor a note.
    #[error("it holds neither a file nor a note")]
    Empty,
    /// More than 10,000 files.
    #[error("it holds more than 10,000 files")]
    TooManyFiles,
    /// A name that is empty, too long, not NFC, or holds what a name may not hold.
    #[error("a file has a name that is not allowed")]
    Name,
    /// Two names that some file system takes for one.
    #[error("two files have the same name, but for capitals")]
    NameTwice,
    /// A media type that is too long or not printable ASCII.
    #[error("a file has a media type that is not allowed")]
    MediaType,
    /// Offsets with gaps or overlaps, or sizes that do not add up.
    #[error("the sizes of the files do not add up")]
    Sizes,
    /// A note that is empty or longer than 16 KiB.
    #[error("the note is empty or longer than 16 KiB")]
    Note,
    /// Longer than 4 MiB.
    #[error("it is longer than 4 MiB")]
    TooLong,
}

/// One file of a transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct File {
    /// The name, with folders before it, separated by `/`: 1 to 255 bytes, NFC.
    #[serde(rename = "n")]
    pub name: String,
    /// The media type; empty if unknown. For display: it is the sender's word.
    #[serde(rename = "t")]
    pub mime: String,
    /// Where the file begins in the content, in bytes.
    #[serde(rename = "o")]
    pub offset: u64,
    /// Its length in bytes.
    #[serde(rename = "s")]
    pub size: u64,
    /// When it was last changed, in milliseconds since 1970.
    #[serde(rename = "m", skip_serializing_if = "Option::is_none")]
    pub modified: Option<i64>,
}

/// A valid manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The salt of the content stream.
    pub salt: Salt,
    /// The sum of the files' lengths, in bytes.
    pub size: u64,
    /// The length of the content stream's plaintext, in bytes.
    pub padded: u64,
    /// The files, in the order of their bytes in the content.
    pub files: Vec<File>,
    /// Text for the recipient; never markup.
    pub note: Option<String>,
}

impl Manifest {
    /// Describes files in this order: their names become NFC, their offsets follow from their
    /// sizes.
    ///
    /// # Errors
    /// [`Error::InvalidManifest`] with the rule that would be broken; [`Error::TooLarge`] if the
    /// content needs too many parts.
    pub fn new(salt: Salt, mut files: Vec<File>, note: Option<String>) -> Result<Self, Error> {
        let mut size: u64 = 0;
        for file in &mut files {
            file.name = file.name.nfc().collect();
            file.offset = size;
            size = size.checked_add(file.size).ok_or(Error::TooLarge)?;
        }
        let padded = padded_len(size)?;
        Self {
            salt,
            size,
            padded,
            files,
            note,
        }
        .validated()
    }

    /// What the content stream must be.
    #[must_use]
    pub const fn layout(&self) -> Layout {
        Layout::from_valid(self.salt, self.size, self.padded)
    }

    /// The JSON, before padding. Keys stand in the order of the specification, without white space.
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "strings and integers always have a JSON form"
    )]
    pub fn to_json(&self) -> String {
        serde_json::to_string(&Written {
            v: VERSION,
            salt: URL_SAFE_NO_PAD.encode(self.salt.0),
            size: self.size,
            padded: self.padded,
            files: &self.files,
            note: self.note.as_deref(),
        })
        .expect("a manifest is JSON")
    }

    /// Pads the JSON and seals it. `salt` is fresh every time.
    ///
    /// # Errors
    /// [`Error::InvalidManifest`] if the JSON is longer than 4 MiB.
    pub fn seal(&self, keys: &TransferKeys, salt: Salt) -> Result<Vec<u8>, Error> {
        let mut json = self.to_json().into_bytes();
        let padded = padme((json.len() as u64).max(MIN_PLAINTEXT));
        if padded > MAX_PLAINTEXT {
            return Err(InvalidManifest::TooLong.into());
        }
        json.resize(padded as usize, b' ');
        Ok(cobblestone::seal(
            keys.manifest.expose(),
            &manifest_context(&keys.id),
            salt,
            &json,
        ))
    }

    /// Opens what the server sent as the manifest of this transfer, and checks every rule.
    ///
    /// # Errors
    /// [`Error::WrongKey`], [`Error::Corrupted`] and [`Error::Incomplete`] as [`cobblestone::open`]
    /// gives them, `Corrupted` too if it is longer than any manifest; then as [`Manifest::parse`].
    pub fn open(keys: &TransferKeys, sealed: &[u8]) -> Result<Self, Error> {
        if sealed.len() as u64 > ciphertext_len(MAX_PLAINTEXT) {
            return Err(Error::Corrupted);
        }
        let mut json = Vec::with_capacity(sealed.len());
        cobblestone::open(
            keys.manifest.expose(),
            &manifest_context(&keys.id),
            sealed,
            &mut json,
        )?;
        Self::parse(&json)
    }

    /// Reads the JSON, padded or not, and checks every rule.
    ///
    /// # Errors
    /// [`Error::NewerVersion`] if `v` is above 1, [`Error::InvalidManifest`] with the rule that is
    /// broken.
    pub fn parse(json: &[u8]) -> Result<Self, Error> {
        if json.len() as u64 > MAX_PLAINTEXT {
            return Err(InvalidManifest::TooLong.into());
        }
        json::read(json)?.validated()
    }

    /// The rules that are about more than one field.
    fn validated(self) -> Result<Self, Error> {
        if self.files.is_empty() && self.note.is_none() {
            return Err(InvalidManifest::Empty.into());
        }
        if self.files.len() > MAX_FILES {
            return Err(InvalidManifest::TooManyFiles.into());
        }
        if self
            .note
            .as_ref()
            .is_some_and(|note| note.is_empty() || note.len() > MAX_NOTE)
        {
            return Err(InvalidManifest::Note.into());
        }
        self.check_files()?;
        Ok(self)
    }

    fn check_files(&self) -> Result<(), InvalidManifest> {
        let mut offset: u64 = 0;
        for file in &self.files {
            if !name::is_allowed(&file.name) {
                return Err(InvalidManifest::Name);
            }
            if file.mime.len() > MAX_MIME
                || !file.mime.bytes().all(|byte| matches!(byte, 0x20..=0x7e))
            {
                return Err(InvalidManifest::MediaType);
            }
            if file.offset != offset {
                return Err(InvalidManifest::Sizes);
            }
            offset = offset
                .checked_add(file.size)
                .ok_or(InvalidManifest::Sizes)?;
        }
        if offset != self.size || padded_len(self.size) != Ok(self.padded) {
            return Err(InvalidManifest::Sizes);
        }
        if !name::are_distinct(self.files.iter().map(|file| file.name.as_str())) {
            return Err(InvalidManifest::NameTwice);
        }
        Ok(())
    }
}

/// The manifest as it is written: the order of the fields is that of the JSON.
#[derive(Serialize)]
struct Written<'a> {
    v: u64,
    salt: String,
    size: u64,
    padded: u64,
    files: &'a [File],
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
}

/// `T || "/manifest" || 0x00 || id`.
fn manifest_context(id: &TransferId) -> Vec<u8> {
    context(b"/manifest", id)
}

#[cfg(test)]
mod tests;
