//! The admin key: what is kept of it, and who shows it.

use std::fmt;

use axum::http::{HeaderMap, HeaderName, header};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use cookie::Cookie;

use crate::id::Digest;

/// Carries the admin key unless another name is configured.
pub const DEFAULT_NAME: HeaderName = HeaderName::from_static("x-api-key");

/// Carries a session of the admin page. The prefix makes browsers take it from this origin alone, with `Secure` and for the whole
/// of it; Chromium and Firefox take it over plain HTTP from this machine too, Safari does not.
pub const SESSION_COOKIE: &str = "__Host-sgraph-admin";

/// Where the admin key is exchanged for a session.
pub const SIGN_IN: &str = "/auth/set-auth-cookie";

/// Who is an admin: the name of the header or cookie that carries the key, and the SHA-256 of each key that is valid.
///
/// Two may be, so that a key can be replaced without a moment in which none is right. With none, nobody is admitted. Only
/// hashes are kept; Debug shows nothing of them.
#[derive(Clone, PartialEq, Eq)]
pub struct AdminKeys {
    name: HeaderName,
    hashes: Vec<Digest>,
}

/// An admin key that was shown and is right, named by its SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// The key's SHA-256.
    pub key: Digest,
    /// The key came in a cookie, which a browser sends by itself.
    pub by_cookie: bool,
}

impl AdminKeys {
    /// Keys with these hashes, in the header or cookie of this name.
    #[must_use]
    pub const fn new(name: HeaderName, hashes: Vec<Digest>) -> Self {
        Self { name, hashes }
    }

    /// A key made up for one run of a program: the key as a person gives it.
    #[must_use]
    pub fn make(&mut self) -> String {
        let key = BASE64_URL_SAFE_NO_PAD.encode(Digest::random().as_bytes());
        self.hashes = vec![Digest::of(&key)];
        key
    }

    /// Whether there is no key, so that nobody is admitted.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// The name of the header or cookie that carries the key.
    #[must_use]
    pub const fn name(&self) -> &HeaderName {
        &self.name
    }

    /// The hashes of the valid keys.
    #[must_use]
    pub fn hashes(&self) -> &[Digest] {
        &self.hashes
    }

    /// Whether a request shows a valid key.
    #[must_use]
    pub fn admits(&self, headers: &HeaderMap) -> bool {
        self.admitted(headers).is_some()
    }

    /// The valid key that a request shows, in the header or in a cookie.
    #[must_use]
    pub fn admitted(&self, headers: &HeaderMap) -> Option<Admitted> {
        let of = |by_cookie| move |key| Admitted { key, by_cookie };
        let mut shown = headers.get_all(&self.name).iter();
        let by_header = shown.find_map(|value| self.find(value.as_bytes()));
        by_header.map(of(false)).or_else(|| {
            let mut shown = cookies(headers).filter(|cookie| self.names(cookie));
            let by_cookie = shown.find_map(|cookie| self.find(cookie.value().as_bytes()));
            by_cookie.map(of(true))
        })
    }

    /// Whether a request shows a key, right or wrong.
    #[must_use]
    pub fn shown(&self, headers: &HeaderMap) -> bool {
        headers.contains_key(&self.name) || cookies(headers).any(|cookie| self.names(&cookie))
    }

    /// The hash of a key, if it is valid. All are compared, each in constant time; an empty key is none.
    #[must_use]
    pub fn find(&self, key: &[u8]) -> Option<Digest> {
        let shown = Digest::of(key);
        let valid = |found: Option<Digest>, hash: &Digest| match shown.same(hash) {
            true => Some(*hash),
            false => found,
        };
        let found = self.hashes.iter().fold(None, valid);
        found.filter(|_| !key.is_empty())
    }

    /// Whether this is still the hash of a valid key.
    #[must_use]
    pub fn knows(&self, hash: &Digest) -> bool {
        self.hashes.iter().any(|valid| valid.same(hash))
    }

    /// Header names know no case, so neither does this cookie's.
    fn names(&self, cookie: &Cookie<'_>) -> bool {
        cookie.name().eq_ignore_ascii_case(self.name.as_str())
    }
}

/// The session that a request shows, if any.
pub fn session(headers: &HeaderMap) -> Option<String> {
    let mut sessions = cookies(headers).filter(|cookie| cookie.name() == SESSION_COOKIE);
    sessions.next().map(|cookie| cookie.value().to_owned())
}

/// The cookies of a request; what is none is left out.
fn cookies(headers: &HeaderMap) -> impl Iterator<Item = Cookie<'_>> {
    let texts = headers.get_all(header::COOKIE).iter();
    texts
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
}

impl fmt::Debug for AdminKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AdminKeys(..)")
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn keys() -> AdminKeys {
        let name = HeaderName::from_static("x-admin");
        AdminKeys::new(name, vec![Digest::of("old"), Digest::of("new")])
    }

    fn showing(name: &str, values: &[&str]) -> HeaderMap {
        let name: HeaderName = name.parse().unwrap();
        let one = |value: &&str| (name.clone(), HeaderValue::try_from(*value).unwrap());
        values.iter().map(one).collect()
    }

    #[test]
    fn either_key_is_admitted_in_header_or_cookie() {
        for key in ["old", "new"] {
            let admitted = keys().admitted(&showing("x-admin", &[key])).unwrap();
            assert_eq!((admitted.key, admitted.by_cookie), (Digest::of(key), false));
            for cookie in [
                format!("x-admin={key}"),
                format!("a=b; X-Admin={key}; c"),
                format!("x-admin=wrong; x-admin={key}"),
            ] {
                let admitted = keys().admitted(&showing("cookie", &[&cookie])).unwrap();
                assert_eq!((admitted.key, admitted.by_cookie), (Digest::of(key), true));
            }
        }
        assert!(keys().admits(&showing("cookie", &["a=b", "x-admin=new"])));
    }

    #[test]
    fn nobody_else_is() {
        for (name, values) in [
            ("x-admin", &["wrong"][..]),
            ("x-admin", &[""]),
            ("x-admin", &["old,new"]),
            ("x-api-key", &["old"]),
            ("cookie", &["x-admin="]),
            ("cookie", &["x-admin"]),
            ("cookie", &["x-admin2=old"]),
            ("cookie", &["old", "=old", ""]),
        ] {
            assert!(!keys().admits(&showing(name, values)), "{name}: {values:?}");
        }
        assert!(!keys().admits(&HeaderMap::new()));
    }

    #[test]
    fn an_empty_key_is_never_right_and_no_key_admits_nobody() {
        let empty = AdminKeys::new(DEFAULT_NAME, vec![Digest::of("")]);
        assert!(!empty.admits(&showing("x-api-key", &[""])));
        assert!(!empty.admits(&showing("cookie", &["x-api-key="])));
        let none = AdminKeys::new(DEFAULT_NAME, Vec::new());
        assert!(none.is_empty() && !none.admits(&showing("x-api-key", &["", "any"])));
    }

    #[test]
    fn a_key_that_is_made_up_is_long_and_new_each_time() {
        let mut keys = AdminKeys::new(DEFAULT_NAME, Vec::new());
        let (one, other) = (keys.make(), keys.make());
        assert!(one != other && other.len() == 43);
        assert!(keys.admits(&showing("x-api-key", &[&other])));
        assert!(!keys.admits(&showing("x-api-key", &[&one])));
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", keys()), "AdminKeys(..)");
    }
}
