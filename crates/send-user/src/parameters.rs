//! Parameters that many routes share, as the description of the API tells them. Handlers parse them by `send_core::extract`.
#![expect(
    dead_code,
    reason = "their names, types and documentation are read by the description only"
)]

use send_core::id::{Digest, SendId, TransferId};
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, Type},
};

#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct SendPath {
    /// 32 hexadecimal digits.
    #[param(value_type = SendId)]
    id: String,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct PartPath {
    /// 32 hexadecimal digits.
    #[param(value_type = SendId)]
    id: String,
    /// From 0.
    #[param(maximum = 65535)]
    part: u32,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct TransferPath {
    /// 12 hexadecimal digits.
    #[param(value_type = TransferId)]
    id: String,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct AnyToken {
    /// Link, reader's or owner token.
    #[param(
        rename = "x-send-token",
        pattern = "^([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]|[A-Za-z0-9_-]{85}[AQgw])$"
    )]
    token: String,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct OwnerToken {
    /// Owner token.
    #[param(
        rename = "x-send-token",
        pattern = "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"
    )]
    token: String,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct ReaderToken {
    /// Reader's token.
    #[param(rename = "x-send-token", pattern = "^[A-Za-z0-9_-]{85}[AQgw]$")]
    token: String,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct ClaimToken {
    /// Claim.
    #[param(
        rename = "x-send-token",
        pattern = "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"
    )]
    token: String,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct OwnerOrClaim {
    /// Owner token, or claim.
    #[param(
        rename = "x-send-token",
        pattern = "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"
    )]
    token: String,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct BodyDigest {
    /// Hexadecimal SHA-256 of the body, which may be empty.
    #[param(rename = "x-amz-content-sha256", value_type = Digest)]
    digest: String,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct OneRange {
    /// One range of bytes.
    range: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct AccessToken {
    /// Where uploads need one.
    #[param(rename = "x-sgraph-access-token")]
    token: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct DeleteAuth {
    /// The secret whose SHA-256 is `delete_auth_hash`.
    #[param(
        rename = "x-sgraph-transfer-delete-auth",
        pattern = "^[!-~]([ -~]*[!-~])?$"
    )]
    secret: String,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct QueryPayload {
    /// The payload in base64, in place of a body.
    #[param(
        pattern = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$"
    )]
    data: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct QueryToken {
    /// The same as the header `x-sgraph-access-token`, which goes first.
    access_token: Option<String>,
}

/// A body that is bytes.
pub(crate) struct Binary;

/// A body that is bytes, at least one.
pub(crate) struct Sealed;

fn binary() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
}

impl PartialSchema for Binary {
    fn schema() -> RefOr<Schema> {
        binary().into()
    }
}

impl PartialSchema for Sealed {
    fn schema() -> RefOr<Schema> {
        binary().min_length(Some(1)).into()
    }
}

impl ToSchema for Binary {}

impl ToSchema for Sealed {}
