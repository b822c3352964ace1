//! Content streams without padding: Cobblestone-256 with our keys and contexts, at the borders of
//! chunks and parts.

use send_crypto::Layout;
use send_crypto::cobblestone::Salt;
use send_crypto::content::Sealer;
use send_crypto::keys::{Secret, TransferKeys};
use serde_json::{Value, json};

use super::plaintext::{Plaintext, sha256_hex};

const SALT: Salt = Salt([0xaa; 24]);

pub(crate) fn group() -> Value {
    let cases: Vec<Value> = [
        ("nothing", 0),
        ("one_byte", 1),
        ("chunk_less_one", 16_383),
        ("chunk", 16_384),
        ("chunk_and_one", 16_385),
        ("part_less_one", 4_194_303),
        ("part", 4_194_304),
        ("part_and_one", 4_194_305),
    ]
    .into_iter()
    .map(|(name, length)| case(name, length))
    .collect();
    json!({ "cases": cases })
}

fn case(name: &str, length: u64) -> Value {
    let secret = Secret::from_bytes(std::array::from_fn(|i| i as u8));
    let keys = TransferKeys::without_passphrase(&secret);
    let plaintext = Plaintext { seed: 1, length };
    let layout = Layout::without_padding(SALT, length).expect("the list holds valid sizes");
    let bytes = plaintext.bytes();
    let mut stream = Vec::new();
    let mut sealer = Sealer::new(&keys, layout, &mut stream);
    sealer
        .push(&bytes, &mut stream)
        .expect("the length is that of the layout");
    sealer
        .finish(&mut stream)
        .expect("the length is that of the layout");
    json!({
        "name": name,
        "secret": hex::encode(secret.expose()),
        "id": keys.id.to_string(),
        "key": hex::encode(keys.content.expose()),
        "salt": hex::encode(SALT.0),
        "plaintext": plaintext.described(),
        "plaintext_sha256": sha256_hex(&bytes),
        "stored": stream.len(),
        "sha256": sha256_hex(&stream),
        "part_sha256": part_hashes(&layout, &stream),
    })
}

/// The SHA-256 of each part of a stream.
pub(crate) fn part_hashes(layout: &Layout, stream: &[u8]) -> Vec<String> {
    (0..layout.part_count())
        .map(|part| layout.part_stored(part))
        .map(|range| sha256_hex(&stream[range.start as usize..range.end as usize]))
        .collect()
}
