//! Who may change a path now, and the time stamps that tell its states apart.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind},
    path::{Path as FsPath, PathBuf},
    time::{Duration, SystemTime},
};

use crate::Path;

/// How many lock files the paths are spread over. More would only cost entries; two paths that share one wait for each
/// other for the microseconds of a rename.
const STRIPES: u64 = 64;

/// The coarsest resolution of time stamps that is coped with (FAT keeps even seconds).
const COARSEST: Duration = Duration::from_secs(4);

/// The lock files of a root, `.locks/00` to `.locks/63`. They are never removed.
#[derive(Debug)]
pub(super) struct Locks {
    folder: PathBuf,
}

impl Locks {
    /// Makes the lock files that are not there. All at once, so that deleting needs no room on a full disk.
    pub(super) fn open(root: &FsPath) -> io::Result<Self> {
        let folder = root.join(".locks");
        fs::create_dir_all(&folder)?;
        let locks = Self { folder };
        for stripe in 0..STRIPES {
            locks.file(stripe, OpenOptions::new().create(true))?;
        }
        Ok(locks)
    }

    /// Waits until nobody else, in any process, holds the lock of `path`. Released when dropped or when the process ends.
    pub(super) fn lock(&self, path: &Path) -> io::Result<Locked> {
        // Opened anew each time: `flock` belongs to the open file, and two threads with one would both get it.
        let file = self.file(hash(path.as_str()) % STRIPES, &mut OpenOptions::new())?;
        file.lock()?;
        Ok(Locked(file))
    }

    fn file(&self, stripe: u64, options: &mut OpenOptions) -> io::Result<File> {
        options
            .write(true)
            .truncate(false)
            .open(self.folder.join(format!("{stripe:02}")))
    }
}

/// The right to change the paths of one stripe.
///
/// The modification time of its lock file is the latest that a file of the stripe was given. Since it outlives the
/// files, a path never sees a time stamp again, not even after a delete, and not when the clock goes back.
#[derive(Debug)]
pub(super) struct Locked(File);

impl Locked {
    /// Sets the modification time of a file that is about to take the place of another: now, or just after the latest.
    pub(super) fn stamp(&self, file: &File) -> io::Result<()> {
        let latest = self.0.metadata()?.modified()?;
        let mut step = Duration::from_nanos(1);
        let mut time = SystemTime::now().max(latest + step);
        loop {
            file.set_modified(time)?;
            // What the file system made of it, for it may keep milliseconds or seconds only.
            let kept = file.metadata()?.modified()?;
            if kept > latest {
                return self.0.set_modified(kept);
            }
            if step > COARSEST {
                return Err(io::Error::new(
                    ErrorKind::Unsupported,
                    "the file system keeps no modification times",
                ));
            }
            step *= 2;
            time = latest + step;
        }
    }

    /// Takes note of a file that goes, which may have been put there by another program.
    pub(super) fn remember(&self, modified: SystemTime) -> io::Result<()> {
        if modified > self.0.metadata()?.modified()? {
            self.0.set_modified(modified)?;
        }
        Ok(())
    }
}

/// FNV-1a. It needs only to spread evenly and to be the same in every process, of whatever version, that shares a folder.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixture() -> (tempfile::TempDir, Locks, Path) {
        let root = tempfile::tempdir().unwrap();
        let locks = Locks::open(root.path()).unwrap();
        (root, locks, Path::parse("a/b").unwrap())
    }

    fn stamped(locked: &Locked) -> SystemTime {
        let file = tempfile::tempfile().unwrap();
        locked.stamp(&file).unwrap();
        file.metadata().unwrap().modified().unwrap()
    }

    #[test]
    fn a_lock_excludes_the_same_path_and_ends_when_dropped() {
        let (_root, locks, path) = fixture();
        let held = locks.lock(&path).unwrap();
        let again = locks
            .file(hash(path.as_str()) % STRIPES, &mut OpenOptions::new())
            .unwrap();
        assert!(again.try_lock().is_err());
        drop(held);
        assert!(again.try_lock().is_ok());
    }

    #[test]
    fn time_stamps_grow_although_the_clock_went_back() {
        let (_root, locks, path) = fixture();
        let locked = locks.lock(&path).unwrap();
        let first = stamped(&locked);
        let future = SystemTime::now() + Duration::from_secs(3600);
        locked.remember(future).unwrap();
        locked.remember(first).unwrap();
        let second = stamped(&locked);
        drop(locked);
        let third = stamped(&locks.lock(&path).unwrap());
        assert!(first < future && future < second && second < third);
    }

    #[test]
    fn the_hash_is_the_published_one() {
        // From the authors' test vectors of FNV-1a, 64 bits.
        assert_eq!(hash(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(hash("foobar"), 0x8594_4171_f739_67e8);
    }
}
