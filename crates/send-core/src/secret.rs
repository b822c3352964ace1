//! Secrets that clients present, and what the server keeps of them: hashes, compared in constant time.

use std::fmt;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::Digest;

/// The label that all of SGS1's hashes begin with (FORMAT.md, "Notation").
const LABEL: &str = "sgraph-send.v1";

/// 32 secret bytes that a client presents; its Debug shows nothing.
#[derive(Clone, Copy)]
pub struct Token([u8; 32]);

/// What the header `x-send-token` holds.
#[derive(Clone, Copy, Debug)]
pub enum Presented {
    /// A link token, an owner token or a claim.
    One(Token),
    /// A reader's token: who has the link, and knows the passphrase if there is one.
    Reader {
        /// Proves possession of the link.
        link: Token,
        /// Proves knowledge of the whole key.
        read: Token,
    },
}

/// What the server keeps of a link, read or owner token; each kind is hashed with a label of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Verifier(Digest);

/// Which kind of token a verifier is for.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Derived from the link's secret alone.
    Link,
    /// Derived from the link's secret and the passphrase.
    Read,
    /// Random, kept by the sender.
    Owner,
}

impl Token {
    /// From its bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Drawn from the randomness of the operating system.
    #[must_use]
    pub fn random() -> Self {
        Self(*Digest::random().as_bytes())
    }

    /// As its holder shows it: 43 characters of base64url without padding.
    #[must_use]
    pub fn text(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }

    /// From 43 characters of base64url without padding.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// The SHA-256 of the bytes: what is kept of a claim.
    #[must_use]
    pub fn hash(&self) -> Digest {
        Digest::of(self.0)
    }
}

impl Presented {
    /// From the header's text: base64url without padding of 32 or 64 bytes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let (halves, rest) = bytes.as_chunks::<32>();
        match (halves, rest) {
            ([one], []) => Some(Self::One(Token(*one))),
            ([link, read], []) => Some(Self::Reader {
                link: Token(*link),
                read: Token(*read),
            }),
            _ => None,
        }
    }
}

impl Verifier {
    /// `SHA-256(label || "/{kind}-verifier" || token)`.
    #[must_use]
    pub fn of(kind: Kind, token: &Token) -> Self {
        let kind = match kind {
            Kind::Link => "/link-verifier",
            Kind::Read => "/read-verifier",
            Kind::Owner => "/owner-verifier",
        };
        Self(Digest::of(
            [LABEL.as_bytes(), kind.as_bytes(), &token.0].concat(),
        ))
    }

    /// Whether it was made from this token, told in constant time.
    #[must_use]
    pub fn admits(&self, kind: Kind, token: &Token) -> bool {
        Self::of(kind, token).0.same(&self.0)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(hex: &str) -> Token {
        Token(*hex.parse::<Digest>().unwrap().as_bytes())
    }

    /// From the format's known answers.
    #[test]
    fn verifiers_are_the_formats_own() {
        let link = token("f5aa1169a7a71cd4fa110a4407cec3886cc3d594062a1c9b6171689ed02e17e1");
        let read = token("158eef4698cd80ae1b602935898ea327e97b8090816bee64be92f81278beb8e5");
        let owner = token("202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f");
        let known = [
            (
                Kind::Link,
                link,
                "6ff9da415058c702cc080bab35ba9f525b897bc4ec2d8c1f3dae62124cbbfd64",
            ),
            (
                Kind::Read,
                read,
                "8ec669d23d656236ca249c08cb285e8d4556f05f7de0d1c924ab3ace397bdb54",
            ),
            (
                Kind::Owner,
                owner,
                "de7780692b0c974e868d354d45d927d2ebbab2aacc16037b732ddfa344f7c494",
            ),
        ];
        for (kind, token, expected) in known {
            assert_eq!(Verifier::of(kind, &token).0.to_string(), expected);
            assert!(Verifier::of(kind, &token).admits(kind, &token));
        }
        assert!(!Verifier::of(Kind::Link, &link).admits(Kind::Owner, &link));
        assert!(!Verifier::of(Kind::Link, &link).admits(Kind::Link, &owner));
    }

    #[test]
    fn a_header_holds_one_token_or_a_readers_two() {
        let text = |n: usize| BASE64_URL_SAFE_NO_PAD.encode(vec![7; n]);
        assert!(matches!(
            Presented::parse(&text(32)),
            Some(Presented::One(_))
        ));
        assert!(matches!(
            Presented::parse(&text(64)),
            Some(Presented::Reader { .. })
        ));
        for bad in [
            text(0),
            text(31),
            text(33),
            text(96),
            format!("{}=", text(32)),
            "?".into(),
        ] {
            assert!(Presented::parse(&bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        assert_eq!(
            format!("{:?}", Presented::One(Token([65; 32]))),
            "One(Token(..))"
        );
    }
}
