//! Access tokens: who may send, where not everyone may. The admin service makes them; any service checks and counts them in the shared storage.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use storage::{
    Blobs,
    json::{self, Change, Created},
};
use utoipa::ToSchema;

use crate::{
    error::ApiError,
    id::{Digest, Nonce},
    key,
};

/// An access token's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessToken {
    /// Its name, which is what a client shows.
    pub token_name: String,
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
    /// Who counted last: a write whose answer was lost is told from another's that counted to the same number.
    #[serde(default)]
    pub writer: Option<Nonce>,
}

/// Where an access token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
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
}

/// The access tokens in a storage, and the one of the configuration.
#[derive(Clone)]
pub struct AccessTokens {
    blobs: Arc<dyn Blobs>,
    fixed: Option<Digest>,
}

impl AccessToken {
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

    /// One use more; the one that reaches the limit exhausts.
    fn count(&mut self) {
        self.usage_count += 1;
        if self.usage_limit > 0 && self.usage_count >= self.usage_limit {
            self.status = Status::Exhausted;
        }
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
        }
    }
}

impl AccessTokens {
    /// Those in a storage, and the hash of a fixed one.
    #[must_use]
    pub fn new(blobs: Arc<dyn Blobs>, fixed: Option<Digest>) -> Self {
        Self { blobs, fixed }
    }

    /// Stores a new token.
    ///
    /// # Errors
    /// 409 when there is one of this name; the storage's.
    pub async fn create(&self, token: &AccessToken) -> Result<(), ApiError> {
        match json::create(&*self.blobs, &key::access_token(&token.token_name), token).await? {
            Created::New => Ok(()),
            Created::Same | Created::Taken => {
                Err(ApiError::Conflict("There is a token of this name."))
            }
        }
    }

    /// The token of a name.
    ///
    /// # Errors
    /// The storage's.
    pub async fn find(&self, name: &str) -> Result<Option<AccessToken>, ApiError> {
        let found = json::read(&*self.blobs, &key::access_token(name)).await?;
        Ok(found.map(|(token, _)| token))
    }

    /// Counts one use of the token, which is then returned.
    ///
    /// # Errors
    /// The storage's; that it cannot be used is no error.
    pub async fn spend(&self, name: &str) -> Result<Result<AccessToken, Unusable>, ApiError> {
        let path = key::access_token(name);
        let spend = |token: &mut AccessToken| -> Result<_, ApiError> {
            if let Some(why) = token.unusable() {
                return Ok(Change::Keep(Err(why)));
            }
            token.count();
            token.writer = Some(Nonce::random());
            Ok(Change::Write(Ok(token.clone())))
        };
        let spent = crate::store::update(&*self.blobs, &path, spend).await?;
        Ok(spent.unwrap_or(Err(Unusable::NotFound)))
    }

    /// Lets pass who shows a token that can be used, or the fixed one; counts nothing.
    ///
    /// # Errors
    /// 401 without one; the storage's.
    pub async fn check(&self, shown: Option<&str>) -> Result<(), ApiError> {
        let shown = shown.ok_or(NEEDED)?;
        if self.is_fixed(shown) {
            return Ok(());
        }
        match self.find(shown).await? {
            Some(token) if token.status != Status::Revoked => Ok(()),
            _ => Err(REFUSED),
        }
    }

    /// As [`Self::check`], and counts one use.
    ///
    /// # Errors
    /// As there.
    pub async fn admit(&self, shown: Option<&str>) -> Result<(), ApiError> {
        let shown = shown.ok_or(NEEDED)?;
        if self.is_fixed(shown) {
            return Ok(());
        }
        self.spend(shown).await?.map(drop).map_err(|_| REFUSED)
    }

    fn is_fixed(&self, shown: &str) -> bool {
        self.fixed.is_some_and(|hash| hash.same(&Digest::of(shown)))
    }
}

const NEEDED: ApiError = ApiError::Unauthorized("An access token is needed to send from here.");
const REFUSED: ApiError = ApiError::Unauthorized("This access token cannot be used.");
