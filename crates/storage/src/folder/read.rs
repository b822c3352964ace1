//! Reading: facts and bytes come from one open file, so they belong to one state.

use std::{
    fs::{File, Metadata},
    io::{self, Read, Seek, SeekFrom},
    ops::Range,
    time::UNIX_EPOCH,
};

use bytes::Bytes;
use futures::{StreamExt, stream};

use super::{
    failed,
    tree::{Tree, present},
};
use crate::{
    Blob, ByteStream, Error, Meta, Path, Result, Version,
    blobs::{PIECE, resolve},
};

/// The facts of the object at `path`.
pub(super) fn head(tree: &Tree, path: &Path) -> Result<Meta> {
    let found = tree.find(path).map_err(failed)?.filter(Metadata::is_file);
    found.map_or_else(
        || Err(Error::NotFound(path.clone())),
        |found| meta(&found).map_err(failed),
    )
}

/// The object at `path`. The first piece is read already, which is all of a small one.
pub(super) fn get(tree: &Tree, path: &Path, range: Option<Range<u64>>) -> Result<Blob> {
    let (mut file, meta) = open(tree, path)?;
    let range = resolve(path, range, meta.size)?;
    file.seek(SeekFrom::Start(range.start)).map_err(failed)?;
    let rest = Rest {
        file,
        left: range.end - range.start,
    };
    let stream = rest.read().map_err(failed)?.map_or_else(
        || stream::empty().boxed(),
        |(piece, rest)| rest.after(piece),
    );
    Ok(Blob {
        meta,
        range,
        stream,
    })
}

/// The file of the object at `path`, and its facts.
pub(super) fn open(tree: &Tree, path: &Path) -> Result<(File, Meta)> {
    let not_found = || Error::NotFound(path.clone());
    // Asked before opening, because opening a pipe would wait for its other end.
    tree.find(path)
        .map_err(failed)?
        .filter(Metadata::is_file)
        .ok_or_else(not_found)?;
    let file = present(File::open(tree.file(path)))
        .map_err(failed)?
        .ok_or_else(not_found)?;
    let found = file.metadata().map_err(failed)?;
    if !found.is_file() {
        return Err(not_found());
    }
    Ok((file, meta(&found).map_err(failed)?))
}

/// The facts of a file. Its modification time was set under the lock of its path, later than any before: see
/// [`super::locks`].
pub(super) fn meta(found: &Metadata) -> io::Result<Meta> {
    let modified = found.modified()?;
    let time = modified
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_nanos();
    Ok(Meta {
        size: found.len(),
        version: Version(format!("{time:x}-{:x}", found.len())),
        modified,
    })
}

/// What is still to be read of a file.
struct Rest {
    file: File,
    left: u64,
}

impl Rest {
    /// A piece that was read already, then the rest, each piece in one turn on a blocking thread.
    fn after(self, first: Bytes) -> ByteStream {
        let rest = stream::try_unfold(self, |rest| async {
            if rest.left == 0 {
                return Ok(None);
            }
            tokio::task::spawn_blocking(move || rest.read())
                .await
                .map_err(io::Error::other)?
        });
        stream::iter([Ok(first)]).chain(rest).boxed()
    }

    /// The next piece; none at the end.
    fn read(mut self) -> io::Result<Option<(Bytes, Self)>> {
        let size = self.left.min(PIECE as u64);
        if size == 0 {
            return Ok(None);
        }
        let mut piece = Vec::with_capacity(size as usize);
        if (&mut self.file).take(size).read_to_end(&mut piece)? as u64 != size {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= size;
        Ok(Some((piece.into(), self)))
    }
}
