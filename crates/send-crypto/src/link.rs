//! Links: the text that carries the secret of a transfer, and the owner's link to manage it.
//!
//! `https://HOST/d#` and 51 characters, or `https://HOST/m#` and 71; the characters alone are a link
//! as well.

use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::Error;
use crate::keys::{OwnerToken, Secret, TAG, TransferId};
use crate::primitives::sha256;

const VERSION: u8 = 0x01;
const OWNER_VERSION: u8 = 0x81;
/// Bytes of the check at the end.
const CHECK: usize = 4;
/// Bytes of a link: version, kdf, `S`, check. 51 characters.
const LINK: usize = 2 + 32 + CHECK;
/// Bytes of an owner link: version, id, owner token, check. 71 characters.
const OWNER_LINK: usize = 1 + 16 + 32 + CHECK;

/// Whether a passphrase is needed beside the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kdf {
    /// 0x00: the link is all.
    None,
    /// 0x01: a passphrase, stretched by PBKDF2-HMAC-SHA-256 with 600,000 rounds.
    Passphrase,
}

/// A link to a transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Whether a passphrase is needed as well.
    pub kdf: Kdf,
    /// The secret of the transfer.
    pub secret: Secret,
}

impl Link {
    /// The 51 characters, which are wiped when dropped.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        let kdf = match self.kdf {
            Kdf::None => 0x00,
            Kdf::Passphrase => 0x01,
        };
        encode::<LINK>(&[&[VERSION, kdf], self.secret.expose()])
    }
}

impl FromStr for Link {
    type Err = Error;

    /// Reads a link as people paste it: a whole address or its 51 characters, in brackets, quotes
    /// or at the end of a sentence.
    ///
    /// The check comes before the version, so that a damaged version is called damaged.
    fn from_str(text: &str) -> Result<Self, Error> {
        let bytes = decode::<LINK>(text)?;
        let (&[version, kdf], rest) = bytes.split_first_chunk().ok_or(Error::DamagedLink)?;
        let kdf = match (version, kdf) {
            (VERSION, 0x00) => Kdf::None,
            (VERSION, 0x01) => Kdf::Passphrase,
            _ => return Err(Error::NewerVersion),
        };
        let secret = rest.first_chunk().ok_or(Error::DamagedLink)?;
        Ok(Self {
            kdf,
            secret: Secret::from_bytes(*secret),
        })
    }
}

/// The link by which who made a transfer manages it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerLink {
    /// The transfer.
    pub id: TransferId,
    /// The proof of having made it.
    pub token: OwnerToken,
}

impl OwnerLink {
    /// The 71 characters, which are wiped when dropped.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        encode::<OWNER_LINK>(&[&[OWNER_VERSION], &self.id.0, self.token.expose()])
    }
}

impl FromStr for OwnerLink {
    type Err = Error;

    /// Reads an owner link, as [`Link`] is read.
    fn from_str(text: &str) -> Result<Self, Error> {
        let bytes = decode::<OWNER_LINK>(text)?;
        let (&[version], rest) = bytes.split_first_chunk().ok_or(Error::DamagedLink)?;
        if version != OWNER_VERSION {
            return Err(Error::NewerVersion);
        }
        let (id, rest) = rest.split_first_chunk().ok_or(Error::DamagedLink)?;
        let token = rest.first_chunk().ok_or(Error::DamagedLink)?;
        Ok(Self {
            id: TransferId(*id),
            token: OwnerToken::from_bytes(*token),
        })
    }
}

/// Joins the fields, adds the check, and writes them as base64url.
fn encode<const N: usize>(fields: &[&[u8]]) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(N));
    for field in fields {
        bytes.extend_from_slice(field);
    }
    let check = check(&bytes);
    bytes.extend_from_slice(&check);
    Zeroizing::new(URL_SAFE_NO_PAD.encode(&*bytes))
}

