//! What S3 says when it refuses, in the terms of [`Error`].
//!
//! The words of S3 are those of "Error responses" in the Amazon S3 API reference.

use std::{error::Error as StdError, iter};

use crate::{Error, Path, Refused};

/// What an error about one object means.
pub(super) fn of(path: &Path, error: object_store::Error) -> Error {
    let code = code(&error);
    if let Some(refused) = refused(code.as_deref(), &error) {
        return refused.into();
    }
    match (&error, code.as_deref()) {
        (_, Some("NoSuchUpload")) | (object_store::Error::NotFound { .. }, _) => {
            Error::NotFound(path.clone())
        }
        (_, Some(code @ ("InvalidPart" | "InvalidPartOrder" | "EntityTooSmall"))) => {
            Error::Upload {
                path: path.clone(),
                code: code.to_owned(),
            }
        }
        (object_store::Error::AlreadyExists { .. }, _) => Error::AlreadyExists(path.clone()),
        (object_store::Error::Precondition { .. }, _) => Error::Precondition(path.clone()),
        _ => unavailable(&error),
    }
}

/// What an error about the end of an upload in parts means.
pub(super) fn of_parts(path: &Path, error: object_store::Error) -> Error {
    match code(&error).as_deref() {
        Some(code @ ("InvalidRequest" | "MalformedXML")) => Error::Upload {
            path: path.clone(),
            code: code.to_owned(),
        },
        _ => of(path, error),
    }
}

/// What an error about the bucket as a whole means.
pub(super) fn of_bucket(error: object_store::Error) -> Error {
    match refused(code(&error).as_deref(), &error) {
        Some(refused) => refused.into(),
        None => unavailable(&error),
    }
}

/// What the code of a refusal means, where it is about this program and not about what it asked for.
pub(super) fn of_code(code: &str) -> Option<Refused> {
    Some(match code {
        "NoSuchBucket" => Refused::NoBucket,
        "PermanentRedirect"
        | "TemporaryRedirect"
        | "AuthorizationHeaderMalformed"
        | "IllegalLocationConstraintException" => Refused::Region,
        "InvalidAccessKeyId" | "SignatureDoesNotMatch" | "InvalidToken" | "InvalidSecurity" => {
            Refused::Credentials
        }
        "ExpiredToken" | "ExpiredTokenException" | "TokenRefreshRequired" => Refused::Expired,
        "AccessDenied" | "AllAccessDisabled" | "AccountProblem" | "NotSignedUp" => Refused::Denied,
        "RequestTimeTooSkewed" | "RequestExpired" => Refused::Clock,
        _ => return None,
    })
}

/// Whether a range lies outside of the object.
pub(super) fn is_outside(error: &object_store::Error) -> bool {
    code(error).as_deref() == Some("InvalidRange")
        || chain(error).any(|text| text.contains("416 Range Not Satisfiable"))
}

/// The word that says why: `<Code>..</Code>` in a body, `(code: ..)` of each object that could not be deleted with others.
pub(super) fn code_in(text: &str) -> Option<&str> {
    let between = |from, to| {
        let (_, rest) = text.split_once(from)?;
        Some(rest.split_once::<&str>(to)?.0)
    };
    between("<Code>", "</Code>").or_else(|| between("(code: ", ")"))
}

/// In few words, the same for the same cause: neither address nor path, which differ with every request.
fn unavailable(error: &object_store::Error) -> Error {
    let cause = match code(error) {
        Some(code) => format!("S3 answers {code}"),
        None => format!(
            "S3 is not reached: {}",
            chain(error).last().unwrap_or_default()
        ),
    };
    Error::unavailable(cause)
}

fn refused(code: Option<&str>, error: &object_store::Error) -> Option<Refused> {
    if let Some(refused) = code.and_then(of_code) {
        return Some(refused);
    }
    match error {
        object_store::Error::PermissionDenied { .. } => Some(Refused::Denied),
        object_store::Error::Unauthenticated { .. } => Some(Refused::Credentials),
        // A redirect without a place to go, and the address where a machine of AWS finds its credentials.
        _ => chain(error).find_map(|text| match text {
            text if text.contains("redirect without LOCATION") => Some(Refused::Region),
            text if text.contains("169.254.169.254") => Some(Refused::Credentials),
            _ => None,
        }),
    }
}

fn code(error: &object_store::Error) -> Option<String> {
    chain(error).find_map(|text| code_in(&text).map(str::to_owned))
}

/// What an error says, and what each of its causes says.
fn chain(error: &object_store::Error) -> impl Iterator<Item = String> {
    let first: &(dyn StdError + 'static) = error;
    iter::successors(Some(first), |error| (*error).source()).map(ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(code: &str) -> object_store::Error {
        object_store::Error::Generic {
            store: "S3",
            source: format!("403: <Error><Code>{code}</Code><Message>no</Message></Error>").into(),
        }
    }

    #[test]
    fn a_refusal_is_known_by_its_code() {
        for (code, refused) in [
            ("NoSuchBucket", Refused::NoBucket),
            ("AuthorizationHeaderMalformed", Refused::Region),
            ("SignatureDoesNotMatch", Refused::Credentials),
            ("ExpiredToken", Refused::Expired),
            ("AccessDenied", Refused::Denied),
            ("RequestTimeTooSkewed", Refused::Clock),
        ] {
            assert!(matches!(of_bucket(said(code)), Error::Refused(why) if why == refused));
        }
        let slow = of_bucket(said("SlowDown"));
        assert!(
            matches!(slow, Error::Unavailable(why) if why.to_string() == "S3 answers SlowDown")
        );
    }

    #[test]
    fn a_bucket_that_is_not_there_is_no_object_that_is_not_there() {
        let path = Path::parse("a").unwrap();
        let missing = |code: &str| object_store::Error::NotFound {
            path: "a".into(),
            source: format!("404: <Code>{code}</Code>").into(),
        };
        assert!(matches!(
            of(&path, missing("NoSuchKey")),
            Error::NotFound(_)
        ));
        assert!(matches!(
            of(&path, missing("NoSuchBucket")),
            Error::Refused(Refused::NoBucket)
        ));
    }
}
