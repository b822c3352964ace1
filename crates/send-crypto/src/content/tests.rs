//! Both ways make and read the same bytes; the refusals by name are in `vectors/hostile.json`.

use super::*;
use crate::keys::{Secret, TransferKeys};
use crate::sizes::PART_PLAINTEXT;

const SALT: Salt = Salt([4; 24]);

fn keys() -> TransferKeys {
    TransferKeys::without_passphrase(&Secret::from_bytes([6; 32]))
}

fn plaintext(length: u64) -> Vec<u8> {
    (0..length)
        .map(|i| (i ^ (i >> 8) ^ (i >> 16)) as u8)
        .collect()
}

fn sealed(layout: Layout) -> Vec<u8> {
    let mut out = Vec::new();
    let mut sealer = Sealer::new(&keys(), layout, &mut out);
    sealer.push(&plaintext(layout.size()), &mut out).unwrap();
    sealer.finish(&mut out).unwrap();
    out
}

fn opened(layout: Layout, stream: &[u8]) -> (Result<(), Error>, Vec<u8>) {
    let mut out = Vec::new();
    let mut opener = Opener::new(&keys(), layout);
    let pushed = opener.push(stream, &mut out);
    let finished = opener.finish();
    assert!(pushed.is_ok() || finished == pushed);
    (finished, out)
}

#[test]
fn parts_joined_are_the_stream_and_open_one_by_one_in_any_order() {
    let layout = Layout::new(SALT, PART_PLAINTEXT + 5_000).unwrap();
    let (content, stream) = (plaintext(layout.size()), sealed(layout));
    assert_eq!(stream.len() as u64, layout.stored_len());
    let (sealer, opener) = (
        PartSealer::new(&keys(), layout),
        PartOpener::new(&keys(), layout),
    );
    let (mut part, mut text) = (Vec::new(), Vec::new());
    for n in (0..layout.part_count()).rev() {
        let (files, stored) = (layout.part_files(n), layout.part_stored(n));
        let files = &content[files.start as usize..files.end as usize];
        sealer.seal_part(n, files, &mut part).unwrap();
        assert_eq!(part, stream[stored.start as usize..stored.end as usize]);
        opener.open_part(n, &part, &mut text).unwrap();
        assert_eq!(text, files);
    }
    assert_eq!(opened(layout, &stream), (Ok(()), content));
}

#[test]
fn a_part_of_padding_alone_carries_no_bytes_of_the_files() {
    let layout = Layout::from_valid(SALT, 5, PART_PLAINTEXT + 9);
    assert_eq!(layout.part_files(1), 5..5);
    let mut part = Vec::new();
    PartSealer::new(&keys(), layout)
        .seal_part(1, &[], &mut part)
        .unwrap();
    assert_eq!(part.len(), 9 + TAG);
    let mut text = vec![1];
    PartOpener::new(&keys(), layout)
        .open_part(1, &part, &mut text)
        .unwrap();
    assert!(text.is_empty());
}

#[test]
fn a_part_too_long_too_short_or_beyond_the_last_is_refused() {
    let layout = Layout::new(SALT, 5_000).unwrap();
    let (sealer, opener) = (
        PartSealer::new(&keys(), layout),
        PartOpener::new(&keys(), layout),
    );
    let mut out = vec![1];
    assert_eq!(
        sealer.seal_part(0, &[0; 4_999], &mut out),
        Err(Error::ContentChanged)
    );
    assert_eq!(sealer.seal_part(1, &[], &mut out), Err(Error::NoSuchPart));
    let mut stream = sealed(layout);
    assert_eq!(
        opener.open_part(1, &stream, &mut out),
        Err(Error::NoSuchPart)
    );
    stream.push(0);
    assert_eq!(
        opener.open_part(0, &stream, &mut out),
        Err(Error::Corrupted)
    );
    stream.truncate(stream.len() - 2);
    assert_eq!(
        opener.open_part(0, &stream, &mut out),
        Err(Error::Incomplete)
    );
    assert!(out.is_empty());
}

#[test]
fn a_source_that_grew_or_shrank_is_refused() {
    let layout = Layout::new(SALT, 10).unwrap();
    let mut out = Vec::new();
    let mut sealer = Sealer::new(&keys(), layout, &mut out);
    assert_eq!(sealer.push(&[0; 11], &mut out), Err(Error::ContentChanged));
    assert_eq!(sealer.push(&[0; 9], &mut out), Ok(()));
    assert_eq!(sealer.finish(&mut out), Err(Error::ContentChanged));
    assert_eq!(out.len(), crate::sizes::HEADER);
}

#[test]
fn an_error_stays_and_nothing_comes_after_it() {
    let layout = Layout::new(SALT, 40_000).unwrap();
    let mut stream = sealed(layout);
    stream[56 + 16_400] ^= 1;
    let (mut opener, mut out) = (Opener::new(&keys(), layout), Vec::new());
    assert_eq!(opener.push(&stream, &mut out), Err(Error::Corrupted));
    assert_eq!(out, plaintext(16_384));
    assert_eq!(opener.push(&stream, &mut out), Err(Error::Corrupted));
    assert_eq!(out.len(), 16_384);
    assert_eq!(opener.finish(), Err(Error::Corrupted));
}

#[test]
fn an_opener_that_saw_no_end_says_incomplete() {
    let layout = Layout::new(SALT, 16_384).unwrap();
    let stream = sealed(layout);
    for length in [0, 55, 56, 57, 56 + 16_400, stream.len() - 1] {
        assert_eq!(
            opened(layout, &stream[..length]).0,
            Err(Error::Incomplete),
            "{length}"
        );
    }
    assert_eq!(opened(layout, &stream), (Ok(()), plaintext(16_384)));
}
