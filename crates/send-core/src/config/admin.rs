//! The admin key's variables: in which header or cookie it comes, and the SHA-256 of those that are valid.

use axum::http::HeaderName;

use super::env::{ConfigError, Env};
use crate::{
    admin_keys::{AdminKeys, DEFAULT_NAME},
    id::Digest,
};

const NAME: &str = "SEND_ADMIN_KEY_NAME";
const SHA256: &str = "SEND_ADMIN_KEY_SHA256";

/// Headers of HTTP, of proxies and of ours begin like this.
const TAKEN_PREFIXES: [&str; 19] = [
    "__host-",
    "__secure-",
    "accept",
    "access-control-",
    "cf-",
    "cloudfront-",
    "content-",
    "cross-origin-",
    "if-",
    "proxy-",
    "sec-",
    "sgraph-",
    "x-amz",
    "x-edge-",
    "x-forwarded-",
    "x-original-",
    "x-real-",
    "x-send-",
    "x-sgraph-",
];

/// Further headers that mean something already.
const TAKEN: [&str; 41] = [
    "age",
    "allow",
    "alt-svc",
    "authorization",
    "baggage",
    "cache-control",
    "connection",
    "cookie",
    "date",
    "dnt",
    "early-data",
    "etag",
    "expect",
    "expires",
    "forwarded",
    "from",
    "host",
    "http2-settings",
    "keep-alive",
    "last-modified",
    "link",
    "location",
    "max-forwards",
    "origin",
    "pragma",
    "priority",
    "range",
    "referer",
    "retry-after",
    "server",
    "set-cookie",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "true-client-ip",
    "upgrade",
    "user-agent",
    "via",
    "x-request-id",
];

impl<F: Fn(&str) -> Option<String>> Env<F> {
    /// The admin keys; none where nothing is set.
    pub(super) fn admin_keys(&self) -> Result<AdminKeys, ConfigError> {
        let allowed = "the name of a header that is used for nothing else, such as x-api-key";
        let proxy = self.text("SEND_TRUST_PROXY").unwrap_or_default();
        let proxys = |name: &HeaderName| {
            let header = proxy.split(':').next().unwrap_or_default();
            header.trim().eq_ignore_ascii_case(name.as_str())
        };
        let free = |text: &str| free_name(text).filter(|name| !proxys(name));
        let name = self.checked(NAME, allowed, free)?;
        let allowed = "one or two SHA-256 of admin keys, comma-separated, each as 64 lower-case hexadecimal digits; an empty key is \
             none, and two must differ";
        // Who put the key itself there by mistake should not find it in a log.
        let hidden = |error| ConfigError {
            value: "(not shown)".to_owned(),
            ..error
        };
        let hashes = self.checked(SHA256, allowed, hashes).map_err(hidden)?;
        let name = name.unwrap_or(DEFAULT_NAME);
        Ok(AdminKeys::new(name, hashes.unwrap_or_default()))
    }
}

/// A header's name is a cookie's too: both are tokens of HTTP.
fn free_name(text: &str) -> Option<HeaderName> {
    let name: HeaderName = text.parse().ok()?;
    let text = name.as_str();
    let taken = TAKEN.contains(&text) || TAKEN_PREFIXES.iter().any(|taken| text.starts_with(taken));
    (!taken).then_some(name)
}

fn hashes(text: &str) -> Option<Vec<Digest>> {
    let hashes: Option<Vec<Digest>> = text.split(',').map(|one| one.trim().parse().ok()).collect();
    let hashes = hashes?;
    let fine = match &hashes[..] {
        [_] => true,
        [one, other] => one != other,
        _ => false,
    };
    (fine && !hashes.contains(&Digest::of(""))).then_some(hashes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, hashes: &str) -> Result<AdminKeys, String> {
        let get = |asked: &str| match asked {
            NAME => Some(name.to_owned()),
            SHA256 => Some(hashes.to_owned()),
            _ => None,
        };
        Env(get).admin_keys().map_err(|error| error.to_string())
    }

    #[test]
    fn one_or_two_keys_in_a_header_of_any_free_name() {
        let (one, other) = (Digest::of("one"), Digest::of("other"));
        assert!(read("", " ").unwrap().is_empty());
        let keys = read("", &one.to_string()).unwrap();
        assert_eq!(
            (keys.name().as_str(), keys.hashes()),
            ("x-api-key", &[one][..])
        );
        let keys = read("X-Admin", &format!("{one}, {other}")).unwrap();
        assert_eq!(
            (keys.name().as_str(), keys.hashes()),
            ("x-admin", &[one, other][..])
        );
    }

    #[test]
    fn names_that_mean_something_already_are_refused() {
        for name in [
            "a name",
            "x=y",
            "x;y",
            "x-send-token",
            "X-SGraph-Access-Token",
            "Cookie",
            "Authorization",
            "content-type",
            "x-forwarded-for",
            "__Host-sgraph-admin",
            "sec-fetch-site",
            "name\u{e9}",
        ] {
            let sentence = read(name, "").unwrap_err();
            assert!(sentence.starts_with("SEND_ADMIN_KEY_NAME="), "{sentence}");
            assert!(sentence.contains("give the name of a header"), "{sentence}");
        }
    }

    #[test]
    fn a_header_that_a_proxy_sets_carries_no_key() {
        let get = |asked: &str| match asked {
            NAME | "SEND_TRUST_PROXY" => Some("Client-Address:1".to_owned()),
            _ => None,
        };
        assert!(Env(get).admin_keys().is_err(), "a colon is in no name");
        let get = |asked: &str| match asked {
            NAME => Some("client-address".to_owned()),
            "SEND_TRUST_PROXY" => Some("Client-Address:1".to_owned()),
            _ => None,
        };
        assert!(Env(get).admin_keys().is_err());
    }

    #[test]
    fn malformed_hashes_are_refused_without_being_shown() {
        let (one, other) = (Digest::of("one"), Digest::of("other"));
        let third = Digest::of("third");
        for hashes in [
            "the key itself".to_owned(),
            one.to_string().to_uppercase(),
            one.to_string()[1..].to_owned(),
            format!("{one},"),
            format!(",{one}"),
            format!("{one} {other}"),
            format!("{one},{one}"),
            format!("{one},{other},{third}"),
            Digest::of("").to_string(),
            format!("{one},{}", Digest::of("")),
        ] {
            let sentence = read("", &hashes).unwrap_err();
            assert!(sentence.starts_with("SEND_ADMIN_KEY_SHA256="), "{sentence}");
            assert!(!sentence.contains(&hashes), "{sentence}");
            assert!(sentence.contains("give one or two SHA-256"), "{sentence}");
        }
    }
}
