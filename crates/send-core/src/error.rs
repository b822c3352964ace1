//! What a service answers when it refuses, or fails: one enum, one form.
//!
//! `{"detail": "<sentence or code>", "request_id": "<id>"}`. The body is written by [`crate::layers`], which knows the request's id.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    body,
    record::{Gone, Reason},
};

/// A refusal or failure on its way to a client.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// 400: something in the request is malformed or out of bounds.
    #[error("{field}: {reason}")]
    Field {
        /// The field, parameter or header.
        field: String,
        /// What it must be.
        reason: String,
    },
    /// 400: the request as a whole cannot be served here.
    #[error("{0}")]
    Request(&'static str),
    /// 401: an access token is needed, and none or a wrong one was shown.
    #[error("{0}")]
    Unauthorized(&'static str),
    /// 403: known, but not allowed.
    #[error("{0}")]
    Forbidden(&'static str),
    /// 404: unknown, or not for this token: the two answer alike.
    #[error("There is nothing here, or not for this token.")]
    NotFound,
    /// 404 with the code that the original's clients know.
    #[error("not_found")]
    NotFoundCode,
    /// 409: the state of things does not allow it.
    #[error("{0}")]
    Conflict(&'static str),
    /// 409: the upload is not complete yet.
    #[error("The upload is not complete.")]
    Incomplete(Missing),
    /// 410: was there, and is not any more.
    #[error("{}", gone(.0))]
    Gone(Gone),
    /// 413: larger than allowed.
    #[error("{0}")]
    TooLarge(String),
    /// 415: the body has a `Content-Encoding`.
    #[error("Send the body as it is, without Content-Encoding.")]
    Encoded,
    /// 416: the range lies outside of what there is.
    #[error("The range lies outside of the {size} bytes.")]
    Range {
        /// Bytes there are.
        size: u64,
    },
    /// 429: too often.
    #[error("{0}")]
    TooMany(&'static str),
    /// 429: more wrong admin keys are shown at once than wait for an answer.
    #[error("Too many wrong keys are shown at once. Wait a moment.")]
    WrongKeys,
    /// 503: the storage does not answer.
    #[error("The storage does not answer. Try again in a moment.")]
    Unavailable(#[source] storage::Error),
    /// 503: the storage answers, but not to this service.
    #[error("The storage refuses this service: {0}. Whoever runs the service must mend that.")]
    Refused(storage::Refused),
    /// 507: the storage is full.
    #[error("The storage is full. Nothing was stored.")]
    Full,
    /// 500: a defect, or stored bytes that are not what was written.
    #[error("Something went wrong here. The request id helps to find out what.")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What an upload still needs before it can be completed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Missing {
    /// The manifest has not arrived.
    pub manifest: bool,
    /// How many parts have not arrived.
    pub part_count: u32,
    /// The first hundred of them.
    pub parts: Vec<u32>,
}

/// The body of every refusal.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    /// What happened and what to do, or a code.
    pub detail: String,
    /// Names the request in the server's log.
    pub request_id: String,
    /// What an upload still needs, where that is the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<Missing>,
    /// Why the operator took the transfer down, where that is what happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}

/// Travels with a response until its body is written.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) detail: String,
    pub(crate) missing: Option<Missing>,
    pub(crate) reason: Option<Reason>,
}

/// Marks a response that refused a token, whatever its status: those are counted per address.
#[derive(Clone, Copy, Debug)]
pub struct WrongToken;

/// Marks a response that failed for a reason of the storage: the cause is logged once a minute.
#[derive(Clone, Debug)]
pub(crate) struct StorageFailed(pub(crate) String);

impl ApiError {
    /// 400 for a field, parameter or header.
    pub fn field(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Field {
            field: field.into(),
            reason: reason.into(),
        }
    }

    /// 500 for a defect.
    pub fn internal(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(error.into())
    }

    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Field { .. } | Self::Request(_) => StatusCode::BAD_REQUEST,
            Self::Unauthorized(_) => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound | Self::NotFoundCode => StatusCode::NOT_FOUND,
            Self::Conflict(_) | Self::Incomplete(_) => StatusCode::CONFLICT,
            Self::Gone(_) => StatusCode::GONE,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Encoded => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Range { .. } => StatusCode::RANGE_NOT_SATISFIABLE,
            Self::TooMany(_) | Self::WrongKeys => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) | Self::Refused(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Full => StatusCode::INSUFFICIENT_STORAGE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Why it is so, in words without a path: paths hold ids, which are not logged.
    pub(crate) fn cause(&self) -> String {
        let Self::Internal(cause) = self else {
            return self.to_string();
        };
        match cause.downcast_ref::<storage::Error>() {
            None => Causes(cause.as_ref()).to_string(),
            Some(storage::Error::Damaged { reason, .. }) => {
                format!("a stored document is damaged: {reason}")
            }
            Some(storage::Error::NotFound(_)) => "what a record names is not stored".to_owned(),
            Some(storage::Error::Upload { code, .. }) => {
                format!("an upload in parts was refused: {code}")
            }
            Some(_) => "the storage answered what it should not".to_owned(),
        }
    }

    /// Logs what an operator must know; refusals are no news.
    fn log(&self) {
        match self {
            Self::Full => tracing::warn!("storage full"),
            Self::Internal(_) => tracing::error!(error = self.cause(), "internal error"),
            _ => {}
        }
    }
}

impl Refusal {
    fn of(error: ApiError) -> Self {
        let mut refusal = Self::new(error.to_string());
        match error {
            ApiError::Incomplete(missing) => refusal.missing = Some(missing),
            ApiError::Gone(Gone::TakenDown(reason)) => refusal.reason = reason,
            _ => {}
        }
        refusal
    }

    /// With nothing but a sentence.
    pub(crate) fn new(detail: impl Into<String>) -> Self {
        Self {
            detail: detail.into(),
            missing: None,
            reason: None,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        self.log();
        let mut response = self.status().into_response();
        if let Self::Range { size } = self
            && let Ok(value) = HeaderValue::try_from(format!("bytes */{size}"))
        {
            response.headers_mut().insert(header::CONTENT_RANGE, value);
        }
        if matches!(
            self,
            Self::NotFound | Self::Unauthorized(_) | Self::Forbidden(_) | Self::WrongKeys
        ) {
            response.extensions_mut().insert(WrongToken);
        }
        match &self {
            Self::Unavailable(cause) => drop(
                response
                    .extensions_mut()
                    .insert(StorageFailed(Causes(cause).to_string())),
            ),
            Self::Refused(why) => {
                response
                    .extensions_mut()
                    .insert(StorageFailed(why.to_string()));
            }
            _ => {}
        }
        response.extensions_mut().insert(Refusal::of(self));
        response
    }
}

impl From<storage::Error> for ApiError {
    fn from(error: storage::Error) -> Self {
        match error {
            storage::Error::Full => Self::Full,
            storage::Error::Range { size, .. } => Self::Range { size },
            storage::Error::Refused(why) => Self::Refused(why),
            storage::Error::Unavailable(_) | storage::Error::Precondition(_) => {
                Self::Unavailable(error)
            }
            storage::Error::Source(error) => body::refusal(&error),
            storage::Error::NotFound(_)
            | storage::Error::AlreadyExists(_)
            | storage::Error::Upload { .. }
            | storage::Error::Damaged { .. } => Self::internal(error),
        }
    }
}

const fn gone(reason: &Gone) -> &'static str {
    match reason {
        Gone::Expired => "expired",
        Gone::Exhausted => "exhausted",
        Gone::Deleted => "deleted",
        Gone::TakenDown(_) => "taken_down",
    }
}

/// An error and what caused it, in one line; a cause that is said already is not said again.
pub(crate) struct Causes<'a>(pub(crate) &'a (dyn std::error::Error + 'static));

impl std::fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut line = self.0.to_string();
        let mut cause = self.0.source();
        while let Some(error) = cause {
            let said = error.to_string();
            if !line.ends_with(&said) {
                line = format!("{line}: {said}");
            }
            cause = error.source();
        }
        f.write_str(&line)
    }
}
