//! Listing: a walk in the byte order of whole paths, which skips what lies before its start.

use std::{cmp::Reverse, collections::BinaryHeap, fs, io};

use super::tree::{Tree, present};
use crate::{Listed, Page, Path};

/// A page of the objects below `prefix`, after `after`.
///
/// A page costs one reading of the names of each folder it touches; only the entries of the page itself are sorted and
/// looked at.
pub(super) fn page(
    tree: &Tree,
    prefix: Option<&Path>,
    after: Option<&Path>,
    limit: usize,
) -> io::Result<Page> {
    let folder = match prefix {
        None => String::new(),
        Some(prefix) if tree.find(prefix)?.is_some_and(|found| found.is_dir()) => {
            format!("{prefix}/")
        }
        Some(_) => {
            return Ok(Page {
                entries: Vec::new(),
                more: false,
            });
        }
    };
    // One more than asked for, to know whether there is more.
    let mut walk = Walk {
        tree,
        after: after.map(Path::as_str),
        enough: limit.saturating_add(1),
        entries: Vec::new(),
    };
    walk.visit(&folder)?;
    let more = walk.entries.len() > limit;
    walk.entries.truncate(limit);
    Ok(Page {
        entries: walk.entries,
        more,
    })
}

struct Walk<'a> {
    tree: &'a Tree,
    after: Option<&'a str>,
    enough: usize,
    entries: Vec<Listed>,
}

impl Walk<'_> {
    /// Visits a folder, named with the slash at its end (the root is empty).
    fn visit(&mut self, folder: &str) -> io::Result<()> {
        // A heap, because it is made in linear time and rarely emptied: most entries belong to later pages.
        let mut keys = BinaryHeap::from(self.keys(folder)?);
        while self.entries.len() < self.enough
            && let Some(Reverse(key)) = keys.pop()
        {
            // Other programs' files, our own folders of locks and stages among them.
            let Ok(path) = Path::parse(key.trim_end_matches('/')) else {
                continue;
            };
            if key.ends_with('/') {
                self.visit(&key)?;
            } else {
                self.entries.extend(self.entry(path)?);
            }
        }
        Ok(())
    }

    /// What a folder holds after the start of the page. Folders end in a slash, so that keys sort as the paths below them.
    fn keys(&self, folder: &str) -> io::Result<Vec<Reverse<String>>> {
        let mut keys = Vec::new();
        // A delete may have taken the folder away since it was seen.
        let Some(entries) = present(fs::read_dir(self.tree.root().join(folder)))? else {
            return Ok(keys);
        };
        for entry in entries {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let kind = entry.file_type()?;
            let slash = if kind.is_dir() { "/" } else { "" };
            let key = format!("{folder}{name}{slash}");
            if (kind.is_dir() || kind.is_file()) && self.is_wanted(&key) {
                keys.push(Reverse(key));
            }
        }
        Ok(keys)
    }

    fn is_wanted(&self, key: &str) -> bool {
        let holds_the_start = |after: &str| key.ends_with('/') && after.starts_with(key);
        self.after
            .is_none_or(|after| key > after || holds_the_start(after))
    }

    fn entry(&self, path: Path) -> io::Result<Option<Listed>> {
        let Some(found) = present(fs::symlink_metadata(self.tree.file(&path)))? else {
            return Ok(None);
        };
        Ok(Some(Listed {
            path,
            size: found.len(),
            modified: found.modified()?,
        }))
    }
}
