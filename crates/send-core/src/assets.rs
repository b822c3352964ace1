//! The pages inside the binary: content types, entity tags and how long a browser may keep each file.
//!
//! Everything lies below `/assets/{hash}/`, where the hash is that of all files together: what is there never changes and may
//! be kept for ever. Pages and the service worker have fixed addresses and are never kept.

use std::{borrow::Cow, collections::BTreeMap};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest as _, Sha256};

use crate::error::ApiError;

/// Written in a page where the address of the files belongs.
const PLACEHOLDER: &str = "{{assets}}";
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// What a page may do: run and load what comes from here, and nothing else.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
     connect-src 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types sgraph-send";

/// The embedded files of a service.
#[derive(Clone, Debug)]
pub struct Assets {
    hash: String,
    policy: HeaderValue,
    files: BTreeMap<String, File>,
}

#[derive(Clone, Debug)]
struct File {
    bytes: Bytes,
    kind: HeaderValue,
    etag: HeaderValue,
}

impl Assets {
    /// All files of `E`, for pages that may also connect to `storage`: an origin, or a folder of one, with a slash behind.
    #[must_use]
    pub fn of<E: RustEmbed>(storage: Option<&str>) -> Self {
        let mut all: Vec<(String, EmbeddedFile)> = E::iter()
            .filter_map(|name| Some((name.to_string(), E::get(&name)?)))
            .collect();
        all.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut hash = Sha256::new();
        for (name, file) in &all {
            hash.update(name);
            hash.update(file.metadata.sha256_hash());
        }
        let hash = hex::encode(&hash.finalize()[..8]);
        let files = all.into_iter().map(|(name, file)| {
            let file = File::new(&name, file);
            (name, file)
        });
        Self {
            files: files.collect(),
            policy: policy(storage),
            hash,
        }
    }

    /// Where the files lie, `/assets/{hash}`.
    #[must_use]
    pub fn base(&self) -> String {
        format!("/assets/{}", self.hash)
    }

    /// The answer to `/assets/{hash}/{name}`.
    #[must_use]
    pub fn file(&self, hash: &str, name: &str, headers: &HeaderMap) -> Response {
        match self.files.get(name).filter(|_| hash == self.hash) {
            None => ApiError::NotFound.into_response(),
            Some(file) if headers.get(header::IF_NONE_MATCH) == Some(&file.etag) => (
                StatusCode::NOT_MODIFIED,
                [
                    (header::ETAG, file.etag.clone()),
                    (header::CACHE_CONTROL, FOR_EVER),
                ],
            )
                .into_response(),
            Some(file) => {
                let mut response = file.answer(Body::from(file.bytes.clone()));
                response
                    .headers_mut()
                    .insert(header::ETAG, file.etag.clone());
                response
                    .headers_mut()
                    .insert(header::CACHE_CONTROL, FOR_EVER);
                response
            }
        }
    }

    /// A page or script at an address of its own, with the address of the files written into it.
    #[must_use]
    pub fn page(&self, name: &str) -> Response {
        let Some(file) = self.files.get(name) else {
            return ApiError::NotFound.into_response();
        };
        let body = match std::str::from_utf8(&file.bytes) {
            Ok(text) if text.contains(PLACEHOLDER) => {
                Body::from(text.replace(PLACEHOLDER, &self.base()))
            }
            _ => Body::from(file.bytes.clone()),
        };
        let mut response = file.answer(body);
        response
            .headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, self.policy.clone());
        response
    }
}

/// An address that no header can hold is not allowed: parts then pass the service.
fn policy(storage: Option<&str>) -> HeaderValue {
    let connect = storage.map(|storage| format!("connect-src 'self' {storage};"));
    let policy = connect.map(|connect| PAGE_POLICY.replace("connect-src 'self';", &connect));
    policy
        .and_then(|policy| HeaderValue::try_from(policy).ok())
        .unwrap_or(HeaderValue::from_static(PAGE_POLICY))
}

impl File {
    fn new(name: &str, file: EmbeddedFile) -> Self {
        let etag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..8]));
        let kind = mime_guess::from_path(name).first_or_octet_stream();
        let kind = if kind.type_() == "text" {
            format!("{kind}; charset=utf-8")
        } else {
            kind.to_string()
        };
        let bytes = match file.data {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => Bytes::from(bytes),
        };
        let unknown = HeaderValue::from_static("application/octet-stream");
        Self {
            bytes,
            kind: HeaderValue::try_from(kind).unwrap_or(unknown),
            etag: HeaderValue::try_from(etag).unwrap_or(HeaderValue::from_static("\"\"")),
        }
    }

    fn answer(&self, body: Body) -> Response {
        let mut response = Response::new(body);
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, self.kind.clone());
        response
    }
}
