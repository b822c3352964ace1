//! Access tokens: who may send, where not everyone may. The admin service makes them; any service checks and counts them in the
//! shared storage, one object a token.
//!
//! - `name`, `secret`: what a client shows, the one or the other
//! - `record`: what is kept of a token, and the rules of its use

mod name;
mod record;
mod secret;

use std::sync::Arc;

use storage::{
    Blobs,
    json::{self, Change, Created},
};

pub use name::{InvalidName, TokenName};
pub use record::{AccessToken, Grant, Status, Unusable};
pub use secret::TokenSecret;

use crate::{
    error::ApiError,
    id::{Digest, Nonce, TokenId},
    key, store,
    turns::Turns,
};

/// The access tokens in a storage, and the one of the configuration.
#[derive(Clone)]
pub struct AccessTokens {
    blobs: Arc<dyn Blobs>,
    fixed: Option<Digest>,
    turns: Turns,
}

/// A page of tokens, and after which of them the next begins.
pub type Tokens = (Vec<AccessToken>, Option<TokenId>);

impl AccessTokens {
    /// Those in a storage, and the hash of a fixed one.
    #[must_use]
    pub fn new(blobs: Arc<dyn Blobs>, fixed: Option<Digest>) -> Self {
        Self {
            blobs,
            fixed,
            turns: Turns::default(),
        }
    }

    /// Stores a new token.
    ///
    /// # Errors
    /// 409 when there is one of this name; the storage's.
    pub async fn create(&self, token: &AccessToken) -> Result<(), ApiError> {
        let path = key::access_token(&token.token_name.id());
        match json::create(&*self.blobs, &path, token).await? {
            Created::New | Created::Same => Ok(()),
            Created::Taken => Err(ApiError::Conflict("There is a token of this name.")),
        }
    }

    /// The token of a name.
    ///
    /// # Errors
    /// The storage's.
    pub async fn find(&self, name: &TokenName) -> Result<Option<AccessToken>, ApiError> {
        self.read(&name.id()).await
    }

    /// The token that a client shows, by its secret, or by its name where it has none.
    ///
    /// # Errors
    /// The storage's.
    pub async fn shown(&self, shown: &str) -> Result<Option<AccessToken>, ApiError> {
        let Some(shown) = Shown::parse(shown) else {
            return Ok(None);
        };
        let found = self.read(&shown.id()).await?;
        Ok(found.filter(|token| shown.is(token)))
    }

    /// A page of at most `limit` tokens, in the order of their ids.
    ///
    /// # Errors
    /// The storage's.
    pub async fn page(&self, after: Option<&TokenId>, limit: usize) -> Result<Tokens, ApiError> {
        let after = after.map(key::access_token);
        let folder = key::access_tokens();
        let page = self
            .blobs
            .list(Some(&folder), after.as_ref(), limit)
            .await?;
        let paths: Vec<_> = page.entries.into_iter().map(|entry| entry.path).collect();
        let last = paths.iter().rev().find_map(key::token_of);
        let next = last.filter(|_| page.more);
        let tokens = store::read_documents(&*self.blobs, paths).await?;
        Ok((tokens.into_iter().flatten().collect(), next))
    }

    /// What some tokens are called: their names, or their ids where there is no such token any more.
    ///
    /// # Errors
    /// The storage's.
    pub async fn names(&self, ids: &[TokenId]) -> Result<Vec<String>, ApiError> {
        let paths = ids.iter().map(key::access_token).collect();
        let tokens = store::read_documents::<AccessToken>(&*self.blobs, paths).await?;
        let name = |(id, token): (&TokenId, Option<AccessToken>)| match token {
            Some(token) => token.token_name.to_string(),
            None => id.to_string(),
        };
        Ok(ids.iter().zip(tokens).map(name).collect())
    }

    /// Changes the token of a name, which is then returned.
    ///
    /// # Errors
    /// 404; the storage's.
    pub async fn change(
        &self,
        name: &TokenName,
        mut change: impl FnMut(&mut AccessToken) + Send,
    ) -> Result<AccessToken, ApiError> {
        let change = |token: &mut AccessToken| {
            change(token);
            token.writer = Nonce::random();
            Ok(Change::Write(token.clone()))
        };
        let changed = store::update(&*self.blobs, &key::access_token(&name.id()), change).await?;
        changed.ok_or(ApiError::NotFound)
    }

    /// Counts one use of the token of a name, for no bytes; it is then returned.
    ///
    /// # Errors
    /// The storage's; that it cannot be used is no error.
    pub async fn spend(&self, name: &TokenName) -> Result<Result<AccessToken, Unusable>, ApiError> {
        self.spend_if(&name.id(), Some(0), |_| true).await
    }

