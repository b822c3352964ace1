//! Cobblestone-256 of c2sp.org/chunked-encryption: a stream of chunks of 16 KiB that can be read
//! from any chunk on.
//!
//! [`Stream`] seals and opens single chunks; [`seal`] and [`open`] do so with a short text as a
//! whole.

use std::fmt;

use subtle::ConstantTimeEq;

use crate::Error;
use crate::primitives::{Aes256Gcm, hkdf_expand_sha512};
use crate::secret::fill_random;
use crate::sizes::{CHUNK, HEADER, SALT, SEALED_CHUNK, TAG, ciphertext_len};

/// What the key derivation names the algorithm, and a zero byte.
const LABEL: &[u8] = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0";

/// The salt of a stream: public, 24 bytes, at its head. Never used for two plaintexts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Salt(pub [u8; SALT]);

impl Salt {
    /// A fresh salt.
    ///
    /// # Errors
    /// [`Error::NoRandomness`].
    pub fn random() -> Result<Self, Error> {
        let mut bytes = [0; SALT];
        fill_random(&mut bytes)?;
        Ok(Self(bytes))
    }
}

/// The key, the nonces and the commitment of one stream.
pub struct Stream {
    cipher: Aes256Gcm,
    base_nonce: [u8; 12],
    salt: Salt,
    commitment: [u8; 32],
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream")
            .field("salt", &self.salt)
            .finish_non_exhaustive()
    }
}

impl Stream {
    /// `key || base_nonce || commitment = HKDF-Expand-SHA-512(key, label || salt || context, 76)`.
    #[must_use]
    pub fn derive(key: &[u8; 32], context: &[u8], salt: Salt) -> Self {
        let okm = hkdf_expand_sha512::<76>(key, &[LABEL, &salt.0, context]);
        let (key, rest) = split(okm.expose());
        let (base_nonce, commitment) = split::<12>(rest);
        Self {
            cipher: Aes256Gcm::new(key),
            base_nonce: *base_nonce,
            salt,
            commitment: *split(commitment).0,
        }
    }

    /// Derives the stream that `header` begins, and checks its commitment.
    ///
    /// # Errors
    /// [`Error::Incomplete`] if `header` is shorter than 56 bytes, [`Error::WrongKey`] if the
    /// commitment is another.
    pub fn open_header(key: &[u8; 32], context: &[u8], header: &[u8]) -> Result<Self, Error> {
        let salt = header.first_chunk().ok_or(Error::Incomplete)?;
        let stream = Self::derive(key, context, Salt(*salt));
        stream.check_commitment(header)?;
        Ok(stream)
    }

    /// Salt and commitment: the first 56 bytes of the stream.
    #[must_use]
    pub fn header(&self) -> [u8; HEADER] {
        let mut header = [0; HEADER];
        header[..SALT].copy_from_slice(&self.salt.0);
        header[SALT..].copy_from_slice(&self.commitment);
        header
    }

    /// The salt of this stream.
    #[must_use]
    pub const fn salt(&self) -> Salt {
        self.salt
    }

    /// Compares the commitment of a header with that of this stream, in constant time.
    ///
    /// # Errors
    /// [`Error::Incomplete`] if `header` is too short, [`Error::WrongKey`] if the commitment is
    /// another.
    pub fn check_commitment(&self, header: &[u8]) -> Result<(), Error> {
        let commitment = header.get(SALT..HEADER).ok_or(Error::Incomplete)?;
        if bool::from(commitment.ct_eq(&self.commitment)) {
            Ok(())
        } else {
            Err(Error::WrongKey)
        }
    }

    /// Appends chunk `index`, sealed, to `out`. The plaintext is 16,384 bytes, or fewer in the
    /// final chunk.
    ///
    /// One stream never gets two plaintexts for one chunk.
    pub fn seal_chunk(&self, index: u64, plaintext: &[u8], out: &mut Vec<u8>) {
        let start = out.len();
        out.reserve(plaintext.len() + TAG);
        out.extend_from_slice(plaintext);
        out.extend_from_slice(&[0; TAG]);
        self.cipher.seal(self.nonce(index), &mut out[start..]);
    }

    /// Appends the plaintext of chunk `index` to `out`, or nothing.
    ///
    /// # Errors
    /// [`Error::Corrupted`] if the chunk is not what was sealed at this index.
    pub fn open_chunk(&self, index: u64, sealed: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        let start = out.len();
        out.extend_from_slice(sealed);
        let opened = self.cipher.open(self.nonce(index), &mut out[start..]);
        out.truncate(start + opened.unwrap_or(0));
        opened.map(|_| ())
    }

