//! Where bytes are kept: one trait, its backends, one suite of checks that every backend passes.
//!
//! - [`blobs`]: the trait [`Blobs`] and its contract
//! - [`path`]: checked paths
//! - [`error`]: errors by what the caller does next
//! - [`memory`], [`folder`], [`s3`]: the backends
//! - [`presign`]: the trait of storages that clients may reach themselves, by signed URLs
//! - [`counted`]: a storage whose calls are told to somebody
//! - [`json`]: documents that change by compare-and-swap
//! - [`url`]: the value of `SEND_STORAGE` to a backend
//! - [`conformance`]: every promised behaviour, as functions that a backend's tests run

pub mod blobs;
pub mod conformance;
pub mod counted;
pub mod error;
pub mod folder;
pub mod json;
pub mod memory;
pub mod path;
pub mod presign;
pub mod s3;
pub mod url;

pub use blobs::{Blob, Blobs, ByteStream, Listed, Meta, Page, PutMode, Version};
pub use error::{Error, Refused, Result};
pub use path::Path;
pub use presign::Presign;
