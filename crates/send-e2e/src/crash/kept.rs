//! A storage of the tests, and what lies in it, told without a line of the code under test.

use std::{fs, io, path::Path};

use anyhow::{Context, Result, ensure};
use object_store::signer::Method;
use serde_json::Value;

use crate::{Bucket, Folder, Shared};

/// A storage that outlives the processes on it, and can be looked into.
#[derive(Debug)]
pub enum Kept {
    /// A folder.
    Folder(Folder),
    /// A bucket.
    Bucket(Bucket),
}

impl Shared for Kept {
    fn variables(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Folder(folder) => folder.variables(),
            Self::Bucket(bucket) => bucket.variables(),
        }
    }
}

impl Kept {
    /// Whether it signs URLs.
    #[must_use]
    pub const fn signs(&self) -> bool {
        matches!(self, Self::Bucket(_))
    }

    /// The keys of all objects, in byte order.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn keys(&self) -> Result<Vec<String>> {
        match self {
            Self::Bucket(bucket) => bucket.keys().await,
            Self::Folder(folder) => {
                let (mut files, mut empty) = (Vec::new(), Vec::new());
                walk(folder.path(), "", &mut files, &mut empty)?;
                files.sort();
                Ok(files)
            }
        }
    }

    /// Folders that hold nothing; a bucket has none.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn empty_folders(&self) -> Result<Vec<String>> {
        let (mut files, mut empty) = (Vec::new(), Vec::new());
        if let Self::Folder(folder) = self {
            walk(folder.path(), "", &mut files, &mut empty)?;
        }
        Ok(empty)
    }

    /// What is half written: files on their way, or uploads in parts that are not finished.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn half_written(&self) -> Result<usize> {
        match self {
            Self::Bucket(bucket) => Ok(bucket.unfinished_uploads().await?.len()),
            Self::Folder(folder) => Ok(fs::read_dir(folder.path().join(".staging"))?.count()),
        }
    }

    /// The JSON document at a key.
    ///
    /// # Errors
    /// When there is none.
    pub async fn document(&self, key: &str) -> Result<Value> {
        let bytes = match self {
            Self::Folder(folder) => fs::read(folder.path().join(key))?,
            Self::Bucket(bucket) => {
                let url = bucket.url(Method::GET, key).await?;
                let answer = crate::http().build()?.get(url).send().await?;
                ensure!(answer.status().is_success(), "{key}: {}", answer.status());
                answer.bytes().await?.into()
            }
        };
        serde_json::from_slice(&bytes).with_context(|| format!("{key} is no JSON"))
    }
}

/// The keys of all files below a folder, and the folders without any entry. What begins with a dot is the service's own.
fn walk(
    folder: &Path,
    key: &str,
    files: &mut Vec<String>,
    empty: &mut Vec<String>,
) -> io::Result<()> {
    let mut entries = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        entries += 1;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let key = format!("{key}{name}");
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), &format!("{key}/"), files, empty)?;
        } else {
            files.push(key);
        }
    }
    if entries == 0 {
        empty.push(key.to_owned());
    }
    Ok(())
}
