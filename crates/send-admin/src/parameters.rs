//! What handlers take from a request's address, parsed once.

use std::{convert::Infallible, fmt::Display, str::FromStr};

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use send_core::{error::ApiError, key::AnyId, tokens::TokenName};
use serde::Deserialize;
use utoipa::IntoParams;

/// The `{name}` of a token; what can be no name is unknown.
pub(crate) struct TokenAt(pub(crate) TokenName);

/// The `{name}` of a token where it is no error that there is none; what can be no name is none.
pub(crate) struct NameAt(pub(crate) Option<TokenName>);

/// The `{id}` of a transfer, whichever routes made it; what can be no id is unknown.
pub(crate) struct TransferAt(pub(crate) AnyId);

/// Which page of a list is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Page {
    /// What the page before gave as `next`.
    after: Option<String>,
    /// How many at most.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
}

impl Page {
    /// Where it begins.
    pub(crate) fn after<T: FromStr>(&self) -> Result<Option<T>, ApiError> {
        let parse = |text: &str| {
            let parsed = text.parse();
            parsed
                .map_err(|_| ApiError::field("after", "must be what the page before gave as next"))
        };
        self.after.as_deref().map(parse).transpose()
    }

    /// How many it has at most.
    pub(crate) fn limit(&self, default: usize, most: usize) -> Result<usize, ApiError> {
        within("limit", self.limit, default, most)
    }
}

/// A number that was asked for, or else the usual one: from 1 to the most there can be.
pub(crate) fn within<N: Copy + Display + From<u8> + PartialOrd>(
    name: &str,
    asked: Option<N>,
    usual: N,
    most: N,
) -> Result<N, ApiError> {
    let asked = asked.unwrap_or(usual);
    if (N::from(1)..=most).contains(&asked) {
        return Ok(asked);
    }
    Err(ApiError::field(name, format!("must be 1 to {most}")))
}

impl<S: Send + Sync> FromRequestParts<S> for TokenAt {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let name = last(parts, state).await?.parse();
        name.map(Self).map_err(|_| ApiError::NotFound)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for NameAt {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let name = TokenAt::from_request_parts(parts, state).await;
        Ok(Self(name.ok().map(|TokenAt(name)| name)))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for TransferAt {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let id = AnyId::parse(&last(parts, state).await?);
        id.map(Self).ok_or(ApiError::NotFound)
    }
}

/// The one parameter of the path.
async fn last<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<String, ApiError> {
    let path = Path::<String>::from_request_parts(parts, state).await;
    path.map(|Path(text)| text).map_err(|_| ApiError::NotFound)
}

#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(
    dead_code,
    reason = "read by the description only; `TokenAt` parses it"
)]
pub(crate) struct TokenPath {
    /// The token's name.
    #[param(pattern = r"^[A-Za-z0-9_.\-]{1,128}$")]
    name: String,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(
    dead_code,
    reason = "read by the description only; `TransferAt` parses it"
)]
pub(crate) struct TransferPath {
    /// 32 hexadecimal digits, or 12 of a transfer of the original's routes.
    #[param(pattern = "^([0-9a-f]{12}|[0-9a-f]{32})$")]
    id: String,
}
