//! What lies in a bucket: objects, older versions of them, marks of deletion, uploads that were never finished.

use std::{collections::BTreeMap, sync::Arc};

use deploy::cloud::{self, Object, ObjectVersion, PublicAccessBlock, Tags, Upload};

use super::{
    refusal::{Done, ensure, not_found},
    state::sha256,
};

/// Of what is listed or deleted, so much goes into one call.
const PAGE: usize = 1000;

/// A bucket and what lies in it.
#[derive(Clone)]
pub(crate) struct Bucket {
    /// Whose it is.
    pub(crate) account: String,
    /// Where it is.
    pub(crate) region: String,
    /// How it is set up.
    pub(crate) bucket: cloud::Bucket,
    /// Versions by key, the newest last.
    pub(super) objects: BTreeMap<String, Vec<Stored>>,
    pub(super) uploads: BTreeMap<String, String>,
}

/// A version of an object, or the mark that it was deleted.
#[derive(Clone)]
pub(super) struct Stored {
    id: String,
    /// Nothing for a mark.
    bytes: Option<Arc<[u8]>>,
    modified: i64,
}

/// The version of what is stored where no versions are kept.
const NULL: &str = "null";

impl Bucket {
    /// As S3 makes a bucket since 2023: closed, encrypted, its owner's alone.
    pub(super) fn new(account: &str, region: &str, tags: &Tags) -> Self {
        Self {
            account: account.into(),
            region: region.into(),
            bucket: cloud::Bucket {
                public_access_block: PublicAccessBlock::all(true),
                ownership: "BucketOwnerEnforced".into(),
                encryption: "AES256".into(),
                versioning: false,
                lifecycle: BTreeMap::new(),
                cors: Vec::new(),
                policy: None,
                tags: tags.clone(),
            },
            objects: BTreeMap::new(),
            uploads: BTreeMap::new(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.objects.is_empty() && self.uploads.is_empty()
    }

    /// Begins an upload that nobody will finish.
    pub(crate) fn begin_upload(&mut self, key: &str, id: &str) {
        self.uploads.insert(id.into(), key.into());
    }

    pub(crate) fn put(&mut self, key: &str, id: String, bytes: Arc<[u8]>, modified: i64) {
        let bytes = Some(bytes);
        self.add(key, id, bytes, modified);
    }

    /// Without versions the object is gone, with versions a mark hides it. Nothing is said where there is none.
    pub(crate) fn delete(&mut self, key: &str, mark: String) {
        if self.bucket.versioning {
            self.add(key, mark, None, 0);
        } else if let Some(versions) = self.objects.get_mut(key) {
            versions.retain(|stored| stored.id != NULL);
            self.tidy();
        }
    }

    fn add(&mut self, key: &str, id: String, bytes: Option<Arc<[u8]>>, modified: i64) {
        let id = if self.bucket.versioning {
            id
        } else {
            NULL.into()
        };
        let versions = self.objects.entry(key.into()).or_default();
        versions.retain(|stored| stored.id != id);
        versions.push(Stored {
            id,
            bytes,
            modified,
        });
    }

    pub(super) fn get(&self, key: &str) -> Done<&Arc<[u8]>> {
        let newest = self.objects.get(key).and_then(|versions| versions.last());
        newest
            .and_then(|stored| stored.bytes.as_ref())
            .ok_or_else(|| not_found("NoSuchKey", &format!("object {key}")))
    }

    /// SHA-256 of an object, for those who compare.
    pub(crate) fn hash(&self, key: &str) -> Option<String> {
        self.get(key).ok().map(|bytes| sha256(bytes))
    }

    pub(crate) fn objects(&self, prefix: &str) -> Vec<Object> {
        let below = self
            .objects
            .iter()
            .filter(|(key, _)| key.starts_with(prefix));
        let newest = below.filter_map(|(key, versions)| {
            let stored = versions.last()?;
            Some(Object {
                key: key.clone(),
                size: stored.bytes.as_ref()?.len() as u64,
                modified: stored.modified,
            })
        });
        newest.take(PAGE).collect()
    }

    pub(crate) fn versions(&self) -> Vec<ObjectVersion> {
        let all = self.objects.iter().flat_map(|(key, versions)| {
            versions.iter().map(|stored| ObjectVersion {
                key: key.clone(),
                id: stored.id.clone(),
            })
        });
        all.take(PAGE).collect()
    }

    pub(super) fn delete_versions(&mut self, versions: &[ObjectVersion]) -> Done {
        ensure(
            (1..=PAGE).contains(&versions.len()),
            "MalformedXML",
            "one to a thousand keys",
        )?;
        for gone in versions {
            if let Some(stored) = self.objects.get_mut(&gone.key) {
                stored.retain(|stored| stored.id != gone.id);
            }
        }
        self.tidy();
        Ok(())
    }

    fn tidy(&mut self) {
        self.objects.retain(|_, versions| !versions.is_empty());
    }

    pub(crate) fn uploads(&self) -> Vec<Upload> {
        let upload = |(id, key): (&String, &String)| Upload {
            key: key.clone(),
            id: id.clone(),
        };
        self.uploads.iter().map(upload).take(PAGE).collect()
    }

    pub(super) fn abort(&mut self, upload: &Upload) -> Done {
        let gone = self.uploads.remove(&upload.id).map(|_| ());
        gone.ok_or_else(|| not_found("NoSuchUpload", &format!("upload {}", upload.id)))
    }
}
