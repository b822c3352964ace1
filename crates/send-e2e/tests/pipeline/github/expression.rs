//! GitHub's expressions: `${{ steps.a.outputs.b || secrets.C }}`, and the same in conditions.

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Map, Value};

/// What names stand for: `inputs`, `env`, `secrets`, .. by name.
pub(crate) type Contexts = Map<String, Value>;

/// The text with each `${{ .. }}` in it replaced by its value.
pub(crate) fn interpolate(text: &str, contexts: &Contexts) -> Result<String> {
    let mut parts = text.split("${{");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (expression, rest) = part.split_once("}}").context("`${{` without `}}`")?;
        whole.push_str(&shown(&evaluate(expression, contexts, true)?)?);
        whole.push_str(rest);
    }
    Ok(whole)
}

/// The value of an expression, where what was before it `succeeded` or not.
pub(crate) fn evaluate(expression: &str, contexts: &Contexts, succeeded: bool) -> Result<Value> {
    let words = words(expression)?;
    let mut reader = Reader {
        words: &words,
        contexts,
        succeeded,
    };
    let value = reader.any().with_context(|| expression.to_owned())?;
    ensure!(
        reader.words.is_empty(),
        "`{expression}` goes on: {:?}",
        reader.words
    );
    Ok(value)
}

/// Whether a value counts as yes.
pub(crate) fn holds(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false)) && value.as_str() != Some("")
}

fn shown(value: &Value) -> Result<String> {
    Ok(match value {
        Value::Null => String::new(),
        Value::Bool(yes) => yes.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(_) | Value::Object(_) => bail!("no text: {value}"),
    })
}

/// Names, texts in quotes, operators and brackets.
fn words(expression: &str) -> Result<Vec<String>> {
    let (mut words, mut rest) = (Vec::new(), expression.trim_start());
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' => 2 + rest[1..].find('\'').context("a text does not end")?,
            '=' | '&' | '|' => 2,
            '!' if rest.starts_with("!=") => 2,
            '(' | ')' | '!' => 1,
            _ => rest
                .find(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c)))
                .unwrap_or(rest.len()),
        };
        ensure!(length > 0, "`{first}` is not known in `{expression}`");
        let (word, left) = rest.split_at(length);
        words.push(word.to_owned());
        rest = left.trim_start();
    }
    Ok(words)
}

struct Reader<'a> {
    words: &'a [String],
    contexts: &'a Contexts,
    succeeded: bool,
}

impl Reader<'_> {
    fn next_is(&mut self, word: &str) -> bool {
        let is = self.words.first().is_some_and(|next| next == word);
        if is {
            self.words = &self.words[1..];
        }
        is
    }

    fn any(&mut self) -> Result<Value> {
        let mut left = self.all()?;
        while self.next_is("||") {
            let right = self.all()?;
            left = if holds(&left) { left } else { right };
        }
        Ok(left)
    }

    fn all(&mut self) -> Result<Value> {
        let mut left = self.equal()?;
        while self.next_is("&&") {
            let right = self.equal()?;
            left = if holds(&left) { right } else { left };
        }
        Ok(left)
    }

    fn equal(&mut self) -> Result<Value> {
        let left = self.one()?;
        for (operator, wanted) in [("==", true), ("!=", false)] {
            if self.next_is(operator) {
                let right = self.one()?;
                return Ok((shown(&left)? == shown(&right)?).eq(&wanted).into());
            }
        }
        Ok(left)
    }

    fn one(&mut self) -> Result<Value> {
        if self.next_is("!") {
            return Ok((!holds(&self.one()?)).into());
        }
        if self.next_is("(") {
            let value = self.any()?;
            ensure!(self.next_is(")"), "a bracket is not closed");
            return Ok(value);
        }
        let (word, rest) = self.words.split_first().context("something is missing")?;
        self.words = rest;
        if let Some(text) = word.strip_prefix('\'') {
            return Ok(text.trim_end_matches('\'').into());
        }
        if self.next_is("(") {
            ensure!(self.next_is(")"), "`{word}` takes nothing");
            return self.state(word);
        }
        self.named(word)
    }

    fn state(&self, function: &str) -> Result<Value> {
        Ok(match function {
            "always" => true,
            "success" => self.succeeded,
            "failure" => !self.succeeded,
            other => bail!("there is no function `{other}` here"),
        }
        .into())
    }

    fn named(&self, name: &str) -> Result<Value> {
        let mut path = name.split('.');
        let first = path.next().unwrap_or_default();
        let context = self.contexts.get(first);
        let context = context.with_context(|| format!("`{first}` is not known here"))?;
        let found = path.try_fold(context, |value, key| value.get(key));
        Ok(found.cloned().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn value(expression: &str) -> Result<Value> {
        let contexts = json!({ "a": { "yes": "true", "b-c": "text", "empty": "" }, "n": {} });
        evaluate(expression, contexts.as_object().context("none")?, false)
    }

    #[test]
    fn an_expression_is_worth_what_github_says() -> Result<()> {
        for (expression, wanted) in [
            ("a.yes == 'true'", json!(true)),
            ("a.yes != 'true' || a.b-c", json!("text")),
            ("n.no == '' && a.empty == ''", json!(true)),
            ("!(a.empty || n.no)", json!(true)),
            ("n.no.further || 'else'", json!("else")),
            ("always() && !success() && failure()", json!(true)),
        ] {
            assert_eq!(value(expression)?, wanted, "{expression}");
        }
        Ok(())
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for expression in [
            "b.c",
            "a.yes == ",
            "(a.yes",
            "a.yes a.yes",
            "contains(a.yes, 't')",
            "a.yes > 'b'",
            "cancelled()",
            "'no end",
        ] {
            assert!(value(expression).is_err(), "{expression}");
        }
    }
}
