//! The one place that says what a failure means: by AWS's code and message, never by how the SDK prints it.

mod kind;
#[cfg(test)]
mod tests;

use std::{error::Error, fmt::Display, iter::successors};

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::{client::result::SdkError, http::Response};
use aws_smithy_types::error::{metadata::ProvideErrorMetadata, operation::BuildError};

use crate::cloud::{Answer, CallError, Kind};

pub(super) use crate::cloud::found;
pub(super) use kind::kind;

/// How to sign in.
const SIGN_IN: &str = "sign in with `aws sso login`, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN where the key came with one)";

/// What the SDK hands back, with the name of what was asked.
pub(super) trait Called<T> {
    /// In our words; `call` is the operation: `iam:GetRole`.
    fn called(self, call: &'static str) -> Answer<T>;
}

impl<T, E> Called<T> for Result<T, SdkError<E, Response>>
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    fn called(self, call: &'static str) -> Answer<T> {
        self.map_err(|error| failed(call, error))
    }
}

/// A request that lacks something never leaves.
impl<T> Called<T> for Result<T, BuildError> {
    fn called(self, call: &'static str) -> Answer<T> {
        self.map_err(|error| refused(call, error))
    }
}

/// What would fail again, in a sentence of ours.
pub(super) fn refused(call: &'static str, why: impl Display) -> CallError {
    silent(call, Kind::Refused, why)
}

/// An answer that broke off.
pub(super) fn unavailable(call: &'static str, why: impl Display) -> CallError {
    silent(call, Kind::Unavailable, why)
}

/// What AWS says of one of several things that were asked for in one call.
pub(super) fn told(call: &'static str, code: &str, message: String) -> CallError {
    CallError {
        call,
        kind: kind(code, &message, None),
        code: code.into(),
        message,
    }
}

fn silent(call: &'static str, kind: Kind, why: impl Display) -> CallError {
    CallError {
        call,
        kind,
        code: String::new(),
        message: why.to_string(),
    }
}

fn failed<E>(call: &'static str, error: SdkError<E, Response>) -> CallError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    match error {
        SdkError::ServiceError(context)
            if context.raw().status().is_success() && context.err().code().is_none() =>
        {
            unreadable(call, context.raw())
        }
        SdkError::ServiceError(context) => {
            answered(call, context.err(), context.raw().status().as_u16())
        }
        SdkError::TimeoutError(_) => unavailable(call, "no answer in time"),
        SdkError::ResponseError(context) => unreadable(call, context.raw()),
        SdkError::DispatchFailure(failure) => match failure.as_connector_error() {
            Some(error) => unsent(call, error, failure.is_user()),
            None => unavailable(call, "no connection"),
        },
        error => match error.into_source() {
            Ok(source) => unsent(call, source.as_ref(), true),
            Err(error) => refused(call, error),
        },
    }
}

/// An answer that is not what AWS says. What it holds may be anything: it is not shown.
fn unreadable(call: &'static str, answer: &Response) -> CallError {
    let status = answer.status();
    unavailable(call, format!("an answer that cannot be read ({status})"))
}

/// What AWS answered. Some refusals come without a body: their status is all that is known.
fn answered(call: &'static str, error: &impl ProvideErrorMetadata, status: u16) -> CallError {
    let code = error.code().unwrap_or_default();
    let message = error.message().unwrap_or_default();
    let mut message = match (code, message) {
        ("", "") => format!("answered {status}"),
        _ => message.to_owned(),
    };
    if kind::is_about_credentials(code) {
        message = format!("{}: {SIGN_IN}", message.trim_end_matches('.'));
    }
    CallError {
        call,
        kind: kind(code, &message, Some(status)),
        code: code.into(),
        message,
    }
}

/// What never reached AWS: nobody is signed in, or the connection broke.
fn unsent(call: &'static str, error: &(dyn Error + 'static), ours: bool) -> CallError {
    match causes(error).find_map(|cause| cause.downcast_ref()) {
        Some(CredentialsError::CredentialsNotLoaded(_)) => {
            refused(call, format!("there are no credentials for AWS: {SIGN_IN}"))
        }
        Some(error) => refused(
            call,
            format!(
                "the credentials for AWS cannot be had ({}): {SIGN_IN}",
                chain(error)
            ),
        ),
        None if ours => refused(call, chain(error)),
        None => unavailable(call, format!("no connection ({})", chain(error))),
    }
}

/// An error, what caused it, what caused that.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    successors(Some(error), |error| (*error).source())
}

/// What an error and its causes say, each thing once.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut said: Vec<String> = Vec::new();
    for cause in causes(error).map(ToString::to_string) {
        if !said.iter().any(|before| before.contains(&cause)) {
            said.push(cause);
        }
    }
    said.join(": ")
}
