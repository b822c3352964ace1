//! What a function runs, and how one takes the place of another.

/// A zip as Lambda takes it, and what it was built of.
#[derive(Clone, PartialEq, Eq)]
pub struct Release {
    /// The zip.
    pub zip: Vec<u8>,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
    /// The version that the services tell.
    pub version: String,
    /// The commit, with `-dirty` where the sources had been changed since.
    pub commit: String,
}

impl std::fmt::Debug for Release {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Release({} {}, {})",
            self.version, self.commit, self.sha256
        )
    }
}
