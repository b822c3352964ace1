//! The sizes of SGS1 streams, as far as a server that cannot read them needs to know (FORMAT.md, "Content stream and parts").

/// Bytes in front of the first chunk: salt (24) and commitment (32).
const HEADER: u64 = 56;
/// Plaintext bytes of a chunk.
const CHUNK: u64 = 16_384;
/// The AES-GCM tag behind each chunk.
const TAG: u64 = 16;
/// Bytes of a part: 256 stored chunks. In base64 it still fits a message of AWS Lambda, which ends at 6 MB.
pub const PART: u64 = 256 * (CHUNK + TAG);
/// Bytes of part 0, which has the header in front.
pub const FIRST_PART: u64 = HEADER + PART;
/// The most parts a send may have: 256 GiB.
pub const MAX_PARTS: u64 = 65_536;
/// The longest sealed manifest: 4 MiB of plaintext.
pub const MAX_MANIFEST: u64 = HEADER + (4 << 20) + ((4 << 20) / CHUNK + 1) * TAG;
/// Nothing shorter is ever padded to: a tiny file does not show that it is tiny.
const LEAST_PADDED: u64 = 4_096;
/// The longest padded length whose stream has no more parts than allowed: the next is 2^38, which needs one chunk more.
const MOST_PADDED: u64 = (1 << 38) - (1 << 31);
/// The shortest stored stream.
pub const LEAST: u64 = stored(LEAST_PADDED);
/// The longest stored stream.
pub const MOST: u64 = stored(MOST_PADDED);

/// The stored length of a stream of so many plaintext bytes; the last chunk is never full.
const fn stored(plain: u64) -> u64 {
    HEADER + plain + (plain / CHUNK + 1) * TAG
}

/// How many parts a stored stream of `size` bytes has.
#[must_use]
pub const fn part_count(size: u64) -> u64 {
    if size <= FIRST_PART {
        1
    } else {
        1 + (size - FIRST_PART).div_ceil(PART)
    }
}

/// The bytes of part `n` of a stored stream of `size` bytes: where it begins and how long it is; `None` past the end.
#[must_use]
pub const fn part_range(size: u64, n: u64) -> Option<std::ops::Range<u64>> {
    if n >= part_count(size) {
        return None;
    }
    let start = if n == 0 {
        0
    } else {
        FIRST_PART + (n - 1) * PART
    };
    let end = FIRST_PART + n * PART;
    Some(start..if end < size { end } else { size })
}

/// Whether a padded SGS1 stream can have this stored size.
#[must_use]
pub fn is_stream(size: u64) -> bool {
    let Some(body) = size.checked_sub(HEADER) else {
        return false;
    };
    let (full, rest) = (body / (CHUNK + TAG), body % (CHUNK + TAG));
    let Some(last) = rest.checked_sub(TAG) else {
        return false;
    };
    let padded = full * CHUNK + last;
    part_count(size) <= MAX_PARTS && padded >= LEAST_PADDED && padme(padded) == padded
}

/// The next length that Padmé allows: with E = floor(log2 n) and S = floor(log2 E) + 1, the last E - S bits are zero
/// (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", 2019).
fn padme(n: u64) -> u64 {
    if n < 2 {
        return n;
    }
    let e = n.ilog2();
    let s = e.checked_ilog2().map_or(0, |s| s + 1);
    let mask = (1_u64 << e.saturating_sub(s)) - 1;
    (n + mask) & !mask
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stored size and part count from the format's known answers.
    #[test]
    fn sizes_of_padded_streams_are_known() {
        let known = [
            (4_168, 1),
            (4_424, 1),
            (4_132_872, 1),
            (4_198_472, 2),
            (1_074_790_472, 257),
        ];
        for (size, parts) in known {
            assert!(is_stream(size), "{size}");
            assert_eq!(part_count(size), parts, "{size}");
            assert!(!is_stream(size + 1) && !is_stream(size - 1), "{size}");
        }
    }

    #[test]
    fn the_shortest_and_the_longest_are_streams() {
        assert!(is_stream(LEAST) && is_stream(MOST));
        assert!(!is_stream(stored(padme(LEAST_PADDED - 1024))));
        assert!(!is_stream(stored(padme(MOST_PADDED + 1))));
    }

    #[test]
    fn sizes_that_no_stream_has_are_refused() {
        for size in [0, 1, 55, 56, 72, 4_167, 16_456, u64::MAX] {
            assert!(!is_stream(size), "{size}");
        }
        let too_many = FIRST_PART + MAX_PARTS * PART;
        assert!(!is_stream(too_many));
    }

    #[test]
    fn parts_cover_a_stream_without_gap() {
        for size in [
            4_168,
            FIRST_PART,
            FIRST_PART + 16,
            FIRST_PART + PART,
            1_074_790_472,
        ] {
            let mut at = 0;
            for n in 0..part_count(size) {
                let range = part_range(size, n).unwrap();
                assert_eq!(range.start, at);
                assert!(range.end > at);
                at = range.end;
            }
            assert_eq!(at, size);
            assert_eq!(part_range(size, part_count(size)), None);
        }
    }

    #[test]
    fn padme_is_the_published_function() {
        let known = [
            (0, 0),
            (1, 1),
            (2, 2),
            (3, 3),
            (8, 8),
            (9, 10),
            (100, 104),
            (1_025, 1_088),
            (4_097, 4_352),
            (1_000_000, 1_015_808),
            (1_099_511_640_121, 1_116_691_496_960),
        ];
        for (n, padded) in known {
            assert_eq!(padme(n), padded, "{n}");
        }
    }
}
