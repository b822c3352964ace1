//! By what a smoke test may send: a token that was given for it, or one that it makes at the admin service and revokes again.

use std::fmt;

use anyhow::{Context as _, Result};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    context::Context,
    door::Door,
    secret::{random, sha256},
};

/// The key of the admin service. Its `Debug` shows nothing.
#[derive(Clone)]
pub struct AdminKey(String);

/// Who sends.
#[derive(Clone, Default)]
pub struct Sender {
    /// A token, from `SEND_SMOKE_TOKEN`.
    pub token: Option<String>,
    /// The key that makes one, from `SEND_ADMIN_KEY`.
    pub admin_key: Option<AdminKey>,
}

/// A token for one transfer.
pub(super) struct Token<'a> {
    text: String,
    made: Option<(&'a Door, AdminHeader)>,
    name: String,
}

/// The header that says who is in charge.
type AdminHeader = (String, AdminKey);

impl AdminKey {
    /// As somebody gave it.
    #[must_use]
    pub const fn given(text: String) -> Self {
        Self(text)
    }

    /// A fresh one, of 32 random bytes.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn random() -> Result<Self> {
        Ok(Self(BASE64_URL_SAFE_NO_PAD.encode(random::<32>()?)))
    }

    /// What the services know of it.
    #[must_use]
    pub fn sha256(&self) -> String {
        sha256(self.0.as_bytes())
    }

    /// The key itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AdminKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AdminKey(..)")
    }
}

impl Sender {
    /// The token to send with; none where nothing allows it.
    pub(super) async fn token<'a>(
        &self,
        at: &Context,
        admin: Option<&'a Door>,
    ) -> Result<Option<Token<'a>>> {
        if let Some(given) = &self.token {
            return Ok(Some(Token {
                text: given.clone(),
                made: None,
                name: String::new(),
            }));
        }
        let (Some(key), Some(admin)) = (&self.admin_key, admin) else {
            return Ok(None);
        };
        let header = at
            .keys
            .admin_name
            .clone()
            .unwrap_or_else(|| "x-api-key".into());
        made(admin, (header, key.clone())).await.map(Some)
    }
}

/// A token for one transfer, from the admin service.
async fn made(admin: &Door, header: AdminHeader) -> Result<Token<'_>> {
    let name = format!("smoke-{}", hex::encode(random::<8>()?));
    let asked = json!({ "token_name": name, "usage_limit": 1, "created_by": "deploy", "secret": true, "max_age_s": 3_600 });
    let request = admin.request_with(Method::POST, "/tokens/create", asked.to_string());
    let request = request
        .header("content-type", "application/json")
        .header(&header.0, header.1.reveal());
    let made: Value = admin
        .demand(request, 200)
        .await
        .context("the admin service made no token for the smoke test; is SEND_ADMIN_KEY the key that is deployed?")?
        .json()
        .await?;
    let text = made["secret"]
        .as_str()
        .context("the admin service told no secret")?
        .to_owned();
    Ok(Token {
        text,
        made: Some((admin, header)),
        name,
    })
}

impl Token<'_> {
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Revokes what was made.
    pub(super) async fn give_back(self) -> Result<()> {
        if let Some((admin, (header, key))) = self.made {
            let path = format!("/tokens/revoke/{}", self.name);
            admin
                .demand(
                    admin
                        .request(Method::POST, &path)
                        .header(header, key.reveal()),
                    200,
                )
                .await?;
        }
        Ok(())
    }
}
