//! The values that two other implementations computed before this one was written.

use send_crypto::cobblestone::{self, Salt};
use send_crypto::keys::{OwnerToken, TransferId, TransferKeys};
use send_crypto::legacy::{self, FriendlyToken, OldKey};
use send_crypto::link::{Link, OwnerLink};
use send_crypto::manifest::{File, Manifest};
use send_crypto::phrase::Phrase;
use send_crypto::{Layout, sizes};
use serde_json::Value;

use super::groups::plaintext::sha256_hex;
use super::whole::{keys_of, seal};
use super::{array, bytes, number, read, text};

fn known(key: &str) -> Value {
    read("known-answers.json")[key].take()
}

#[test]
fn known_key_schedules() {
    for case in known("schedule").as_array().unwrap() {
        let link: Link = text(case, "link").parse().unwrap();
        assert_eq!(link.secret.expose(), &array(&case["inputs"], "S"));
        assert_eq!(*link.text(), text(case, "link"));
        let keys = keys_of(&link.secret, case["inputs"]["passphrase"].as_str());
        assert_eq!(keys.id.to_string(), text(case, "id"));
        assert_eq!(keys.link_token.expose(), &array(case, "link_token"));
        assert_eq!(keys.content.expose(), &array(case, "content"));
        assert_eq!(keys.manifest.expose(), &array(case, "manifest"));
        assert_eq!(keys.read_token.expose(), &array(case, "read_token"));
        assert_eq!(
            keys.link_token.verifier().to_string(),
            text(case, "link_verifier")
        );
        assert_eq!(
            keys.read_token.verifier().to_string(),
            text(case, "read_verifier")
        );
    }
}

#[test]
fn known_owner_link_and_verifier() {
    let case = known("owner");
    let token = OwnerToken::from_bytes(array(&case["inputs"], "owner_token"));
    assert_eq!(token.verifier().to_string(), text(&case, "owner_verifier"));
    let link: OwnerLink = text(&case, "link").parse().unwrap();
    assert_eq!(link.token, token);
    assert_eq!(link.id, TransferId(array(&known("schedule")[0], "id")));
    assert_eq!(*link.text(), text(&case, "link"));
}

#[test]
fn known_phrase() {
    let case = known("phrase");
    let phrase: Phrase = text(&case["inputs"], "phrase").parse().unwrap();
    assert_eq!(phrase.secret().expose(), &array(&case, "S"));
}

#[test]
fn known_lengths() {
    for (length, padded) in known("padme").as_object().unwrap() {
        assert_eq!(Some(sizes::padme(length.parse().unwrap())), padded.as_u64());
    }
    for case in known("parts").as_array().unwrap() {
        let layout = Layout::new(Salt([0; 24]), number(case, "plaintext")).unwrap();
        assert_eq!(layout.padded(), number(case, "padded"));
        assert_eq!(layout.stored_len(), number(case, "stored"));
        assert_eq!(layout.part_count(), number(case, "part_count"));
    }
}

/// The keys of the first schedule, which the other cases use.
fn keys() -> TransferKeys {
    let link: Link = text(&known("schedule")[0], "link").parse().unwrap();
    TransferKeys::without_passphrase(&link.secret)
}

#[test]
fn known_stream() {
    let case = known("stream");
    let inputs = &case["inputs"];
    let keys = keys();
    assert_eq!(keys.content.expose(), &array(inputs, "key"));
    let salt = Salt(array(inputs, "salt"));
    let plaintext = text(inputs, "plaintext").as_bytes();
    let layout = Layout::without_padding(salt, plaintext.len() as u64).unwrap();
    assert_eq!(seal(&keys, layout, plaintext), bytes(&case, "hex"));
    let context = [b"sgraph-send.v1/content\0".as_slice(), &keys.id.0].concat();
    assert_eq!(
        cobblestone::seal(keys.content.expose(), &context, salt, plaintext),
        bytes(&case, "hex")
    );
}

#[test]
fn known_transfer() {
    let case = known("transfer");
    let inputs = &case["inputs"];
    let described = &inputs["files"][0];
    let content = text(described, "bytes").as_bytes();
    let file = File {
        name: text(described, "n").to_owned(),
        mime: text(described, "t").to_owned(),
        offset: 0,
        size: content.len() as u64,
        modified: None,
    };
    let manifest = Manifest::new(Salt(array(inputs, "content_salt")), vec![file], None).unwrap();
    assert_eq!(manifest.to_json(), text(inputs, "manifest_json"));
    let sealed = manifest
        .seal(&keys(), Salt(array(inputs, "manifest_salt")))
        .unwrap();
    assert_eq!(sealed.len() as u64, number(&case, "manifest_length"));
    assert_eq!(sha256_hex(&sealed), text(&case, "manifest_sha256"));
    let stream = seal(&keys(), manifest.layout(), content);
    assert_eq!(stream.len() as u64, number(&case, "content_length"));
    assert_eq!(sha256_hex(&stream), text(&case, "content_sha256"));
}

#[test]
fn known_older_payload_and_friendly_token() {
    let case = known("older_payload");
    let key: OldKey = text(&case, "key_text").parse().unwrap();
    assert_eq!(key.expose(), &array(&case["inputs"], "key"));
    let file = legacy::open(&key, bytes(&case, "hex")).unwrap();
    assert_eq!(file.name.as_deref(), case["inputs"]["filename"].as_str());
    assert_eq!(file.content, text(&case["inputs"], "content").as_bytes());

    let case = known("friendly");
    let token: FriendlyToken = text(&case["inputs"], "token").parse().unwrap();
    assert_eq!(token.id().to_string(), text(&case, "id"));
    assert_eq!(token.key(), text(&case, "key_text").parse().unwrap());
}
