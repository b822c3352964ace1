//! A real transfer, as a real client makes it.

mod requests;

use std::ops::Range;

use anyhow::{Result, ensure};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use bytes::Bytes;
use send_crypto::{
    Layout,
    cobblestone::Salt,
    content::{Opener, PartOpener, PartSealer},
    keys::{OwnerToken, Passphrase, Secret, TransferKeys},
    manifest::{File, Manifest},
};

/// After so many bytes the plaintext begins again: a prime, so that no two chunks of a transfer smaller than 16 GiB are alike.
const PERIOD: usize = 1_048_573;

/// A transfer with one file of random bytes, sealed. Parts are made when they are asked for, so a large one costs no memory.
pub struct Sealed {
    keys: TransferKeys,
    owner: OwnerToken,
    layout: Layout,
    manifest: Manifest,
    sealed_manifest: Bytes,
    pattern: Vec<u8>,
}

/// What proves one download: 32 random bytes that the client chooses.
#[derive(Clone, Debug)]
pub struct Claim(String);

impl Claim {
    /// A fresh one.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn random() -> Result<Self> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(BASE64_URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// As it travels.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl Sealed {
    /// A file of `size` bytes, for whoever has the link.
    ///
    /// # Errors
    /// When the system has no randomness, or the format does not allow the size.
    pub fn new(size: u64) -> Result<Self> {
        let secret = Secret::random()?;
        Self::with_keys(size, TransferKeys::without_passphrase(&secret))
    }

    /// A file of `size` bytes, for whoever has the link and this passphrase.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_passphrase(size: u64, passphrase: &str) -> Result<Self> {
        let (secret, passphrase) = (Secret::random()?, Passphrase::new(passphrase)?);
        Self::with_keys(size, TransferKeys::with_passphrase(&secret, &passphrase))
    }

    fn with_keys(size: u64, keys: TransferKeys) -> Result<Self> {
        let file = File {
            name: "file.bin".into(),
            mime: "application/octet-stream".into(),
            offset: 0,
            size,
            modified: None,
        };
        let manifest = Manifest::new(Salt::random()?, vec![file], None)?;
        let mut pattern = vec![0; PERIOD];
        getrandom::fill(&mut pattern)?;
        Ok(Self {
            owner: OwnerToken::random()?,
            layout: manifest.layout(),
            sealed_manifest: manifest.seal(&keys, Salt::random()?)?.into(),
            manifest,
            keys,
            pattern,
        })
    }

    /// The name of the transfer on the server.
    #[must_use]
    pub fn id(&self) -> String {
        self.keys.id.to_string()
    }

    /// Bytes that the server stores of the content.
    #[must_use]
    pub fn stored_len(&self) -> u64 {
        self.layout.stored_len()
    }

    /// How many parts it has.
    #[must_use]
    pub fn part_count(&self) -> u32 {
        self.layout.part_count().try_into().unwrap_or(u32::MAX)
    }

    /// Where part `n` lies in the stored content.
    #[must_use]
    pub fn part_range(&self, n: u32) -> Range<u64> {
        self.layout.part_stored(n.into())
    }

    /// The ciphertext of part `n`: each time the same.
    ///
    /// # Panics
    /// When there is no such part.
    #[must_use]
    pub fn part_bytes(&self, n: u32) -> Bytes {
        let plaintext = self.plaintext(self.layout.part_files(n.into()));
        let mut sealed = Vec::new();
        let made =
            PartSealer::new(&self.keys, self.layout).seal_part(n.into(), &plaintext, &mut sealed);
        assert_eq!(made, Ok(()), "part {n}");
        sealed.into()
    }

    /// The sealed manifest: each time the same.
    #[must_use]
    pub fn manifest_bytes(&self) -> Bytes {
        self.sealed_manifest.clone()
    }

    /// The same manifest, sealed anew: other bytes.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn manifest_anew(&self) -> Result<Bytes> {
        Ok(self.manifest.seal(&self.keys, Salt::random()?)?.into())
    }

    /// Opens a manifest that came back.
    ///
    /// # Errors
    /// When it does not open, or says something else.
    pub fn check_manifest(&self, sealed: &[u8]) -> Result<()> {
        let opened = Manifest::open(&self.keys, sealed)?;
        ensure!(opened == self.manifest, "the manifest is another");
        Ok(())
    }

    /// Opens a part that came back.
    ///
    /// # Errors
    /// When it does not open, or is not what was sent.
    pub fn check_part(&self, n: u32, ciphertext: &[u8]) -> Result<()> {
        let mut opened = Vec::with_capacity(ciphertext.len());
        PartOpener::new(&self.keys, self.layout).open_part(n.into(), ciphertext, &mut opened)?;
        let sent = self.layout.part_files(n.into());
        ensure!(
            self.is_plaintext(&opened, sent),
            "part {n} is not what was sent"
        );
        Ok(())
    }

    /// Opens the whole stored content as it came back.
    ///
    /// # Errors
    /// When it does not open, is cut, or is not what was sent.
    pub fn check_content(&self, ciphertext: &[u8]) -> Result<()> {
        let (mut opener, mut opened) = (Opener::new(&self.keys, self.layout), Vec::new());
        opener.push(ciphertext, &mut opened)?;
        opener.finish()?;
        let sent = self.plaintext(0..self.layout.size());
        ensure!(opened == sent, "the content is not what was sent");
        Ok(())
    }

    fn plaintext(&self, range: Range<u64>) -> Vec<u8> {
        let mut bytes = Vec::with_capacity((range.end - range.start) as usize);
        self.pieces(range)
            .for_each(|piece| bytes.extend_from_slice(piece));
        bytes
    }

    fn is_plaintext(&self, mut opened: &[u8], range: Range<u64>) -> bool {
        opened.len() as u64 == range.end - range.start
            && self.pieces(range).all(|piece| {
                let (one, rest) = opened.split_at(piece.len());
                opened = rest;
                one == piece
            })
    }

    /// A range of the plaintext, which repeats the pattern.
    fn pieces(&self, range: Range<u64>) -> impl Iterator<Item = &[u8]> {
        let mut left = (range.end - range.start) as usize;
        let mut at = (range.start % PERIOD as u64) as usize;
        std::iter::from_fn(move || {
            let piece = &self.pattern[at..PERIOD.min(at + left)];
            left -= piece.len();
            at = 0;
            (!piece.is_empty()).then_some(piece)
        })
    }
}
