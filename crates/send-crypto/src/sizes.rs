//! Lengths as pure functions: padding, ciphertext, parts.
//!
//! All lengths are in bytes. Plaintext lengths are at most [`MAX_PADDED`]; functions that take an
//! index of a part take the *padded* plaintext length, because that is what a stream is cut by.

use std::ops::Range;

use crate::Error;

/// Plaintext bytes of a full chunk: 16 KiB (Cobblestone-256).
pub const CHUNK: usize = 16_384;
/// Bytes of an AES-GCM tag, at the end of every chunk.
pub const TAG: usize = 16;
/// Bytes of a full chunk with its tag.
pub const SEALED_CHUNK: usize = CHUNK + TAG;
/// Bytes of the salt at the head of a stream.
pub const SALT: usize = 24;
/// Bytes of the header: salt and commitment.
pub const HEADER: usize = SALT + 32;

/// Chunks in a part: 256, so that base64 of a part still fits one message of 6 MB.
pub const PART_CHUNKS: u64 = 256;
/// Plaintext bytes of a full part: 4,194,304.
pub const PART_PLAINTEXT: u64 = PART_CHUNKS * CHUNK as u64;
/// Ciphertext bytes of a full part: 4,198,400. Part 0 has the header in front of it.
pub const PART_CIPHERTEXT: u64 = PART_CHUNKS * SEALED_CHUNK as u64;
/// Parts that a stream of version 1 may have.
pub const MAX_PARTS: u64 = 65_536;
/// The longest padded plaintext of version 1: its final chunk is the last chunk of part 65,535, and
/// is not full.
pub const MAX_PADDED: u64 = MAX_PARTS * PART_PLAINTEXT - 1;
/// Content is padded as if it had at least this many bytes.
pub const MIN_CONTENT: u64 = 4_096;

/// Rounds a length up so that only its top bits show: PADME, from "Reducing Metadata Leakage from
/// Encrypted Files and Communication with PURBs" (PoPETs 2019). It adds at most 12 %.
///
/// A length whose padded length is not a `u64` is returned as it is; no stream is that long.
#[must_use]
pub const fn padme(length: u64) -> u64 {
    if length < 2 {
        return length;
    }
    let exponent = length.ilog2();
    // As many of the top bits are kept as the exponent itself takes to write.
    let kept = u32::BITS - exponent.leading_zeros();
    let mask = (1_u64 << (exponent - kept)) - 1;
    match length.checked_add(mask) {
        Some(sum) => sum & !mask,
        None => length,
    }
}

/// The padded length of content of `size` bytes: `padme(max(size, 4096))`.
///
/// # Errors
/// [`Error::TooLarge`] if the stream would have more than [`MAX_PARTS`] parts.
pub fn padded_len(size: u64) -> Result<u64, Error> {
    let padded = padme(size.max(MIN_CONTENT));
    if padded > MAX_PADDED {
        return Err(Error::TooLarge);
    }
    Ok(padded)
}

/// The length of the stream that carries `plaintext` bytes: header, plaintext, and a tag for each
/// chunk.
#[must_use]
pub const fn ciphertext_len(plaintext: u64) -> u64 {
    HEADER as u64 + plaintext + chunk_count(plaintext) * TAG as u64
}

/// The plaintext length of a stream of `ciphertext` bytes; none if no stream is that long.
#[must_use]
pub fn plaintext_len(ciphertext: u64) -> Option<u64> {
    let body = ciphertext.checked_sub(HEADER as u64)?;
    let full = body / SEALED_CHUNK as u64;
    let last = (body % SEALED_CHUNK as u64).checked_sub(TAG as u64)?;
    Some(full * CHUNK as u64 + last)
}

/// The number of chunks: the full ones, and the final one, which is never full and may be empty.
#[must_use]
pub const fn chunk_count(plaintext: u64) -> u64 {
    plaintext / CHUNK as u64 + 1
}

