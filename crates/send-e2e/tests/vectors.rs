//! JavaScript runs each vector of the format that Rust runs. That Chromium runs as many as Node is a test of the pages.

use std::{collections::BTreeMap, path::Path, process::Command};

use anyhow::{Context, Result};
use serde_json::Value;

/// The files, and the lists in them, that both languages run: Rust in `send-crypto/tests/vectors`, JavaScript in `ui/test/vectors`.
/// Payloads of the original product are read by Rust alone, so `older.json` is not here.
const LISTS: [(&str, &[&str]); 8] = [
    ("link", &["cases"]),
    ("keys", &["cases", "owner"]),
    ("phrase", &["cases"]),
    ("padme", &["padme", "sizes", "parts", "too_large"]),
    ("manifest", &["cases"]),
    ("streams", &["cases"]),
    ("transfers", &["cases"]),
    ("hostile", &["cases"]),
];

fn count(file: &str, lists: &[&str]) -> Result<usize> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../send-crypto/vectors")
        .join(format!("{file}.json"));
    let vectors: Value = serde_json::from_slice(&std::fs::read(path)?)?;
    let length = |list: &&str| vectors[list].as_array().map(Vec::len);
    let lengths: Option<Vec<usize>> = lists.iter().map(length).collect();
    Ok(lengths.context("a list is not there")?.iter().sum())
}

#[test]
fn javascript_runs_as_many_vectors_as_rust() -> Result<()> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser/count-vectors.js");
    let output = Command::new("node").arg(script).output()?;
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{wrong}");
    let ran: BTreeMap<String, usize> = serde_json::from_slice(&output.stdout)?;
    for (file, lists) in LISTS {
        assert_eq!(ran.get(file), Some(&count(file, lists)?), "{file}");
    }
    assert_eq!(ran.len(), LISTS.len());
    Ok(())
}
