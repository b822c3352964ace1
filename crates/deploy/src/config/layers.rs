//! Tables laid over each other, of which each key still knows the file and line that it came from.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use serde::de::DeserializeOwned;
use toml::{
    Table, Value,
    de::{DeTable, DeValue},
};

/// What was said, and where.
#[derive(Default)]
pub(super) struct Layers {
    values: Table,
    /// By dotted key: `base.toml:12`, `AWS_REGION`, `--region`.
    places: BTreeMap<String, String>,
}

impl Layers {
    /// Lays a file over what is there: tables key by key, everything else whole.
    pub(super) fn lay(&mut self, file: &str, text: &str) -> Result<()> {
        let keys = match DeTable::parse(text) {
            Ok(keys) => keys.into_inner(),
            Err(error) => bail!(
                "{file}:{}: {}",
                line(text, error.span().map_or(0, |span| span.start)),
                error.message()
            ),
        };
        note(&keys, "", &mut |key, at| {
            let place = format!("{file}:{}", line(text, at));
            self.places.insert(key, place);
        });
        merge(&mut self.values, toml::from_str(text)?);
        Ok(())
    }

    /// Says one key otherwise.
    pub(super) fn set(&mut self, place: &str, key: &str, value: impl Into<Value>) {
        self.values.insert(key.into(), value.into());
        self.places.insert(key.into(), place.into());
    }

    /// Where a key, or the nearest above it, was said.
    pub(super) fn place(&self, key: &str) -> Option<&str> {
        let above = std::iter::successors(Some(key), |key| Some(key.rsplit_once('.')?.0));
        above
            .filter_map(|key| self.places.get(key))
            .map(String::as_str)
            .next()
    }

    /// All of it as a value, in which each key must be known and of its type.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T> {
        let read = serde_path_to_error::deserialize(Value::Table(self.values.clone()));
        read.or_else(|error| {
            let (key, reason) = (error.path().to_string(), plainly(error.inner().message()));
            match self.place(&key) {
                Some(place) => bail!("{place}: {key}: {reason}"),
                None => bail!("{reason}"),
            }
        })
    }
}

fn merge(below: &mut Table, above: Table) {
    for (key, value) in above {
        match (below.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => merge(below, above),
            (_, value) => {
                below.insert(key, value);
            }
        }
    }
}

/// Tells every key of a table and where it begins.
fn note(table: &DeTable<'_>, above: &str, told: &mut impl FnMut(String, usize)) {
    for (key, value) in table {
        let dotted = format!("{above}{}", key.get_ref());
        told(dotted.clone(), key.span().start);
        if let DeValue::Table(below) = value.get_ref() {
            note(below, &format!("{dotted}."), told);
        }
    }
}

/// Lines count from one.
fn line(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count()
}

/// The reader's sentence, without the types of a programming language.
fn plainly(message: &str) -> String {
    let message = message.trim_end();
    let number = ["i32", "usize"].iter().find_map(|of| {
        let start = message.strip_suffix(of)?;
        Some(format!("{start}a whole number"))
    });
    number.unwrap_or_else(|| message.to_owned())
}
