//! How a secret could be written where it must not be: what a search of a log looks for.

use base64::{
    Engine,
    prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD},
};

/// Shorter ones are found by chance.
const SHORTEST: usize = 8;

/// Something that must not be found, and what to call it.
#[derive(Clone)]
pub struct Secret {
    name: String,
    bytes: Vec<u8>,
}

impl Secret {
    /// A secret, as its bytes.
    ///
    /// # Panics
    /// When it is so short that it would be found by chance.
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        let (name, bytes) = (name.into(), bytes.into());
        assert!(bytes.len() >= SHORTEST, "{name} is too short to look for");
        Self { name, bytes }
    }

    /// What it is.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// A secret that travels as base64url: the text, and what it is the text of.
    pub fn both(name: &str, text: &str) -> Vec<Self> {
        let decoded = BASE64_URL_SAFE_NO_PAD.decode(text).ok();
        let decoded = decoded.map(|bytes| Self::new(format!("{name}, decoded"), bytes));
        let text = Self::new(name, text);
        decoded.into_iter().chain([text]).collect()
    }
}

/// Which secrets are in a text, and in which spelling each.
#[must_use]
pub fn found(secrets: &[Secret], text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for secret in secrets {
        for (spelling, written) in spellings(&secret.bytes) {
            if text.contains(&written) {
                found.push(format!("{} ({spelling})", secret.name));
            }
        }
    }
    found
}

fn spellings(bytes: &[u8]) -> Vec<(&'static str, String)> {
    let digits = hex::encode(bytes);
    let numbers = format!("{bytes:?}");
    let mut all = vec![
        ("HEXADECIMAL", digits.to_uppercase()),
        ("hexadecimal", digits),
        ("numbers", numbers.trim_matches(['[', ']']).to_owned()),
        ("percent-encoded", percent_encoded(bytes)),
    ];
    all.extend(std::str::from_utf8(bytes).map(|text| ("plain", text.to_owned())));
    for shift in 0..3 {
        let base64 = inside(bytes, shift);
        all.push(("base64url", base64.replace('+', "-").replace('/', "_")));
        all.push(("base64", base64));
    }
    all
}

/// Base64 of bytes that begin `shift` bytes after a multiple of three in something longer, without the characters that depend on
/// what stands beside them.
fn inside(bytes: &[u8], shift: usize) -> String {
    let shifted = [&[0; 2][..shift], bytes].concat();
    let text = BASE64_STANDARD_NO_PAD.encode(&shifted);
    let start = if shift == 0 { 0 } else { shift + 1 };
    let end = text.len() - usize::from(shifted.len() % 3 != 0);
    text[start..end].to_owned()
}

/// As in an address: all but letters, digits and `-._~`.
fn percent_encoded(bytes: &[u8]) -> String {
    let encode = |byte: &u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(*byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    bytes.iter().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Text with characters that every spelling changes.
    const SECRET: &[u8] = b"let me in: 100% + \xc3\xbcber/sgs_";

    #[test]
    fn a_secret_is_found_in_every_spelling_inside_something_longer() {
        let secret = [Secret::new("it", SECRET)];
        let text = String::from_utf8_lossy(SECRET).into_owned();
        let longer = |before: &str| [before.as_bytes(), SECRET, b"tail"].concat();
        let written = [
            ("plain", text),
            ("hexadecimal", hex::encode(SECRET)),
            ("HEXADECIMAL", hex::encode_upper(SECRET)),
            ("numbers", format!("{:?}", longer("x"))),
            ("percent-encoded", percent_encoded(SECRET)),
            ("base64", BASE64_STANDARD_NO_PAD.encode(longer(""))),
            ("base64", BASE64_STANDARD_NO_PAD.encode(longer("x"))),
            ("base64", BASE64_STANDARD_NO_PAD.encode(longer("xy"))),
            ("base64url", BASE64_URL_SAFE_NO_PAD.encode(longer(""))),
            ("base64url", BASE64_URL_SAFE_NO_PAD.encode(longer("x"))),
            ("base64url", BASE64_URL_SAFE_NO_PAD.encode(longer("xy"))),
        ];
        for (spelling, written) in written {
            let line = format!(r#"{{"message":"a line","it":"{written}"}}"#);
            let found = found(&secret, &line);
            assert!(
                found.contains(&format!("it ({spelling})")),
                "{line}: {found:?}"
            );
        }
    }

    #[test]
    fn of_base64url_the_bytes_are_looked_for_too() {
        let bytes = [7, 77, 177, 250, 251, 252, 253, 254, 255];
        let secrets = Secret::both("a token", &BASE64_URL_SAFE_NO_PAD.encode(bytes));
        let line = hex::encode(bytes);
        assert_eq!(found(&secrets, &line), ["a token, decoded (hexadecimal)"]);
    }

    #[test]
    fn nothing_is_found_where_nothing_is() {
        let line = r#"{"level":"INFO","message":"listening on http://127.0.0.1:8080"}"#;
        assert!(found(&[Secret::new("it", SECRET)], line).is_empty());
    }
}
