//! PADME, and what follows from a size: padded and stored length, parts.

use send_crypto::Layout;
use send_crypto::cobblestone::Salt;
use send_crypto::sizes::{padme, part_ciphertext, part_plaintext};
use serde_json::{Value, json};

/// The largest integer of the vectors: what JavaScript holds exactly.
const LARGEST: u64 = (1 << 53) - 1;

pub(crate) fn group() -> Value {
    let padded: Vec<Value> = lengths().iter().map(|n| json!([n, padme(*n)])).collect();
    let sizes: Vec<Value> = content_sizes().into_iter().map(size).collect();
    let parts: Vec<Value> = [
        (4_096, 0),
        (4_128_768, 0),
        (4_194_304, 0),
        (4_194_304, 1),
        (12_845_056, 2),
        (12_845_056, 3),
    ]
    .into_iter()
    .map(|(padded, n)| part(padded, n))
    .collect();
    json!({ "padme": padded, "sizes": sizes, "parts": parts, "too_large": [(1_u64 << 38) - (1 << 31) + 1, 1_u64 << 38, LARGEST] })
}

/// A thousand lengths: the first 257, then around powers of two and spread between them.
fn lengths() -> Vec<u64> {
    let mut lengths: Vec<u64> = (0..=256).collect();
    for bit in 9..53 {
        let power = 1_u64 << bit;
        let spread = (1..14).map(|step| power + power / 14 * step + step * step);
        lengths.extend([power - 1, power, power + 1].into_iter().chain(spread));
    }
    lengths.extend((1..=38).map(|step| 4_128_768 * step + step % 2));
    lengths.push(LARGEST);
    lengths.sort_unstable();
    lengths.dedup();
    lengths.truncate(1_000);
    lengths
}

fn content_sizes() -> Vec<u64> {
    let edges = [
        4_096,
        16_384,
        4_128_768,
        4_194_304,
        8_388_608,
        1 << 30,
        (1 << 38) - (1 << 31),
    ];
    let mut sizes = vec![0, 1, 5, 1_000_000, 12_583_912, 100_000_000_000];
    sizes.extend(
        edges
            .into_iter()
            .flat_map(|edge: u64| [edge - 1, edge, edge + 1]),
    );
    sizes.retain(|size| Layout::new(Salt([0; 24]), *size).is_ok());
    sizes.sort_unstable();
    sizes
}

fn size(size: u64) -> Value {
    let layout = Layout::new(Salt([0; 24]), size).expect("the list holds valid sizes");
    json!({ "size": size, "padded": layout.padded(), "stored": layout.stored_len(), "part_count": layout.part_count() })
}

fn part(padded: u64, part: u64) -> Value {
    let (plain, stored) = (part_plaintext(padded, part), part_ciphertext(padded, part));
    json!({ "padded": padded, "part": part, "plaintext": [plain.start, plain.end], "stored": [stored.start, stored.end] })
}
