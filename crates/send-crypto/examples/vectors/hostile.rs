//! What a hostile server, or a hostile sender, may give to a reader; and what the reader must say,
//! having released no more than it may.

mod content;
mod manifest;

use send_crypto::cobblestone::Salt;
use send_crypto::keys::Secret;
use serde_json::{Map, Value, json};

use super::plaintext::{Plaintext, sha256_hex};
use super::transfers::{Sealed, Transfer};

/// A transfer of three chunks, of which the last has 8,192 bytes.
const SMALL: &str = "small";
/// The same size, another secret.
const OTHER: &str = "other";
/// The secret of `small`, other salts and other bytes: a second attempt at the same transfer.
const AGAIN: &str = "again";
/// Two full chunks, and a final one that is empty.
const EVEN: &str = "even";
/// Three full parts and a fourth.
const PARTS: &str = "parts";
/// 4,000 bytes, padded to 4,096.
const SHORT: &str = "short";
/// Needs a passphrase.
const LOCKED: &str = "locked";

pub(crate) fn group() -> Value {
    let bases: Vec<Value> = bases()
        .iter()
        .map(|(name, transfer)| base(name, transfer))
        .collect();
    let mut cases = manifest::cases();
    cases.extend(content::cases());
    json!({ "bases": bases, "cases": cases })
}

fn bases() -> Vec<(&'static str, Transfer)> {
    let small = Transfer::of(40_000);
    let again = Transfer {
        content_salt: Salt([0xcc; 24]),
        manifest_salt: Salt([0xdd; 24]),
        seed: 8,
        ..small.clone()
    };
    let other = Transfer {
        secret: Secret::from_bytes([9; 32]),
        ..again.clone()
    };
    let locked = Transfer {
        passphrase: Some("the right one"),
        ..small.clone()
    };
    vec![
        (SMALL, small),
        (OTHER, other),
        (AGAIN, again),
        (EVEN, Transfer::of(32_768)),
        (PARTS, Transfer::of(12_583_912)),
        (SHORT, Transfer::of(4_000)),
        (LOCKED, locked),
    ]
}

fn transfer(name: &str) -> Transfer {
    let found = bases().into_iter().find(|(base, _)| *base == name);
    found.expect("the list holds every base").1
}

fn base(name: &str, transfer: &Transfer) -> Value {
    let Sealed {
        link,
        keys,
        sealed_manifest,
        plaintext,
        content,
        ..
    } = transfer.seal();
    let mut base = json!({
        "name": name,
        "secret": hex::encode(transfer.secret.expose()),
        "link": *link.text(),
        "id": keys.id.to_string(),
        "content_salt": hex::encode(transfer.content_salt.0),
        "plaintext": plaintext.described(),
        "manifest": hex::encode(sealed_manifest),
        "stored": content.len(),
        "sha256": sha256_hex(&content),
    });
    if let Some(passphrase) = transfer.passphrase {
        base["passphrase"] = passphrase.into();
    }
    base
}

/// One thing that a server may do.
struct Case {
    name: &'static str,
    base: &'static str,
    more: Map<String, Value>,
    /// The error class and the released length, of a reader of the stream and of one by parts.
    stream: (Option<&'static str>, u64),
    by_part: (Option<&'static str>, u64),
}

/// A case in which both readers end alike.
fn case(name: &'static str, base: &'static str, error: &'static str, released: u64) -> Case {
    let end = (Some(error), released);
    Case {
        name,
        base,
        more: Map::new(),
        stream: end,
        by_part: end,
    }
}

impl Case {
    /// What the server does to the manifest.
    fn manifest(self, does: Value) -> Self {
        self.with("manifest", does)
    }

    /// What the server does to the content stream.
    fn content(self, ops: Value) -> Self {
        self.with("content", ops)
    }

    /// How a reader by parts ends, if otherwise: it sees the length of a part before its chunks.
    fn by_part(mut self, error: &'static str, released: u64) -> Self {
        self.by_part = (Some(error), released);
        self
    }

    fn with(mut self, key: &str, value: Value) -> Self {
        self.more.insert(key.to_owned(), value);
        self
    }

    fn write(self) -> Value {
        let Self {
            name,
            base,
            mut more,
            stream,
            by_part,
        } = self;
        let seed = transfer(base).seed;
        let end = |(error, length): (Option<&str>, u64)| {
            let released = sha256_hex(&Plaintext { seed, length }.bytes());
            json!({ "error": error, "released": length, "sha256": released })
        };
        more.insert("name".into(), name.into());
        more.insert("base".into(), base.into());
        more.insert("stream".into(), end(stream));
        more.insert("by_part".into(), end(by_part));
        Value::Object(more)
    }
}
