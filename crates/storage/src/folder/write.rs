//! Writing: stage, flush, then rename under the lock of the path.

use std::{
    fs::{self, Metadata},
    io::{self, ErrorKind, Write},
};

use bytes::Bytes;
use tokio::runtime::Handle;

use super::{Inner, failed, read, staging::Staged, tree::present};
use crate::{Error, Meta, Path, PutMode, Result, Version};

impl Inner {
    /// Writes an object whole.
    pub(super) fn put(&self, path: &Path, bytes: &[u8], mode: &PutMode) -> Result<Version> {
        // Asked again under the lock; asked here, the losers of a race need not flush a file for nothing.
        self.check(path, mode)?;
        let staged = self.staging.stage().map_err(failed)?;
        staged.file().write_all(bytes).map_err(failed)?;
        Ok(self.commit(staged, path, mode)?.version)
    }

    /// Copies an object over whatever is at `to`; the kernel moves the bytes.
    pub(super) fn copy(&self, from: &Path, to: &Path) -> Result<()> {
        let (mut file, _) = read::open(&self.tree, from)?;
        let staged = self.staging.stage().map_err(failed)?;
        io::copy(&mut file, &mut staged.file()).map_err(failed)?;
        self.commit(staged, to, &PutMode::Overwrite)?;
        Ok(())
    }

    /// Gives a staged file its place: its bytes are on the disk before its name is, and the name before this returns.
    pub(super) fn commit(&self, mut staged: Staged, path: &Path, mode: &PutMode) -> Result<Meta> {
        staged.file().sync_all().map_err(failed)?;
        self.place(&mut staged, path, mode)?;
        // The journal carries time stamp and name together. From here on the object is there, so it cannot be "full".
        self.tree.sync_parent(path).map_err(Error::unavailable)?;
        read::meta(&staged.file().metadata().map_err(failed)?).map_err(failed)
    }

    /// Removes an object, and the folders that it leaves empty.
    pub(super) fn delete(&self, path: &Path) -> io::Result<()> {
        let locked = self.locks.lock(path)?;
        let Some(found) = self.tree.find(path)?.filter(Metadata::is_file) else {
            return Ok(());
        };
        locked.remember(found.modified()?)?;
        present(fs::remove_file(self.tree.file(path)))?;
        drop(locked);
        self.tree.prune_parents(path)
    }

    fn place(&self, staged: &mut Staged, path: &Path, mode: &PutMode) -> Result<()> {
        let locked = self.locks.lock(path).map_err(failed)?;
        if let Some(old) = self.check(path, mode)? {
            locked.remember(old.modified).map_err(failed)?;
        }
        locked.stamp(staged.file()).map_err(failed)?;
        self.tree.place(staged.path(), path).map_err(failed)?;
        staged.arrived();
        Ok(())
    }

    /// Whether a write may happen over what is there now, which is returned.
    fn check(&self, path: &Path, mode: &PutMode) -> Result<Option<Meta>> {
        let found = self.tree.find(path).map_err(failed)?;
        if found.as_ref().is_some_and(Metadata::is_dir) {
            let reason = format!("a folder stands where {path} should be");
            return Err(Error::unavailable(io::Error::new(
                ErrorKind::IsADirectory,
                reason,
            )));
        }
        let old = found
            .filter(Metadata::is_file)
            .map(|found| read::meta(&found))
            .transpose()
            .map_err(failed)?;
        mode.allows(path, old.as_ref().map(|old| &old.version))?;
        Ok(old)
    }
}

/// A staged file between two turns on a blocking thread. Dropped there, because the stream failed or nobody waits for it
/// any more, it is removed on a blocking thread too: freeing gigabytes takes time.
pub(super) struct Upload(Option<Staged>);

impl Upload {
    /// Nothing yet, to be written to `staged`.
    pub(super) fn new(staged: Staged) -> Self {
        Self(Some(staged))
    }

    /// Writes the next bytes. Blocks.
    pub(super) fn append(self, batch: &[Bytes]) -> Result<Self> {
        let staged = self.finish();
        for piece in batch {
            staged.file().write_all(piece).map_err(failed)?;
        }
        Ok(Self::new(staged))
    }

    /// All is written.
    #[expect(
        clippy::expect_used,
        reason = "only this takes it out, and takes the upload with it"
    )]
    pub(super) fn finish(mut self) -> Staged {
        self.0.take().expect("an upload holds its file")
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if let (Some(staged), Ok(runtime)) = (self.0.take(), Handle::try_current()) {
            runtime.spawn_blocking(|| drop(staged));
        }
    }
}
