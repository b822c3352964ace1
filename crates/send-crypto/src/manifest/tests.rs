//! Building, sealing and reading back; the sixty refusals are in `vectors/manifest.json`.

use super::*;
use crate::keys::Secret;

const SALT: Salt = Salt([1; 24]);

fn file(name: &str, size: u64) -> File {
    File {
        name: name.into(),
        mime: "text/plain".into(),
        offset: 0,
        size,
        modified: None,
    }
}

fn refused(files: Vec<File>, note: Option<String>) -> Error {
    Manifest::new(SALT, files, note).unwrap_err()
}

#[test]
fn a_manifest_comes_back_from_its_sealed_form() {
    let keys = TransferKeys::without_passphrase(&Secret::from_bytes([2; 32]));
    let note = Some("for you".to_owned());
    let made = Manifest::new(SALT, vec![file("a", 5_000), file("b/c", 7)], note).unwrap();
    let sealed = made.seal(&keys, Salt([3; 24])).unwrap();
    assert_eq!(sealed.len(), 1_024 + 56 + 16);
    assert_eq!(Manifest::open(&keys, &sealed), Ok(made));
}

#[test]
fn offsets_follow_from_the_sizes_and_names_become_nfc() {
    let made = Manifest::new(SALT, vec![file("a", 5_000), file("cafe\u{301}", 7)], None).unwrap();
    assert_eq!(
        (made.files[1].offset, made.size, made.padded),
        (5_000, 5_007, 5_120)
    );
    assert_eq!(made.files[1].name, "caf\u{e9}");
}

#[test]
fn what_breaks_a_rule_is_not_built() {
    assert_eq!(refused(vec![], None), InvalidManifest::Empty.into());
    assert_eq!(
        refused(vec![file("..", 1)], None),
        InvalidManifest::Name.into()
    );
    assert_eq!(
        refused(vec![file("a", 1), file("A", 1)], None),
        InvalidManifest::NameTwice.into()
    );
    assert_eq!(
        refused(vec![], Some(String::new())),
        InvalidManifest::Note.into()
    );
    assert_eq!(
        refused(vec![], Some("a".repeat(16_385))),
        InvalidManifest::Note.into()
    );
    assert_eq!(
        refused(vec![file("a", u64::MAX), file("b", 1)], None),
        Error::TooLarge
    );
    assert_eq!(refused(vec![file("a", 1 << 39)], None), Error::TooLarge);
    let many = (0..10_001).map(|n| file(&n.to_string(), 0)).collect();
    assert_eq!(refused(many, None), InvalidManifest::TooManyFiles.into());
}

#[test]
fn a_manifest_over_4_mib_is_neither_sealed_nor_read() {
    let keys = TransferKeys::without_passphrase(&Secret::from_bytes([2; 32]));
    let long = |n: usize| format!("{n:05}{}", "\"".repeat(250));
    let files = (0..10_000).map(|n| file(&long(n), 0)).collect();
    let made = Manifest::new(SALT, files, None).unwrap();
    assert_eq!(made.seal(&keys, SALT), Err(InvalidManifest::TooLong.into()));
    assert_eq!(
        Manifest::parse(made.to_json().as_bytes()),
        Err(InvalidManifest::TooLong.into())
    );
    assert_eq!(
        Manifest::open(&keys, &vec![0; 4_300_000]),
        Err(Error::Corrupted)
    );
}
