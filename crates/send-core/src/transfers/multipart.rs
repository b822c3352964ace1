//! Uploads in parts that clients send straight to S3, each by a URL of its own.
//!
//! Nothing is remembered of an upload while it runs: its id holds all that is needed, and is opaque to clients (`plan`).

mod plan;

use storage::{
    Meta, Path, Presign,
    presign::{UploadId, UploadedPart},
};

use super::{NOT_PENDING, Transfers};
use crate::{
    api::transfers as wire,
    direct,
    error::ApiError,
    id::{Nonce, TransferId},
    key::GenerationKey,
    record::Stored,
};
use plan::{Parts, UploadName, no_upload};

pub use plan::{MIN_PART, MOST_PARTS, PART};

/// URLs that are signed before other requests get a turn: a fraction of a millisecond.
const TURN: u32 = 64;

impl Transfers {
    /// Begins an upload in parts and signs a URL for each.
    ///
    /// # Errors
    /// 400 without S3, or for a size and number of parts that cannot be; 404; 409 when not pending; 413.
    pub async fn initiate(&self, ask: &wire::Initiate) -> Result<wire::Initiated, ApiError> {
        let signer = self.signer()?;
        let id = transfer(&ask.transfer_id)?;
        let life = self.awaiting(&id).await?.life;
        self.check_arrival(life.size, ask.file_size_bytes)?;
        let parts = Parts::of(ask.file_size_bytes, ask.num_parts)?;
        let nonce = Nonce::random();
        let path = GenerationKey::of(&id, &life).payload(&nonce);
        let storage = signer.begin_upload(&path).await?;
        let part_urls = sign(signer, &path, &storage, parts.count).await?;
        let name = UploadName {
            nonce,
            size: ask.file_size_bytes,
            storage,
        };
        Ok(wire::Initiated {
            transfer_id: id,
            upload_id: name.to_string(),
            part_urls,
            part_size: parts.size,
        })
    }

    /// Makes one object of the parts and names it as the newest upload. Again is answered again, so that a lost answer costs
    /// nothing.
    ///
    /// # Errors
    /// 400 without S3, for parts that are not those that arrived, and for a size that was not declared; 404; 409 when not
    /// pending; 413.
    pub async fn assemble(&self, ask: wire::Assemble) -> Result<wire::Assembled, ApiError> {
        let signer = self.signer()?;
        let id = transfer(&ask.transfer_id)?;
        let record = self.read(&id).await?;
        let name: UploadName = ask.upload_id.parse()?;
        let path = GenerationKey::of(&id, &record.life).payload(&name.nonce);
        let found = if record.names(&name.nonce) {
            self.find_assembled(&id, &path).await?
        } else {
            let life = self.awaiting(&id).await?.life;
            finish(signer, &path, &name.storage, in_order(ask.parts)?).await?;
            let found = self.find_assembled(&id, &path).await?;
            let declared = if life.size == 0 { name.size } else { life.size };
            self.keep_if_expected(&path, declared, found.size).await?;
            let (nonce, size) = (name.nonce, found.size);
            let accepted = self.accept(&id, &life, Stored { nonce, size }).await;
            accepted.map_err(not_pending)?;
            found
        };
        Ok(wire::Assembled {
            transfer_id: id,
            status: "assembled",
            etag: found.version.as_str().to_owned(),
        })
    }

    /// Gives up an upload in parts; again, or of one that is not there, is no error.
    ///
    /// # Errors
    /// 400 without S3, or for what is no upload's id; 404.
    pub async fn cancel(&self, id: &TransferId, upload_id: &str) -> Result<(), ApiError> {
        let signer = self.signer()?;
        let life = self.read(id).await?.life;
        let name: UploadName = upload_id.parse()?;
        let path = GenerationKey::of(id, &life).payload(&name.nonce);
        Ok(signer.abort_upload(&path, &name.storage).await?)
    }

    /// The object of an upload that was finished, now or before.
    async fn find_assembled(&self, id: &TransferId, path: &Path) -> Result<Meta, ApiError> {
        match self.blobs.head(path).await {
            Ok(meta) => Ok(meta),
            Err(storage::Error::NotFound(_)) => {
                self.awaiting(id).await?;
                Err(no_upload())
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Signs a URL for each part. No request is sent for it, so it never waits, and has to let others have their turn.
async fn sign(
    signer: &dyn Presign,
    path: &Path,
    upload: &UploadId,
    count: u32,
) -> Result<Vec<wire::PartUrl>, ApiError> {
    let mut urls = Vec::new();
    for part_number in 1..=count {
        let signed = signer.sign_part(path, upload, part_number, direct::UPLOAD_LIFE);
        urls.push(wire::PartUrl {
            part_number,
            upload_url: signed.await?.url,
        });
        if part_number % TURN == 0 {
            tokio::task::yield_now().await;
        }
    }
    Ok(urls)
}

/// Finishes an upload, unless it is finished already; where that is not known, whoever looks for the object finds out.
async fn finish(
    signer: &dyn Presign,
    path: &Path,
    upload: &UploadId,
    parts: Vec<UploadedPart>,
) -> Result<(), ApiError> {
    match signer.finish_upload(path, upload, parts).await {
        Ok(_) | Err(storage::Error::NotFound(_)) => Ok(()),
        Err(storage::Error::Upload { code, .. }) => Err(ApiError::field(
            "parts",
            format!("are not those that arrived ({code}): send again what is missing"),
        )),
        Err(error) => Err(error.into()),
    }
}

fn transfer(id: &str) -> Result<TransferId, ApiError> {
    id.parse().map_err(|_| ApiError::NotFound)
}

fn not_pending(error: ApiError) -> ApiError {
    match error {
        ApiError::NotFound => NOT_PENDING,
        other => other,
    }
}

/// The parts as the storage wants them: ascending from 1, none left out, none twice.
fn in_order(mut parts: Vec<wire::PartTag>) -> Result<Vec<UploadedPart>, ApiError> {
    parts.sort_by_key(|part| part.part_number);
    let whole = parts
        .iter()
        .zip(1..)
        .all(|(part, n)| u64::from(part.part_number) == n);
    if parts.is_empty() || !whole || parts.len() as u64 > MOST_PARTS {
        return Err(ApiError::field(
            "parts",
            format!("must be numbered from 1 to {MOST_PARTS} at most, without a gap or a double"),
        ));
    }
    let parts = parts.into_iter().map(|part| UploadedPart {
        number: part.part_number,
        etag: part.etag,
    });
    Ok(parts.collect())
}
