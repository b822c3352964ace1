//! SGS1, the encrypted format of SGraph Send: what the clients write and read, and the server never
//! needs.
//!
//! Pure functions: no network, no files, no clock; randomness only where a type has a `random`. The
//! specification is this crate's README, `vectors/` is the arbiter between this crate and every
//! other implementation.
//!
//! | module | chapter of the specification |
//! |---|---|
//! | [`link`], [`phrase`] | Secret and link |
//! | [`keys`] | Keys |
//! | [`sizes`] | Lengths |
//! | [`cobblestone`] | Chunked encryption |
//! | [`content`] | Content stream and parts |
//! | [`manifest`] | Manifest |
//! | [`legacy`] | Older payloads |
//!
//! ```
//! use send_crypto::cobblestone::Salt;
//! use send_crypto::content::{Opener, Sealer};
//! use send_crypto::keys::{Secret, TransferKeys};
//! use send_crypto::link::{Kdf, Link};
//! use send_crypto::manifest::{File, Manifest};
//!
//! # fn main() -> Result<(), send_crypto::Error> {
//! // The sender.
//! let secret = Secret::random()?;
//! let keys = TransferKeys::without_passphrase(&secret);
//! let file = File { name: "a.txt".into(), mime: "text/plain".into(), offset: 0, size: 5, modified:
//! None }; let manifest = Manifest::new(Salt::random()?, vec![file], None)?; let sealed_manifest =
//! manifest.seal(&keys, Salt::random()?)?; let mut content = Vec::new(); let mut sealer =
//! Sealer::new(&keys, manifest.layout(), &mut content); sealer.push(b"hello", &mut content)?;
//! sealer.finish(&mut content)?; let link = Link { kdf: Kdf::None, secret }.text();
//!
//! // The recipient.
//! let link: Link = link.parse()?;
//! let keys = TransferKeys::without_passphrase(&link.secret);
//! let manifest = Manifest::open(&keys, &sealed_manifest)?;
//! let mut files = Vec::new();
//! let mut opener = Opener::new(&keys, manifest.layout());
//! opener.push(&content, &mut files)?;
//! opener.finish()?;
//! assert_eq!(files, b"hello");
//! # Ok(())
//! # }
//! ```

pub mod cobblestone;
pub mod content;
mod error;
pub mod keys;
pub mod legacy;
pub mod link;
pub mod manifest;
pub mod phrase;
mod primitives;
mod secret;
pub mod sizes;

pub use content::Layout;
pub use error::Error;
