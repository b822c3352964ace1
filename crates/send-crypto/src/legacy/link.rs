//! The original's links, and its friendly tokens.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::Error;
use crate::link::without_surroundings;
use crate::primitives::{pbkdf2_sha256, sha256};
use crate::secret::secret_type;

/// The pages that read a transfer.
const PAGES: [&str; 5] = ["download", "gallery", "browse", "view", "v"];

secret_type!(
    /// The key of an original transfer: 32 bytes, written as 43 characters of base64url.
    OldKey,
    32
);

impl FromStr for OldKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let bytes = URL_SAFE_NO_PAD
            .decode(text)
            .map(Zeroizing::new)
            .map_err(|_| Error::DamagedLink)?;
        let bytes = bytes
            .as_slice()
            .try_into()
            .map_err(|_| Error::DamagedLink)?;
        Ok(Self::from_bytes(bytes))
    }
}

/// The name of an original transfer: 12 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OldId([u8; 6]);

impl FromStr for OldId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut bytes = [0; 6];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| Error::DamagedLink)?;
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(Error::DamagedLink);
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for OldId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// Two words and four digits, from which id and key follow. Its 29.9 bits stand behind an
/// unstretched hash: whoever sees the id finds it in seconds, so it is read and never made.
#[derive(Clone)]
pub struct FriendlyToken(Zeroizing<String>);

impl FriendlyToken {
    /// The first six bytes of `SHA-256(token)`.
    #[must_use]
    pub fn id(&self) -> OldId {
        let [a, b, c, d, e, f, ..] = sha256(&[self.0.as_bytes()]);
        OldId([a, b, c, d, e, f])
    }

    /// `PBKDF2-HMAC-SHA-256(token, "sgraph-send-v1", 600000, 32)`. Takes about a tenth of a second.
    #[must_use]
    pub fn key(&self) -> OldKey {
        OldKey::from_bytes(*pbkdf2_sha256(self.0.as_bytes(), b"sgraph-send-v1").expose())
    }
}

impl FromStr for FriendlyToken {
    type Err = Error;

    /// Reads `^[a-z]+-[a-z]+-\d{4}$`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let is_word =
            |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
        let is_number =
            |number: &str| number.len() == 4 && number.bytes().all(|byte| byte.is_ascii_digit());
        let pieces: Vec<&str> = text.split('-').collect();
        match pieces[..] {
            [one, two, number] if is_word(one) && is_word(two) && is_number(number) => {
                Ok(Self(Zeroizing::new(text.to_owned())))
            }
            _ => Err(Error::DamagedLink),
        }
    }
}

impl fmt::Debug for FriendlyToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FriendlyToken([secret])")
    }
}

/// What a link of the original says.
#[derive(Debug, Clone)]
pub enum OldLink {
    /// `#<id>/<key>`.
    WithKey(OldId, OldKey),
    /// `#<id>`: the key comes by another way.
    WithoutKey(OldId),
    /// `#word-word-NNNN`.
    Friendly(FriendlyToken),
}

impl FromStr for OldLink {
    type Err = Error;

    /// Reads an address, or its path and fragment: `/{locale}/{page}/#..`, the locale and the last
    /// slash optional.
    fn from_str(text: &str) -> Result<Self, Error> {
        let (address, fragment) = without_surroundings(text)
            .split_once('#')
            .ok_or(Error::DamagedLink)?;
        if !is_page(address) {
            return Err(Error::DamagedLink);
        }
        match fragment.split_once('/') {
            Some((id, key)) => Ok(Self::WithKey(id.parse()?, key.parse()?)),
            None if fragment.contains('-') => fragment.parse().map(Self::Friendly),
            None => fragment.parse().map(Self::WithoutKey),
        }
    }
}

/// Whether the path of an address is that of a page which reads a transfer.
fn is_page(address: &str) -> bool {
    let path = match address.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map(|(_, path)| path),
        None => address.strip_prefix('/'),
    };
    let Some(path) = path else {
        return false;
    };
    let path = path.strip_suffix('/').unwrap_or(path);
    match path.split_once('/') {
        Some((locale, page)) => is_locale(locale) && PAGES.contains(&page),
        None => PAGES.contains(&path),
    }
}

/// A language, or a language and a country: `en`, `en-gb`, `pt-BR`.
fn is_locale(text: &str) -> bool {
    let letters = |part: &str| {
        matches!(part.len(), 2 | 3) && part.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    match text.split_once('-') {
        Some((language, country)) => letters(language) && letters(country),
        None => letters(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    #[test]
    fn the_three_links_are_read_on_every_page_with_and_without_a_locale() {
        for page in PAGES {
            for prefix in [
                "/",
                "/en-gb/",
                "https://send.example/",
                "https://send.example/pt-BR/",
            ] {
                let link =
                    |fragment: &str| format!("{prefix}{page}/#{fragment}").parse::<OldLink>();
                assert!(matches!(
                    link(&format!("4abd0a491ed3/{KEY}")),
                    Ok(OldLink::WithKey(..))
                ));
                assert!(matches!(link("4abd0a491ed3"), Ok(OldLink::WithoutKey(_))));
                assert!(matches!(link("apple-mango-5623"), Ok(OldLink::Friendly(_))));
            }
        }
    }

    #[test]
    fn other_pages_ids_keys_and_tokens_are_refused() {
        for text in [
            "/d#4abd0a491ed3",
            "/en/other/#4abd0a491ed3",
            "/en/x/download/#4abd0a491ed3",
            "download/#4abd0a491ed3",
            "/download/",
            "/download/#",
            "/download/#4ABD0A491ED3",
            "/download/#4abd0a491ed",
            "/download/#4abd0a491ed3/",
            "/download/#4abd0a491ed3/AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9",
            "/download/#apple-mango-562",
            "/download/#apple-mango-56234",
            "/download/#Apple-mango-5623",
            "/download/#-mango-5623",
            "/download/#apple-5623",
        ] {
            assert_eq!(
                text.parse::<OldLink>().unwrap_err(),
                Error::DamagedLink,
                "{text}"
            );
        }
    }

    #[test]
    fn a_token_is_not_shown() {
        let token: FriendlyToken = "apple-mango-5623".parse().unwrap();
        assert_eq!(format!("{token:?}"), "FriendlyToken([secret])");
    }
}
