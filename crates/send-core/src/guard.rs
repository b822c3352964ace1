//! Bytes on their way to a reader, which stop when their transfer is taken down or deleted.

use std::{io, sync::Arc, time::Duration};

use futures::{StreamExt, TryStreamExt, stream};
use serde::Deserialize;
use storage::{Blobs, ByteStream, Path};
use tokio::time::Instant;

use crate::{
    id::Nonce,
    record::{Life, State},
    store,
};

/// How long bytes are served without looking at the record again.
const UNWATCHED: Duration = Duration::from_millis(500);

/// What a record says of whether its bytes may be served.
#[derive(Deserialize)]
struct Standing {
    generation: Nonce,
    state: State,
}

/// The same bytes, which end with an error at most half a second after the transfer was taken down or deleted, however slowly
/// they are read. A storage that does not answer this question ends nothing: the reader was admitted, and is asked for again soon.
pub(crate) fn guarded(
    bytes: ByteStream,
    blobs: Arc<dyn Blobs>,
    record: Path,
    life: &Life,
) -> ByteStream {
    let generation = life.generation;
    let start = (bytes, Instant::now());
    stream::try_unfold(start, move |(mut bytes, mut looked)| {
        let (blobs, record) = (blobs.clone(), record.clone());
        async move {
            let Some(piece) = bytes.try_next().await? else {
                return Ok(None);
            };
            if looked.elapsed() >= UNWATCHED {
                if is_over(&*blobs, &record, &generation).await {
                    return Err(io::Error::other("the transfer is gone"));
                }
                looked = Instant::now();
            }
            Ok(Some((piece, (bytes, looked))))
        }
    })
    .boxed()
}

async fn is_over(blobs: &dyn Blobs, record: &Path, generation: &Nonce) -> bool {
    match store::read::<Standing>(blobs, record).await {
        Ok(Some(found)) => found.generation != *generation || found.state.is_removed(),
        Ok(None) => true,
        Err(_) => false,
    }
}
