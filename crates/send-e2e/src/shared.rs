//! What all storages have in common that several servers share.

/// A storage that several servers share, and that outlives them: a [`crate::Folder`] or a [`crate::Bucket`].
pub trait Shared {
    /// The variables of a service on it.
    fn variables(&self) -> Vec<(&'static str, String)>;
}
