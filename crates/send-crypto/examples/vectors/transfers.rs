//! Whole transfers: from a link and files to the manifest and the content that the server stores.

use send_crypto::cobblestone::Salt;
use send_crypto::content::Sealer;
use send_crypto::keys::{Passphrase, Secret, TransferKeys};
use send_crypto::link::{Kdf, Link};
use send_crypto::manifest::{File, Manifest};
use send_crypto::phrase::Phrase;
use serde_json::{Value, json};

use super::plaintext::{Plaintext, sha256_hex};
use super::streams::part_hashes;

/// A transfer with everything that is random otherwise.
#[derive(Clone)]
pub(crate) struct Transfer {
    pub(crate) secret: Secret,
    pub(crate) passphrase: Option<&'static str>,
    pub(crate) phrase: Option<&'static str>,
    pub(crate) content_salt: Salt,
    pub(crate) manifest_salt: Salt,
    pub(crate) files: Vec<File>,
    pub(crate) note: Option<&'static str>,
    pub(crate) seed: u32,
}

/// What the sender makes of it.
pub(crate) struct Sealed {
    pub(crate) keys: TransferKeys,
    pub(crate) link: Link,
    pub(crate) manifest: Manifest,
    pub(crate) sealed_manifest: Vec<u8>,
    pub(crate) plaintext: Plaintext,
    pub(crate) content: Vec<u8>,
}

impl Transfer {
    /// A transfer of one file.
    pub(crate) fn of(size: u64) -> Self {
        Self {
            secret: Secret::from_bytes(std::array::from_fn(|i| i as u8)),
            passphrase: None,
            phrase: None,
            content_salt: Salt([0xaa; 24]),
            manifest_salt: Salt([0xbb; 24]),
            files: vec![file("a.bin", size)],
            note: None,
            seed: 7,
        }
    }

    pub(crate) fn seal(&self) -> Sealed {
        let manifest = Manifest::new(
            self.content_salt,
            self.files.clone(),
            self.note.map(str::to_owned),
        )
        .expect("the files are valid");
        let keys = self.keys();
        let plaintext = Plaintext {
            seed: self.seed,
            length: manifest.size,
        };
        let mut content = Vec::new();
        let mut sealer = Sealer::new(&keys, manifest.layout(), &mut content);
        sealer
            .push(&plaintext.bytes(), &mut content)
            .expect("the length is that of the layout");
        sealer
            .finish(&mut content)
            .expect("the length is that of the layout");
        let kdf = if self.passphrase.is_some() {
            Kdf::Passphrase
        } else {
            Kdf::None
        };
        Sealed {
            sealed_manifest: manifest
                .seal(&keys, self.manifest_salt)
                .expect("the manifest is short enough"),
            link: Link {
                kdf,
                secret: self.secret.clone(),
            },
            keys,
            manifest,
            plaintext,
            content,
        }
    }

    pub(crate) fn keys(&self) -> TransferKeys {
        match self.passphrase {
            Some(typed) => TransferKeys::with_passphrase(
                &self.secret,
                &Passphrase::new(typed).expect("a valid passphrase"),
            ),
            None => TransferKeys::without_passphrase(&self.secret),
        }
    }
}

pub(crate) fn file(name: &str, size: u64) -> File {
    File {
        name: name.to_owned(),
        mime: "application/octet-stream".to_owned(),
        offset: 0,
        size,
        modified: None,
    }
}

pub(crate) fn group() -> Value {
    let mut cases: Vec<Value> = [
        ("empty_file", 0),
        ("one_byte", 1),
        ("no_padding_needed", 4_096),
        ("one_byte_over", 4_097),
        ("chunk", 16_384),
        ("largest_of_one_part", 4_128_768),
        ("smallest_of_two_parts", 4_128_769),
    ]
    .into_iter()
    .map(|(name, size)| case(name, &Transfer::of(size), None))
    .collect();
    cases.extend(
        special()
            .into_iter()
            .map(|(name, transfer)| case(name, &transfer, None)),
    );
    cases.push(ten_thousand_files());
    json!({ "cases": cases })
}

