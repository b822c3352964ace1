//! What a page of the listing tells of one transfer: all of it, or a stretch of a large one.

use std::time::SystemTime;

use storage::{Listed, Path};

use crate::{
    id::Nonce,
    key::{self, AnyId, Kept, Thing},
    record::{Life, Record},
};

/// Entries of one transfer that follow each other. The record sorts behind all others.
pub(super) struct Slice {
    pub(super) id: AnyId,
    entries: Vec<(Listed, Kept)>,
    /// Entries came before, on an earlier page.
    is_cut: bool,
}

/// The slices of a page that was listed after `after`. What is not ours is left out, and left alone.
pub(super) fn of(entries: Vec<Listed>, after: Option<&Path>) -> Vec<Slice> {
    let mut slices = Vec::<Slice>::new();
    for entry in entries {
        let Some((id, kept)) = key::parse(&entry.path) else {
            continue;
        };
        match slices.last_mut() {
            Some(slice) if slice.id == id => slice.entries.push((entry, kept)),
            Some(_) | None => slices.push(Slice {
                is_cut: after.is_some_and(|after| lies_in(after, &id.key().folder())),
                id,
                entries: vec![(entry, kept)],
            }),
        }
    }
    slices
}

fn lies_in(path: &Path, folder: &Path) -> bool {
    let below = path.as_str().strip_prefix(folder.as_str());
    below.is_some_and(|below| below.starts_with('/'))
}

impl Slice {
    pub(super) fn has_record(&self) -> bool {
        self.record().is_some()
    }

    /// Whether there is ciphertext of this generation.
    pub(super) fn has_bytes(&self, generation: &Nonce) -> bool {
        let is_bytes = |thing: &Thing| thing.is_bytes();
        self.things(generation).any(is_bytes)
    }

    /// Whether this may end a transfer that nothing was added to for a while: the record is here, and nothing younger. What
    /// lies on earlier pages is to be looked at again.
    pub(super) fn is_quiet(&self, before: SystemTime) -> bool {
        let mut entries = self.entries.iter();
        self.has_record() && entries.all(|(entry, _)| entry.modified < before)
    }

    /// Whether all downloads of a `wipe` transfer may be taken. To be certain costs a listing, so a slice that shows too few
    /// slots says no, unless others may be on the page before.
    pub(super) fn may_be_taken(&self, life: &Life) -> bool {
        let slots = self.things(&life.generation);
        let taken = slots.filter(|thing| **thing == Thing::Slot).count() as u64;
        let enough = self.is_cut || taken >= life.downloads;
        life.wipe && life.downloads > 0 && self.has_record() && enough
    }

    /// What is older, whatever it is.
    pub(super) fn older_than(&self, before: SystemTime) -> Vec<Path> {
        self.select(|entry, _| entry.modified < before)
    }

    /// What the record does not name. Another generation was replaced: the record was read after this was listed, and what it
    /// names next nobody has written to yet. The rest must be older than `before`, since it may just be on its way.
    pub(super) fn left_over(&self, record: &Record, before: SystemTime) -> Vec<Path> {
        let named = record.life().generation;
        self.select(|entry, kept| match kept {
            Kept::Record => false,
            Kept::Of(generation, _) if *generation != named => true,
            Kept::Of(_, thing) => entry.modified < before && record.forgot(thing),
        })
    }

    /// Where the listing may go on when this is the end of its page: past the rest of a folder in which nothing is ever left
    /// over, such as the parts of a large transfer.
    pub(super) fn beyond(&self, generation: &Nonce) -> Option<Path> {
        let (entry, kept) = self.entries.last()?;
        match kept {
            Kept::Of(of, Thing::Part | Thing::Slot | Thing::Other) if of == generation => {
                Some(key::beyond(&entry.path))
            }
            Kept::Record | Kept::Of(..) => None,
        }
    }

    fn record(&self) -> Option<&Listed> {
        let last = self.entries.last();
        last.and_then(|(entry, kept)| (*kept == Kept::Record).then_some(entry))
    }

    fn things(&self, generation: &Nonce) -> impl Iterator<Item = &Thing> {
        self.entries.iter().filter_map(move |(_, kept)| match kept {
            Kept::Of(of, thing) if of == generation => Some(thing),
            Kept::Record | Kept::Of(..) => None,
        })
    }

    fn select(&self, wanted: impl Fn(&Listed, &Kept) -> bool) -> Vec<Path> {
        let entries = self
            .entries
            .iter()
            .filter(|(entry, kept)| wanted(entry, kept));
        entries.map(|(entry, _)| entry.path.clone()).collect()
    }
}
