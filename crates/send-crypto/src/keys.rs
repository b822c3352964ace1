//! The key schedule: everything that a transfer needs follows from one secret, and from the
//! passphrase if there is one.

mod passphrase;

pub use passphrase::Passphrase;

use std::fmt;

use zeroize::Zeroizing;

use crate::Error;
use crate::primitives::{hkdf_sha256, sha256};
use crate::secret::{SecretBytes, secret_type};

/// `T` of the specification: the salt of every extraction, and the beginning of every label.
pub(crate) const TAG: &[u8] = b"sgraph-send.v1";

secret_type!(
    /// `S`: 32 random bytes, one for each transfer, which the link carries.
    Secret,
    32
);
secret_type!(
    /// Seals and opens the content: the input key of its Cobblestone-256 stream.
    ContentKey,
    32
);
secret_type!(
    /// Seals and opens the manifest: the input key of its Cobblestone-256 stream.
    ManifestKey,
    32
);
secret_type!(
    /// Proves to the server that its holder has the link. Known before the passphrase.
    LinkToken,
    32
);
secret_type!(
    /// Proves to the server that its holder has the link and the passphrase.
    ReadToken,
    32
);
secret_type!(
    /// `link_token || read_token`: what a reader sends.
    ReaderToken,
    64
);
secret_type!(
    /// Proves to the server that its holder made the transfer. Random: it does not follow from the
    /// link.
    OwnerToken,
    32
);

impl Secret {
    /// A fresh secret.
    ///
    /// # Errors
    /// [`Error::NoRandomness`].
    pub fn random() -> Result<Self, Error> {
        SecretBytes::random().map(Self)
    }
}

impl OwnerToken {
    /// A fresh token.
    ///
    /// # Errors
    /// [`Error::NoRandomness`].
    pub fn random() -> Result<Self, Error> {
        SecretBytes::random().map(Self)
    }

    /// What the server keeps instead of the token.
    #[must_use]
    pub fn verifier(&self) -> Verifier {
        Verifier::of(b"/owner-verifier", self.expose())
    }
}

impl LinkToken {
    /// What the server keeps instead of the token.
    #[must_use]
    pub fn verifier(&self) -> Verifier {
        Verifier::of(b"/link-verifier", self.expose())
    }
}

impl ReadToken {
    /// What the server keeps instead of the token.
    #[must_use]
    pub fn verifier(&self) -> Verifier {
        Verifier::of(b"/read-verifier", self.expose())
    }
}

/// The name of a transfer on the server: 16 bytes, public, written as 32 lower-case hexadecimal
/// digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TransferId(pub [u8; 16]);

impl fmt::Display for TransferId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for TransferId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TransferId({self})")
    }
}

/// The hash of a token, by which the server recognises it: 32 bytes, written as 64 lower-case
/// hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Verifier(pub [u8; 32]);

impl Verifier {
    fn of(label: &[u8], token: &[u8; 32]) -> Self {
        Self(sha256(&[TAG, label, token]))
    }
}

impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verifier({self})")
    }
}

/// What follows from the link alone: enough to ask for the state of a transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkKeys {
    /// The name of the transfer on the server.
    pub id: TransferId,
    /// Proves that its holder has the link.
    pub link_token: LinkToken,
}

impl LinkKeys {
    /// Derives them from `S`.
    #[must_use]
    pub fn derive(secret: &Secret) -> Self {
        let id = TransferId(*derive_public::<16>(secret, b"/id").expose());
        let link_token = LinkToken(bound(secret.expose(), b"/reach", &id));
        Self { id, link_token }
    }
}

/// All keys of one transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferKeys {
    /// The name of the transfer on the server.
    pub id: TransferId,
    /// Seals and opens the content.
    pub content: ContentKey,
    /// Seals and opens the manifest.
    pub manifest: ManifestKey,
    /// Proves that its holder has the link.
    pub link_token: LinkToken,
    /// Proves that its holder has link and passphrase.
    pub read_token: ReadToken,
}

impl TransferKeys {
    /// Derives the keys of a transfer without a passphrase: `IKM = S`.
    #[must_use]
    pub fn without_passphrase(secret: &Secret) -> Self {
        Self::derive(secret, secret.expose())
    }

    /// Derives the keys of a transfer with a passphrase: `IKM = S || W`. Takes about a tenth of a
    /// second.
    #[must_use]
    pub fn with_passphrase(secret: &Secret, passphrase: &Passphrase) -> Self {
        let mut ikm = Zeroizing::new([0; 64]);
        ikm[..32].copy_from_slice(secret.expose());
        ikm[32..].copy_from_slice(passphrase.stretch(secret).expose());
        Self::derive(secret, &*ikm)
    }

    /// What a reader sends to the server.
    #[must_use]
    pub fn reader_token(&self) -> ReaderToken {
        let mut both = Zeroizing::new([0; 64]);
        both[..32].copy_from_slice(self.link_token.expose());
        both[32..].copy_from_slice(self.read_token.expose());
        ReaderToken::from_bytes(*both)
    }

    fn derive(secret: &Secret, ikm: &[u8]) -> Self {
        let LinkKeys { id, link_token } = LinkKeys::derive(secret);
        Self {
            id,
            content: ContentKey(bound(ikm, b"/content", &id)),
            manifest: ManifestKey(bound(ikm, b"/manifest", &id)),
            link_token,
            read_token: ReadToken(bound(ikm, b"/read", &id)),
        }
    }
}

/// `T || label || 0x00 || id`: binds a key to its transfer, and a stream to its place.
pub(crate) fn context(label: &[u8], id: &TransferId) -> Vec<u8> {
    [TAG, label, &[0], &id.0].concat()
}

/// `HK(ikm, T || label || 0x00 || id, N)`.
fn bound<const N: usize>(ikm: &[u8], label: &[u8], id: &TransferId) -> SecretBytes<N> {
    hkdf_sha256(ikm, TAG, &[&context(label, id)])
}

/// `HK(S, T || label, N)`.
fn derive_public<const N: usize>(secret: &Secret, label: &[u8]) -> SecretBytes<N> {
    hkdf_sha256(secret.expose(), TAG, &[TAG, label])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> Secret {
        Secret::from_bytes([3; 32])
    }

    #[test]
    fn the_passphrase_changes_what_it_guards_and_nothing_else() {
        let without = TransferKeys::without_passphrase(&secret());
        let with = TransferKeys::with_passphrase(&secret(), &Passphrase::new("word").unwrap());
        assert_eq!(
            (without.id, &without.link_token),
            (with.id, &with.link_token)
        );
        assert_ne!(without.content, with.content);
        assert_ne!(without.manifest, with.manifest);
        assert_ne!(without.read_token, with.read_token);
    }

    #[test]
    fn nothing_secret_is_shown() {
        let keys = TransferKeys::without_passphrase(&secret());
        let shown = format!(
            "{keys:?} {:?} {:?}",
            secret(),
            Passphrase::new("word").unwrap()
        );
        for hidden in [
            keys.content.expose(),
            keys.read_token.expose(),
            secret().expose(),
        ] {
            assert!(!shown.contains(&hex::encode(hidden)));
            assert!(!shown.contains(&format!("{hidden:?}")));
        }
        assert!(!shown.contains("word"));
    }
}
