//! What handlers take from a request's head, parsed once.

use std::net::IpAddr;

use axum::{
    extract::{FromRequestParts, Query, RawPathParams, rejection::QueryRejection},
    http::{HeaderMap, HeaderName, request::Parts},
};
use serde::de::DeserializeOwned;

use crate::{
    error::ApiError,
    id::{SendId, TransferId},
    secret::Presented,
};

/// Carries a link token, a reader's token, an owner token or a claim.
pub const SEND_TOKEN: HeaderName = HeaderName::from_static("x-send-token");
/// Carries an access token.
pub const ACCESS_TOKEN: HeaderName = HeaderName::from_static("x-sgraph-access-token");
/// Carries the secret that allows to delete a transfer of the original's routes.
pub const DELETE_AUTH: HeaderName = HeaderName::from_static("x-sgraph-transfer-delete-auth");

/// The token of a request to `/api/v1/sends`; a malformed one counts as none, and none is answered like a wrong one.
pub struct Shown(pub Option<Presented>);

/// The `{id}` of `/api/v1/sends/{id}`.
pub struct SendAt(pub SendId);

/// The `{id}` and `{part}` of `/api/v1/sends/{id}/parts/{part}`.
pub struct PartAt(pub SendId, pub u32);

/// The `{id}` of the original's routes; anything that is no such id is unknown.
pub struct TransferAt(pub TransferId);

/// The query; a refusal names what is wrong with it.
pub struct Asked<T>(pub T);

/// The client's address, where it is known; set by [`crate::layers`].
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub Option<IpAddr>);

impl<S: Send + Sync> FromRequestParts<S> for Shown {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        Ok(Self(
            text(&parts.headers, &SEND_TOKEN).and_then(Presented::parse),
        ))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for SendAt {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let id = param(parts, state, "id").await?.parse();
        id.map(Self)
            .map_err(|error| ApiError::field("id", format!("{error}")))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PartAt {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let SendAt(id) = SendAt::from_request_parts(parts, state).await?;
        let part = param(parts, state, "part").await?;
        let plain = part.bytes().all(|b| b.is_ascii_digit());
        let number = part.parse().ok().filter(|_| plain);
        number
            .map(|n| Self(id, n))
            .ok_or_else(|| ApiError::field("part", "must be a number from 0"))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for TransferAt {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let id = param(parts, state, "id").await?.parse();
        id.map(Self).map_err(|_| ApiError::NotFound)
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let parsed = Query::try_from_uri(&parts.uri);
        parsed
            .map(|Query(asked)| Self(asked))
            .map_err(|error| ApiError::field("query", reason(&error)))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        Ok(parts.extensions.get().copied().unwrap_or(Self(None)))
    }
}

/// A header's text, if it is one.
#[must_use]
pub fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// What the parser said, without the words that axum puts in front.
fn reason(error: &QueryRejection) -> String {
    let said = std::error::Error::source(error).map(ToString::to_string);
    said.unwrap_or_else(|| "is not understood".to_owned())
}

async fn param<S: Send + Sync>(
    parts: &mut Parts,
    state: &S,
    name: &str,
) -> Result<String, ApiError> {
    let params = RawPathParams::from_request_parts(parts, state)
        .await
        .map_err(|_| ApiError::NotFound)?;
    let found = params.iter().find(|(key, _)| *key == name);
    found
        .map(|(_, value)| value.to_owned())
        .ok_or(ApiError::NotFound)
}
