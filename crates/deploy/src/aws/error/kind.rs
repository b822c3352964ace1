//! What can be done about a failure, by its code. The services spell the same in many ways.

use crate::cloud::Kind;

/// By the code, and where it says nothing, by the status.
pub(in crate::aws) fn kind(code: &str, message: &str, status: Option<u16>) -> Kind {
    by_message(code, message)
        .or_else(|| by_code(code))
        .or_else(|| status.and_then(by_status))
        .unwrap_or(Kind::Refused)
}

/// Whether AWS does not believe who asks.
pub(super) fn is_about_credentials(code: &str) -> bool {
    code.starts_with("ExpiredToken")
        || matches!(
            code,
            "AuthFailure"
                | "IncompleteSignature"
                | "InvalidAccessKeyId"
                | "InvalidClientTokenId"
                | "InvalidSignatureException"
                | "InvalidToken"
                | "RequestExpired"
                | "SignatureDoesNotMatch"
                | "UnrecognizedClientException"
        )
}

/// Codes that mean several things.
fn by_message(code: &str, message: &str) -> Option<Kind> {
    match code {
        "InvalidParameterValueException" if message.contains("cannot be assumed by Lambda") => {
            Some(Kind::NotAssumable)
        }
        "ResourceConflictException" if message.contains("already exist") => {
            Some(Kind::AlreadyExists)
        }
        "LimitExceededException" if message.starts_with("Rate exceeded") => Some(Kind::Throttled),
        // EventBridge, of a rule that still has targets.
        "ValidationException" if message.contains("since it has targets") => Some(Kind::Conflict),
        _ => None,
    }
}

fn by_code(code: &str) -> Option<Kind> {
    let begins = |with: &[&str]| with.iter().any(|with| code.starts_with(with));
    Some(match code {
        _ if is_about_credentials(code) => Kind::Refused,
        "BucketAlreadyOwnedByYou"
        | "DistributionAlreadyExists"
        | "EntityAlreadyExists"
        | "OriginAccessControlAlreadyExists"
        | "ResourceAlreadyExistsException"
        | "ResponseHeadersPolicyAlreadyExists" => Kind::AlreadyExists,
        "BucketNotEmpty"
        | "ConditionalRequestConflict"
        | "ConflictException"
        | "DeleteConflict"
        | "DistributionNotDisabled"
        | "EntityTemporarilyUnmodifiable"
        | "OperationAborted"
        | "OperationAbortedException"
        | "ResourceConflictException"
        | "ResourceNotReadyException" => Kind::Conflict,
        "InvalidIfMatchVersion" => Kind::Stale,
        "BandwidthLimitExceeded" | "RequestLimitExceeded" | "SlowDown" => Kind::Throttled,
        "InternalError" | "InternalFailure" | "RequestTimeout" | "ServiceUnavailable" => {
            Kind::Unavailable
        }
        "AuthorizationError" | "UnauthorizedOperation" => Kind::Denied,
        "NotFound"
        | "OwnershipControlsNotFoundError"
        | "ResourceNotFound"
        | "ResourceNotFoundException"
        | "ServerSideEncryptionConfigurationNotFoundError" => Kind::NotFound,
        _ if code.ends_with("InUse") || begins(&["ConcurrentModification"]) => Kind::Conflict,
        _ if begins(&["NoSuch"]) => Kind::NotFound,
        _ if begins(&["PreconditionFailed"]) => Kind::Stale,
        _ if begins(&["AccessDenied"]) => Kind::Denied,
        _ if begins(&["Throttl", "RequestThrottled", "TooManyRequests"]) => Kind::Throttled,
        _ => return None,
    })
}

/// Not 409: the codes that pass are known, and a full quota is a 409 too.
const fn by_status(status: u16) -> Option<Kind> {
    Some(match status {
        401 | 403 => Kind::Denied,
        404 => Kind::NotFound,
        412 => Kind::Stale,
        429 => Kind::Throttled,
        500.. => Kind::Unavailable,
        _ => return None,
    })
}
