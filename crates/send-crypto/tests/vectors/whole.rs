//! Content streams and whole transfers, sealed and opened, as a stream and by parts.

use send_crypto::Layout;
use send_crypto::content::{Opener, PartOpener, PartSealer, Sealer};
use send_crypto::keys::{Passphrase, Secret, TransferKeys};
use send_crypto::link::Link;
use send_crypto::manifest::{File, Manifest};
use send_crypto::phrase::Phrase;
use serde_json::Value;

use super::groups::plaintext::{Plaintext, sha256_hex};
use super::{each, number, salt, secret, text};

#[test]
fn streams_without_padding() {
    each("streams.json", "cases", |case| {
        let keys = TransferKeys::without_passphrase(&secret(case));
        assert_eq!(keys.id.to_string(), text(case, "id"));
        assert_eq!(hex::encode(keys.content.expose()), text(case, "key"));
        let length = number(&case["plaintext"], "length");
        let layout = Layout::without_padding(salt(case, "salt"), length).unwrap();
        check_content(case, &keys, layout);
    });
}

#[test]
fn whole_transfers() {
    each("transfers.json", "cases", |case| {
        let keys = keys(case);
        let link: Link = text(case, "link").parse().unwrap();
        assert_eq!(
            (link.secret, keys.id.to_string().as_str()),
            (secret(case), text(case, "id"))
        );
        let note = case["note"].as_str().map(str::to_owned);
        let manifest = Manifest::new(salt(case, "content_salt"), files(case), note).unwrap();
        check_manifest(case, &keys, &manifest);
        check_content(case, &keys, manifest.layout());
    });
}

fn keys(case: &Value) -> TransferKeys {
    if let Some(phrase) = case["phrase"].as_str() {
        assert_eq!(phrase.parse::<Phrase>().unwrap().secret(), secret(case));
    }
    keys_of(&secret(case), case["passphrase"].as_str())
}

/// The keys of a secret, and of a passphrase if there is one.
pub(crate) fn keys_of(secret: &Secret, passphrase: Option<&str>) -> TransferKeys {
    match passphrase {
        Some(typed) => TransferKeys::with_passphrase(secret, &Passphrase::new(typed).unwrap()),
        None => TransferKeys::without_passphrase(secret),
    }
}

fn files(case: &Value) -> Vec<File> {
    match case["files"].as_array() {
        Some(files) => files
            .iter()
            .map(|described| file(described, text(described, "n").to_owned()))
            .collect(),
        None => files_by_rule(&case["files_rule"]),
    }
}

fn files_by_rule(rule: &Value) -> Vec<File> {
    let name = |i| text(rule, "n").replace("{i}", &format!("{i:05}"));
    (0..number(rule, "count"))
        .map(|i| file(rule, name(i)))
        .collect()
}

fn file(described: &Value, name: String) -> File {
    File {
        name,
        mime: text(described, "t").to_owned(),
        offset: 0,
        size: number(described, "s"),
        modified: described["m"].as_i64(),
    }
}

fn check_manifest(case: &Value, keys: &TransferKeys, manifest: &Manifest) {
    assert_eq!(
        sha256_hex(manifest.to_json().as_bytes()),
        text(case, "manifest_json_sha256")
    );
    let sealed = manifest.seal(keys, salt(case, "manifest_salt")).unwrap();
    assert_eq!(sealed.len() as u64, number(case, "manifest_stored"));
    assert_eq!(sha256_hex(&sealed), text(case, "manifest_sha256"));
    assert_eq!(Manifest::open(keys, &sealed).as_ref(), Ok(manifest));
}

fn check_content(case: &Value, keys: &TransferKeys, layout: Layout) {
    let plaintext = described(&case["plaintext"]).bytes();
    assert_eq!(sha256_hex(&plaintext), text(case, "plaintext_sha256"));
    let stream = seal(keys, layout, &plaintext);
    assert_eq!(stream.len() as u64, number(case, "stored"));
    assert_eq!(sha256_hex(&stream), text(case, "sha256"));
    let mut opener = Opener::new(keys, layout);
    let mut opened = Vec::new();
    opener.push(&stream, &mut opened).unwrap();
    opener.finish().unwrap();
    assert!(opened == plaintext);
    check_parts(case, keys, layout, &plaintext);
}

fn check_parts(case: &Value, keys: &TransferKeys, layout: Layout, plaintext: &[u8]) {
    let hashes = case["part_sha256"].as_array().unwrap();
    assert_eq!(hashes.len() as u64, layout.part_count());
    let (sealer, opener) = (PartSealer::new(keys, layout), PartOpener::new(keys, layout));
    let (mut part, mut opened) = (Vec::new(), Vec::new());
    for (n, hash) in (0..).zip(hashes) {
        let range = layout.part_files(n);
        let files = &plaintext[range.start as usize..range.end as usize];
        sealer.seal_part(n, files, &mut part).unwrap();
        assert_eq!(sha256_hex(&part), hash.as_str().unwrap());
        opener.open_part(n, &part, &mut opened).unwrap();
        assert!(opened == files);
    }
}

/// The plaintext that a case describes.
pub(crate) fn described(plaintext: &Value) -> Plaintext {
    Plaintext {
        seed: number(plaintext, "seed").try_into().unwrap(),
        length: number(plaintext, "length"),
    }
}

/// The whole stream.
pub(crate) fn seal(keys: &TransferKeys, layout: Layout, plaintext: &[u8]) -> Vec<u8> {
    let mut stream = Vec::new();
    let mut sealer = Sealer::new(keys, layout, &mut stream);
    sealer.push(plaintext, &mut stream).unwrap();
    sealer.finish(&mut stream).unwrap();
    stream
}
