use aws_smithy_runtime_api::{
    client::result::{ConnectorError, SdkError},
    http::{Response, StatusCode},
};
use aws_smithy_types::{body::SdkBody, error::ErrorMetadata};

use super::*;

type Failure = SdkError<ErrorMetadata, Response>;

fn response(status: u16) -> Response {
    let status = StatusCode::try_from(status).unwrap();
    Response::new(status, SdkBody::from("secret"))
}

fn answer(status: u16, code: &str, message: &str) -> Failure {
    let told = ErrorMetadata::builder().code(code).message(message);
    SdkError::service_error(told.build(), response(status))
}

fn seen(failure: Failure) -> CallError {
    Err::<(), _>(failure).called("x:Y").unwrap_err()
}

fn of(status: u16, code: &str, message: &str) -> Kind {
    seen(answer(status, code, message)).kind
}

#[test]
fn codes_say_what_can_be_done() {
    for (status, code, kind) in [
        (404, "NoSuchEntity", Kind::NotFound),
        (404, "NoSuchBucket", Kind::NotFound),
        (404, "NoSuchTagSet", Kind::NotFound),
        (404, "ResourceNotFoundException", Kind::NotFound),
        (400, "ResourceNotFoundException", Kind::NotFound),
        (404, "NoSuchDistribution", Kind::NotFound),
        (404, "NoSuchOriginAccessControl", Kind::NotFound),
        (404, "NoSuchResponseHeadersPolicy", Kind::NotFound),
        (409, "EntityAlreadyExists", Kind::AlreadyExists),
        (409, "BucketAlreadyOwnedByYou", Kind::AlreadyExists),
        (400, "ResourceAlreadyExistsException", Kind::AlreadyExists),
        (409, "DistributionAlreadyExists", Kind::AlreadyExists),
        (409, "ResourceConflictException", Kind::Conflict),
        (409, "OperationAborted", Kind::Conflict),
        (400, "OperationAbortedException", Kind::Conflict),
        (409, "ConcurrentModification", Kind::Conflict),
        (400, "ConcurrentModificationException", Kind::Conflict),
        (409, "DeleteConflict", Kind::Conflict),
        (409, "BucketNotEmpty", Kind::Conflict),
        (409, "DistributionNotDisabled", Kind::Conflict),
        (409, "ResponseHeadersPolicyInUse", Kind::Conflict),
        (409, "OriginAccessControlInUse", Kind::Conflict),
        (412, "PreconditionFailed", Kind::Stale),
        (412, "PreconditionFailedException", Kind::Stale),
        (400, "InvalidIfMatchVersion", Kind::Stale),
        (429, "TooManyRequestsException", Kind::Throttled),
        (400, "Throttling", Kind::Throttled),
        (400, "ThrottlingException", Kind::Throttled),
        (503, "SlowDown", Kind::Throttled),
        (503, "RequestLimitExceeded", Kind::Throttled),
        (500, "ServiceException", Kind::Unavailable),
        (400, "RequestTimeout", Kind::Unavailable),
        (403, "AccessDenied", Kind::Denied),
        (400, "AccessDeniedException", Kind::Denied),
        (403, "UnauthorizedOperation", Kind::Denied),
        (400, "InvalidParameterValueException", Kind::Refused),
        // A full quota, and names that somebody else has: waiting does not help.
        (409, "LimitExceeded", Kind::Refused),
        (400, "TooManyDistributions", Kind::Refused),
        (409, "BucketAlreadyExists", Kind::Refused),
        (409, "CNAMEAlreadyExists", Kind::Refused),
    ] {
        assert_eq!(of(status, code, "some words"), kind, "{status} {code}");
    }
}

#[test]
fn some_codes_need_their_message() {
    let lambda = "InvalidParameterValueException";
    let role = "The role defined for the function cannot be assumed by Lambda.";
    assert_eq!(of(400, lambda, role), Kind::NotAssumable);
    let lambda = "ResourceConflictException";
    let twice = "Function already exist: some";
    assert_eq!(of(409, lambda, twice), Kind::AlreadyExists);
    let rate = "Rate exceeded for DescribeLogGroups";
    assert_eq!(of(400, "LimitExceededException", rate), Kind::Throttled);
    let targets = "Rule can't be deleted since it has targets.";
    assert_eq!(of(400, "ValidationException", targets), Kind::Conflict);
}

#[test]
fn where_there_is_no_code_the_status_speaks() {
    let of = |status| {
        seen(SdkError::service_error(
            ErrorMetadata::builder().build(),
            response(status),
        ))
    };
    assert_eq!(of(404).kind, Kind::NotFound);
    assert_eq!(of(403).kind, Kind::Denied);
    assert_eq!(of(412).kind, Kind::Stale);
    assert_eq!(of(429).kind, Kind::Throttled);
    assert_eq!(of(502).kind, Kind::Unavailable);
    assert_eq!(of(301).kind, Kind::Refused);
    assert_eq!(of(404).to_string(), "x:Y: answered 404");
}

#[test]
fn what_breaks_on_the_way_may_pass() {
    let reset = std::io::Error::new(std::io::ErrorKind::ConnectionReset, "reset by peer");
    let error = seen(SdkError::dispatch_failure(ConnectorError::io(reset.into())));
    assert_eq!(error.kind, Kind::Unavailable);
    assert_eq!(
        error.to_string(),
        "x:Y: no connection (io error: reset by peer)"
    );
    assert_eq!(
        seen(SdkError::timeout_error("slow")).kind,
        Kind::Unavailable
    );
    // Some clients call a success that they cannot read a failure of the service.
    let nothing = ErrorMetadata::builder().build();
    for garbled in [
        SdkError::response_error("<secret>", response(200)),
        SdkError::service_error(nothing, response(200)),
    ] {
        let garbled = seen(garbled);
        assert_eq!(garbled.kind, Kind::Unavailable);
        assert_eq!(garbled.message, "an answer that cannot be read (200)");
    }
}

#[test]
fn who_is_not_signed_in_is_told_how_to() {
    let nobody = CredentialsError::not_loaded("no providers in chain provided credentials");
    let nobody = ConnectorError::other(nobody.into(), None);
    let error = seen(SdkError::dispatch_failure(nobody));
    assert_eq!(error.kind, Kind::Refused);
    assert!(
        error
            .message
            .starts_with("there are no credentials for AWS: sign in with `aws sso login`"),
        "{error}"
    );

    let old = CredentialsError::provider_error("the SSO session has expired");
    let old = ConnectorError::other(old.into(), None);
    let error = seen(SdkError::dispatch_failure(old));
    assert_eq!(error.kind, Kind::Refused);
    assert!(
        error.message.contains("the SSO session has expired"),
        "{error}"
    );

    let error = seen(answer(
        403,
        "ExpiredToken",
        "The provided token has expired.",
    ));
    assert_eq!(error.kind, Kind::Refused);
    assert!(
        error.message.contains("has expired: sign in with"),
        "{error}"
    );
}

#[test]
fn what_is_not_there_is_no_failure() {
    let absent = Err::<(), _>(answer(404, "NoSuchEntity", "")).called("x:Y");
    assert_eq!(found(absent), Ok(None));
    let denied = Err::<(), _>(answer(403, "AccessDenied", "")).called("x:Y");
    assert_eq!(found(denied).unwrap_err().kind, Kind::Denied);
}
