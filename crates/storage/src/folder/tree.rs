//! The files and folders below the root.

use std::{
    fs::{self, File, Metadata},
    io::{self, ErrorKind},
    path::{Path as FsPath, PathBuf},
};

use crate::Path;

/// How often a file is put into place again after a delete took its empty folder away. Each time costs a delete of the
/// folder's last object in just that moment, so a handful would do.
const TRIES: usize = 100;

/// The files and folders below the root.
#[derive(Debug)]
pub(super) struct Tree {
    root: PathBuf,
}

impl Tree {
    /// The tree below `root`, a folder that is there.
    pub(super) fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// The folder of everything.
    pub(super) fn root(&self) -> &FsPath {
        &self.root
    }

    /// Where the file of `path` lies.
    pub(super) fn file(&self, path: &Path) -> PathBuf {
        self.root.join(path.as_str())
    }

    /// What lies at `path`, which may be a folder; nothing when a link stands on the way.
    pub(super) fn find(&self, path: &Path) -> io::Result<Option<Metadata>> {
        let mut at = self.root.clone();
        let mut segments = path.as_str().split('/').peekable();
        while let Some(segment) = segments.next() {
            at.push(segment);
            match present(fs::symlink_metadata(&at))? {
                Some(found) if segments.peek().is_none() => return Ok(Some(found)),
                Some(found) if found.is_dir() => {}
                Some(_) | None => return Ok(None),
            }
        }
        Ok(None)
    }

    /// Moves `staged` into the place of `path`, over what is there, and makes the folders on the way.
    pub(super) fn place(&self, staged: &FsPath, path: &Path) -> io::Result<()> {
        let target = self.file(path);
        let mut tries = 0..TRIES;
        loop {
            match self
                .make_parents(path)
                .and_then(|()| fs::rename(staged, &target))
            {
                Err(e) if e.kind() == ErrorKind::NotFound && tries.next().is_some() => {}
                done => return done,
            }
        }
    }

    /// Removes the folders that a delete has left empty, and flushes the first that stays.
    pub(super) fn prune_parents(&self, path: &Path) -> io::Result<()> {
        let file = self.file(path);
        let parents = || {
            file.ancestors()
                .skip(1)
                .take_while(|parent| *parent != self.root)
        };
        for parent in parents() {
            if fs::remove_dir(parent).is_err() {
                break;
            }
        }
        for parent in parents() {
            if present(sync(parent))?.is_some() {
                return Ok(());
            }
        }
        sync(&self.root)
    }

    /// Flushes the entries of the folder of `path`.
    pub(super) fn sync_parent(&self, path: &Path) -> io::Result<()> {
        let file = self.file(path);
        // A delete may have taken the object and its folder away already: then there is nothing left to flush.
        present(sync(file.parent().unwrap_or(&self.root))).map(drop)
    }

    fn make_parents(&self, path: &Path) -> io::Result<()> {
        let mut at = self.root.clone();
        let Some((folders, _)) = path.as_str().rsplit_once('/') else {
            return Ok(());
        };
        for segment in folders.split('/') {
            at.push(segment);
            match present(fs::symlink_metadata(&at))? {
                Some(found) if found.is_dir() => {}
                Some(_) => {
                    return Err(io::Error::new(
                        ErrorKind::NotADirectory,
                        format!("{segment} of {path} is no folder"),
                    ));
                }
                None => make(&at)?,
            }
        }
        Ok(())
    }
}

/// Nothing there is an answer, not a failure.
pub(super) fn present<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(e) => Err(e),
    }
}

/// Makes one folder and flushes its entry; another process may have been faster.
fn make(folder: &FsPath) -> io::Result<()> {
    match fs::create_dir(folder) {
        Err(e) if e.kind() != ErrorKind::AlreadyExists => Err(e),
        _ => folder.parent().map_or(Ok(()), sync),
    }
}

fn sync(folder: &FsPath) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
