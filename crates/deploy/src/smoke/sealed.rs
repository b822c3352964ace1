//! A sealed transfer of two parts, sent and received once.

use anyhow::{Context as _, Result, ensure};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use bytes::Bytes;
use reqwest::{Method, RequestBuilder};
use send_core::extract::{ACCESS_TOKEN, SEND_TOKEN};
use send_crypto::{
    Layout,
    cobblestone::Salt,
    content::{PartOpener, PartSealer},
    keys::{OwnerToken, Secret, TransferKeys},
    manifest::{File, Manifest},
};
use serde_json::json;

use crate::{door::Door, secret::random};

/// More than one part of 4 MiB.
const SIZE: usize = (4 << 20) + 300_000;

/// What is sent, and what opens it.
struct Sealed {
    keys: TransferKeys,
    owner: OwnerToken,
    layout: Layout,
    manifest: Manifest,
    plaintext: Vec<u8>,
}

/// Sends it with this token, receives it, compares, and checks that nobody can receive it again.
pub(super) async fn up_and_down(door: &Door, token: &str) -> Result<()> {
    let sealed = Sealed::new()?;
    let moved = sealed.moved(door, token).await;
    // It goes even where it did not work.
    let deleted = door
        .demand(
            sealed.owned_with(door, Method::DELETE, "", Bytes::new()),
            204,
        )
        .await;
    moved?;
    deleted.context("the transfer of the smoke test stays until it expires")?;
    Ok(())
}

impl Sealed {
    fn new() -> Result<Self> {
        let mut plaintext = vec![0; SIZE];
        getrandom::fill(&mut plaintext)?;
        let file = File {
            name: "smoke.bin".into(),
            mime: "application/octet-stream".into(),
            offset: 0,
            size: SIZE as u64,
            modified: None,
        };
        let manifest = Manifest::new(Salt::random()?, vec![file], None)?;
        Ok(Self {
            keys: TransferKeys::without_passphrase(&Secret::random()?),
            owner: OwnerToken::random()?,
            layout: manifest.layout(),
            manifest,
            plaintext,
        })
    }

    async fn moved(&self, door: &Door, token: &str) -> Result<()> {
        self.send(door, token)
            .await
            .context("sending did not work")?;
        let claim = claim()?;
        door.demand(self.claimed(door, &claim), 200)
            .await
            .context("the one download was refused")?;
        self.receive(door, &claim)
            .await
            .context("receiving did not work")?;
        let again = self.claimed(door, &self::claim()?);
        door.demand(again, 410)
            .await
            .context("a second download of one allowed was not refused")?;
        Ok(())
    }

    async fn send(&self, door: &Door, token: &str) -> Result<()> {
        let create = json!({
            "id": self.keys.id.to_string(),
            "link_verifier": self.keys.link_token.verifier().to_string(),
            "read_verifier": self.keys.read_token.verifier().to_string(),
            "owner_verifier": self.owner.verifier().to_string(),
            "size": self.layout.stored_len(),
            "downloads": 1,
            "expires_in": 3_600,
        });
        let create = door.request_with(Method::POST, "/api/v1/sends", create.to_string());
        door.demand(create.header(ACCESS_TOKEN, token), 201).await?;
        let manifest = self.manifest.seal(&self.keys, Salt::random()?)?;
        door.demand(
            self.owned_with(door, Method::PUT, "/manifest", manifest),
            200,
        )
        .await?;
        for n in 0..self.layout.part_count() {
            let part = self.owned_with(door, Method::PUT, &format!("/parts/{n}"), self.part(n)?);
            door.demand(part, 200).await?;
        }
        door.demand(
            self.owned_with(door, Method::POST, "/complete", Bytes::new()),
            200,
        )
        .await?;
        Ok(())
    }

    async fn receive(&self, door: &Door, claim: &str) -> Result<()> {
        let request = self.get(door, "/manifest", &self.reader());
        let manifest =
            Manifest::open(&self.keys, &door.demand(request, 200).await?.bytes().await?)?;
        ensure!(
            manifest == self.manifest,
            "the manifest is not what was sent"
        );
        let mut opened = Vec::with_capacity(SIZE);
        for n in 0..self.layout.part_count() {
            let part = self.get(door, &format!("/parts/{n}"), claim);
            let part = door.demand(part, 200).await?.bytes().await?;
            let mut files = Vec::new();
            PartOpener::new(&self.keys, self.layout).open_part(n, &part, &mut files)?;
            opened.extend_from_slice(&files);
        }
        ensure!(
            opened == self.plaintext,
            "what arrived is not what was sent"
        );
        Ok(())
    }

    /// The ciphertext of a part.
    fn part(&self, n: u64) -> Result<Bytes> {
        let range = self.layout.part_files(n);
        let plaintext = &self.plaintext[range.start as usize..range.end as usize];
        let mut sealed = Vec::new();
        PartSealer::new(&self.keys, self.layout).seal_part(n, plaintext, &mut sealed)?;
        Ok(sealed.into())
    }

    fn claimed(&self, door: &Door, claim: &str) -> RequestBuilder {
        let body = json!({ "claim": claim }).to_string();
        door.request_with(Method::POST, &self.path("/claims"), body)
            .header(SEND_TOKEN, self.reader())
    }

    fn owned_with(
        &self,
        door: &Door,
        method: Method,
        below: &str,
        body: impl Into<Bytes>,
    ) -> RequestBuilder {
        door.request_with(method, &self.path(below), body)
            .header(SEND_TOKEN, self.owner())
    }

    fn get(&self, door: &Door, below: &str, token: &str) -> RequestBuilder {
        door.request(Method::GET, &self.path(below))
            .header(SEND_TOKEN, token)
    }

    fn path(&self, below: &str) -> String {
        format!("/api/v1/sends/{}{below}", self.keys.id)
    }

    fn owner(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.owner.expose())
    }

    fn reader(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.keys.reader_token().expose())
    }
}

/// What proves one download.
fn claim() -> Result<String> {
    Ok(BASE64_URL_SAFE_NO_PAD.encode(random::<32>()?))
}
