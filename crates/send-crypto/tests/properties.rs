//! What must hold for any input: what parses never panics, and however a stream is cut into pieces,
//! it ends alike.

#![expect(
    clippy::unwrap_used,
    reason = "the harness of a test fails by panicking"
)]

use proptest::prelude::*;
use send_crypto::cobblestone::Salt;
use send_crypto::content::{Opener, PartOpener, Sealer};
use send_crypto::keys::{OwnerToken, Passphrase, Secret, TransferId, TransferKeys};
use send_crypto::legacy::{self, OldKey, OldLink};
use send_crypto::link::{Kdf, Link, OwnerLink};
use send_crypto::manifest::{File, Manifest};
use send_crypto::phrase::Phrase;
use send_crypto::{Error, Layout, sizes};

const SALT: Salt = Salt([1; 24]);

fn keys() -> TransferKeys {
    TransferKeys::without_passphrase(&Secret::from_bytes([2; 32]))
}

/// Seals `plaintext`, given in pieces that end at `cuts`.
fn seal(layout: Layout, plaintext: &[u8], cuts: &[usize]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut sealer = Sealer::new(&keys(), layout, &mut out);
    for piece in pieces(plaintext, cuts) {
        sealer.push(piece, &mut out).unwrap();
    }
    sealer.finish(&mut out).unwrap();
    out
}

/// How a stream ends, given in pieces that end at `cuts`, and what it released.
fn open(layout: Layout, stream: &[u8], cuts: &[usize]) -> (Result<(), Error>, Vec<u8>) {
    let mut out = Vec::new();
    let mut opener = Opener::new(&keys(), layout);
    for piece in pieces(stream, cuts) {
        if let Err(error) = opener.push(piece, &mut out) {
            return (Err(error), out);
        }
    }
    (opener.finish(), out)
}

fn pieces<'a>(bytes: &'a [u8], cuts: &[usize]) -> Vec<&'a [u8]> {
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (bytes.len() + 1)).collect();
    cuts.extend([0, bytes.len()]);
    cuts.sort_unstable();
    cuts.windows(2)
        .map(|pair| &bytes[pair[0]..pair[1]])
        .collect()
}

fn file(name: String, size: u64) -> File {
    File {
        name,
        mime: String::new(),
        offset: 0,
        size,
        modified: None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_link_comes_back_from_its_text(secret: [u8; 32], passphrase: bool) {
        let kdf = if passphrase { Kdf::Passphrase } else { Kdf::None };
        let link = Link { kdf, secret: Secret::from_bytes(secret) };
        prop_assert_eq!(link.text().parse(), Ok(link));
    }

    #[test]
    fn an_owner_link_comes_back_from_its_text(id: [u8; 16], token: [u8; 32]) {
        let link = OwnerLink { id: TransferId(id), token: OwnerToken::from_bytes(token) };
        prop_assert_eq!(link.text().parse(), Ok(link));
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        prop_assert_eq!(text.parse::<Link>(), Err(Error::DamagedLink));
        prop_assert_eq!(text.parse::<OwnerLink>(), Err(Error::DamagedLink));
        prop_assert!(text.parse::<OldLink>().is_err());
        let _ = (text.parse::<Phrase>(), Passphrase::new(&text));
    }

    #[test]
    fn a_manifest_comes_back_from_its_json(names in prop::collection::vec("\\PC{1,40}", 1..5), size in 0_u64..1 << 30, note: Option<String>) {
        let files = names.into_iter().map(|name| file(name, size)).collect();
        if let Ok(manifest) = Manifest::new(SALT, files, note) {
            prop_assert_eq!(Manifest::parse(manifest.to_json().as_bytes()), Ok(manifest));
        }
    }

    #[test]
    fn any_bytes_are_a_manifest_or_refused(bytes: Vec<u8>, text in "[\\[\\]{}\":,0-9a-z ]{0,60}") {
        prop_assert!(Manifest::parse(&bytes).is_err());
        prop_assert!(Manifest::parse(text.as_bytes()).is_err());
        prop_assert!(Manifest::open(&keys(), &bytes).is_err());
    }

    #[test]
    fn any_older_plaintext_gives_content(plaintext: Vec<u8>, length: u32, zero: bool) {
        let zero = if zero { &[0][..] } else { &[] };
        let enveloped = [b"SGMETA", zero, &length.to_be_bytes(), plaintext.as_slice()].concat();
        prop_assert!(legacy::unwrap(enveloped.clone()).content.len() <= enveloped.len());
        prop_assert!(legacy::open(&OldKey::from_bytes([1; 32]), plaintext).is_err());
    }

    #[test]
    fn padding_only_grows(one in 0_u64..1 << 53, other in 0_u64..1 << 53) {
        let (low, high) = (one.min(other), one.max(other));
        prop_assert!(sizes::padme(low) >= low);
        prop_assert!(sizes::padme(low) <= sizes::padme(high));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_stream_is_the_same_however_it_is_cut(length in 0_usize..80_000, cuts: Vec<usize>) {
        let plaintext: Vec<u8> = (0..length).map(|i| i as u8).collect();
        let layout = Layout::new(SALT, length as u64).unwrap();
        let stream = seal(layout, &plaintext, &cuts);
        prop_assert_eq!(&stream, &seal(layout, &plaintext, &[]));
        prop_assert_eq!(open(layout, &stream, &cuts), (Ok(()), plaintext));
    }

    #[test]
    fn a_changed_stream_ends_alike_however_it_is_cut_and_gives_a_true_prefix(length in 0_usize..80_000, at: usize, to: usize, extra in 0_usize..3, cuts: Vec<usize>) {
        let plaintext: Vec<u8> = (0..length).map(|i| i as u8).collect();
        let layout = Layout::new(SALT, length as u64).unwrap();
        let mut stream = seal(layout, &plaintext, &[]);
        let at = at % stream.len();
        stream[at] ^= 1;
        stream.truncate((to % (2 * stream.len())).max(1));
        stream.resize(stream.len() + extra, 7);
        let (ended, released) = open(layout, &stream, &cuts);
        prop_assert!(ended.is_err());
        prop_assert!(plaintext.starts_with(&released));
        prop_assert_eq!((ended, released), open(layout, &stream, &[]));
        let mut part = vec![1];
        prop_assert!(PartOpener::new(&keys(), layout).open_part(0, &stream, &mut part).is_err());
        prop_assert!(part.is_empty());
    }
}
