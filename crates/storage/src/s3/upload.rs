//! Streams of unknown length: small ones in one request, large ones in parts that become one object at the end.

use bytes::{Bytes, BytesMut};
use futures::{StreamExt, TryStreamExt, stream};
use object_store::{MultipartUpload, ObjectStoreExt, WriteMultipart};

use super::{S3, fault};
use crate::{ByteStream, Error, Path, Result};

/// The size of a part in bytes. S3 takes 10,000 of them ("Amazon S3 multipart upload limits"): 117 GiB, of which two parts
/// are in memory at a time.
const PART: usize = 12 << 20;

impl S3 {
    pub(super) async fn upload(&self, path: &Path, mut stream: ByteStream) -> Result<()> {
        let mut first = BytesMut::new();
        while first.len() <= PART {
            match stream.try_next().await.map_err(Error::Source)? {
                Some(piece) => first.extend_from_slice(&piece),
                None => {
                    return self.overwrite(path, first.freeze()).await.map(drop);
                }
            }
        }
        let stream = stream::iter([Ok(first.freeze())]).chain(stream).boxed();
        self.upload_in_parts(path, stream).await
    }

    async fn upload_in_parts(&self, path: &Path, mut stream: ByteStream) -> Result<()> {
        let failed = |e| fault::of(path, e);
        let begun = self.client()?.put_multipart(&self.key(path)).await;
        let mut upload = Unfinished::new(begun.map_err(failed)?);
        while let Some(piece) = stream.try_next().await.map_err(Error::Source)? {
            upload.write(piece).await.map_err(failed)?;
        }
        match upload.finish().await.map_err(failed) {
            // Asked again after a lost answer, S3 may not know the upload any more: it has ended, one way or the other.
            Err(Error::NotFound(_)) => Ok(()),
            ended => ended,
        }
    }
}

/// An upload in parts; dropped before it is finished, it is given up, so that nothing of it is stored and paid for.
struct Unfinished(Option<WriteMultipart>);

impl Unfinished {
    fn new(upload: Box<dyn MultipartUpload>) -> Self {
        Self(Some(WriteMultipart::new_with_chunk_size(upload, PART)))
    }

    /// Takes a piece; waits while a part is on its way and another is full.
    async fn write(&mut self, piece: Bytes) -> object_store::Result<()> {
        if let Some(upload) = &mut self.0 {
            upload.wait_for_capacity(2).await?;
            upload.put(piece);
        }
        Ok(())
    }

    async fn finish(mut self) -> object_store::Result<()> {
        match self.0.take() {
            Some(upload) => upload.finish().await.map(drop),
            None => Ok(()),
        }
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(upload) = self.0.take() {
            tokio::spawn(upload.abort());
        }
    }
}
