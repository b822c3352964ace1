//! The original's `/api/transfers` and `/api/presigned`: shapes that its clients know.

mod expiry;

use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::ToSchema;

use crate::{
    clock::Millis,
    id::TransferId,
    record::State,
    tokens::{AccessToken, Unusable},
};

pub use expiry::Expiry;

/// `POST /api/transfers/create`: everything is optional.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct CreateTransfer {
    /// How large the payload will be, at most `max_transfer_bytes` of `/api/info`; 0 where it is not known.
    pub file_size_bytes: u64,
    /// What the sender says of the content's type, in at most 255 bytes.
    #[schema(max_length = 255)]
    pub content_type_hint: String,
    /// An id of the client's choice; "" is none.
    #[serde(deserialize_with = "blank_is_none")]
    #[schema(value_type = Option<String>, pattern = "^([0-9a-f]{12})?$")]
    pub transfer_id: Option<TransferId>,
    /// How many downloads are allowed; 0 is any number.
    pub max_downloads: u64,
    /// The payload goes with the last download.
    pub auto_delete: bool,
    /// Milliseconds since 1970, or ISO-8601 with a zone; 0 or "" is the longest allowed.
    #[schema(default = "")]
    pub expires_at: Expiry,
    /// SHA-256 of the secret that allows to delete it, as hexadecimal digits; "" is none.
    #[schema(pattern = "^([0-9A-Fa-f]{64})?$")]
    pub delete_auth_hash: Option<String>,
    /// Allows to use an id again that is deleted or expired.
    pub allow_recreate: bool,
}

/// The answer to a create.
#[derive(Debug, Serialize, ToSchema)]
pub struct TransferCreated {
    /// Its id.
    pub transfer_id: TransferId,
    /// Where the payload goes.
    pub upload_url: String,
}

/// A payload as text.
#[derive(Deserialize, ToSchema)]
pub struct UploadText {
    /// The payload in base64.
    pub data: String,
}

/// The answer to an upload.
#[derive(Debug, Serialize, ToSchema)]
pub struct Uploaded {
    /// `uploaded`.
    pub status: &'static str,
    /// Its id.
    pub transfer_id: TransferId,
    /// Bytes that arrived.
    pub size: u64,
}

/// The answer to a complete.
#[derive(Debug, Serialize, ToSchema)]
pub struct TransferCompleted {
    /// Its id.
    pub transfer_id: TransferId,
    /// Where it can be downloaded.
    pub download_url: String,
    /// What the server knows of it.
    pub transparency: Transparency,
}

/// What the server knows of a transfer, and what it does not.
#[derive(Debug, Serialize, ToSchema)]
pub struct Transparency {
    /// Hexadecimal SHA-256 of the address that the request came from; it is not stored.
    pub ip: String,
    /// When the transfer was created, as ISO-8601.
    pub timestamp: String,
    /// Stored bytes.
    pub file_size_bytes: u64,
    /// What is stored beside the payload.
    pub stored_fields: Vec<&'static str>,
    /// What reaches the server as ciphertext only.
    pub encrypted: Vec<&'static str>,
    /// What never reaches the server.
    pub not_stored: Vec<&'static str>,
}

/// `GET /api/transfers/info/{id}`.
#[derive(Debug, Serialize, ToSchema)]
pub struct TransferInfo {
    /// Its id.
    pub transfer_id: TransferId,
    /// Where it stands.
    pub status: State,
    /// Stored bytes.
    pub file_size_bytes: u64,
    /// What the sender said of the content's type.
    pub content_type_hint: String,
    /// When it was created, as ISO-8601.
    pub created_at: String,
    /// Downloads so far.
    pub download_count: u64,
    /// How many downloads are allowed; 0 is any number.
    pub max_downloads: u64,
    /// When it ends.
    pub expires_at: Millis,
    /// Downloads left; 0 also where any number is allowed.
    pub downloads_remaining: u64,
    /// Its time is over.
    pub is_expired: bool,
}

/// A payload as text.
#[derive(Debug, Serialize, ToSchema)]
pub struct DownloadText {
    /// Its id.
    pub transfer_id: TransferId,
    /// The payload in base64.
    pub data: String,
    /// Stored bytes.
    pub file_size_bytes: u64,
}

/// The answer to a delete.
#[derive(Debug, Serialize, ToSchema)]
pub struct TransferDeleted {
    /// `deleted` or `already_deleted`.
    pub status: &'static str,
    /// Its id.
    pub transfer_id: TransferId,
}

/// `GET /api/transfers/check-token/{name}`.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenCheck {
    /// It can be used.
    pub valid: bool,
    /// `active`, `exhausted` or `revoked`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<crate::tokens::Status>,
    /// Uses left; -1 where any number is allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remaining: Option<i64>,
    /// `not_found`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

