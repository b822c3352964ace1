//! What an access token is called.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

use super::secret;
use crate::id::TokenId;

/// The longest name.
const LONGEST: usize = 128;

/// The name of an access token: what the original's clients show as the token itself, so it may be a secret.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct TokenName(String);

/// The text is no token's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be 1 to {LONGEST} of A to Z, a to z, 0 to 9, `_`, `-` and `.`, and not begin with `sgs_`"
)]
pub struct InvalidName;

impl TokenName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Names the token where its name must not be told.
    #[must_use]
    pub fn id(&self) -> TokenId {
        TokenId::of_name(&self.0)
    }
}

impl FromStr for TokenName {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b"_-.".contains(&b);
        let valid = (1..=LONGEST).contains(&text.len()) && text.bytes().all(allowed);
        if valid && !text.starts_with(secret::PREFIX) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidName)
        }
    }
}

impl fmt::Display for TokenName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name may be all that a token needs, so it is not shown.
impl fmt::Debug for TokenName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenName(..)")
    }
}

impl<'de> Deserialize<'de> for TokenName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl PartialSchema for TokenName {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some(r"^(?!sgs_)[A-Za-z0-9_.\-]{1,128}$"))
            .into()
    }
}

impl ToSchema for TokenName {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_fits_an_address_and_is_no_secret() {
        for good in ["press", "A.b-c_9", &"x".repeat(128)] {
            assert_eq!(good.parse::<TokenName>().unwrap().as_str(), good);
        }
        let long = "x".repeat(129);
        for bad in ["", " press", "a/b", "a b", "é", "sgs_x", "a\n", &long] {
            assert_eq!(bad.parse::<TokenName>(), Err(InvalidName), "{bad:?}");
        }
    }

    #[test]
    fn debug_shows_no_name() {
        let name: TokenName = "press".parse().unwrap();
        assert_eq!(format!("{name:?}"), "TokenName(..)");
    }
}