/// The number of parts of a stream with `padded` bytes of plaintext.
#[must_use]
pub const fn part_count(padded: u64) -> u64 {
    chunk_count(padded).div_ceil(PART_CHUNKS)
}

/// Where the plaintext of part `part` lies in the padded plaintext; empty for a part that the
/// stream does not have.
#[must_use]
pub fn part_plaintext(padded: u64, part: u64) -> Range<u64> {
    let start = part.saturating_mul(PART_PLAINTEXT).min(padded);
    start..start.saturating_add(PART_PLAINTEXT).min(padded)
}

/// Where part `part` lies in the stream; empty for a part that the stream does not have. Part 0
/// begins with the header.
#[must_use]
pub fn part_ciphertext(padded: u64, part: u64) -> Range<u64> {
    let total = ciphertext_len(padded);
    let border = |n: u64| match n {
        0 => 0,
        _ => n
            .saturating_mul(PART_CIPHERTEXT)
            .saturating_add(HEADER as u64)
            .min(total),
    };
    border(part)..border(part.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_never_shortens_and_adds_at_most_twelve_percent() {
        for length in (0..100_000).chain((17..50).map(|bit| (1_u64 << bit) + 1)) {
            let padded = padme(length);
            assert!(padded >= length, "{length}");
            assert!((padded - length) * 100 <= length * 12, "{length}");
            assert_eq!(padme(padded), padded, "{length}");
        }
    }

    #[test]
    fn the_longest_lengths_do_not_overflow() {
        assert_eq!(padme(u64::MAX), u64::MAX);
        assert_eq!(part_plaintext(5_000, u64::MAX), 5_000..5_000);
        assert_eq!(part_ciphertext(5_000, u64::MAX), 5_072..5_072);
    }

    #[test]
    fn a_plaintext_length_comes_back_from_its_ciphertext_length() {
        for length in [
            0, 1, 16_383, 16_384, 16_385, 4_194_303, 4_194_304, MAX_PADDED,
        ] {
            assert_eq!(plaintext_len(ciphertext_len(length)), Some(length));
        }
    }

    #[test]
    fn a_stream_without_a_whole_final_chunk_has_no_length() {
        for ciphertext in [0, 55, 56, 71, 56 + 16_400, 56 + 16_415] {
            assert_eq!(plaintext_len(ciphertext), None, "{ciphertext}");
        }
    }

    #[test]
    fn parts_cover_the_stream_without_gap_or_overlap() {
        for padded in [0, 1, 4_096, 4_194_303, 4_194_304, 4_194_305, 12_845_056] {
            let (mut plain, mut cipher) = (0, 0);
            for part in 0..part_count(padded) {
                assert_eq!(part_plaintext(padded, part).start, plain);
                assert_eq!(part_ciphertext(padded, part).start, cipher);
                plain = part_plaintext(padded, part).end;
                cipher = part_ciphertext(padded, part).end;
            }
            assert_eq!((plain, cipher), (padded, ciphertext_len(padded)));
        }
    }

    #[test]
    fn a_full_part_is_followed_by_one_that_holds_the_final_chunk_alone() {
        assert_eq!(part_count(PART_PLAINTEXT), 2);
        assert_eq!(part_ciphertext(PART_PLAINTEXT, 0), 0..4_198_456);
        assert_eq!(part_ciphertext(PART_PLAINTEXT, 1), 4_198_456..4_198_472);
    }

    #[test]
    fn content_of_more_than_65536_parts_is_refused() {
        assert_eq!(part_count(MAX_PADDED), MAX_PARTS);
        assert_eq!(part_count(MAX_PADDED + 1), MAX_PARTS + 1);
        let largest = (1 << 38) - (1 << 31);
        assert_eq!(padded_len(largest), Ok(largest));
        assert_eq!(padded_len(largest - 1), Ok(largest));
        assert_eq!(padded_len(largest + 1), Err(Error::TooLarge));
        assert_eq!(padded_len(u64::MAX), Err(Error::TooLarge));
    }
}
