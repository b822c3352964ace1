//! Request bodies: limited while they are read, checked against the digest that the client gave.

use std::io;

use axum::{
    body::Body,
    extract::{FromRequest, Request},
    http::{HeaderMap, HeaderName},
};
use bytes::{Bytes, BytesMut};
use futures::{StreamExt, TryStreamExt, stream};
use http_body::Body as _;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use storage::ByteStream;

use crate::{error::ApiError, id::Digest};

/// Hexadecimal SHA-256 of the body: demanded under `/api/v1`, checked elsewhere when present.
pub const CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");

/// The longest JSON body, in bytes.
const JSON: u64 = 64 << 10;

/// A small body whose digest was given and is right.
pub struct Checked(pub Bytes);

/// A JSON body whose digest was given and is right.
pub struct CheckedJson<T>(pub T);

/// A JSON body of the original's routes: the digest is checked when given; an empty body is an empty object.
pub struct Json<T>(pub T);

impl<S: Send + Sync> FromRequest<S> for Checked {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        let digest = demanded_digest(&parts.headers)?;
        Ok(Self(read_checked(body, JSON, digest).await?))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for CheckedJson<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let Checked(bytes) = Checked::from_request(request, state).await?;
        parse(&bytes).map(Self)
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        let bytes = read_given(body, JSON, given_digest(&parts.headers)?).await?;
        parse(if bytes.is_empty() { b"{}" } else { &bytes }).map(Self)
    }
}

/// The digest of the body, if the client gave one.
///
/// # Errors
/// 400 when it is none.
pub fn given_digest(headers: &HeaderMap) -> Result<Option<Digest>, ApiError> {
    let Some(value) = headers.get(CONTENT_SHA256) else {
        return Ok(None);
    };
    let digest = value.to_str().ok().and_then(|text| text.parse().ok());
    digest
        .map(Some)
        .ok_or_else(|| refused("must be a SHA-256 as 64 lower-case hexadecimal digits"))
}

/// The digest of the body, which the client must give.
///
/// # Errors
/// 400 without one.
pub fn demanded_digest(headers: &HeaderMap) -> Result<Digest, ApiError> {
    given_digest(headers)?.ok_or_else(|| refused("must hold the SHA-256 of the body"))
}

/// How many bytes the client announced.
#[must_use]
pub fn announced(body: &Body) -> Option<u64> {
    body.size_hint().exact()
}

/// Reads a body into memory.
///
/// # Errors
/// 413 over the limit, before anything is read where the length was announced; 400 when it ends early.
pub async fn read(body: Body, limit: u64) -> Result<Bytes, ApiError> {
    if announced(&body).is_some_and(|size| size > limit) {
        return Err(too_large());
    }
    let capacity = announced(&body)
        .and_then(|size| usize::try_from(size).ok())
        .unwrap_or(0);
    let mut all = BytesMut::with_capacity(capacity);
    let mut body = Limited::new(body, usize::try_from(limit).unwrap_or(usize::MAX));
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| refusal(error.as_ref()))?;
        if let Some(piece) = frame.data_ref() {
            all.extend_from_slice(piece);
        }
    }
    Ok(all.freeze())
}

/// Reads a body into memory and compares its digest.
///
/// # Errors
/// As [`read`]; 400 when the digest is another.
pub async fn read_checked(body: Body, limit: u64, digest: Digest) -> Result<Bytes, ApiError> {
    let bytes = read(body, limit).await?;
    if Digest::of(&bytes) == digest {
        Ok(bytes)
    } else {
        Err(refused(OTHER_DIGEST))
    }
}

/// Reads a body into memory and compares its digest, where one was given.
///
/// # Errors
/// As [`read_checked`].
pub async fn read_given(body: Body, limit: u64, digest: Option<Digest>) -> Result<Bytes, ApiError> {
    match digest {
        Some(digest) => read_checked(body, limit, digest).await,
        None => read(body, limit).await,
    }
}

/// The body as a stream, which ends with an error when it is longer than the limit or has another digest than given.
#[must_use]
pub fn stream(body: Body, limit: u64, digest: Option<Digest>) -> ByteStream {
    let body = Limited::new(body, usize::try_from(limit).unwrap_or(usize::MAX));
    let body = body.into_data_stream().map_err(io::Error::other).boxed();
    match digest {
        None => body,
        Some(digest) => hashed(body, digest),
    }
}

/// The same bytes, and an error behind the last when their digest is another.
fn hashed(body: ByteStream, digest: Digest) -> ByteStream {
    let start = (body, Some(Sha256::new()));
    stream::try_unfold(start, move |(mut body, hash)| async move {
        let Some(mut hash) = hash else {
            return Ok(None);
        };
        if let Some(piece) = body.try_next().await? {
            hash.update(&piece);
            return Ok(Some((piece, (body, Some(hash)))));
        }
        let same = Digest::new(hash.finalize().into()) == digest;
        if same {
            Ok(None)
        } else {
            Err(io::Error::other(OtherDigest))
        }
    })
    .boxed()
}

/// The body is not the one that the digest was made of.
#[derive(Debug, thiserror::Error)]
#[error("the body has another digest")]
struct OtherDigest;

/// Parses JSON; a refusal names the field.
///
/// # Errors
/// 400.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    // serde takes an array for an object whose fields come in order.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(ApiError::field("body", "must be a JSON object"));
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let parsed = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let at = error.path().to_string();
        let reason = error.into_inner().to_string();
        ApiError::field(if at == "." { "body" } else { &at }, reason)
    })?;
    json.end()
        .map_err(|_| ApiError::field("body", "must be one JSON object and nothing else"))?;
    Ok(parsed)
}

/// Why a body could not be read, from the error that its stream ended with.
#[must_use]
pub fn refusal(error: &(dyn std::error::Error + 'static)) -> ApiError {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            return too_large();
        }
        if error.is::<OtherDigest>() {
            return refused(OTHER_DIGEST);
        }
        // An `io::Error` around another error does not tell it as its source, but only what that has as source.
        let inner = error
            .downcast_ref::<io::Error>()
            .and_then(|io| io.get_ref());
        cause = inner
            .map(|inner| inner as &(dyn std::error::Error + 'static))
            .or_else(|| error.source());
    }
    ApiError::field("body", "ended before it was complete")
}

const OTHER_DIGEST: &str = "is not the SHA-256 of the body";

fn too_large() -> ApiError {
    ApiError::TooLarge("The body is larger than what is allowed here.".into())
}

fn refused(reason: &str) -> ApiError {
    ApiError::field(CONTENT_SHA256.as_str(), reason)
}
