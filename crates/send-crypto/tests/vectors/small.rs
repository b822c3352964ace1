//! Links, keys, phrases, lengths, manifests.

use send_crypto::keys::{OwnerToken, Passphrase, TransferKeys};
use send_crypto::link::{Kdf, Link, OwnerLink};
use send_crypto::manifest::Manifest;
use send_crypto::phrase::Phrase;
use send_crypto::{Error, Layout, sizes};
use serde_json::Value;

use super::{array, each, expect, number, salt, secret, text};

#[test]
fn links() {
    each("link.json", "cases", |case| match text(case, "kind") {
        "link" => {
            if let Some(link) = expect(case, text(case, "text").parse::<Link>()) {
                assert_eq!(u64::from(link.kdf == Kdf::Passphrase), number(case, "kdf"));
                assert_eq!(link.secret, secret(case));
                assert!(text(case, "text").contains(&*link.text()));
            }
        }
        "owner" => {
            if let Some(link) = expect(case, text(case, "text").parse::<OwnerLink>()) {
                assert_eq!(link.id.to_string(), text(case, "id"));
                assert_eq!(
                    link.token,
                    OwnerToken::from_bytes(array(case, "owner_token"))
                );
                assert!(text(case, "text").contains(&*link.text()));
            }
        }
        kind => panic!("unknown kind {kind}"),
    });
}

#[test]
fn key_schedules() {
    each("keys.json", "cases", |case| {
        if let Some(keys) = expect(case, derive(case)) {
            check_keys(case, &keys);
        }
    });
    each("keys.json", "owner", |case| {
        let token = OwnerToken::from_bytes(array(case, "owner_token"));
        assert_eq!(token.verifier().to_string(), text(case, "owner_verifier"));
    });
}

fn derive(case: &Value) -> Result<TransferKeys, Error> {
    match number(case, "kdf") {
        0 => Ok(TransferKeys::without_passphrase(&secret(case))),
        1 => Passphrase::new(text(case, "passphrase"))
            .map(|passphrase| TransferKeys::with_passphrase(&secret(case), &passphrase)),
        kdf => panic!("unknown kdf {kdf}"),
    }
}

fn check_keys(case: &Value, keys: &TransferKeys) {
    let link: Link = text(case, "link").parse().unwrap();
    assert_eq!(u64::from(link.kdf == Kdf::Passphrase), number(case, "kdf"));
    assert_eq!(link.secret, secret(case));
    assert_eq!(keys.id.to_string(), text(case, "id"));
    assert_eq!(keys.content.expose(), &array(case, "content"));
    assert_eq!(keys.manifest.expose(), &array(case, "manifest"));
    assert_eq!(keys.link_token.expose(), &array(case, "link_token"));
    assert_eq!(keys.read_token.expose(), &array(case, "read_token"));
    assert_eq!(keys.reader_token().expose(), &array(case, "reader_token"));
    assert_eq!(
        keys.link_token.verifier().to_string(),
        text(case, "link_verifier")
    );
    assert_eq!(
        keys.read_token.verifier().to_string(),
        text(case, "read_verifier")
    );
}

#[test]
fn phrases() {
    each("phrase.json", "cases", |case| {
        if let Some(phrase) = expect(case, text(case, "typed").parse::<Phrase>()) {
            assert_eq!(phrase.text(), text(case, "text"));
            assert_eq!(phrase.secret(), secret(case));
        }
    });
}

#[test]
fn lengths() {
    each("padme.json", "padme", |pair| {
        assert_eq!(
            sizes::padme(pair[0].as_u64().unwrap()),
            pair[1].as_u64().unwrap()
        );
    });
    each("padme.json", "sizes", |case| {
        let layout = Layout::new(
            salt(&serde_json::json!({ "salt": "00".repeat(24) }), "salt"),
            number(case, "size"),
        )
        .unwrap();
        assert_eq!(layout.padded(), number(case, "padded"));
        assert_eq!(layout.stored_len(), number(case, "stored"));
        assert_eq!(layout.part_count(), number(case, "part_count"));
        assert_eq!(
            sizes::plaintext_len(layout.stored_len()),
            Some(layout.padded())
        );
    });
    each("padme.json", "parts", |case| {
        let (padded, part) = (number(case, "padded"), number(case, "part"));
        let plaintext = sizes::part_plaintext(padded, part);
        let stored = sizes::part_ciphertext(padded, part);
        assert_eq!(
            serde_json::json!([plaintext.start, plaintext.end]),
            case["plaintext"]
        );
        assert_eq!(
            serde_json::json!([stored.start, stored.end]),
            case["stored"]
        );
    });
    each("padme.json", "too_large", |size| {
        assert_eq!(
            sizes::padded_len(size.as_u64().unwrap()),
            Err(Error::TooLarge)
        );
    });
}

#[test]
fn manifests() {
    each("manifest.json", "cases", |case| {
        let json = manifest_text(case);
        if let Some(manifest) = expect(case, Manifest::parse(&json)) {
            assert_eq!(manifest.files.len() as u64, number(case, "files"));
            let padded = [json, vec![b' '; 1_000]].concat();
            assert_eq!(Manifest::parse(&padded), Ok(manifest));
        }
    });
}

fn manifest_text(case: &Value) -> Vec<u8> {
    if let Some(json) = case["json"].as_str() {
        return json.into();
    }
    if case["hex"].is_string() {
        return super::bytes(case, "hex");
    }
    let rule = &case["rule"];
    let each: Vec<String> = (0..number(rule, "count"))
        .map(|i| text(rule, "each").replace("{i}", &format!("{i:05}")))
        .collect();
    [text(rule, "before"), &each.join(","), text(rule, "after")]
        .concat()
        .into()
}
