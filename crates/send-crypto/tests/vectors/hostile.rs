//! What a reader does with what a hostile server gives it.

use std::collections::HashMap;

use send_crypto::content::{Opener, PartOpener};
use send_crypto::keys::TransferKeys;
use send_crypto::manifest::Manifest;
use send_crypto::{Error, Layout};
use serde_json::Value;

use super::groups::plaintext::sha256_hex;
use super::whole::{described, keys_of, seal};
use super::{bytes, each, number, read, salt, secret, text};

/// A transfer that the server knows.
struct Base {
    case: Value,
    manifest: Vec<u8>,
    content: Vec<u8>,
}

#[test]
fn hostile_servers() {
    let bases = bases();
    each("hostile.json", "cases", |case| {
        let base = &bases[text(case, "base")];
        let passphrase = case["passphrase"]
            .as_str()
            .or(base.case["passphrase"].as_str());
        let keys = keys_of(&secret(&base.case), passphrase);
        let manifest = given_manifest(case, base, &bases);
        let content = changed(&base.content, &case["content"], &bases);
        check(&case["stream"], by_stream(&keys, &manifest, &content));
        check(&case["by_part"], by_part(&keys, &manifest, &content));
    });
}

fn bases() -> HashMap<String, Base> {
    let group = read("hostile.json");
    let bases = group["bases"].as_array().unwrap().iter();
    bases
        .map(|case| (text(case, "name").to_owned(), base(case)))
        .collect()
}

fn base(case: &Value) -> Base {
    let keys = keys_of(&secret(case), case["passphrase"].as_str());
    let plaintext = described(&case["plaintext"]);
    let layout = Layout::new(salt(case, "content_salt"), plaintext.length).unwrap();
    let content = seal(&keys, layout, &plaintext.bytes());
    assert_eq!(content.len() as u64, number(case, "stored"));
    assert_eq!(sha256_hex(&content), text(case, "sha256"));
    Base {
        manifest: bytes(case, "manifest"),
        content,
        case: case.clone(),
    }
}

fn given_manifest(case: &Value, base: &Base, bases: &HashMap<String, Base>) -> Vec<u8> {
    let Some(given) = case["manifest"].as_object() else {
        return base.manifest.clone();
    };
    let (kind, value) = given.iter().next().unwrap();
    match kind.as_str() {
        "from" => bases[value.as_str().unwrap()].manifest.clone(),
        "content_of" => bases[value.as_str().unwrap()].content.clone(),
        "hex" => hex::decode(value.as_str().unwrap()).unwrap(),
        "ops" => changed(&base.manifest, value, bases),
        other => panic!("unknown kind of manifest {other}"),
    }
}

fn changed(original: &[u8], ops: &Value, bases: &HashMap<String, Base>) -> Vec<u8> {
    let mut bytes = original.to_vec();
    for op in ops.as_array().into_iter().flatten() {
        apply(op, &mut bytes, bases);
    }
    bytes
}

fn apply(op: &Value, bytes: &mut Vec<u8>, bases: &HashMap<String, Base>) {
    let at = |key| number(op, key) as usize;
    let source = || bases[text(op, "from")].content[at("start")..at("end")].to_vec();
    match text(op, "op") {
        "flip" => bytes[at("at")] ^= 1,
        "truncate" => bytes.truncate(at("to")),
        "append" => bytes.extend(hex::decode(text(op, "hex")).unwrap()),
        "remove" => drop(bytes.drain(at("start")..at("end"))),
        "copy" => bytes[at("at")..][..at("end") - at("start")].copy_from_slice(&source()),
        "insert" => drop(bytes.splice(at("at")..at("at"), source())),
        other => panic!("unknown operation {other}"),
    }
}

/// How a reader ended, and what it had given out by then.
type End = (Result<(), Error>, Vec<u8>);

fn check(expected: &Value, (ended, released): End) {
    assert_eq!(ended.err().map(Error::class), expected["error"].as_str());
    assert_eq!(released.len() as u64, number(expected, "released"));
    assert_eq!(sha256_hex(&released), text(expected, "sha256"));
}

fn by_stream(keys: &TransferKeys, manifest: &[u8], content: &[u8]) -> End {
    let mut out = Vec::new();
    let ended = Manifest::open(keys, manifest).and_then(|manifest| {
        let mut opener = Opener::new(keys, manifest.layout());
        content
            .chunks(10_000)
            .try_for_each(|piece| opener.push(piece, &mut out))?;
        opener.finish()
    });
    (ended, out)
}

fn by_part(keys: &TransferKeys, manifest: &[u8], content: &[u8]) -> End {
    let mut out = Vec::new();
    let ended = Manifest::open(keys, manifest).and_then(|manifest| {
        let opener = PartOpener::new(keys, manifest.layout());
        let mut opened = Vec::new();
        (0..manifest.layout().part_count()).try_for_each(|part| {
            opener.open_part(
                part,
                part_of(&manifest.layout(), part, content),
                &mut opened,
            )?;
            out.extend_from_slice(&opened);
            Ok(())
        })
    });
    (ended, out)
}

/// What the server gives as part `part`: the last one takes all that is left.
fn part_of<'a>(layout: &Layout, part: u64, content: &'a [u8]) -> &'a [u8] {
    let range = layout.part_stored(part);
    let start = content.len().min(range.start as usize);
    let end = content.len().min(range.end as usize);
    if part + 1 == layout.part_count() {
        &content[start..]
    } else {
        &content[start..end]
    }
}
