//! Policies, in one spelling: AWS stores what it was given, and gives some of it back in another.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// The version of the policy language.
const LANGUAGE: &str = "2012-10-17";

/// A policy of IAM, S3 or Lambda: its statements by their ids.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// The version of the policy language: with another the same words mean something else.
    pub version: String,
    /// Each statement below its `Sid`; those without one are numbered.
    #[serde(flatten)]
    pub statements: BTreeMap<String, Value>,
}

impl Document {
    /// A policy of these statements, each with its id, in the words of IAM but without a `Sid`.
    #[must_use]
    pub fn new<S: Into<String>>(statements: impl IntoIterator<Item = (S, Value)>) -> Self {
        let statements = statements.into_iter();
        Self {
            version: LANGUAGE.into(),
            statements: statements
                .map(|(sid, statement)| (sid.into(), spelt(statement)))
                .collect(),
        }
    }

    /// Reads a policy as AWS tells it.
    ///
    /// # Errors
    /// When it is not JSON.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        let mut whole: Map<String, Value> = serde_json::from_str(text)?;
        let statements = match whole.remove("Statement") {
            Some(Value::Array(several)) => several,
            Some(one) => vec![one],
            None => Vec::new(),
        };
        let version = whole.remove("Version");
        Ok(Self {
            // What names none is in the language of 2008.
            version: version
                .as_ref()
                .and_then(Value::as_str)
                .unwrap_or("2008-10-17")
                .into(),
            statements: statements.into_iter().enumerate().map(named).collect(),
        })
    }

    /// As AWS takes it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let statements = self.statements.iter().map(|(sid, statement)| {
            let mut statement = statement.clone();
            if !sid.starts_with('#') {
                statement["Sid"] = json!(sid);
            }
            statement
        });
        json!({ "Version": self.version, "Statement": statements.collect::<Vec<_>>() })
    }
}

fn named((n, statement): (usize, Value)) -> (String, Value) {
    let mut statement = spelt(statement);
    let sid = statement
        .as_object_mut()
        .and_then(|fields| fields.remove("Sid"));
    let sid = sid.as_ref().and_then(Value::as_str).map(str::to_owned);
    (sid.unwrap_or_else(|| format!("#{}", n + 1)), statement)
}

/// One spelling of what AWS may spell in two: a list of one, or in another order, means what the one means.
fn spelt(statement: Value) -> Value {
    match statement {
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (key(name), spelt(value)))
            .collect(),
        Value::Array(several) => {
            let mut several: Vec<_> = several.into_iter().map(spelt).collect();
            several.sort_by_key(Value::to_string);
            several.dedup();
            if several.len() == 1 {
                several.remove(0)
            } else {
                Value::Array(several)
            }
        }
        Value::Bool(one) => Value::String(one.to_string()),
        Value::Number(one) => Value::String(one.to_string()),
        one @ (Value::String(_) | Value::Null) => one,
    }
}

/// Keys of conditions are the same in any case; Lambda writes `AWS:SourceArn`.
fn key(name: String) -> String {
    match name.strip_prefix("AWS:") {
        Some(rest) => format!("aws:{rest}"),
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_policy_are_equal() {
        let ours = Document::new([(
            "Tls",
            json!({ "Effect": "Deny", "Principal": "*", "Action": ["s3:GetObject", "s3:*"], "Condition": { "Bool": { "aws:SecureTransport": "false" } } }),
        )]);
        let theirs = r#"{ "Version": "2012-10-17", "Statement": { "Sid": "Tls", "Effect": "Deny", "Principal": ["*"], "Action": ["s3:*", "s3:GetObject"],
            "Condition": { "Bool": { "aws:SecureTransport": [false] } } } }"#;
        assert_eq!(Document::parse(theirs).unwrap(), ours);
        assert_eq!(Document::parse(&ours.to_json().to_string()).unwrap(), ours);
    }

    #[test]
    fn statements_without_a_name_are_numbered_and_stay_without() {
        let text = r#"{"Statement":[{"Effect":"Allow"},{"Effect":"Deny"}]}"#;
        let document = Document::parse(text).unwrap();
        assert_eq!(document.version, "2008-10-17");
        assert_eq!(document.statements.keys().collect::<Vec<_>>(), ["#1", "#2"]);
        assert!(!document.to_json().to_string().contains("Sid"));
    }
}
