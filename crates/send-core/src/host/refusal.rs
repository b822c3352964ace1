//! The answers the host gives in place of the app.

use axum::Json;
use axum::http::header::{CONNECTION, HOST, RETRY_AFTER};
use axum::http::uri::Authority;
use axum::http::{HeaderValue, Request, StatusCode, Version};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::lambda::Unreadable;
use crate::layers;

/// Why the host answers a request itself; on a socket it then closes the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error("The request has both Content-Length and Transfer-Encoding; send one of them.")]
    TwoFramings,
    #[error("The request has more than one Content-Length; send one.")]
    TwoLengths,
    #[error("The only Transfer-Encoding taken here is chunked, once.")]
    UnknownCoding,
    #[error("A line of the request head ends without a carriage return.")]
    BareLineFeed,
    #[error("The bytes before this request cannot be told from it.")]
    LostCount,
    #[error("The request has too many header lines.")]
    TooManyHeaders,
    #[error("The request has no Host header.")]
    NoHost,
    #[error("The request has more than one Host header; send one.")]
    TwoHosts,
    #[error("The Host header is not a host name with an optional port.")]
    BadHost,
    #[error("The request target names another host than the Host header.")]
    ForeignTarget,
    #[error("The request body arrives too slowly.")]
    SlowBody,
    #[error("The server has no room for another connection; try again in a moment.")]
    Crowded,
    #[error("{0}")]
    Unreadable(Unreadable),
    #[error(
        "The answer is larger than AWS Lambda carries. Ask for less at once: a part, or a range."
    )]
    LargeAnswer,
    #[error("The answer broke off while it was read.")]
    BrokenAnswer,
    #[error("The answer cannot be written as JSON.")]
    Unwritable,
}

/// The body of every error of the product.
#[derive(Serialize)]
struct Detail<'a> {
    detail: String,
    request_id: &'a str,
}

impl Refusal {
    fn status(self) -> StatusCode {
        match self {
            Self::TwoFramings
            | Self::TwoLengths
            | Self::UnknownCoding
            | Self::BareLineFeed
            | Self::LostCount
            | Self::NoHost
            | Self::TwoHosts
            | Self::BadHost
            | Self::ForeignTarget
            | Self::Unreadable(_) => StatusCode::BAD_REQUEST,
            Self::TooManyHeaders => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::SlowBody => StatusCode::REQUEST_TIMEOUT,
            Self::Crowded => StatusCode::SERVICE_UNAVAILABLE,
            Self::LargeAnswer => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BrokenAnswer | Self::Unwritable => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Tells whoever runs the service of a request that no route answered, or not in the end.
    pub(super) fn log(self, request_id: &str) {
        let status = self.status();
        if status.is_server_error() {
            tracing::error!(request_id, status = status.as_u16(), "{self}");
        } else {
            tracing::warn!(request_id, status = status.as_u16(), "{self}");
        }
    }

    /// The answer to the request of this id.
    pub(super) fn answer(self, request_id: &str) -> Response {
        let body = Json(Detail {
            detail: self.to_string(),
            request_id,
        });
        let mut response = (self.status(), body).into_response();
        layers::head(response.headers_mut(), request_id);
        response
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        // An id only finds a line of the log again: zeros, if the system has no randomness, do no harm.
        let request_id = format!("{:016x}", getrandom::u64().unwrap_or_default());
        tracing::debug!(request_id, refusal = ?self, "refused by the host");
        let mut response = self.answer(&request_id);
        let headers = response.headers_mut();
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
        if self == Self::Crowded {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// Refuses a request of which it is not certain for which host it is meant (RFC 9112, 3.2).
pub(super) fn check_host<B>(request: &Request<B>) -> Result<(), Refusal> {
    let mut hosts = request.headers().get_all(HOST).iter();
    let host = hosts.next();
    if hosts.next().is_some() {
        return Err(Refusal::TwoHosts);
    }
    let Some(host) = host else {
        let optional = request.version() < Version::HTTP_11;
        return if optional {
            Ok(())
        } else {
            Err(Refusal::NoHost)
        };
    };
    let host = Authority::try_from(host.as_bytes()).map_err(|_| Refusal::BadHost)?;
    if host.as_str().contains('@') {
        return Err(Refusal::BadHost);
    }
    match request.uri().authority() {
        Some(target) if *target != host => Err(Refusal::ForeignTarget),
        _ => Ok(()),
    }
}
