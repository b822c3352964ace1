//! Manifests that are not the one that was sealed, or that promise what the content is not.

use send_crypto::cobblestone::{self, Salt};
use send_crypto::manifest::Manifest;
use serde_json::{Value, json};

use super::{AGAIN, Case, LOCKED, OTHER, PARTS, SMALL, case, transfer};
use crate::groups::transfers::file;

pub(super) fn cases() -> Vec<Value> {
    let mut cases = changed();
    cases.extend(sealed_by_the_sender());
    cases.into_iter().map(Case::write).collect()
}

fn changed() -> Vec<Case> {
    let flip = |at: u64| json!([{ "op": "flip", "at": at }]);
    let cut = |to: u64| json!([{ "op": "truncate", "to": to }]);
    let ops = |name, error, ops: Value| case(name, SMALL, error, 0).manifest(json!({ "ops": ops }));
    vec![
        case("manifest_of_another_transfer", SMALL, "wrong_key", 0)
            .manifest(json!({ "from": OTHER })),
        case("manifest_of_another_attempt", SMALL, "corrupted", 0)
            .manifest(json!({ "from": AGAIN })),
        case("content_as_manifest", SMALL, "wrong_key", 0).manifest(json!({ "content_of": SMALL })),
        case("content_too_long_for_a_manifest", PARTS, "corrupted", 0)
            .manifest(json!({ "content_of": PARTS })),
        case("wrong_passphrase", LOCKED, "wrong_key", 0).with("passphrase", "a wrong one".into()),
        ops("manifest_salt_flipped", "wrong_key", flip(3)),
        ops("manifest_commitment_flipped", "wrong_key", flip(55)),
        ops("manifest_chunk_flipped", "corrupted", flip(56)),
        ops("manifest_tag_flipped", "corrupted", flip(1_095)),
        ops("manifest_empty", "incomplete", cut(0)),
        ops("manifest_header_cut", "incomplete", cut(55)),
        ops("manifest_header_alone", "incomplete", cut(56)),
        ops("manifest_cut_in_its_chunk", "corrupted", cut(500)),
        ops(
            "manifest_with_a_byte_after",
            "corrupted",
            json!([{ "op": "append", "hex": "00" }]),
        ),
    ]
}

/// Whoever sealed these held the keys.
fn sealed_by_the_sender() -> Vec<Case> {
    let small = transfer(SMALL);
    let promise = |size: u64, salt: Salt| {
        let manifest =
            Manifest::new(salt, vec![file("a.bin", size)], None).expect("a valid manifest");
        manifest.to_json()
    };
    let valid = promise(40_000, small.content_salt);
    vec![
        case("promises_more_than_there_is", SMALL, "incomplete", 32_768)
            .manifest(sealed(&promise(50_000, small.content_salt)))
            .by_part("incomplete", 0),
        case("promises_less_than_there_is", SMALL, "corrupted", 16_384)
            .manifest(sealed(&promise(20_000, small.content_salt)))
            .by_part("corrupted", 0),
        case("promises_another_salt", SMALL, "corrupted", 0)
            .manifest(sealed(&promise(40_000, Salt([0xee; 24])))),
        case("promises_no_padding", SMALL, "invalid_manifest", 0)
            .manifest(sealed(&valid.replace("40960", "40000"))),
        case("sealed_but_not_json", SMALL, "invalid_manifest", 0).manifest(sealed("not JSON")),
        case("sealed_by_a_newer_version", SMALL, "newer_version", 0)
            .manifest(sealed(&valid.replace("\"v\":1", "\"v\":2"))),
        case("sealed_with_a_climbing_name", SMALL, "invalid_manifest", 0)
            .manifest(sealed(&valid.replace("a.bin", "../a"))),
    ]
}

/// Any text, sealed as the manifest of `small`.
fn sealed(json: &str) -> Value {
    let keys = transfer(SMALL).keys();
    let context = [b"sgraph-send.v1/manifest\0".as_slice(), &keys.id.0].concat();
    let padded = format!("{json:1024}");
    let sealed = cobblestone::seal(
        keys.manifest.expose(),
        &context,
        Salt([0xbc; 24]),
        padded.as_bytes(),
    );
    json!({ "hex": hex::encode(sealed) })
}