    /// Counts one use of the token that a client shows, for no bytes; it is then returned.
    ///
    /// # Errors
    /// As [`Self::spend`].
    pub async fn spend_shown(
        &self,
        shown: &str,
    ) -> Result<Result<AccessToken, Unusable>, ApiError> {
        match Shown::parse(shown) {
            None => Ok(Err(Unusable::NotFound)),
            Some(shown) => {
                self.spend_if(&shown.id(), Some(0), |token| shown.is(token))
                    .await
            }
        }
    }

    /// Lets pass who shows a token that is not revoked, or the fixed one; counts nothing.
    ///
    /// # Errors
    /// 401 without one; the storage's.
    pub async fn check(&self, shown: Option<&str>) -> Result<Grant, ApiError> {
        let shown = shown.ok_or(NEEDED)?;
        if self.is_fixed(shown) {
            return Ok(Grant::default());
        }
        match self.shown(shown).await? {
            Some(token) if token.status != Status::Revoked => Ok(token.grant()),
            _ => Err(REFUSED),
        }
    }

    /// As [`Self::check`], and counts one use for so many bytes, as far as they are declared.
    ///
    /// # Errors
    /// As there; 413 when the token does not allow so many, 400 when it limits them and they are not declared.
    pub async fn admit(&self, shown: Option<&str>, bytes: Option<u64>) -> Result<Grant, ApiError> {
        let text = shown.ok_or(NEEDED)?;
        if self.is_fixed(text) {
            return Ok(Grant::default());
        }
        let shown = Shown::parse(text).ok_or(REFUSED)?;
        let spent = self
            .spend_if(&shown.id(), bytes, |token| shown.is(token))
            .await?;
        Ok(spent?.grant())
    }

    /// Lets what was begun with a token be completed, unless the token was revoked since.
    ///
    /// # Errors
    /// 401; the storage's.
    pub async fn still_admits(&self, token: Option<&TokenId>) -> Result<(), ApiError> {
        let Some(token) = token else {
            return Ok(());
        };
        match self.read(token).await? {
            Some(token) if token.status != Status::Revoked => Ok(()),
            _ => Err(REFUSED),
        }
    }

    async fn spend_if(
        &self,
        id: &TokenId,
        bytes: Option<u64>,
        is_it: impl Fn(&AccessToken) -> bool + Send + Sync,
    ) -> Result<Result<AccessToken, Unusable>, ApiError> {
        let spend = |token: &mut AccessToken| -> Result<_, ApiError> {
            if !is_it(token) {
                return Ok(Change::Keep(Err(Unusable::NotFound)));
            }
            if let Err(why) = token.spend(bytes) {
                return Ok(Change::Keep(Err(why)));
            }
            token.writer = Nonce::random();
            Ok(Change::Write(Ok(token.clone())))
        };
        let _turn = self.turns.next(&start(id)).await;
        let spent = store::update(&*self.blobs, &key::access_token(id), spend).await?;
        Ok(spent.unwrap_or(Err(Unusable::NotFound)))
    }

    async fn read(&self, id: &TokenId) -> Result<Option<AccessToken>, ApiError> {
        Ok(store::read(&*self.blobs, &key::access_token(id)).await?)
    }

    fn is_fixed(&self, shown: &str) -> bool {
        self.fixed.is_some_and(|hash| hash.same(&Digest::of(shown)))
    }
}

/// What a client shows as its access token.
enum Shown {
    Secret(TokenSecret),
    Name(TokenName),
}

impl Shown {
    fn parse(text: &str) -> Option<Self> {
        let secret = TokenSecret::parse(text).map(Self::Secret);
        secret.or_else(|| text.parse().ok().map(Self::Name))
    }

    fn id(&self) -> TokenId {
        match self {
            Self::Secret(secret) => secret.id(),
            Self::Name(name) => name.id(),
        }
    }

    /// Whether it is what this token asks for.
    fn is(&self, token: &AccessToken) -> bool {
        match (self, token.secret) {
            (Self::Secret(secret), Some(hash)) => hash.same(&secret.hash()),
            (Self::Name(name), None) => *name == token.token_name,
            (Self::Secret(_), None) | (Self::Name(_), Some(_)) => false,
        }
    }
}

impl From<Unusable> for ApiError {
    fn from(why: Unusable) -> Self {
        match why {
            Unusable::NotFound | Unusable::Revoked | Unusable::Exhausted => REFUSED,
            Unusable::TooLarge { left } => Self::TooLarge(format!(
                "This access token allows {left} more bytes, stored."
            )),
            Unusable::Undeclared => Self::field(
                "file_size_bytes",
                "must be declared, since this access token limits the bytes that it may send",
            ),
        }
    }
}

/// Enough of an id to take turns by.
fn start(id: &TokenId) -> Nonce {
    let (halves, _) = id.as_bytes().as_chunks::<8>();
    Nonce::new(halves[0])
}

const NEEDED: ApiError = ApiError::Unauthorized("An access token is needed to send from here.");
const REFUSED: ApiError = ApiError::Unauthorized("This access token cannot be used.");
