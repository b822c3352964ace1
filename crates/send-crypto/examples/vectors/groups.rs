//! The groups of vectors, one a file.
//!
//! Whatever a group says of an error, or of how much may be released, is written by hand, not taken
//! from what the crate does.

pub(crate) mod hostile;
mod keys;
mod link;
pub(crate) mod manifest;
mod older;
pub(crate) mod plaintext;
mod sizes;
mod streams;
pub(crate) mod transfers;

use std::fmt::Write;

use serde_json::Value;

/// The file name and the content of every group.
pub(crate) fn all() -> Vec<(&'static str, Value)> {
    vec![
        ("link.json", link::group()),
        ("keys.json", keys::schedule()),
        ("phrase.json", keys::phrases()),
        ("padme.json", sizes::group()),
        ("manifest.json", manifest::group()),
        ("streams.json", streams::group()),
        ("transfers.json", transfers::group()),
        ("hostile.json", hostile::group()),
        ("older.json", older::group()),
    ]
}

/// Writes a group with one case a line, so that a change shows as one.
pub(crate) fn write(group: &Value) -> Result<String, Box<dyn std::error::Error>> {
    let fields = group.as_object().ok_or("a group is an object")?;
    let mut text = String::from("{\n");
    for (at, (key, value)) in fields.iter().enumerate() {
        let comma = if at + 1 == fields.len() { "" } else { "," };
        match value {
            Value::Array(cases) => {
                let lines: Vec<String> = cases.iter().map(Value::to_string).collect();
                writeln!(text, "\"{key}\": [\n{}\n]{comma}", lines.join(",\n"))?;
            }
            _ => writeln!(text, "\"{key}\": {value}{comma}")?,
        }
    }
    text.push_str("}\n");
    Ok(text)
}
