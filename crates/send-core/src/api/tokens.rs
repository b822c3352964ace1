//! Access tokens as operators see them: the original's shapes, and ours beside them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::{
    clock::Millis,
    tokens::{AccessToken, Status, TokenName},
};

/// `POST /tokens/create`.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct CreateToken {
    /// What it is called; without a secret this is what clients show.
    pub token_name: TokenName,
    /// How often it may be used; 0 is any number.
    #[serde(default = "fifty")]
    #[schema(default = 50)]
    pub usage_limit: u64,
    /// Who asks for it, at most 128 characters.
    #[serde(default = "admin")]
    #[schema(default = "admin", max_length = 128)]
    pub created_by: String,
    /// Whatever is to be noted, at most 4,096 bytes.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub metadata: Map<String, Value>,
    /// Whether clients show a secret that is made now, instead of the name.
    #[serde(default)]
    pub secret: bool,
    /// How many stored bytes may be sent with it in all; 0 is any number.
    #[serde(default)]
    pub bytes_limit: u64,
    /// How many seconds what is sent with it lives at most; 0 is what the service allows.
    #[serde(default)]
    pub max_age_s: u64,
}

const fn fifty() -> u64 {
    50
}

fn admin() -> String {
    "admin".to_owned()
}

/// The answer to a create.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TokenCreated {
    /// Names the token in the storage and in the audit log.
    pub cache_id: String,
    /// Its name.
    pub token_name: String,
    /// What clients show, told this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// An access token.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Token {
    /// Its name.
    pub token_name: String,
    /// How often it may be used; 0 is any number.
    pub usage_limit: u64,
    /// How often it was used.
    pub usage_count: u64,
    /// Where it stands.
    pub status: Status,
    /// Who asked for it.
    pub created_by: String,
    /// Whatever was noted.
    #[schema(value_type = Object)]
    pub metadata: Map<String, Value>,
    /// When it was made.
    pub created_at: Millis,
    /// Whether clients show a secret instead of the name.
    pub secret: bool,
    /// How many stored bytes may be sent with it in all; 0 is any number.
    pub bytes_limit: u64,
    /// How many were declared by what was sent with it.
    pub bytes_used: u64,
    /// How many seconds what is sent with it lives at most; 0 is what the service allows.
    pub max_age_s: u64,
}

impl From<AccessToken> for Token {
    fn from(token: AccessToken) -> Self {
        let AccessToken {
            token_name,
            usage_limit,
            usage_count,
            status,
            created_by,
            metadata,
            created_at,
            secret,
            bytes_limit,
            bytes_used,
            max_age_s,
            writer: _,
        } = token;
        Self {
            token_name: token_name.to_string(),
            usage_limit,
            usage_count,
            status,
            created_by,
            metadata,
            created_at,
            secret: secret.is_some(),
            bytes_limit,
            bytes_used,
            max_age_s,
        }
    }
}

/// A page of names.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TokenNames {
    /// In a stable order that is no order of names.
    pub token_names: Vec<String>,
    /// What to give as `after` for the next page; null at the end.
    pub next: Option<String>,
}

/// A page of tokens.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TokenPage {
    /// In a stable order that is no order of names.
    pub tokens: Vec<Token>,
    /// What to give as `after` for the next page; null at the end.
    pub next: Option<String>,
}

/// `POST /tokens/use/{name}`: nothing of it is kept.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct UseToken {
    /// A hash of the visitor's address.
    pub ip_hash: String,
    /// What the visitor does.
    pub action: String,
    /// With which transfer.
    pub transfer_id: String,
}

/// `POST /tokens/update-limit/{name}`.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct UpdateLimit {
    /// How often it may be used; 0 is any number.
    pub usage_limit: u64,
    /// How many stored bytes may be sent with it in all; as before when absent.
    #[serde(default)]
    pub bytes_limit: Option<u64>,
    /// How many seconds what is sent with it lives at most; as before when absent.
    #[serde(default)]
    pub max_age_s: Option<u64>,
}

/// The answer to a revocation.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TokenRevoked {
    /// `revoked`.
    pub status: Status,
    /// Its name.
    pub token_name: String,
}
