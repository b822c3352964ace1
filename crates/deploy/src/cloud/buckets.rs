//! S3 buckets. Every call says whose the bucket must be: names are global, and can be squatted.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{Answer, Document, Tags};

/// A bucket, with all that is set up about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// What is public is refused.
    pub public_access_block: PublicAccessBlock,
    /// Who owns what others store: `BucketOwnerEnforced`, which also switches access lists off. Empty where nothing is said.
    pub ownership: String,
    /// The algorithm of encryption at rest: `AES256`. Empty where nothing is said.
    pub encryption: String,
    /// Whether old versions of objects are kept.
    pub versioning: bool,
    /// What the bucket removes by itself, by the ids of the rules.
    pub lifecycle: BTreeMap<String, LifecycleRule>,
    /// Pages of which origins may ask.
    pub cors: Vec<CorsRule>,
    /// Who may not.
    pub policy: Option<Document>,
    /// Its tags.
    pub tags: Tags,
}

/// The four blocks of public access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "S3 has these four, each on or off"
)]
pub struct PublicAccessBlock {
    /// Access lists that make something public are refused.
    pub block_public_acls: bool,
    /// Those that are there count for nothing.
    pub ignore_public_acls: bool,
    /// Policies that make something public are refused.
    pub block_public_policy: bool,
    /// Those that are there count only within the account.
    pub restrict_public_buckets: bool,
}

impl PublicAccessBlock {
    /// All four, on or off.
    #[must_use]
    pub const fn all(on: bool) -> Self {
        Self {
            block_public_acls: on,
            ignore_public_acls: on,
            block_public_policy: on,
            restrict_public_buckets: on,
        }
    }
}

/// What the bucket removes by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LifecycleRule {
    /// Whether it is followed.
    pub enabled: bool,
    /// Of which objects.
    pub prefix: String,
    /// After so many days an object is removed.
    pub expire_days: Option<i32>,
    /// After so many days an upload that was never finished is removed.
    pub abort_upload_days: Option<i32>,
}

/// What pages of other origins may ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorsRule {
    /// Origins, or `*`.
    pub origins: Vec<String>,
    /// Methods.
    pub methods: Vec<String>,
    /// Headers that they may send.
    pub headers: Vec<String>,
    /// Headers that they may read.
    pub exposed: Vec<String>,
    /// Seconds for which a browser need not ask again.
    pub max_age: Option<i32>,
}

/// An object in a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its key.
    pub key: String,
    /// Its length in bytes.
    pub size: u64,
    /// When it was stored, in seconds since 1970.
    pub modified: i64,
}

/// A version of an object, or the mark that it was deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its key.
    pub key: String,
    /// `null` where the bucket keeps no versions.
    pub id: String,
}

/// An upload in parts that was not finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// The key that it would have.
    pub key: String,
    /// Its id.
    pub id: String,
}

/// S3. `name` is the bucket's.
#[async_trait]
pub trait Buckets: Send + Sync {
    /// The bucket, if it is there. What is somebody else's, or in another region, is an error of the kind `Refused`.
    async fn bucket(&self, name: &str) -> Answer<Option<Bucket>>;
    /// Makes it, tagged from its first moment.
    async fn create_bucket(&self, name: &str, tags: &Tags) -> Answer;
    /// Sets the four blocks.
    async fn put_public_access_block(&self, name: &str, block: PublicAccessBlock) -> Answer;
    /// Sets who owns what others store.
    async fn put_ownership(&self, name: &str, ownership: &str) -> Answer;
    /// Sets the algorithm of encryption at rest.
    async fn put_encryption(&self, name: &str, algorithm: &str) -> Answer;
    /// Keeps old versions of objects from now on, or no more.
    async fn put_versioning(&self, name: &str, on: bool) -> Answer;
    /// Sets all tags at once.
    async fn put_tags(&self, name: &str, tags: &Tags) -> Answer;
    /// Sets all rules at once; none removes them.
    async fn put_lifecycle(&self, name: &str, rules: &BTreeMap<String, LifecycleRule>) -> Answer;
    /// Sets all rules at once; none removes them.
    async fn put_cors(&self, name: &str, rules: &[CorsRule]) -> Answer;
    /// Sets the policy.
    async fn put_bucket_policy(&self, name: &str, policy: &Document) -> Answer;
    /// Removes the bucket, which must be empty.
    async fn delete_bucket(&self, name: &str) -> Answer;

    /// Objects below a prefix, a thousand at most, those with the least keys.
    async fn objects(&self, name: &str, prefix: &str) -> Answer<Vec<Object>>;
    /// Versions of objects, and marks, a thousand at most. What was read is deleted before more is asked for.
    async fn object_versions(&self, name: &str) -> Answer<Vec<Version>>;
    /// Uploads that were not finished, a thousand at most.
    async fn uploads(&self, name: &str) -> Answer<Vec<Upload>>;
    /// Gives an upload up.
    async fn abort_upload(&self, name: &str, upload: &Upload) -> Answer;
    /// Removes versions, a thousand at most. One that cannot be removed is an error.
    async fn delete_versions(&self, name: &str, versions: &[Version]) -> Answer;
    /// Removes an object.
    async fn delete_object(&self, name: &str, key: &str) -> Answer;
    /// Stores an object, whose SHA-256 S3 checks.
    async fn put_object(&self, name: &str, key: &str, bytes: Vec<u8>) -> Answer;
    /// Reads an object.
    async fn get_object(&self, name: &str, key: &str) -> Answer<Vec<u8>>;
}