    /// The base nonce with the index of the chunk on its last eight bytes.
    fn nonce(&self, index: u64) -> [u8; 12] {
        let mut nonce = self.base_nonce;
        for (byte, counter) in nonce[4..].iter_mut().zip(index.to_be_bytes()) {
            *byte ^= counter;
        }
        nonce
    }
}

/// Seals a short text as a whole stream.
#[must_use]
pub fn seal(key: &[u8; 32], context: &[u8], salt: Salt, plaintext: &[u8]) -> Vec<u8> {
    let stream = Stream::derive(key, context, salt);
    let mut out = Vec::with_capacity(ciphertext_len(plaintext.len() as u64) as usize);
    out.extend_from_slice(&stream.header());
    let mut chunks = plaintext.chunks_exact(CHUNK);
    let mut index = 0;
    for chunk in chunks.by_ref() {
        stream.seal_chunk(index, chunk, &mut out);
        index += 1;
    }
    stream.seal_chunk(index, chunks.remainder(), &mut out);
    out
}

/// Opens a whole stream whose length nothing else tells. Appends the plaintext of every good chunk
/// before the first bad one to `out`.
///
/// # Errors
/// [`Error::Incomplete`] without a whole header or a final chunk, [`Error::WrongKey`] by the
/// commitment, [`Error::Corrupted`] by a tag.
pub fn open(
    key: &[u8; 32],
    context: &[u8],
    ciphertext: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let stream = Stream::open_header(key, context, ciphertext)?;
    let mut chunks = ciphertext[HEADER..].chunks_exact(SEALED_CHUNK);
    let mut index = 0;
    for chunk in chunks.by_ref() {
        stream.open_chunk(index, chunk, out)?;
        index += 1;
    }
    if chunks.remainder().len() < TAG {
        return Err(Error::Incomplete);
    }
    stream.open_chunk(index, chunks.remainder(), out)
}

/// Splits the first `N` bytes off.
#[expect(clippy::expect_used, reason = "76 bytes are 32, 12 and 32")]
fn split<const N: usize>(bytes: &[u8]) -> (&[u8; N], &[u8]) {
    bytes
        .split_first_chunk()
        .expect("the expanded key is long enough")
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];
    const SALT: Salt = Salt([9; 24]);

    #[test]
    fn what_was_sealed_opens() {
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
            let plaintext = vec![5; length];
            let sealed = seal(&KEY, b"here", SALT, &plaintext);
            assert_eq!(sealed.len() as u64, ciphertext_len(length as u64));
            let mut opened = Vec::new();
            assert_eq!(open(&KEY, b"here", &sealed, &mut opened), Ok(()));
            assert_eq!(opened, plaintext);
        }
    }

    #[test]
    fn another_key_context_or_salt_is_refused_by_the_commitment() {
        let mut sealed = seal(&KEY, b"here", SALT, b"text");
        let mut out = Vec::new();
        assert_eq!(
            open(&[8; 32], b"here", &sealed, &mut out),
            Err(Error::WrongKey)
        );
        assert_eq!(
            open(&KEY, b"there", &sealed, &mut out),
            Err(Error::WrongKey)
        );
        sealed[0] ^= 1;
        assert_eq!(open(&KEY, b"here", &sealed, &mut out), Err(Error::WrongKey));
        assert!(out.is_empty());
    }

    #[test]
    fn a_short_header_and_a_missing_final_chunk_are_incomplete() {
        let sealed = seal(&KEY, b"", SALT, &[1; CHUNK]);
        for length in [
            0,
            23,
            24,
            55,
            56,
            71,
            HEADER + SEALED_CHUNK,
            HEADER + SEALED_CHUNK + 15,
        ] {
            let opened = open(&KEY, b"", &sealed[..length], &mut Vec::new());
            assert_eq!(opened, Err(Error::Incomplete), "{length}");
        }
    }

    #[test]
    fn a_bad_chunk_gives_nothing_and_what_came_before_it_stays() {
        let mut sealed = seal(&KEY, b"", SALT, &[1; CHUNK + 1]);
        let last = sealed.len() - 1;
        sealed[last] ^= 1;
        let mut out = Vec::new();
        assert_eq!(open(&KEY, b"", &sealed, &mut out), Err(Error::Corrupted));
        assert_eq!(out, vec![1; CHUNK]);
    }
}
