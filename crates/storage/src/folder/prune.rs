//! What a killed process leaves of a folder: empty folders, between the removal of a file and that of its folders, or between
//! the making of folders and the arrival of a file.

use std::{fs, io, path::Path as FsPath, time::SystemTime};

use super::tree::{Tree, present};
use crate::Path;

impl Tree {
    /// Removes folders below a path that have been empty since before this time; how many there were.
    pub(super) fn prune_empty(&self, below: &Path, before: SystemTime) -> io::Result<u64> {
        prune_below(&self.file(below), before)
    }
}

/// Links are not followed, and what bears no name of ours is left alone.
fn prune_below(folder: &FsPath, before: SystemTime) -> io::Result<u64> {
    let Some(entries) = present(fs::read_dir(folder))? else {
        return Ok(0);
    };
    let mut pruned = 0;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(|name| Path::parse(name).is_ok());
        if !ours || !entry.file_type()?.is_dir() {
            continue;
        }
        // Asked before what lies below goes, which makes it young again.
        let Some(found) = present(entry.metadata())? else {
            continue;
        };
        pruned += prune_below(&entry.path(), before)?;
        // The system decides: a folder that holds anything stays, and a write that has lost its folder makes it anew.
        pruned += u64::from(found.modified()? < before && fs::remove_dir(entry.path()).is_ok());
    }
    Ok(pruned)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn empty_folders_go_once_they_are_old() {
        let root = tempfile::tempdir().unwrap();
        let at = |below: &str| root.path().join(below);
        for folder in [
            "a/empty/below",
            "a/kept",
            "a/.hidden",
            "a/not a path",
            "b/empty",
        ] {
            fs::create_dir_all(at(folder)).unwrap();
        }
        fs::write(at("a/kept/file"), "x").unwrap();
        let tree = Tree::new(root.path().to_owned());
        let (old, young) = (
            SystemTime::now() - Duration::from_mins(1),
            SystemTime::now() + Duration::from_mins(1),
        );
        let a = Path::parse("a").unwrap();
        assert_eq!(tree.prune_empty(&a, old).unwrap(), 0);
        assert_eq!(tree.prune_empty(&a, young).unwrap(), 2);
        for kept in ["a/kept/file", "a/.hidden", "a/not a path", "b/empty"] {
            assert!(at(kept).exists(), "{kept}");
        }
        assert!(!at("a/empty").exists());
    }
}
