//! Manifests: twenty that are valid, sixty that are not.

mod invalid;

use send_crypto::sizes::padded_len;
use serde_json::{Value, json};

/// base64url of 24 bytes 0xaa.
const SALT: &str = "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq";

pub(crate) fn group() -> Value {
    let mut cases = valid();
    cases.extend(invalid::cases());
    json!({ "cases": cases })
}

/// A file of these fields.
fn file(name: &str, offset: u64, size: u64) -> String {
    format!(r#"{{"n":{},"t":"","o":{offset},"s":{size}}}"#, json!(name))
}

/// A manifest with these files, whose sizes are `size` in all, and more fields after them (each
/// with a comma before it).
fn manifest(size: u64, files: &[String], more: &str) -> String {
    let padded = padded_len(size).expect("the list holds valid sizes");
    let files = files.join(",");
    format!(r#"{{"v":1,"salt":"{SALT}","size":{size},"padded":{padded},"files":[{files}]{more}}}"#)
}

fn one_file() -> [String; 1] {
    [file("a.txt", 0, 5)]
}

/// A manifest of one file with this name.
fn named(name: &str) -> String {
    manifest(5, &[file(name, 0, 5)], "")
}

/// A manifest of two empty files with these names.
fn two_named(one: &str, other: &str) -> String {
    manifest(0, &[file(one, 0, 0), file(other, 0, 0)], "")
}

/// Text that is described, not stored: `before`, then `each` `count` times with `{i}` as five
/// digits and commas between, then `after`.
fn rule(count: u32, before: &str, each: &str, after: &str) -> Value {
    json!({ "before": before, "each": each, "count": count, "after": after })
}

/// Empty files, as many as that.
fn many_files(count: u32) -> Value {
    let text = manifest(0, &[], "");
    let (before, after) = text.split_at(text.len() - 2);
    rule(count, before, &file("{i}", 0, 0), after)
}

fn valid() -> Vec<Value> {
    let mut cases: Vec<Value> = [valid_contents(), valid_spellings(), valid_names()]
        .into_iter()
        .flatten()
        .map(|(name, text, files)| json!({ "name": name, "json": text, "files": files }))
        .collect();
    cases
        .push(json!({ "name": "ten_thousand_files", "rule": many_files(10_000), "files": 10_000 }));
    cases
}

/// Name, text, and the number of files.
type Cases = Vec<(&'static str, String, u32)>;

fn valid_contents() -> Cases {
    let largest = (1 << 38) - (1 << 31);
    let two = [file("a", 0, 4), file("b", 4, 5)];
    let modified = one_file()[0].replace('}', r#","m":-9007199254740991}"#);
    let mime = format!(r#""t":"{}""#, "t".repeat(255));
    let mime = one_file()[0].replace(r#""t":"""#, &mime);
    let note = format!(r#","note":"{}""#, "n".repeat(16_384));
    vec![
        ("one_file", manifest(5, &one_file(), ""), 1),
        ("empty_file", manifest(0, &[file("a", 0, 0)], ""), 1),
        ("two_files", manifest(9, &two, ""), 2),
        ("note", manifest(5, &one_file(), r#","note":"hello""#), 1),
        ("note_alone", manifest(0, &[], r#","note":"hello""#), 0),
        ("note_of_16_kib", manifest(0, &[], &note), 0),
        ("modified", manifest(5, &[modified], ""), 1),
        ("longest_media_type", manifest(5, &[mime], ""), 1),
        (
            "largest_transfer",
            manifest(largest, &[file("a", 0, largest)], ""),
            1,
        ),
    ]
}

fn valid_spellings() -> Cases {
    let plain = manifest(5, &one_file(), "");
    let experimental = one_file()[0].replace('}', r#","x-a":null}"#);
    let deep = format!(r#","x-deep":{}{}"#, "[".repeat(15), "]".repeat(15));
    let order =
        format!(r#"{{"files":[],"note":"n","padded":4096,"size":0,"salt":"{SALT}","v":1}}"#);
    let escapes = manifest(5, &one_file(), r#","note":"\u00e9\ud83d\ude00\n\/""#);
    let numbers = plain.replace(":5", ":5.0").replace(":1,", ":1e0,");
    vec![
        (
            "experimental_fields",
            manifest(5, &[experimental], r#","x-b":{"c":[1]}"#),
            1,
        ),
        ("nested_16_deep", manifest(5, &one_file(), &deep), 1),
        ("keys_in_another_order", order, 0),
        (
            "white_space",
            plain.replace(',', " ,\n\t\r") + " \n\t\r   ",
            1,
        ),
        ("escapes", escapes.replace("a.txt", r"\u0061.txt"), 1),
        ("integers_spelled_otherwise", numbers, 1),
    ]
}

fn valid_names() -> Cases {
    let longest = format!("{}/{}", "a".repeat(127), "b".repeat(127));
    let unusual = two_named(".hidden ", "con:*?\"<>|...");
    vec![
        ("longest_name", named(&longest), 1),
        ("unusual_but_allowed_names", unusual, 2),
        (
            "names_that_differ_by_more_than_case",
            two_named("e", "\u{e9}"),
            2,
        ),
        ("folder_and_file_of_one_name", two_named("a", "a/b"), 2),
    ]
}
