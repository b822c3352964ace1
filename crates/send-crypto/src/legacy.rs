//! Transfers of the original product: read, never made.
//!
//! The whole file is one AES-256-GCM message, its name in an envelope before the content.

mod link;

pub use link::{FriendlyToken, OldId, OldKey, OldLink};

use serde_json::{Map, Value};

use crate::Error;
use crate::primitives::Aes256Gcm;
use crate::sizes::TAG;

const IV: usize = 12;
/// What both envelopes begin with.
const MAGIC: &[u8; 6] = b"SGMETA";

/// A file of the original product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OldFile {
    /// The name, if the envelope gives one. It is the sender's word: check it before a file is
    /// named so.
    pub name: Option<String>,
    /// The content.
    pub content: Vec<u8>,
}

/// Opens a payload, `IV(12) || ciphertext || tag(16)`, and takes the content out of its envelope.
///
/// # Errors
/// [`Error::Incomplete`] below 28 bytes, [`Error::Corrupted`] if the key is another or a byte was
/// changed: this format cannot tell which.
pub fn open(key: &OldKey, mut payload: Vec<u8>) -> Result<OldFile, Error> {
    if payload.len() < IV + TAG {
        return Err(Error::Incomplete);
    }
    let mut sealed = payload.split_off(IV);
    let mut iv = [0; IV];
    iv.copy_from_slice(&payload);
    let length = Aes256Gcm::new(key.expose()).open(iv, &mut sealed)?;
    sealed.truncate(length);
    Ok(unwrap(sealed))
}

/// Takes the content out of its envelope: with a 6-byte magic (C), with a 7-byte magic (B), or none
/// (A).
///
/// What looks like an envelope but does not hold a JSON object of the length that it names is
/// content.
#[must_use]
pub fn unwrap(mut plaintext: Vec<u8>) -> OldFile {
    let Some((fields, start)) = envelope(&plaintext) else {
        return OldFile {
            name: None,
            content: plaintext,
        };
    };
    let name = match fields.get("filename") {
        Some(Value::String(name)) => Some(name.clone()),
        _ => None,
    };
    plaintext.drain(..start);
    OldFile {
        name,
        content: plaintext,
    }
}

/// The envelope's JSON, and where the content begins.
fn envelope(plaintext: &[u8]) -> Option<(Map<String, Value>, usize)> {
    let rest = plaintext.strip_prefix(MAGIC)?;
    let six = || object(rest).map(|(fields, length)| (fields, MAGIC.len() + length));
    let seven = || {
        object(rest.strip_prefix(&[0])?).map(|(fields, length)| (fields, MAGIC.len() + 1 + length))
    };
    six().or_else(seven)
}

/// A JSON object behind its length (four bytes, big-endian, at least 2), and the length of both.
fn object(bytes: &[u8]) -> Option<(Map<String, Value>, usize)> {
    let (length, rest) = bytes.split_first_chunk()?;
    let length = u32::from_be_bytes(*length) as usize;
    if length < 2 {
        return None;
    }
    let fields = serde_json::from_slice(rest.get(..length)?).ok()?;
    Some((fields, 4 + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enveloped(magic: &[u8], json: &str, content: &[u8]) -> Vec<u8> {
        let length = (json.len() as u32).to_be_bytes();
        [magic, &length, json.as_bytes(), content].concat()
    }

    fn file(name: Option<&str>, content: &[u8]) -> OldFile {
        OldFile {
            name: name.map(str::to_owned),
            content: content.to_vec(),
        }
    }

    #[test]
    fn both_envelopes_give_name_and_content() {
        let json = r#"{"filename":"a.txt"}"#;
        for magic in [b"SGMETA".as_slice(), b"SGMETA\0"] {
            assert_eq!(
                unwrap(enveloped(magic, json, b"hello")),
                file(Some("a.txt"), b"hello")
            );
            assert_eq!(unwrap(enveloped(magic, "{}", b"")), file(None, b""));
        }
    }

    #[test]
    fn what_is_no_envelope_is_content_untouched() {
        let cases = [
            b"".to_vec(),
            b"hello".to_vec(),
            b"SGMETA".to_vec(),
            b"SGMETA\0\0\0".to_vec(),
            enveloped(b"SGMETA", "[]", b"x"),
            enveloped(b"SGMETA\0", "{]", b"x"),
            [b"SGMETA".as_slice(), &[255; 4], b"{}"].concat(),
        ];
        for content in cases {
            assert_eq!(unwrap(content.clone()), file(None, &content));
        }
    }

    #[test]
    fn a_short_or_changed_payload_is_refused() {
        let key = OldKey::from_bytes([1; 32]);
        assert_eq!(open(&key, vec![0; 27]), Err(Error::Incomplete));
        assert_eq!(open(&key, vec![0; 28]), Err(Error::Corrupted));
    }
}
