//! Manifests that a reader refuses, grouped by the rule that they break.

use serde_json::{Value, json};

use super::{SALT, file, manifest, many_files, named, one_file, two_named};

pub(super) fn cases() -> Vec<Value> {
    let texts = [malformed(), fields(), names(), twice(), sizes(), notes()].concat();
    let mut cases: Vec<Value> = texts
        .into_iter()
        .map(|(name, text)| json!({ "name": name, "json": text, "error": "invalid_manifest" }))
        .collect();
    cases.extend(newer());
    cases.extend(described());
    cases
}

type Cases = Vec<(&'static str, String)>;

fn plain() -> String {
    manifest(5, &one_file(), "")
}

fn malformed() -> Cases {
    let deep = format!(r#","x-deep":{}{}"#, "[".repeat(16), "]".repeat(16));
    vec![
        ("empty", String::new()),
        ("spaces_alone", " ".repeat(1_024)),
        ("cut", plain()[..40].to_owned()),
        ("text_after", plain() + "x"),
        ("second_object_after", plain() + "{}"),
        ("array", format!("[{}]", plain())),
        ("null", "null".to_owned()),
        ("single_quotes", plain().replace('"', "'")),
        ("trailing_comma", plain().replace("]}", "],}")),
        ("comment", plain() + "/* */"),
        ("byte_order_mark", format!("\u{feff}{}", plain())),
        (
            "lone_surrogate",
            manifest(5, &one_file(), r#","note":"\ud800""#),
        ),
        ("key_twice", manifest(5, &one_file(), r#","size":5"#)),
        (
            "key_twice_by_an_escape",
            manifest(5, &one_file(), r#","\u0073ize":5"#),
        ),
        (
            "key_twice_in_a_file",
            plain().replace(r#""o":0"#, r#""o":0,"o":0"#),
        ),
        (
            "key_twice_in_an_experimental_field",
            manifest(5, &one_file(), r#","x-a":{"b":1,"b":1}"#),
        ),
        ("nested_17_deep", manifest(5, &one_file(), &deep)),
    ]
}

fn fields() -> Cases {
    vec![
        ("no_version", plain().replace(r#""v":1,"#, "")),
        ("version_0", plain().replace(r#""v":1"#, r#""v":0"#)),
        (
            "version_as_a_string",
            plain().replace(r#""v":1"#, r#""v":"1""#),
        ),
        (
            "version_one_and_a_half",
            plain().replace(r#""v":1"#, r#""v":1.5"#),
        ),
        ("no_salt", plain().replace("salt", "x-salt")),
        ("salt_too_short", plain().replace(SALT, &SALT[..31])),
        (
            "salt_with_padding",
            plain().replace(SALT, &format!("{}==", &SALT[..30])),
        ),
        ("no_files", plain().replace("files", "x-files")),
        (
            "files_as_an_object",
            plain().replace(":[", ":").replace("]}", "}"),
        ),
        ("file_as_a_string", manifest(0, &[r#""a""#.to_owned()], "")),
        ("unknown_field", manifest(5, &one_file(), r#","extra":1"#)),
        (
            "unknown_field_of_a_file",
            plain().replace(r#""o":0"#, r#""o":0,"mode":7"#),
        ),
        ("no_media_type", plain().replace(r#""t":"","#, "")),
        (
            "media_type_too_long",
            plain().replace(r#""t":"""#, &format!(r#""t":"{}""#, "t".repeat(256))),
        ),
        (
            "media_type_not_ascii",
            plain().replace(r#""t":"""#, "\"t\":\"\u{e9}\""),
        ),
        (
            "modified_as_a_string",
            plain().replace(r#""o":0"#, r#""o":0,"m":"1""#),
        ),
        (
            "modified_null",
            plain().replace(r#""o":0"#, r#""o":0,"m":null"#),
        ),
    ]
}

fn names() -> Cases {
    vec![
        ("name_empty", named("")),
        ("name_absolute", named("/a")),
        ("name_ends_with_a_slash", named("a/")),
        ("name_with_an_empty_segment", named("a//b")),
        ("name_of_a_dot", named("a/./b")),
        ("name_climbs", named("a/../../b")),
        ("name_with_a_backslash", named("a\\b")),
        ("name_with_a_null", named("a\0")),
        ("name_with_a_line_break", named("a\nb")),
        ("name_with_a_c1_control", named("a\u{85}b")),
        ("name_with_a_bidi_override", named("a\u{202e}txt.exe")),
        ("name_with_a_bidi_isolate", named("a\u{2066}b")),
        ("name_not_nfc", named("cafe\u{301}")),
        ("name_of_256_bytes", named(&"\u{e9}".repeat(128))),
    ]
}

fn twice() -> Cases {
    vec![
        ("same_name_twice", two_named("a", "a")),
        ("same_name_but_for_case", two_named("Folder/A", "folder/a")),
        ("same_name_by_sharp_s", two_named("stra\u{df}e", "STRASSE")),
        (
            "same_name_by_final_sigma",
            two_named("\u{3c3}\u{3b1}\u{3c2}", "\u{3a3}\u{391}\u{3a3}"),
        ),
        ("same_name_by_dotted_i", two_named("\u{130}", "i\u{307}")),
        ("same_name_by_ligature", two_named("\u{fb01}le", "FILE")),
    ]
}

fn sizes() -> Cases {
    let gap = [file("a", 0, 4), file("b", 5, 5)];
    let overlap = [file("a", 0, 4), file("b", 3, 5)];
    vec![
        ("first_offset_not_0", manifest(5, &[file("a", 1, 5)], "")),
        ("offsets_with_a_gap", manifest(9, &gap, "")),
        ("offsets_that_overlap", manifest(9, &overlap, "")),
        ("sum_is_not_size", manifest(6, &one_file(), "")),
        ("size_negative", plain().replace(r#""s":5"#, r#""s":-5"#)),
        ("size_of_a_half", plain().replace(r#""s":5"#, r#""s":5.5"#)),
        (
            "size_above_2_53",
            plain().replace(":5", ":9007199254740993"),
        ),
        ("padded_is_size", plain().replace("4096", "5")),
        ("padded_is_more_than_padme", plain().replace("4096", "4352")),
        (
            "size_above_the_limit",
            plain()
                .replace(":5", ":274877906944")
                .replace("4096", "274877906944"),
        ),
    ]
}

fn notes() -> Cases {
    vec![
        ("neither_file_nor_note", manifest(0, &[], "")),
        ("note_empty", manifest(5, &one_file(), r#","note":"""#)),
        ("note_null", manifest(5, &one_file(), r#","note":null"#)),
        (
            "note_too_long",
            manifest(
                5,
                &one_file(),
                &format!(r#","note":"{}n""#, "\u{e9}".repeat(8_192)),
            ),
        ),
    ]
}

fn newer() -> Vec<Value> {
    let two = plain().replace(r#""v":1"#, r#""v":2"#);
    let strange = r#"{"v":3,"everything":"else"}"#.to_owned();
    [("version_2", two), ("version_3_with_other_fields", strange)]
        .into_iter()
        .map(|(name, text)| json!({ "name": name, "json": text, "error": "newer_version" }))
        .collect()
}

/// What has no text, or too much of it.
fn described() -> Vec<Value> {
    let not_utf8 = [plain().as_bytes(), &[0xff]].concat();
    vec![
        json!({ "name": "not_utf_8", "hex": hex::encode(not_utf8), "error": "invalid_manifest" }),
        json!({ "name": "ten_thousand_and_one_files", "rule": many_files(10_001), "error": "invalid_manifest" }),
    ]
}
