//! Sessions of admins: the admin key, exchanged for something that a browser may keep for a quarter of an hour.
//!
//! A session is 32 random bytes, of which the storage has the hash; so it holds between processes, and its end is the end
//! everywhere. Its time is fixed: who goes on working signs in again. It is void when the key that made it is not configured
//! any more. Starting one costs a write, checking one a read.

use std::{sync::Arc, time::Duration};

use axum::http::HeaderValue;
use cookie::{Cookie, SameSite};
use serde::{Deserialize, Serialize};
use storage::{Blobs, Path, json};

use crate::{
    admin_keys::{AdminKeys, SESSION_COOKIE},
    clock::{Clock, Millis},
    error::ApiError,
    id::Digest,
    key,
    secret::Token,
    store,
};

/// How long a session lives.
pub const LIFE: Duration = Duration::from_mins(15);
/// Sessions that one sweep looks at.
const A_SWEEP: usize = 1_000;

/// A session's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The hash of the admin key that made it.
    pub key: Digest,
    /// When it ends.
    pub expires_at: Millis,
}

/// The sessions in a storage.
#[derive(Clone)]
pub struct Sessions {
    blobs: Arc<dyn Blobs>,
    clock: Clock,
    keys: AdminKeys,
}

impl Sessions {
    /// Those in a storage, made with these keys.
    #[must_use]
    pub fn new(blobs: Arc<dyn Blobs>, clock: Clock, keys: AdminKeys) -> Self {
        Self { blobs, clock, keys }
    }

    /// Begins a session, which this fresh token will show, for the holder of a key: its record, and the cookie that carries it.
    ///
    /// # Errors
    /// The storage's.
    pub async fn begin(
        &self,
        key: Digest,
        token: &Token,
    ) -> Result<(Session, HeaderValue), ApiError> {
        let session = Session {
            key,
            expires_at: self.clock.now().plus(LIFE),
        };
        json::create(&*self.blobs, &path(token), &session).await?;
        Ok((session, cookie(token.text(), LIFE)?))
    }

    /// The session that is shown, unless it is over.
    ///
    /// # Errors
    /// The storage's.
    pub async fn find(&self, shown: &str) -> Result<Option<Session>, ApiError> {
        let Some(token) = Token::parse(shown) else {
            return Ok(None);
        };
        let found = store::read::<Session>(&*self.blobs, &path(&token)).await?;
        let lasts = |session: &Session| {
            session.expires_at > self.clock.now() && self.keys.knows(&session.key)
        };
        Ok(found.filter(lasts))
    }

    /// Ends the session that is shown, everywhere.
    ///
    /// # Errors
    /// The storage's.
    pub async fn end(&self, shown: &str) -> Result<(), ApiError> {
        match Token::parse(shown) {
            Some(token) => Ok(self.blobs.delete(&path(&token)).await?),
            None => Ok(()),
        }
    }
}

/// The cookie that takes a session away from a browser.
///
/// # Errors
/// 500, never seen.
pub fn no_cookie() -> Result<HeaderValue, ApiError> {
    cookie(String::new(), Duration::ZERO)
}

fn cookie(session: String, life: Duration) -> Result<HeaderValue, ApiError> {
    let cookie = Cookie::build((SESSION_COOKIE, session))
        .http_only(true)
        .secure(true)
        .same_site(SameSite::Strict)
        .path("/")
        .max_age(life.try_into().map_err(ApiError::internal)?);
    HeaderValue::try_from(cookie.to_string()).map_err(ApiError::internal)
}

/// Removes sessions that are over, among the first thousand; how many those were.
///
/// # Errors
/// The storage's.
pub async fn sweep(blobs: &dyn Blobs, clock: &Clock) -> Result<u64, ApiError> {
    let now = clock.now();
    let page = blobs.list(Some(&key::sessions()), None, A_SWEEP).await?;
    let paths: Vec<Path> = page.entries.into_iter().map(|entry| entry.path).collect();
    let found = store::read_all(blobs, paths.clone()).await?;
    let over = |bytes: &Option<bytes::Bytes>| {
        let bytes = bytes.as_deref().unwrap_or_default();
        let session = serde_json::from_slice::<Session>(bytes).ok();
        session.is_none_or(|session| session.expires_at <= now)
    };
    let both = paths.into_iter().zip(&found);
    let over: Vec<Path> = both
        .filter(|(_, bytes)| over(bytes))
        .map(|(path, _)| path)
        .collect();
    blobs.delete_all(&over).await?;
    Ok(over.len() as u64)
}

fn path(token: &Token) -> Path {
    key::session(&token.hash())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use storage::memory::Memory;

    use super::*;
    use crate::admin_keys::DEFAULT_NAME;

    async fn stored(blobs: &dyn Blobs) -> usize {
        let page = blobs.list(Some(&key::sessions()), None, 100).await.unwrap();
        page.entries.len()
    }

    fn value(cookie: &HeaderValue) -> String {
        let cookie = Cookie::parse(cookie.to_str().unwrap().to_owned()).unwrap();
        cookie.value().to_owned()
    }

    #[tokio::test]
    async fn a_session_lasts_a_quarter_of_an_hour_and_a_sweep_removes_it() {
        let time = Arc::new(AtomicU64::new(1_000));
        let blobs: Arc<dyn Blobs> = Arc::new(Memory::default());
        let clock = Clock::Set(time.clone());
        let key = Digest::of("key");
        let keys = AdminKeys::new(DEFAULT_NAME, vec![key]);
        let sessions = Sessions::new(blobs.clone(), clock.clone(), keys);
        let (session, cookie) = sessions.begin(key, &Token::random()).await.unwrap();
        assert_eq!(session.expires_at, Millis(901_000));
        let shown = value(&cookie);
        assert_eq!(
            cookie.to_str().unwrap(),
            format!(
                "__Host-sgraph-admin={shown}; HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=900"
            )
        );
        time.store(900_999, Ordering::Relaxed);
        assert_eq!(sessions.find(&shown).await.unwrap(), Some(session));
        assert_eq!(sweep(&*blobs, &clock).await.unwrap(), 0);
        time.store(901_000, Ordering::Relaxed);
        assert_eq!(sessions.find(&shown).await.unwrap(), None);
        assert_eq!(stored(&*blobs).await, 1);
        assert_eq!(sweep(&*blobs, &clock).await.unwrap(), 1);
        assert_eq!(stored(&*blobs).await, 0);
    }

    #[tokio::test]
    async fn a_session_is_void_when_its_key_is() {
        let blobs: Arc<dyn Blobs> = Arc::new(Memory::default());
        let (old, new) = (Digest::of("old"), Digest::of("new"));
        let with = |hashes| {
            let keys = AdminKeys::new(DEFAULT_NAME, hashes);
            Sessions::new(blobs.clone(), Clock::Set(Arc::default()), keys)
        };
        let (_, cookie) = with(vec![old]).begin(old, &Token::random()).await.unwrap();
        let shown = value(&cookie);
        assert!(with(vec![new, old]).find(&shown).await.unwrap().is_some());
        assert!(with(vec![new]).find(&shown).await.unwrap().is_none());
        with(vec![old]).end(&shown).await.unwrap();
        assert!(with(vec![old]).find(&shown).await.unwrap().is_none());
        assert_eq!(stored(&*blobs).await, 0);
    }
}
