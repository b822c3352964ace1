//! Query parameters, refused in the form of all refusals.

use axum::{
    extract::FromRequestParts,
    http::{Uri, request::Parts},
};
use send_core::error::ApiError;
use serde::de::DeserializeOwned;

/// The parameters of a request's query.
pub(crate) struct Query<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parse(&parts.uri).map(Self)
    }
}

fn parse<T: DeserializeOwned>(uri: &Uri) -> Result<T, ApiError> {
    let parsed = axum::extract::Query::try_from_uri(uri);
    let reason = |refusal: axum::extract::rejection::QueryRejection| refusal.body_text();
    parsed
        .map(|axum::extract::Query(query)| query)
        .map_err(|refusal| ApiError::field("query", reason(refusal)))
}
