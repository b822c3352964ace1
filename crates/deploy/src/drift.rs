//! The difference between what is wanted and what is there, field by field.

use std::fmt;

use serde_json::{Map, Value};

/// One field that is not as wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// Where it is: `live.memory_mb`.
    pub field: String,
    /// What should be there; `null` for nothing.
    pub wanted: Value,
    /// What is there; `null` for nothing.
    pub found: Value,
}

/// So many characters of a value are shown: one statement of a policy is shorter, all of them are longer.
const SHOWN: usize = 600;
/// So many before the first that differs.
const BEFORE: usize = 30;

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (found, wanted) = (text(&self.found), text(&self.wanted));
        let same = found.chars().zip(wanted.chars());
        let same = same.take_while(|(one, other)| one == other).count();
        let (found, wanted) = (part(&found, same), part(&wanted, same));
        write!(f, "{}: {found} => {wanted}", self.field)
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => "(none)".into(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Of a long text the part around its first difference.
fn part(text: &str, same: usize) -> String {
    let length = text.chars().count();
    if length <= SHOWN {
        return text.into();
    }
    let from = same.saturating_sub(BEFORE).min(length - SHOWN);
    let shown: String = text.chars().skip(from).take(SHOWN).collect();
    let dots = |cut: bool| if cut { "…" } else { "" };
    format!("{}{shown}{}", dots(from > 0), dots(from + SHOWN < length))
}

/// Compares two specs.
#[must_use]
pub fn drift(wanted: &Value, found: &Value) -> Vec<Drift> {
    let mut all = Vec::new();
    walk("", wanted, found, &mut all);
    all
}

fn walk(path: &str, wanted: &Value, found: &Value, all: &mut Vec<Drift>) {
    if let (Value::Object(wanted), Value::Object(found)) = (wanted, found) {
        for key in keys(wanted, found) {
            let path = if path.is_empty() {
                key.clone()
            } else {
                format!("{path}.{key}")
            };
            walk(&path, field(wanted, key), field(found, key), all);
        }
    } else if wanted != found {
        all.push(Drift {
            field: path.into(),
            wanted: wanted.clone(),
            found: found.clone(),
        });
    }
}

/// All keys of two objects, in order.
fn keys<'a>(one: &'a Map<String, Value>, other: &'a Map<String, Value>) -> Vec<&'a String> {
    let mut keys: Vec<_> = one.keys().chain(other.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn field<'a>(object: &'a Map<String, Value>, key: &str) -> &'a Value {
    object.get(key).unwrap_or(&Value::Null)
}

/// Stands in a plan for what AWS makes up when something is made.
pub const UNKNOWN: &str = "(known once it is made)";

/// What to work towards before everything is there: what is wanted when it is made, except where more than that is there already. What was
/// hardened once is never opened again in order to be hardened anew.
#[must_use]
pub fn without_opening(created: &Value, locked: &Value, found: &Value) -> Value {
    match (created, locked) {
        _ if created == locked => created.clone(),
        (Value::Object(created), Value::Object(locked)) => {
            let next = |key| {
                without_opening(
                    field(created, key),
                    field(locked, key),
                    found.get(key).unwrap_or(&Value::Null),
                )
            };
            let fields = keys(created, locked)
                .into_iter()
                .map(|key| (key.clone(), next(key)));
            fields.filter(|(_, value)| !value.is_null()).collect()
        }
        _ if created == found => created.clone(),
        // Nothing may be opened, and nobody knows yet what to harden it to: it stays.
        _ if locked == UNKNOWN => found.clone(),
        _ => locked.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_field_that_differs_is_named() {
        let wanted = json!({ "memory_mb": 256, "tags": { "App": "user" }, "policy": null });
        let found = json!({ "memory_mb": 128, "tags": { "App": "user", "Mine": "x" }, "policy": { "a": 1 } });
        let lines: Vec<_> = drift(&wanted, &found)
            .iter()
            .map(Drift::to_string)
            .collect();
        assert_eq!(
            lines,
            [
                "memory_mb: 128 => 256",
                "policy: {\"a\":1} => (none)",
                "tags.Mine: x => (none)"
            ]
        );
    }

    #[test]
    fn of_long_values_the_part_that_differs_is_shown() {
        let long = |middle| format!("{}{middle}{}", "a".repeat(1_000), "z".repeat(1_000));
        let lines = drift(
            &json!({ "policy": long("NEW") }),
            &json!({ "policy": long("old") }),
        );
        let line = lines[0].to_string();
        assert!(line.contains("aoldz") && line.contains("aNEWz"), "{line}");
        assert!(line.len() < 1_300, "{line}");
        let gone = drift(&json!({}), &json!({ "policy": long("") }))[0].to_string();
        assert!(
            gone.starts_with("policy: aaa") && gone.ends_with("a… => (none)"),
            "{gone}"
        );
    }

    #[test]
    fn what_is_as_wanted_has_no_drift() {
        let spec = json!({ "a": [1, 2], "b": { "c": null } });
        assert_eq!(drift(&spec, &spec), []);
    }

    #[test]
    fn hardened_fields_stay_hardened_and_others_are_made() {
        let created =
            json!({ "policy": null, "memory": 256, "door": { "hash": null, "storage": "s3" } });
        let locked =
            json!({ "policy": "deny", "memory": 256, "door": { "hash": "abc", "storage": "s3" } });
        let hardened = json!({ "policy": "deny", "memory": 128, "door": { "hash": "abc", "storage": "file" } });
        assert_eq!(
            without_opening(&created, &locked, &hardened),
            locked,
            "the memory is mended, nothing is opened"
        );
        let changed =
            json!({ "policy": "other", "memory": 256, "door": { "hash": "old", "storage": "s3" } });
        assert_eq!(
            without_opening(&created, &locked, &changed),
            locked,
            "what was changed is hardened, not opened"
        );
        let fresh = without_opening(
            &created,
            &locked,
            &json!({ "memory": 256, "door": { "storage": "s3" } }),
        );
        assert_eq!(
            fresh,
            json!({ "memory": 256, "door": { "storage": "s3" } }),
            "what was never hardened waits"
        );
    }

    #[test]
    fn what_nobody_knows_yet_is_never_written() {
        let [created, locked] = [json!({ "hash": null }), json!({ "hash": UNKNOWN })];
        assert_eq!(
            without_opening(&created, &locked, &json!({ "hash": "old" })),
            json!({ "hash": "old" })
        );
        assert_eq!(without_opening(&created, &locked, &json!({})), json!({}));
    }
}
