//! The files below `.github`, as values.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde_json::Value;

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All workflows, by their files' names.
pub(crate) fn workflows() -> Result<BTreeMap<String, Value>> {
    let folder = fs::read_dir(root().join(".github/workflows"))?;
    let named = folder.map(|file| {
        let name = file?.file_name().to_string_lossy().into_owned();
        Ok((name.clone(), workflow(&name)?))
    });
    named.collect()
}

/// The workflow in this file.
pub(crate) fn workflow(file: &str) -> Result<Value> {
    read(&format!(".github/workflows/{file}"))
}

/// All actions of ours, by their folders' names.
pub(crate) fn actions() -> Result<BTreeMap<String, Value>> {
    let folder = fs::read_dir(root().join(".github/actions"))?;
    let named = folder.map(|file| {
        let name = file?.file_name().to_string_lossy().into_owned();
        Ok((name.clone(), action(&name)?))
    });
    named.collect()
}

/// The action in this folder.
pub(crate) fn action(name: &str) -> Result<Value> {
    read(&format!(".github/actions/{name}/action.yml"))
}

fn read(path: &str) -> Result<Value> {
    let text = fs::read_to_string(root().join(path)).with_context(|| path.to_owned())?;
    // `on` is a word, as in YAML 1.2.
    let options = serde_saphyr::options! { strict_booleans: true };
    serde_saphyr::from_str_with_options(&text, options).with_context(|| path.to_owned())
}

/// A text, or nothing where there is none.
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The keys of a mapping, or the items of a sequence, or the one word that is there: what `needs` and `on` may be.
pub(crate) fn names(value: &Value) -> Vec<String> {
    match value {
        Value::Object(map) => map.keys().cloned().collect(),
        Value::Array(items) => items.iter().map(|item| text(item).to_owned()).collect(),
        Value::String(word) => vec![word.clone()],
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}
