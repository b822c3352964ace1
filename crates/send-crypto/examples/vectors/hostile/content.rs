//! Content streams that are not the one that was sealed.
//!
//! `small`: header 0..56, chunks 56..16456 and 16456..32856, final chunk 32856..41064. `even`: the same two chunks, final 32856..32872.
//! `parts`: parts 0..4198456, ..8396856, ..12595256, and the last to its end.

use send_crypto::Layout;
use send_crypto::content::Sealer;
use serde_json::{Value, json};

use super::{AGAIN, Case, EVEN, OTHER, PARTS, SHORT, SMALL, case, transfer};

const CORRUPTED: &str = "corrupted";
const INCOMPLETE: &str = "incomplete";
const WRONG_KEY: &str = "wrong_key";

pub(super) fn cases() -> Vec<Value> {
    let mut cases = flipped();
    cases.extend(cut());
    cases.extend(moved());
    cases.extend(foreign());
    cases.extend(parts());
    cases.extend(accepted());
    cases.into_iter().map(Case::write).collect()
}

fn flip(at: u64) -> Value {
    json!([{ "op": "flip", "at": at }])
}

fn truncate(to: u64) -> Value {
    json!([{ "op": "truncate", "to": to }])
}

fn remove(start: u64, end: u64) -> Value {
    json!([{ "op": "remove", "start": start, "end": end }])
}

/// The bytes `start..end` of a base's stream, as it was sealed, written over those from `at` on.
fn copy(from: &str, start: u64, end: u64, at: u64) -> Value {
    json!({ "op": "copy", "from": from, "start": start, "end": end, "at": at })
}

/// The same bytes, put in at `at`.
fn insert(from: &str, start: u64, end: u64, at: u64) -> Value {
    json!([{ "op": "insert", "from": from, "start": start, "end": end, "at": at }])
}

fn flipped() -> Vec<Case> {
    let flipped = |name, error, at, released| {
        case(name, SMALL, error, released)
            .content(flip(at))
            .by_part(error, 0)
    };
    vec![
        flipped("salt_flipped", CORRUPTED, 0, 0),
        flipped("commitment_flipped", WRONG_KEY, 24, 0),
        flipped("last_byte_of_the_header_flipped", WRONG_KEY, 55, 0),
        flipped("first_chunk_flipped", CORRUPTED, 56, 0),
        flipped("tag_of_the_first_chunk_flipped", CORRUPTED, 16_455, 0),
        flipped("second_chunk_flipped", CORRUPTED, 20_000, 16_384),
        flipped("tag_of_the_second_chunk_flipped", CORRUPTED, 32_840, 16_384),
        flipped("final_chunk_flipped", CORRUPTED, 32_856, 32_768),
        flipped("padding_flipped", CORRUPTED, 40_900, 32_768),
        flipped("last_byte_flipped", CORRUPTED, 41_063, 32_768),
    ]
}

fn cut() -> Vec<Case> {
    let cut = |name, to, released| {
        case(name, SMALL, INCOMPLETE, released)
            .content(truncate(to))
            .by_part(INCOMPLETE, 0)
    };
    vec![
        cut("empty", 0, 0),
        cut("header_cut", 55, 0),
        cut("header_alone", 56, 0),
        cut("cut_inside_the_first_chunk", 57, 0),
        cut("cut_at_a_chunk_border", 16_456, 16_384),
        cut("cut_inside_a_chunk", 20_000, 16_384),
        cut("no_final_chunk", 32_856, 32_768),
        cut("cut_after_the_files_inside_the_padding", 40_900, 32_768),
        cut("cut_before_the_last_byte", 41_063, 32_768),
        case("no_empty_final_chunk", EVEN, INCOMPLETE, 32_768)
            .content(truncate(32_856))
            .by_part(INCOMPLETE, 0),
    ]
}