/// `POST /api/transfers/validate-token/{name}`: the use that was made, or why none was.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenUse {
    /// It was used.
    pub success: bool,
    /// Uses so far.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage_count: Option<u64>,
    /// Uses left; -1 where any number is allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remaining: Option<i64>,
    /// `not_found`, `revoked` or `exhausted`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

impl TokenUse {
    /// What came of spending a token.
    #[must_use]
    pub fn of(spent: Result<AccessToken, Unusable>) -> Self {
        match spent {
            Ok(token) => Self {
                success: true,
                usage_count: Some(token.usage_count),
                remaining: Some(token.remaining()),
                reason: None,
            },
            Err(why) => Self {
                success: false,
                usage_count: None,
                remaining: None,
                reason: Some(why.code()),
            },
        }
    }
}

/// `GET /api/presigned/capabilities`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Capabilities {
    /// Uploads by one signed URL.
    pub presigned_upload: bool,
    /// Uploads in parts by signed URLs.
    pub multipart_upload: bool,
    /// Downloads by a signed URL.
    pub presigned_download: bool,
    /// Uploads through the service.
    pub direct_upload: bool,
    /// The largest part, in bytes.
    pub max_part_size: u64,
    /// The smallest part but the last, in bytes.
    pub min_part_size: u64,
    /// The most parts.
    pub max_parts: u64,
}

/// `POST /api/presigned/initiate`.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct Initiate {
    /// A transfer that is not complete.
    #[schema(required = true)]
    pub transfer_id: String,
    /// How many bytes will arrive.
    #[schema(required = true, minimum = 1)]
    pub file_size_bytes: u64,
    /// How many parts are wanted; 0 makes them of 10 MiB. They have at least 5 MiB, so there may be fewer.
    #[serde(deserialize_with = "null_is_zero")]
    #[schema(value_type = Option<u64>, maximum = 10000)]
    pub num_parts: u64,
}

/// The answer to an initiate.
#[derive(Serialize, ToSchema)]
pub struct Initiated {
    /// The transfer's id.
    pub transfer_id: TransferId,
    /// Names the upload; opaque.
    pub upload_id: String,
    /// Where each part goes, by PUT.
    pub part_urls: Vec<PartUrl>,
    /// Bytes of each part but the last.
    pub part_size: u64,
}

/// Where a part goes.
#[derive(Serialize, ToSchema)]
pub struct PartUrl {
    /// From 1.
    pub part_number: u32,
    /// A signed URL, for an hour.
    pub upload_url: String,
}

/// `POST /api/presigned/complete`.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct Assemble {
    /// The transfer's id.
    #[schema(required = true)]
    pub transfer_id: String,
    /// Names the upload.
    #[schema(required = true)]
    pub upload_id: String,
    /// All parts, in any order.
    #[schema(required = true, min_items = 1, max_items = 10000)]
    pub parts: Vec<PartTag>,
}

/// A part that arrived.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PartTag {
    /// From 1.
    #[schema(minimum = 1, maximum = 10000)]
    pub part_number: u32,
    /// The `ETag` that the storage answered.
    pub etag: String,
}

/// The answer to the complete of an upload in parts.
#[derive(Debug, Serialize, ToSchema)]
pub struct Assembled {
    /// The transfer's id.
    pub transfer_id: TransferId,
    /// `assembled`.
    pub status: &'static str,
    /// The entity tag of the payload in the storage.
    pub etag: String,
}

/// The answer to a cancel.
#[derive(Debug, Serialize, ToSchema)]
pub struct Cancelled {
    /// The transfer's id.
    pub transfer_id: TransferId,
    /// `cancelled`.
    pub status: &'static str,
}

/// `GET /api/presigned/upload-url/{id}`.
#[derive(Serialize, ToSchema)]
pub struct UploadUrl {
    /// The transfer's id.
    pub transfer_id: TransferId,
    /// Where the payload goes, by PUT.
    pub upload_url: String,
    /// Seconds for which it works.
    pub expires_in: u64,
}

/// `GET /api/presigned/download-url/{id}`.
#[derive(Serialize, ToSchema)]
pub struct DownloadUrl {
    /// The transfer's id.
    pub transfer_id: TransferId,
    /// Where the payload is; ranges are allowed.
    pub download_url: String,
    /// Seconds for which it works.
    pub expires_in: u64,
}

fn blank_is_none<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<TransferId>, D::Error> {
    match Option::<String>::deserialize(deserializer)? {
        Some(text) if !text.is_empty() => text.parse().map(Some).map_err(de::Error::custom),
        _ => Ok(None),
    }
}

fn null_is_zero<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}
