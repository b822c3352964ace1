//! Links: twenty that are read, sixty that are not.

use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

const DAMAGED: &str = "damaged_link";
const NEWER: &str = "newer_version";

pub(crate) fn group() -> Value {
    let mut cases = valid_links();
    cases.extend(valid_owner_links());
    cases.extend(damaged_characters());
    cases.extend(damaged_forms());
    cases.extend(damaged_owner_links());
    cases.extend(newer());
    json!({ "cases": cases })
}

fn secret() -> Vec<u8> {
    (0..32).collect()
}

/// A link of these fields with a right check.
fn encode(fields: &[u8]) -> String {
    let hash = digest::digest(&digest::SHA256, &[b"sgraph-send.v1/link", fields].concat());
    URL_SAFE_NO_PAD.encode([fields, &hash.as_ref()[..4]].concat())
}

fn link(version: u8, kdf: u8, secret: &[u8]) -> String {
    encode(&[&[version, kdf], secret].concat())
}

fn owner_link(version: u8) -> String {
    encode(&[[version].as_slice(), &[0x3b; 16], &[0x20; 32]].concat())
}

fn valid_links() -> Vec<Value> {
    let plain = link(1, 0, &secret());
    let texts = [
        ("bare", plain.clone()),
        ("whole_address", format!("https://send.example/d#{plain}")),
        (
            "address_with_port_and_query",
            format!("http://127.0.0.1:8080/d?x=1#{plain}"),
        ),
        ("fragment_alone", format!("#{plain}")),
        (
            "white_space_around",
            format!(" \t\r\n\u{a0}{plain}\u{2003}\u{200b}\u{feff}\n"),
        ),
        (
            "angle_brackets",
            format!("<https://send.example/d#{plain}>"),
        ),
        ("double_quotes", format!("\"{plain}\"")),
        ("single_quotes", format!("'{plain}'")),
        (
            "typographic_quotes",
            format!("\u{201c}https://send.example/d#{plain}\u{201d}"),
        ),
        ("guillemets", format!("\u{ab}{plain}\u{bb}")),
        (
            "end_of_a_sentence",
            format!("https://send.example/d#{plain}."),
        ),
        ("all_that_may_trail", format!("<\"{plain}\">).,;) \n")),
    ];
    let mut cases: Vec<Value> = texts
        .into_iter()
        .map(|(name, text)| valid(name, &text, 0, &secret()))
        .collect();
    cases.push(valid("passphrase", &link(1, 1, &secret()), 1, &secret()));
    cases.push(valid("secret_of_zeros", &link(1, 0, &[0; 32]), 0, &[0; 32]));
    cases.push(valid(
        "secret_of_ones",
        &link(1, 1, &[255; 32]),
        1,
        &[255; 32],
    ));
    cases
}

fn valid(name: &str, text: &str, kdf: u8, secret: &[u8]) -> Value {
    json!({ "name": name, "kind": "link", "text": text, "kdf": kdf, "secret": hex::encode(secret) })
}

fn valid_owner_links() -> Vec<Value> {
    let plain = owner_link(0x81);
    let texts = [
        ("owner_bare", plain.clone()),
        (
            "owner_whole_address",
            format!("https://send.example/m#{plain}"),
        ),
        ("owner_fragment_alone", format!("#{plain}")),
        ("owner_angle_brackets", format!("<{plain}>")),
        ("owner_end_of_a_sentence", format!(" {plain}).")),
    ];
    let (id, token) = (hex::encode([0x3b; 16]), hex::encode([0x20; 32]));
    texts
        .into_iter()
        .map(|(name, text)| json!({ "name": name, "kind": "owner", "text": text, "id": id, "owner_token": token }))
        .collect()
}

fn refused(name: String, kind: &str, text: String, error: &str) -> Value {
    json!({ "name": name, "kind": kind, "text": text, "error": error })
}