/// Finds the characters in `text`, and checks that they are `N` bytes in canonical base64url whose
/// check is right.
fn decode<const N: usize>(text: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    let bytes = URL_SAFE_NO_PAD.decode(characters(text)).map(Zeroizing::new);
    let bytes = bytes.map_err(|_| Error::DamagedLink)?;
    if bytes.len() != N {
        return Err(Error::DamagedLink);
    }
    let (fields, found) = bytes.split_at(N - CHECK);
    if found != check(fields) {
        return Err(Error::DamagedLink);
    }
    Ok(bytes)
}

/// The first four bytes of `SHA-256(T || "/link" || fields)`: tells a damaged link from one that
/// leads nowhere. It is no secret.
fn check(fields: &[u8]) -> [u8; CHECK] {
    let [a, b, c, d, ..] = sha256(&[TAG, b"/link", fields]);
    [a, b, c, d]
}

/// What follows the first `#`, or all.
fn characters(text: &str) -> &str {
    let text = without_surroundings(text);
    text.split_once('#').map_or(text, |(_, fragment)| fragment)
}

/// The text without what mail and chat programs put around a link.
pub(crate) fn without_surroundings(text: &str) -> &str {
    text.trim_start_matches(surrounds)
        .trim_end_matches(|c| surrounds(c) || matches!(c, '.' | ',' | ';' | ')'))
}

/// White space, angle brackets and quotes: the list of the specification, which is that of no
/// language.
fn surrounds(c: char) -> bool {
    let white_space = matches!(c, '\t'..='\r' | ' ' | '\u{a0}' | '\u{2000}'..='\u{200b}')
        || matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{3000}' | '\u{feff}'
        );
    let quotes = matches!(
        c,
        '"' | '\'' | '`' | '\u{ab}' | '\u{bb}' | '\u{2018}'..='\u{201f}'
    );
    white_space || quotes || matches!(c, '<' | '>')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(kdf: Kdf) -> Link {
        let secret = Secret::from_bytes([5; 32]);
        Link { kdf, secret }
    }

    #[test]
    fn a_link_comes_back_from_its_text() {
        for kdf in [Kdf::None, Kdf::Passphrase] {
            let text = link(kdf).text();
            assert_eq!(text.len(), 51);
            assert_eq!(text.parse(), Ok(link(kdf)));
        }
    }

    #[test]
    fn a_link_is_found_in_what_people_paste() {
        let text = link(Kdf::None).text();
        for pasted in [
            format!("https://send.example/d#{}", *text),
            format!(" <https://send.example/d#{}>.\n", *text),
            format!("\u{201c}{}\u{201d},", *text),
        ] {
            assert_eq!(pasted.parse(), Ok(link(Kdf::None)), "{pasted}");
        }
    }

    #[test]
    fn every_changed_character_is_noticed() {
        let text = link(Kdf::None).text();
        for at in 0..text.len() {
            let other = if &text[at..=at] == "A" { "B" } else { "A" };
            let damaged = format!("{}{other}{}", &text[..at], &text[at + 1..]);
            assert_eq!(damaged.parse::<Link>(), Err(Error::DamagedLink), "{at}");
        }
    }

    #[test]
    fn an_owner_link_is_no_link_and_the_reverse() {
        let owner = OwnerLink {
            id: TransferId([1; 16]),
            token: OwnerToken::from_bytes([2; 32]),
        };
        assert_eq!(owner.text().len(), 71);
        assert_eq!(owner.text().parse(), Ok(owner.clone()));
        assert_eq!(owner.text().parse::<Link>(), Err(Error::DamagedLink));
        assert_eq!(
            link(Kdf::None).text().parse::<OwnerLink>(),
            Err(Error::DamagedLink)
        );
    }

    #[test]
    fn a_later_version_or_kdf_with_a_right_check_is_newer_not_damaged() {
        for (version, kdf) in [(0x02, 0x00), (0x01, 0x02), (0x00, 0x00), (0x81, 0x01)] {
            let text = encode::<LINK>(&[&[version, kdf], &[5; 32]]);
            assert_eq!(text.parse::<Link>(), Err(Error::NewerVersion));
        }
        let text = encode::<OWNER_LINK>(&[&[0x82], &[5; 48]]);
        assert_eq!(text.parse::<OwnerLink>(), Err(Error::NewerVersion));
    }
}
