//! Transfers of the original product: payloads, links and friendly tokens.

use aws_lc_rs::aead;
use send_crypto::legacy::FriendlyToken;
use serde_json::{Value, json};

const KEY_TEXT: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

/// The magic bytes of the two envelopes.
const B: &[u8] = b"SGMETA\0";
const C: &[u8] = b"SGMETA";

pub(crate) fn group() -> Value {
    json!({ "payloads": payloads(), "links": links(), "tokens": tokens() })
}

/// `IV || ciphertext || tag` under the key of the bytes 0 to 31.
fn seal(plaintext: &[u8]) -> Vec<u8> {
    let key: Vec<u8> = (0..32).collect();
    let key = aead::UnboundKey::new(&aead::AES_256_GCM, &key).expect("32 bytes are a key");
    let iv: [u8; 12] = std::array::from_fn(|i| 0xa0 + i as u8);
    let mut sealed = plaintext.to_vec();
    aead::LessSafeKey::new(key)
        .seal_in_place_append_tag(
            aead::Nonce::assume_unique_for_key(iv),
            aead::Aad::empty(),
            &mut sealed,
        )
        .expect("short enough");
    [iv.as_slice(), &sealed].concat()
}

fn enveloped(magic: &[u8], json: &str, content: &[u8]) -> Vec<u8> {
    [
        magic,
        &(json.len() as u32).to_be_bytes(),
        json.as_bytes(),
        content,
    ]
    .concat()
}

fn payloads() -> Vec<Value> {
    [raw(), in_envelopes(), damaged()].concat()
}

fn raw() -> Vec<Value> {
    let raw = |name, content: &[u8]| opens(name, content, None, content);
    vec![
        raw("raw", b"hello"),
        raw("raw_empty", b""),
        raw("raw_that_begins_like_an_envelope", b"SGMETA and more"),
        raw(
            "envelope_of_an_array_is_content",
            &enveloped(C, "[]", b"hello"),
        ),
        raw(
            "length_beyond_the_end_is_content",
            b"SGMETA\x7f\xff\xff\xff{}",
        ),
        raw("length_below_two_is_content", b"SGMETA\0\0\0\x01{}"),
    ]
}

fn in_envelopes() -> Vec<Value> {
    let named = r#"{"filename":"a.txt"}"#;
    let opens = |name, magic, json, filename, content: &[u8]| {
        opens(name, &enveloped(magic, json, content), filename, content)
    };
    vec![
        opens("envelope_b", B, named, Some("a.txt"), b"hello"),
        opens("envelope_c", C, named, Some("a.txt"), b"hello"),
        opens("envelope_c_without_content", C, named, Some("a.txt"), b""),
        opens(
            "envelope_without_a_name",
            C,
            r#"{"other":1}"#,
            None,
            b"hello",
        ),
        opens(
            "envelope_with_a_number_as_name",
            C,
            r#"{"filename":1}"#,
            None,
            b"hello",
        ),
    ]
}

fn damaged() -> Vec<Value> {
    let mut changed = seal(b"hello");
    changed[14] ^= 1;
    vec![
        refused("changed", &changed, "corrupted"),
        refused("cut", &seal(b"hello")[..32], "corrupted"),
        refused("shorter_than_iv_and_tag", &seal(b"")[..27], "incomplete"),
    ]
}

fn opens(name: &str, plaintext: &[u8], filename: Option<&str>, content: &[u8]) -> Value {
    json!({ "name": name, "key": KEY_TEXT, "payload": hex::encode(seal(plaintext)), "filename": filename, "content": hex::encode(content) })
}

fn refused(name: &str, payload: &[u8], error: &str) -> Value {
    json!({ "name": name, "key": KEY_TEXT, "payload": hex::encode(payload), "error": error })
}

fn links() -> Vec<Value> {
    let with_key = format!("4abd0a491ed3/{KEY_TEXT}");
    let mut cases: Vec<Value> = ["/download/", "/en-gb/gallery/", "https://send.example/pt-BR/browse/", "/view", "/en/v/"]
        .into_iter()
        .map(|page| json!({ "text": format!("{page}#{with_key}"), "kind": "with_key", "id": "4abd0a491ed3", "key": KEY_TEXT }))
        .collect();
    cases.push(json!({ "text": "/en/download/#4abd0a491ed3", "kind": "without_key", "id": "4abd0a491ed3" }));
    cases.push(json!({ "text": "<https://send.example/en/download/#apple-mango-5623>.", "kind": "friendly", "id": "4abd0a491ed3" }));
    let refused = [
        "/d#4abd0a491ed3",
        "/en/other/#4abd0a491ed3",
        "/en/x/download/#4abd0a491ed3",
        "/download/",
        "/download/#4ABD0A491ED3",
        "/download/#4abd0a491ed",
        "/download/#4abd0a491ed3/",
        "/download/#4abd0a491ed3/AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9",
        "/download/#apple-mango-562",
        "/download/#Apple-mango-5623",
    ];
    cases.extend(refused.map(|text| json!({ "text": text, "error": "damaged_link" })));
    cases
}

fn tokens() -> Vec<Value> {
    ["apple-mango-5623", "a-b-0000", "river-stone-9999"]
        .into_iter()
        .map(|text| {
            let token: FriendlyToken = text.parse().expect("a valid token");
            json!({ "token": text, "id": token.id().to_string(), "key": hex::encode(token.key().expose()) })
        })
        .collect()
}
