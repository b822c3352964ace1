//! The key schedule, and phrases.

use send_crypto::keys::{OwnerToken, Passphrase, Secret, TransferKeys};
use send_crypto::link::{Kdf, Link};
use send_crypto::phrase::Phrase;
use serde_json::{Value, json};

pub(crate) fn schedule() -> Value {
    let secrets = [
        ("counting", counting()),
        ("zeros", [0; 32]),
        ("ones", [255; 32]),
        ("sevens", [7; 32]),
    ];
    let mut cases: Vec<Value> = secrets
        .iter()
        .map(|(name, secret)| without_passphrase(name, *secret))
        .collect();
    let long = "a".repeat(1_024);
    for (name, passphrase) in [
        ("passphrase", "correct horse battery staple"),
        ("passphrase_nfkc", "Pa\u{17f}\u{17f}word \u{2460}"),
        ("passphrase_nfkc_form", "Password 1"),
        ("passphrase_decomposed", "cafe\u{301} \u{1f600}"),
        ("passphrase_of_1024_bytes", &long),
        ("passphrase_with_spaces_kept", " a  b "),
    ] {
        cases.push(with_passphrase(name, passphrase));
    }
    for (name, passphrase) in [
        ("passphrase_empty", String::new()),
        ("passphrase_of_1026_bytes", "\u{fb01}".repeat(513)),
    ] {
        cases.push(json!({ "name": name, "secret": hex::encode(counting()), "kdf": 1, "passphrase": passphrase, "error": "bad_passphrase" }));
    }
    let token = OwnerToken::from_bytes([0x20; 32]);
    let owner = json!({ "owner_token": hex::encode(token.expose()), "owner_verifier": token.verifier().to_string() });
    json!({ "cases": cases, "owner": [owner] })
}

fn counting() -> [u8; 32] {
    std::array::from_fn(|i| i as u8)
}

fn without_passphrase(name: &str, secret: [u8; 32]) -> Value {
    let secret = Secret::from_bytes(secret);
    let keys = TransferKeys::without_passphrase(&secret);
    let link = Link {
        kdf: Kdf::None,
        secret,
    };
    case(name, &link, None, &keys)
}

fn with_passphrase(name: &str, typed: &str) -> Value {
    let secret = Secret::from_bytes(counting());
    let passphrase = Passphrase::new(typed).expect("the list holds valid passphrases");
    let keys = TransferKeys::with_passphrase(&secret, &passphrase);
    let link = Link {
        kdf: Kdf::Passphrase,
        secret,
    };
    case(name, &link, Some(typed), &keys)
}

fn case(name: &str, link: &Link, passphrase: Option<&str>, keys: &TransferKeys) -> Value {
    let mut case = json!({
        "name": name,
        "secret": hex::encode(link.secret.expose()),
        "kdf": u8::from(passphrase.is_some()),
        "link": *link.text(),
        "id": keys.id.to_string(),
        "content": hex::encode(keys.content.expose()),
        "manifest": hex::encode(keys.manifest.expose()),
        "link_token": hex::encode(keys.link_token.expose()),
        "read_token": hex::encode(keys.read_token.expose()),
        "reader_token": hex::encode(keys.reader_token().expose()),
        "link_verifier": keys.link_token.verifier().to_string(),
        "read_verifier": keys.read_token.verifier().to_string(),
    });
    if let Some(passphrase) = passphrase {
        case["passphrase"] = passphrase.into();
    }
    case
}

pub(crate) fn phrases() -> Value {
    let valid = [
        ("six_words", "abacus-zoom-lizard-cobalt-unfold-crisp"),
        ("spaces", "abacus zoom lizard cobalt unfold crisp"),
        (
            "capitals_and_white_space_around",
            "  Abacus ZOOM\tlizard - Cobalt\nunfold crisp\r\n",
        ),
        ("five_words", "abacus-abdomen-ability-able-zoom"),
        (
            "ten_words",
            "zoom-zone-zips-zesty-zero-zen-abacus-able-ability-abide",
        ),
        (
            "hyphens_repeated",
            "--abacus--zoom--lizard--cobalt--unfold-",
        ),
        ("words_of_no_list", "abacsu zoomm xyz q unfold"),
        ("one_word_six_times", "zoom-zoom-zoom-zoom-zoom-zoom"),
    ];
    let refused = [
        ("empty", ""),
        ("hyphens_alone", "-----"),
        ("four_words", "abacus-zoom-lizard-cobalt"),
        ("four_words_and_spaces", " abacus zoom lizard  cobalt "),
        (
            "eleven_words",
            "zoom-zoom-zoom-zoom-zoom-zoom-zoom-zoom-zoom-zoom-zoom",
        ),
        (
            "accented_letter",
            "caf\u{e9}-zoom-lizard-cobalt-unfold-crisp",
        ),
        ("underscore", "abacus_zoom-lizard-cobalt-unfold-crisp"),
        ("digits", "abacus-zoom-lizard-cobalt-unfold-1234"),
        (
            "full_stops_between",
            "abacus.zoom.lizard.cobalt.unfold.crisp",
        ),
        (
            "cyrillic_letter",
            "\u{430}bacus-zoom-lizard-cobalt-unfold-crisp",
        ),
        (
            "full_width_letters",
            "\u{ff41}bacus-zoom-lizard-cobalt-unfold-crisp",
        ),
        (
            "no_break_space",
            "abacus\u{a0}zoom lizard cobalt unfold crisp",
        ),
    ];
    let mut cases: Vec<Value> = valid
        .into_iter()
        .map(|(name, typed)| phrase(name, typed))
        .collect();
    cases.extend(
        refused.map(|(name, typed)| json!({ "name": name, "typed": typed, "error": "bad_phrase" })),
    );
    json!({ "cases": cases })
}

fn phrase(name: &str, typed: &str) -> Value {
    let phrase: Phrase = typed.parse().expect("the list holds valid phrases");
    json!({ "name": name, "typed": typed, "text": phrase.text(), "secret": hex::encode(phrase.secret().expose()) })
}