/// One character changed, at twenty places.
fn damaged_characters() -> Vec<Value> {
    let plain = link(1, 0, &secret());
    (0..20)
        .map(|n| n * 50 / 19)
        .map(|at| {
            let other = if &plain[at..=at] == "Q" { "g" } else { "Q" };
            let text = format!("{}{other}{}", &plain[..at], &plain[at + 1..]);
            refused(format!("changed_at_{at}"), "link", text, DAMAGED)
        })
        .collect()
}

fn damaged_forms() -> Vec<Value> {
    let plain = link(1, 0, &secret());
    let (head, tail) = plain.split_at(25);
    let last = plain.len() - 1;
    let mut wrong_check = URL_SAFE_NO_PAD.decode(&plain).expect("just encoded");
    wrong_check[37] ^= 1;
    [
        ("empty", String::new()),
        ("white_space_alone", " \n".into()),
        ("address_without_fragment", "https://send.example/d".into()),
        ("empty_fragment", "https://send.example/d#".into()),
        ("last_character_missing", plain[..last].into()),
        ("first_character_missing", plain[1..].into()),
        ("half_missing", head.into()),
        ("one_character_too_many", format!("{plain}A")),
        ("twice", format!("{plain}{plain}")),
        ("base64_padding", format!("{plain}=")),
        ("last_bits_not_zero", format!("{}J", &plain[..last])),
        ("space_inside", format!("{head} {tail}")),
        ("line_break_inside", format!("{head}\n{tail}")),
        ("soft_hyphen_inside", format!("{head}\u{ad}{tail}")),
        ("zero_width_space_inside", format!("{head}\u{200b}{tail}")),
        ("plus_inside", format!("{}+{}", &plain[..46], &plain[47..])),
        ("slash_inside", format!("{}/{}", &plain[..46], &plain[47..])),
        ("percent_encoded", format!("%41{}", &plain[1..])),
        ("all_upper_case", plain.to_uppercase()),
        ("all_lower_case", plain.to_lowercase()),
        ("cyrillic_letter", format!("\u{410}{}", &plain[1..])),
        ("full_width_letter", format!("\u{ff21}{}", &plain[1..])),
        (
            "two_characters_swapped",
            format!(
                "{}{}{}{}",
                &plain[..20],
                &plain[21..22],
                &plain[20..21],
                &plain[22..]
            ),
        ),
        ("text_after", format!("{plain} is the link")),
        ("text_before", format!("link: {plain}")),
        (
            "second_fragment",
            format!("https://send.example/d#{plain}#x"),
        ),
        ("leading_full_stop", format!(".{plain}")),
        ("null_byte_after", format!("{plain}\0")),
        ("wrong_check", URL_SAFE_NO_PAD.encode(wrong_check)),
        ("owner_link_as_link", owner_link(0x81)),
    ]
    .into_iter()
    .map(|(name, text)| refused(name.into(), "link", text, DAMAGED))
    .collect()
}

fn damaged_owner_links() -> Vec<Value> {
    let plain = owner_link(0x81);
    [
        ("owner_last_character_missing", plain[..70].to_owned()),
        ("owner_one_character_too_many", format!("{plain}A")),
        (
            "owner_changed",
            format!("{}B{}", &plain[..30], &plain[31..]),
        ),
        ("link_as_owner_link", link(1, 0, &secret())),
        ("owner_empty", String::new()),
    ]
    .into_iter()
    .map(|(name, text)| refused(name.into(), "owner", text, DAMAGED))
    .collect()
}

fn newer() -> Vec<Value> {
    vec![
        refused("version_2".into(), "link", link(2, 0, &secret()), NEWER),
        refused("version_0".into(), "link", link(0, 0, &secret()), NEWER),
        refused("kdf_2".into(), "link", link(1, 2, &secret()), NEWER),
        refused(
            "version_and_kdf_255".into(),
            "link",
            link(255, 255, &secret()),
            NEWER,
        ),
        refused("owner_version_82".into(), "owner", owner_link(0x82), NEWER),
    ]
}
