//! The record of an access token, and the pure rules of its use.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::TokenName;
use crate::{
    clock::Millis,
    config::Limits,
    id::{Digest, Nonce, TokenId},
};

/// An access token's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessToken {
    /// Its name, which is what a client of the original's shows.
    pub token_name: TokenName,
    /// How often it may be used; 0 is any number.
    pub usage_limit: u64,
    /// How often it was used.
    pub usage_count: u64,
    /// Where it stands.
    pub status: Status,
    /// Who made it.
    pub created_by: String,
    /// Whatever its maker noted.
    #[serde(default)]
    pub metadata: serde_json::Map<String, serde_json::Value>,
    /// When it was made.
    pub created_at: Millis,
    /// The hash of its secret. With one, its name is no token.
    #[serde(default)]
    pub secret: Option<Digest>,
    /// How many stored bytes may be sent with it in all; 0 is any number.
    #[serde(default)]
    pub bytes_limit: u64,
    /// How many were declared by what was sent with it.
    #[serde(default)]
    pub bytes_used: u64,
    /// How many seconds what is sent with it lives at most; 0 is what the service allows.
    #[serde(default)]
    pub max_age_s: u64,
    /// Who wrote last: a write whose answer was lost is told from another's that came to the same numbers.
    pub writer: Nonce,
}

/// Where an access token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TokenStatus)]
pub enum Status {
    /// Can be used.
    Active,
    /// Was used as often as allowed.
    Exhausted,
    /// Was revoked by an admin.
    Revoked,
}

/// Why a token was not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// There is none of this name.
    NotFound,
    /// It was revoked.
    Revoked,
    /// It was used as often as allowed.
    Exhausted,
    /// It does not allow so many bytes any more.
    TooLarge {
        /// How many it allows.
        left: u64,
    },
    /// It allows a number of bytes only, and the sender does not say how many come.
    Undeclared,
}

/// What whoever shows an access token may send.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Grant {
    /// The token that what is sent belongs to.
    pub token: Option<TokenId>,
    /// How long it may live, where the token says so.
    pub max_age: Option<Duration>,
}

impl Grant {
    /// How long what is sent may live, within what the service allows.
    #[must_use]
    pub fn longest(&self, limits: &Limits) -> Duration {
        limits.max_age.min(self.max_age.unwrap_or(Duration::MAX))
    }
}

impl AccessToken {
    /// A new one that has not been used and may be used any number of times.
    #[must_use]
    pub fn new(token_name: TokenName, created_at: Millis) -> Self {
        Self {
            token_name,
            usage_limit: 0,
            usage_count: 0,
            status: Status::Active,
            created_by: "admin".to_owned(),
            metadata: serde_json::Map::new(),
            created_at,
            secret: None,
            bytes_limit: 0,
            bytes_used: 0,
            max_age_s: 0,
            writer: Nonce::random(),
        }
    }

    /// How many uses are left; -1 is any number.
    #[must_use]
    pub fn remaining(&self) -> i64 {
        match self.usage_limit {
            0 => -1,
            limit => i64::try_from(limit.saturating_sub(self.usage_count)).unwrap_or(i64::MAX),
        }
    }

    /// Why it cannot be used, if so.
    #[must_use]
    pub const fn unusable(&self) -> Option<Unusable> {
        match self.status {
            Status::Active => None,
            Status::Exhausted => Some(Unusable::Exhausted),
            Status::Revoked => Some(Unusable::Revoked),
        }
    }

    /// What it lets its holder send.
    #[must_use]
    pub fn grant(&self) -> Grant {
        Grant {
            token: Some(self.token_name.id()),
            max_age: (self.max_age_s > 0).then(|| Duration::from_secs(self.max_age_s)),
        }
    }

    /// Takes it out of use.
    pub const fn revoke(&mut self) {
        self.status = Status::Revoked;
    }

    /// Puts it into use again, as far as its limit allows.
    pub const fn reactivate(&mut self) {
        self.status = if self.is_used_up() {
            Status::Exhausted
        } else {
            Status::Active
        };
    }

    /// Changes how often it may be used. A revoked one stays revoked.
    pub const fn limit(&mut self, usage_limit: u64) {
        self.usage_limit = usage_limit;
        if !matches!(self.status, Status::Revoked) {
            self.reactivate();
        }
    }

    /// One use more, for so many bytes, if they are declared; the one that reaches the limit exhausts.
    pub(super) fn spend(&mut self, bytes: Option<u64>) -> Result<(), Unusable> {
        if let Some(why) = self.unusable() {
            return Err(why);
        }
        if self.bytes_limit > 0 {
            let left = self.bytes_limit.saturating_sub(self.bytes_used);
            let bytes = bytes.ok_or(Unusable::Undeclared)?;
            if bytes > left {
                return Err(Unusable::TooLarge { left });
            }
        }
        self.bytes_used = self.bytes_used.saturating_add(bytes.unwrap_or(0));
        self.usage_count += 1;
        self.reactivate();
        Ok(())
    }

    const fn is_used_up(&self) -> bool {
        self.usage_limit > 0 && self.usage_count >= self.usage_limit
    }
}

impl Unusable {
    /// The code that clients know.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Revoked => "revoked",
            Self::Exhausted => "exhausted",
            Self::TooLarge { .. } => "too_large",
            Self::Undeclared => "undeclared",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(limit: u64) -> AccessToken {
        let mut token = AccessToken::new("press".parse().unwrap(), Millis(0));
        token.limit(limit);
        token
    }

    #[test]
    fn the_use_that_reaches_the_limit_succeeds_and_exhausts() {
        let mut token = token(2);
        assert_eq!(token.spend(None), Ok(()));
        assert_eq!((token.status, token.remaining()), (Status::Active, 1));
        assert_eq!(token.spend(None), Ok(()));
        assert_eq!((token.status, token.remaining()), (Status::Exhausted, 0));
        assert_eq!(token.spend(None), Err(Unusable::Exhausted));
        token.limit(3);
        assert_eq!(token.status, Status::Active);
        token.limit(1);
        assert_eq!((token.status, token.remaining()), (Status::Exhausted, 0));
    }

    #[test]
    fn revoked_stays_revoked_until_it_is_reactivated() {
        let mut token = token(1);
        token.revoke();
        token.limit(9);
        assert_eq!(token.spend(None), Err(Unusable::Revoked));
        token.reactivate();
        assert_eq!(token.spend(None), Ok(()));
        token.limit(1);
        token.revoke();
        token.reactivate();
        assert_eq!(token.status, Status::Exhausted, "its limit still holds");
    }

    #[test]
    fn bytes_are_counted_as_declared() {
        let mut token = token(0);
        token.bytes_limit = 10;
        assert_eq!(token.spend(None), Err(Unusable::Undeclared));
        assert_eq!(token.spend(Some(11)), Err(Unusable::TooLarge { left: 10 }));
        assert_eq!(token.spend(Some(7)), Ok(()));
        assert_eq!(token.spend(Some(4)), Err(Unusable::TooLarge { left: 3 }));
        assert_eq!((token.usage_count, token.bytes_used), (1, 7));
    }
}
