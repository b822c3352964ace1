//! Files on their way, which vanish with their writer.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path as FsPath, PathBuf},
};

use super::tree::present;

/// The folder of the files on their way, `.staging` in the root: on the same file system, so that they can be renamed
/// into place, and never listed, since no path starts with a dot.
#[derive(Debug)]
pub(super) struct Staging {
    folder: PathBuf,
}

impl Staging {
    /// Removes what killed writers left behind, and proves that the root can be written to.
    pub(super) fn open(root: &FsPath) -> io::Result<Self> {
        let folder = root.join(".staging");
        fs::create_dir_all(&folder)?;
        let staging = Self { folder };
        staging.discard()?;
        staging.stage()?;
        Ok(staging)
    }

    /// Removes what killed writers left behind; how many files there were.
    pub(super) fn discard(&self) -> io::Result<u64> {
        let mut discarded = 0;
        for entry in fs::read_dir(&self.folder)? {
            discarded += u64::from(remove_unheld(&entry?.path())?);
        }
        Ok(discarded)
    }

    /// A new, empty file. Its writer holds a lock on it, which the kernel releases when the process ends.
    pub(super) fn stage(&self) -> io::Result<Staged> {
        loop {
            let path = self.folder.join(unused_name().map_err(io::Error::other)?);
            let file = OpenOptions::new()
                .read(true)
                .write(true)
                .create_new(true)
                .open(&path)?;
            let staged = Staged {
                file,
                path,
                arrived: false,
            };
            staged.file.lock()?;
            // A process that opened the folder before the lock was taken may have removed the file as a left-over.
            if staged.path.exists() {
                return Ok(staged);
            }
        }
    }
}

/// A file on its way; dropped before it has arrived, it is removed.
#[derive(Debug)]
pub(super) struct Staged {
    file: File,
    path: PathBuf,
    arrived: bool,
}

impl Staged {
    /// The file itself.
    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// Where it lies until it has arrived.
    pub(super) fn path(&self) -> &FsPath {
        &self.path
    }

    /// It was renamed into its place.
    pub(super) fn arrived(&mut self) {
        self.arrived = true;
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.arrived {
            // What cannot be removed now is removed when the folder is opened next.
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn unused_name() -> Result<String, getrandom::Error> {
    Ok(format!(
        "{:016x}{:016x}",
        getrandom::u64()?,
        getrandom::u64()?
    ))
}

/// Whether it was there, and its writer was not.
fn remove_unheld(path: &FsPath) -> io::Result<bool> {
    let Some(file) = present(OpenOptions::new().write(true).open(path))? else {
        return Ok(false);
    };
    match file.try_lock() {
        Ok(()) => Ok(present(fs::remove_file(path))?.is_some()),
        Err(fs::TryLockError::WouldBlock) => Ok(false),
        Err(fs::TryLockError::Error(e)) => Err(e),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_still_held_stays_and_what_a_killed_writer_left_goes() {
        let root = tempfile::tempdir().unwrap();
        let staging = Staging::open(root.path()).unwrap();
        let held = staging.stage().unwrap();
        let left = root.path().join(".staging/left");
        fs::write(&left, "half").unwrap();

        Staging::open(root.path()).unwrap();

        assert!(held.path().exists());
        assert!(!left.exists());
    }

    #[test]
    fn a_file_that_did_not_arrive_is_removed() {
        let root = tempfile::tempdir().unwrap();
        let staging = Staging::open(root.path()).unwrap();
        let staged = staging.stage().unwrap();
        let path = staged.path().to_owned();
        assert!(path.exists());
        drop(staged);
        assert!(!path.exists());
    }

    #[test]
    fn writers_and_openers_do_not_disturb_each_other() {
        let root = tempfile::tempdir().unwrap();
        let staging = Staging::open(root.path()).unwrap();
        std::thread::scope(|scope| {
            scope.spawn(|| (0..300).for_each(|_| drop(Staging::open(root.path()).unwrap())));
            for _ in 0..3_000 {
                let staged = staging.stage().unwrap();
                fs::rename(staged.path(), root.path().join("arrived")).unwrap();
            }
        });
    }
}
