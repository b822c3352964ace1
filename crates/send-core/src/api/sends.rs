//! `/api/v1/sends`: times are milliseconds since 1970, sizes are stored bytes, parts are numbered from 0.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::{
    ToSchema,
    openapi::{KnownFormat, Object, ObjectBuilder, SchemaFormat, Type},
};

use crate::{
    clock::Millis,
    error::ApiError,
    id::{Digest, SendId},
    record::State,
    secret::Verifier,
    sizes,
};

/// `POST /api/v1/sends`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Create {
    /// Derived by the client from the link's secret.
    pub id: SendId,
    /// Admits who has the link.
    #[schema(value_type = Digest)]
    pub link_verifier: Verifier,
    /// Admits who has the whole key.
    #[schema(value_type = Digest)]
    pub read_verifier: Verifier,
    /// Admits the sender.
    #[schema(value_type = Digest)]
    pub owner_verifier: Verifier,
    /// The stored length of the content stream, as padding makes it.
    #[schema(schema_with = stream_size)]
    pub size: u64,
    /// How many downloads are allowed, at most 100; 0 is any number.
    #[serde(default)]
    #[schema(maximum = 100)]
    pub downloads: u64,
    /// How many seconds from now it lives, at most `max_age_s` of `/api/info`; the service's default when absent.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 315619200)]
    pub expires_in: Option<u64>,
    /// The payload goes with the last download.
    #[serde(default)]
    pub wipe: bool,
}

/// From the smallest padded stream to the largest that part numbers reach; between them, only what padding makes.
fn stream_size() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::UInt64)))
        .description(Some(
            "The stored length of the content stream, as padding makes it.",
        ))
        .minimum(Some(sizes::LEAST))
        .maximum(Some(sizes::MOST))
        .build()
}

/// How parts travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// Through the service.
    Service,
    /// Straight between client and storage, by signed URLs.
    Direct,
}

impl Transport {
    /// Straight, or else through the service.
    pub(crate) const fn direct_if(direct: bool) -> Self {
        if direct { Self::Direct } else { Self::Service }
    }
}

/// The answer to a create.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Created {
    /// As asked for.
    pub id: SendId,
    /// Bytes of every part but the first, which has 56 more, and the last.
    pub part_size: u64,
    /// How many parts there are to send.
    pub part_count: u64,
    /// When it ends.
    pub expires_at: Millis,
    /// How parts travel.
    pub transport: Transport,
}

/// The answer to a manifest.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ManifestStored {
    /// Its digest.
    pub sha256: Digest,
}

/// The answer to a part.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PartStored {
    /// Its number.
    pub part: u32,
    /// Its digest.
    pub sha256: Digest,
}

/// `POST /api/v1/sends/{id}/part-urls`: at most 100 parts.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AskUrls {
    /// The parts; the owner tells the digest of each, a claim just their numbers.
    #[schema(min_items = 1, max_items = 100)]
    pub parts: Vec<AskedPart>,
}

/// A part that a URL is asked for.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum AskedPart {
    /// To send it: these bytes, and no others.
    Send {
        /// Its number.
        #[schema(maximum = 65535)]
        part: u32,
        /// The digest of its bytes.
        sha256: Digest,
    },
    /// To read it: its number.
    Read(u32),
}

impl AskedPart {
    /// Which part it is.
    #[must_use]
    pub const fn number(&self) -> u32 {
        match self {
            Self::Send { part, .. } | Self::Read(part) => *part,
        }
    }

    /// As an owner must ask.
    pub(crate) fn to_send(self) -> Result<(u32, Digest), ApiError> {
        match self {
            Self::Send { part, sha256 } => Ok((part, sha256)),
            Self::Read(_) => Err(ApiError::field(
                "parts",
                "must tell `part` and `sha256` of each",
            )),
        }
    }

    /// As the holder of a claim must ask.
    pub(crate) fn to_read(self) -> Result<u32, ApiError> {
        match self {
            Self::Read(part) => Ok(part),
            Self::Send { .. } => Err(ApiError::field("parts", "must be numbers of parts")),
        }
    }
}

/// Where parts go, or come from, straight.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct PartUrls {
    /// In the order in which they were asked for.
    pub urls: Vec<PartUrl>,
    /// How many seconds they work.
    pub expires_in: u64,
}

/// Where one part goes, by PUT, or comes from, by GET. Whoever has the URL may use it: it is a secret while it works.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = SendPartUrl)]
pub struct PartUrl {
    /// The part's number.
    pub part: u32,
    /// Its signed address at the storage.
    pub url: String,
    /// Headers that the request must carry, with exactly these values.
    pub headers: BTreeMap<String, String>,
}

/// One part that has arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReceivedPart {
    /// Its number.
    pub part: u32,
    /// Its stored bytes.
    pub size: u64,
}

/// Which parts have arrived, in pages of a thousand.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Received {
    /// How many parts there are to send.
    pub part_count: u64,
    /// Those that have arrived, ascending.
    pub received: Vec<ReceivedPart>,
    /// There are more: ask again with `after` set to the last of these.
    pub more: bool,
}

/// Where a send stands.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SendState {
    /// `pending` or `completed`.
    pub state: State,
    /// Stored bytes of the content stream.
    pub size: u64,
    /// When it was created.
    pub created_at: Millis,
    /// When it ends.
    pub expires_at: Millis,
    /// How many downloads are allowed; 0 is any number.
    pub downloads: u64,
    /// How many are left; null where any number is allowed.
    pub downloads_left: Option<u64>,
}

/// `POST /api/v1/sends/{id}/claims`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Claim {
    /// 32 random bytes in base64url without padding, chosen and kept by the client before it asks.
    #[schema(pattern = "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$")]
    pub claim: String,
}

/// The answer to a claim.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Claimed {
    /// When the claim lapses unless it is used.
    pub expires_at: Millis,
    /// How many parts there are.
    pub part_count: u64,
    /// Stored bytes of the content stream.
    pub size: u64,
    /// How parts travel.
    pub transport: Transport,
}

/// `PATCH /api/v1/sends/{id}`: what is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Change {
    /// How many seconds from now it lives.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 315619200)]
    pub expires_in: Option<u64>,
    /// How many downloads are allowed: may only be raised.
    #[serde(default)]
    #[schema(maximum = 100)]
    pub downloads: Option<u64>,
}

/// `POST /api/v1/sends/{id}/report`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Report {
    /// What is wrong, in at most 1,000 characters, not all of them blank.
    #[schema(max_length = 1000, pattern = r"\S")]
    pub reason: String,
}