fn special() -> Vec<(&'static str, Transfer)> {
    let one = Transfer::of(5_000);
    let phrase: Phrase = "abacus-zoom-lizard-cobalt-unfold-crisp"
        .parse()
        .expect("a valid phrase");
    let mut dated = one.clone();
    dated.files[0].modified = Some(1_790_000_000_123);
    dated.files.push(File {
        modified: Some(-1),
        ..file("before 1970", 1)
    });
    vec![
        (
            "many_files",
            Transfer {
                files: many_files(),
                ..one.clone()
            },
        ),
        ("modification_times", dated),
        (
            "note",
            Transfer {
                note: Some("Two lines,\n\"quoted\" \\ \u{e9} \u{1f600} \u{2028}"),
                ..one.clone()
            },
        ),
        (
            "note_alone",
            Transfer {
                files: vec![],
                note: Some("no files"),
                ..one.clone()
            },
        ),
        (
            "passphrase",
            Transfer {
                passphrase: Some("Pa\u{17f}\u{17f}word \u{2460}"),
                ..one.clone()
            },
        ),
        (
            "phrase",
            Transfer {
                secret: phrase.secret(),
                phrase: Some("abacus-zoom-lizard-cobalt-unfold-crisp"),
                ..one.clone()
            },
        ),
        (
            "another_seed_and_salts",
            Transfer {
                content_salt: Salt([1; 24]),
                manifest_salt: Salt([2; 24]),
                seed: 99,
                ..one
            },
        ),
    ]
}

fn many_files() -> Vec<File> {
    let mut files = vec![
        file("photos/2026/one.jpg", 20_000),
        file("photos/2026/two.jpg", 0),
        file("caf\u{e9} \u{1f600}.txt", 16_384),
        file("\"quotes\" & <brackets>.html", 1),
        file("no type", 70_000),
    ];
    files[4].mime = String::new();
    files
}

/// Ten thousand small files, described by a rule.
fn ten_thousand_files() -> Value {
    let files = (0..10_000)
        .map(|i| file(&format!("folder/{i:05}.bin"), 3))
        .collect();
    let rule =
        json!({ "count": 10_000, "n": "folder/{i}.bin", "t": "application/octet-stream", "s": 3 });
    case(
        "ten_thousand_files",
        &Transfer {
            files,
            ..Transfer::of(0)
        },
        Some(rule),
    )
}

fn case(name: &str, transfer: &Transfer, rule: Option<Value>) -> Value {
    let sealed = transfer.seal();
    let mut case = json!({
        "name": name,
        "secret": hex::encode(transfer.secret.expose()),
        "content_salt": hex::encode(transfer.content_salt.0),
        "manifest_salt": hex::encode(transfer.manifest_salt.0),
        "plaintext": sealed.plaintext.described(),
        "plaintext_sha256": sha256_hex(&sealed.plaintext.bytes()),
        "link": *sealed.link.text(),
        "id": sealed.keys.id.to_string(),
        "manifest_json_sha256": sha256_hex(sealed.manifest.to_json().as_bytes()),
        "manifest_stored": sealed.sealed_manifest.len(),
        "manifest_sha256": sha256_hex(&sealed.sealed_manifest),
        "stored": sealed.content.len(),
        "sha256": sha256_hex(&sealed.content),
        "part_sha256": part_hashes(&sealed.manifest.layout(), &sealed.content),
    });
    match rule {
        Some(rule) => case["files_rule"] = rule,
        None => case["files"] = transfer.files.iter().map(described).collect(),
    }
    for (key, text) in [
        ("passphrase", transfer.passphrase),
        ("phrase", transfer.phrase),
        ("note", transfer.note),
    ] {
        if let Some(text) = text {
            case[key] = text.into();
        }
    }
    case
}

fn described(file: &File) -> Value {
    let mut described = json!({ "n": file.name, "t": file.mime, "s": file.size });
    if let Some(modified) = file.modified {
        described["m"] = modified.into();
    }
    described
}
