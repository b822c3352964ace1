//! A storage that ends its process.

use std::{
    io::{self, Write},
    ops::Range,
    sync::Arc,
    time::SystemTime,
};

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, stream};
use nix::sys::signal::{Signal, raise};
use storage::{Blob, Blobs, ByteStream, Meta, Page, Path, PutMode, Result, Version};

use super::{LAST_WORDS, Operation, Point, Thing, When};

/// Half of a stream: more than S3 takes in one request here, so that an upload in parts has begun.
const HALF: u64 = 14 << 20;

/// The storage within, but for one point, at which the process is ended by SIGKILL.
pub struct Crashing {
    within: Arc<dyn Blobs>,
    point: Option<Point>,
}

impl Crashing {
    /// Ends at this point, if at any.
    #[must_use]
    pub fn new(within: Arc<dyn Blobs>, point: Option<Point>) -> Self {
        Self { within, point }
    }

    /// Ends the process if this is the point.
    fn reach(&self, when: When, operation: Operation, path: &Path) {
        if let Some(point) = self.is_at(when, operation, path) {
            end(point);
        }
    }

    fn is_at(&self, when: When, operation: Operation, path: &Path) -> Option<Point> {
        let is_it = |point: &Point| {
            let moment = point.moment();
            (moment.when, moment.operation, moment.thing) == (when, operation, Thing::at(path))
        };
        self.point.filter(is_it)
    }
}

/// Says where, and ends as `kill -9` ends a process: nothing is flushed, closed or dropped.
fn end(point: Point) -> ! {
    let _ = writeln!(io::stderr(), "{LAST_WORDS}{point}");
    loop {
        let _ = raise(Signal::SIGKILL);
    }
}

/// The same bytes, and an end in their midst.
fn ends_midway(bytes: ByteStream, point: Point) -> ByteStream {
    let begun = (bytes, 0_u64);
    let pieces = stream::unfold(begun, move |(mut bytes, passed)| async move {
        if passed >= HALF {
            end(point);
        }
        let piece = bytes.next().await?;
        let length = piece.as_ref().map_or(0, |piece| piece.len() as u64);
        Some((piece, (bytes, passed + length)))
    });
    pieces.boxed()
}

#[async_trait]
impl Blobs for Crashing {
    async fn get(&self, path: &Path, range: Option<Range<u64>>) -> Result<Blob> {
        self.within.get(path, range).await
    }

    async fn head(&self, path: &Path) -> Result<Meta> {
        self.within.head(path).await
    }

    async fn put(&self, path: &Path, bytes: Bytes, mode: PutMode) -> Result<Version> {
        self.reach(When::Before, Operation::Put, path);
        let put = self.within.put(path, bytes, mode).await?;
        self.reach(When::After, Operation::Put, path);
        Ok(put)
    }

    async fn put_stream(&self, path: &Path, stream: ByteStream) -> Result<Meta> {
        let operation = Operation::PutStream;
        self.reach(When::Before, operation, path);
        let stream = match self.is_at(When::Midway, operation, path) {
            Some(point) => ends_midway(stream, point),
            None => stream,
        };
        let put = self.within.put_stream(path, stream).await?;
        self.reach(When::After, operation, path);
        Ok(put)
    }

    async fn copy(&self, from: &Path, to: &Path) -> Result<()> {
        self.reach(When::Before, Operation::Copy, to);
        self.within.copy(from, to).await?;
        self.reach(When::After, Operation::Copy, to);
        Ok(())
    }

    async fn delete(&self, path: &Path) -> Result<()> {
        self.reach(When::Before, Operation::Delete, path);
        self.within.delete(path).await?;
        self.reach(When::After, Operation::Delete, path);
        Ok(())
    }

    async fn delete_all(&self, paths: &[Path]) -> Result<()> {
        let Some(first) = paths.first() else {
            return self.within.delete_all(paths).await;
        };
        self.reach(When::Before, Operation::DeleteAll, first);
        if let Some(point) = self.is_at(When::Midway, Operation::DeleteAll, first) {
            self.within.delete_all(&paths[..paths.len() / 2]).await?;
            end(point);
        }
        self.within.delete_all(paths).await?;
        self.reach(When::After, Operation::DeleteAll, first);
        Ok(())
    }

    async fn discard_unfinished(&self, prefix: &Path, before: SystemTime) -> Result<u64> {
        self.within.discard_unfinished(prefix, before).await
    }

    async fn list(
        &self,
        prefix: Option<&Path>,
        after: Option<&Path>,
        limit: usize,
    ) -> Result<Page> {
        self.within.list(prefix, after, limit).await
    }
}