fn moved() -> Vec<Case> {
    let swapped = json!([
        copy(SMALL, 16_456, 32_856, 56),
        copy(SMALL, 56, 16_456, 16_456)
    ]);
    let longer = |name, ops| {
        case(name, SMALL, CORRUPTED, 40_000)
            .content(ops)
            .by_part(CORRUPTED, 0)
    };
    vec![
        case("chunks_swapped", SMALL, CORRUPTED, 0).content(swapped),
        case("chunk_in_the_place_of_the_next", SMALL, CORRUPTED, 16_384)
            .content(json!([copy(SMALL, 56, 16_456, 16_456)]))
            .by_part(CORRUPTED, 0),
        case("chunk_left_out", SMALL, CORRUPTED, 0)
            .content(remove(56, 16_456))
            .by_part(INCOMPLETE, 0),
        case("chunk_twice", SMALL, CORRUPTED, 16_384)
            .content(insert(SMALL, 56, 16_456, 16_456))
            .by_part(CORRUPTED, 0),
        longer("two_final_chunks", insert(SMALL, 32_856, 41_064, 41_064)),
        longer(
            "full_chunk_after_the_final_one",
            insert(SMALL, 56, 16_456, 41_064),
        ),
        longer("one_byte_after", json!([{ "op": "append", "hex": "00" }])),
        longer("the_whole_stream_twice", insert(SMALL, 0, 41_064, 41_064)),
        case("two_empty_final_chunks", EVEN, CORRUPTED, 32_768)
            .content(insert(EVEN, 32_856, 32_872, 32_872))
            .by_part(CORRUPTED, 0),
    ]
}

fn foreign() -> Vec<Case> {
    let chunk = |from| json!([copy(from, 16_456, 32_856, 16_456)]);
    vec![
        case("chunk_of_another_transfer", SMALL, CORRUPTED, 16_384)
            .content(chunk(OTHER))
            .by_part(CORRUPTED, 0),
        case("chunk_of_another_attempt", SMALL, CORRUPTED, 16_384)
            .content(chunk(AGAIN))
            .by_part(CORRUPTED, 0),
        case("stream_of_another_transfer", SMALL, CORRUPTED, 0)
            .content(json!([copy(OTHER, 0, 41_064, 0)])),
        case("stream_of_another_attempt", SMALL, CORRUPTED, 0)
            .content(json!([copy(AGAIN, 0, 41_064, 0)])),
        case("our_salt_and_their_stream", SMALL, WRONG_KEY, 0)
            .content(json!([copy(OTHER, 24, 41_064, 24)])),
        case("our_header_and_their_chunks", SMALL, CORRUPTED, 0)
            .content(json!([copy(OTHER, 56, 41_064, 56)])),
        case("our_stream_and_their_final_chunk", SMALL, CORRUPTED, 32_768)
            .content(json!([copy(OTHER, 32_856, 41_064, 32_856)]))
            .by_part(CORRUPTED, 0),
    ]
}

fn parts() -> Vec<Case> {
    const PART: u64 = 4_194_304;
    const BORDERS: [u64; 3] = [4_198_456, 8_396_856, 12_595_256];
    let [one, two, three] = BORDERS;
    let swapped = json!([copy(PARTS, two, three, one), copy(PARTS, one, two, two)]);
    vec![
        case("parts_swapped", PARTS, CORRUPTED, PART).content(swapped),
        case("part_in_the_place_of_the_next", PARTS, CORRUPTED, 2 * PART)
            .content(json!([copy(PARTS, one, two, two)])),
        case("part_left_out", PARTS, CORRUPTED, PART).content(remove(one, two)),
        case("cut_at_a_part_border", PARTS, INCOMPLETE, 3 * PART).content(truncate(three)),
        case(
            "second_chunk_of_a_part_flipped",
            PARTS,
            CORRUPTED,
            PART + 16_384,
        )
        .content(flip(one + 16_400))
        .by_part(CORRUPTED, PART),
        case("bytes_between_two_parts", PARTS, CORRUPTED, PART).content(insert(PARTS, 0, 56, one)),
    ]
}

/// What a reader accepts: a stream that nobody touched, and padding that is not zero. It is
/// authenticated, so only the sender can have chosen it, and a reader cuts it off unread.
fn accepted() -> Vec<Case> {
    let accepted = |name, base, released| Case {
        stream: (None, released),
        by_part: (None, released),
        ..case(name, base, CORRUPTED, released)
    };
    let bright = json!([{ "op": "truncate", "to": 0 }, { "op": "append", "hex": hex::encode(with_bright_padding()) }]);
    vec![
        accepted("nothing_changed", PARTS, 12_583_912),
        accepted("padding_not_zero", SHORT, 4_000).content(bright),
    ]
}

/// The stream of `short`, with ones for zeros.
fn with_bright_padding() -> Vec<u8> {
    let short = transfer(SHORT);
    let mut bytes = short.seal().plaintext.bytes();
    bytes.resize(4_096, 0xff);
    let layout = Layout::without_padding(short.content_salt, 4_096).expect("a valid size");
    let mut stream = Vec::new();
    let mut sealer = Sealer::new(&short.keys(), layout, &mut stream);
    sealer
        .push(&bytes, &mut stream)
        .expect("the length is that of the layout");
    sealer
        .finish(&mut stream)
        .expect("the length is that of the layout");
    stream
}
