//! Values of variables, checked, or the sentence that refuses them.

use std::str::FromStr;

/// A variable whose value is not understood.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}={} is not understood: {allowed}", shown(name, value))]
pub struct ConfigError {
    pub(super) name: &'static str,
    pub(super) value: String,
    pub(super) allowed: String,
}

impl ConfigError {
    /// The variable.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

/// The value, for a sentence that ends up in a log: where a hash belongs, people slip and give the secret itself.
fn shown(name: &str, value: &str) -> String {
    if name.ends_with("_SHA256") {
        "(not shown)".to_owned()
    } else {
        format!("{value:?}")
    }
}

pub(super) struct Env<F>(pub(super) F);

impl<F: Fn(&str) -> Option<String>> Env<F> {
    /// A value; an empty one counts as none.
    pub(super) fn text(&self, name: &'static str) -> Option<String> {
        (self.0)(name)
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
    }

    pub(super) fn checked<T>(
        &self,
        name: &'static str,
        allowed: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, ConfigError> {
        let Some(value) = self.text(name) else {
            return Ok(None);
        };
        let parsed = parse(&value);
        parsed.map(Some).ok_or_else(|| ConfigError {
            name,
            value,
            allowed: format!("give {allowed}"),
        })
    }

    pub(super) fn parse<T: FromStr>(
        &self,
        name: &'static str,
        allowed: &str,
    ) -> Result<Option<T>, ConfigError> {
        self.checked(name, allowed, |value| value.parse().ok())
    }

    pub(super) fn list<T>(
        &self,
        name: &'static str,
        allowed: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<T>, ConfigError> {
        let all = |value: &str| value.split(',').map(|one| parse(one.trim())).collect();
        Ok(self.checked(name, allowed, all)?.unwrap_or_default())
    }
}
