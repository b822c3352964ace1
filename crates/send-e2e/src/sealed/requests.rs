//! Each request of `/api/v1/sends` about one transfer.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use bytes::Bytes;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Claim, Sealed};
use crate::Request;

/// By its owner.
impl Sealed {
    /// Begins it; `downloads` 0 is any number.
    #[must_use]
    pub fn create(&self, downloads: u64) -> Request {
        Request::new("POST", "/api/v1/sends").with_json(&json!({
            "id": self.id(),
            "link_verifier": self.keys.link_token.verifier().to_string(),
            "read_verifier": self.keys.read_token.verifier().to_string(),
            "owner_verifier": self.owner.verifier().to_string(),
            "size": self.stored_len(),
            "downloads": downloads,
        }))
    }

    /// Sends its manifest.
    #[must_use]
    pub fn put_manifest(&self) -> Request {
        self.put_manifest_bytes(self.manifest_bytes())
    }

    /// Sends these bytes as its manifest.
    #[must_use]
    pub fn put_manifest_bytes(&self, bytes: Bytes) -> Request {
        self.owned("PUT", "/manifest").with_body(bytes)
    }

    /// Sends part `n`.
    #[must_use]
    pub fn put_part(&self, n: u32) -> Request {
        self.put_part_bytes(n, self.part_bytes(n))
    }

    /// Sends these bytes as part `n`.
    #[must_use]
    pub fn put_part_bytes(&self, n: u32, bytes: Bytes) -> Request {
        self.owned("PUT", &format!("/parts/{n}")).with_body(bytes)
    }

    /// Asks which parts have arrived.
    #[must_use]
    pub fn received(&self) -> Request {
        self.owned("GET", "/parts")
    }

    /// Asks where these parts go straight.
    #[must_use]
    pub fn urls_to_send(&self, parts: &[(u32, Bytes)]) -> Request {
        let digest = |bytes: &Bytes| hex::encode(Sha256::digest(bytes));
        let parts: Vec<_> = parts
            .iter()
            .map(|(n, bytes)| json!({ "part": n, "sha256": digest(bytes) }))
            .collect();
        self.owned("POST", "/part-urls")
            .with_json(&json!({ "parts": parts }))
    }

    /// Says that all has been sent.
    #[must_use]
    pub fn complete(&self) -> Request {
        self.owned("POST", "/complete").with_body(Bytes::new())
    }

    /// Asks where it stands.
    #[must_use]
    pub fn state(&self) -> Request {
        self.owned("GET", "")
    }

    /// Deletes it.
    #[must_use]
    pub fn delete(&self) -> Request {
        self.owned("DELETE", "")
    }

    fn owned(&self, method: &'static str, below: &str) -> Request {
        self.request(method, below)
            .with_token(BASE64_URL_SAFE_NO_PAD.encode(self.owner.expose()))
    }
}

/// By a reader.
impl Sealed {
    /// Reads the manifest.
    #[must_use]
    pub fn read_manifest(&self) -> Request {
        self.request("GET", "/manifest")
            .with_token(self.reader_token())
    }

    /// Takes one download.
    #[must_use]
    pub fn claim(&self, claim: &Claim) -> Request {
        self.request("POST", "/claims")
            .with_token(self.reader_token())
            .with_json(&json!({ "claim": claim.0 }))
    }

    /// Reads part `n`.
    #[must_use]
    pub fn part(&self, claim: &Claim, n: u32) -> Request {
        self.claimed("GET", &format!("/parts/{n}"), claim)
    }

    /// Asks where these parts come from straight.
    #[must_use]
    pub fn urls_to_read(&self, claim: &Claim, parts: &[u32]) -> Request {
        self.claimed("POST", "/part-urls", claim)
            .with_json(&json!({ "parts": parts }))
    }

    /// Reads the whole stored content.
    #[must_use]
    pub fn content(&self, claim: &Claim) -> Request {
        self.claimed("GET", "/content", claim)
    }

    /// Tells the operator what is wrong with it.
    #[must_use]
    pub fn report(&self, reason: &str) -> Request {
        self.request("POST", "/report")
            .with_token(self.reader_token())
            .with_json(&json!({ "reason": reason }))
    }

    /// Says that nothing more will be read.
    #[must_use]
    pub fn finish(&self, claim: &Claim) -> Request {
        self.claimed("DELETE", "/claim", claim)
    }

    fn reader_token(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.keys.reader_token().expose())
    }

    fn claimed(&self, method: &'static str, below: &str, claim: &Claim) -> Request {
        self.request(method, below).with_token(&claim.0)
    }

    fn request(&self, method: &'static str, below: &str) -> Request {
        Request::new(method, format!("/api/v1/sends/{}{below}", self.id()))
    }
}
