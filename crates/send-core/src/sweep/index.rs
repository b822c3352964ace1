//! What the index tells of transfers that are no more: of a create that was refused or cut off, or of a tombstone's last moment.

use futures::{StreamExt, TryStreamExt, stream};
use storage::Path;

use super::{AT_ONCE, PAGE, REMEMBERED, Sweep, Swept};
use crate::{
    error::ApiError,
    key::{self, IndexEntry},
    record::Record,
    store,
};

impl Sweep {
    /// Removes entries so old that their tombstones must be gone, where they are: the end of the index, which is otherwise empty.
    pub(super) async fn sweep_index(&self) -> Result<Swept, ApiError> {
        let alive = self.limits.max_age + REMEMBERED * 2;
        let mut after = key::index_from(self.clock.now().minus(alive));
        let (folder, mut swept) = (key::index(), Swept::default());
        loop {
            let page = self.blobs.list(Some(&folder), Some(&after), PAGE).await?;
            let paths: Vec<Path> = page.entries.into_iter().map(|entry| entry.path).collect();
            let last = paths.last().cloned();
            swept.objects += self.remove(self.past(paths).await?).await?;
            match last.filter(|_| page.more) {
                Some(last) => after = last,
                None => return Ok(swept),
            }
        }
    }

    /// Those of some entries that tell of nothing.
    async fn past(&self, paths: Vec<Path>) -> Result<Vec<Path>, ApiError> {
        let is_past = |path: Path| async move {
            Ok::<_, ApiError>(self.is_past(&path).await?.then_some(path))
        };
        stream::iter(paths)
            .map(is_past)
            .buffered(AT_ONCE)
            .try_filter_map(async |path| Ok(path))
            .try_collect()
            .await
    }

    /// Whether an entry of the index tells of nothing.
    async fn is_past(&self, path: &Path) -> Result<bool, ApiError> {
        let Some(entry) = IndexEntry::parse(path) else {
            return Ok(false);
        };
        let found = store::read::<Record>(&*self.blobs, &entry.id.key().record()).await?;
        Ok(found.is_none_or(|record| record.life().generation != entry.generation))
    }
}
