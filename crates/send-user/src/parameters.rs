//! Parameters that many routes share, as the description of the API tells them. Handlers parse them by `send_core::extract`.
#![expect(
    dead_code,
    reason = "their names, types and documentation are read by the description only"
)]

use utoipa::IntoParams;

#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct SendPath {
    /// 32 hexadecimal digits.
    id: String,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct PartPath {
    /// 32 hexadecimal digits.
    id: String,
    /// From 0.
    part: u32,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct TransferPath {
    /// 12 hexadecimal digits.
    id: String,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct AnyToken {
    /// Link, reader's or owner token.
    #[param(rename = "x-send-token")]
    token: String,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct OwnerToken {
    /// Owner token.
    #[param(rename = "x-send-token")]
    token: String,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct ReaderToken {
    /// Reader's token.
    #[param(rename = "x-send-token")]
    token: String,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct ClaimToken {
    /// Claim.
    #[param(rename = "x-send-token")]
    token: String,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct BodyDigest {
    /// Hexadecimal SHA-256 of the body, which may be empty.
    #[param(rename = "x-amz-content-sha256")]
    digest: String,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct OneRange {
    /// One range of bytes.
    range: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct QueryToken {
    /// Where uploads need one; or in the header `x-sgraph-access-token`.
    access_token: Option<String>,
}
