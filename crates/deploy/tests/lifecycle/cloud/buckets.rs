//! S3: buckets. Whoever has a name first has it, in all accounts and regions.

use std::collections::BTreeMap;

use async_trait::async_trait;
use deploy::cloud::{
    self, Answer, CorsRule, Document, Kind, LifecycleRule, Object, ObjectVersion,
    PublicAccessBlock, Tags, Upload,
};
use tokio::time::Instant;

use super::{
    bucket_rules::{about, make, public},
    objects::Bucket,
    place::Place,
    refusal::{Done, Refusal, conflict, ensure, not_found, refused},
    state::State,
};

/// The looks that one look at a bucket is made of, once its tags were seen.
const LOOKS: [&str; 7] = [
    "s3:GetPublicAccessBlock",
    "s3:GetBucketOwnershipControls",
    "s3:GetBucketEncryption",
    "s3:GetBucketLifecycleConfiguration",
    "s3:GetBucketCors",
    "s3:GetBucketPolicy",
    "s3:GetBucketVersioning",
];

pub(super) struct Buckets(pub(super) Place);

impl Buckets {
    /// A bucket that is the caller's.
    pub(super) fn own<'a>(&self, state: &'a mut State, name: &str) -> Done<&'a mut Bucket> {
        let Some(bucket) = state.buckets.get_mut(name) else {
            return Err(not_found("NoSuchBucket", &format!("bucket {name}")));
        };
        if bucket.account != self.0.account {
            return Err(refused(
                "AccessDenied",
                format!("bucket {name} belongs to another account"),
            ));
        }
        if bucket.region != self.0.region {
            let region = &bucket.region;
            return Err(refused(
                "PermanentRedirect",
                format!("bucket {name} is in {region}"),
            ));
        }
        Ok(bucket)
    }

    /// Changes how a bucket is set up.
    async fn set(
        &self,
        call: &'static str,
        name: &str,
        change: impl Fn(&mut cloud::Bucket) -> Done + Send + Sync,
    ) -> Answer {
        let work = |state: &mut State| change(&mut self.own(state, name)?.bucket);
        self.0.write(call, name, work).await
    }
}

#[async_trait]
impl cloud::Buckets for Buckets {
    async fn bucket(&self, name: &str) -> Answer<Option<cloud::Bucket>> {
        let look = |state: &mut State| match state.buckets.contains_key(name) {
            true => Ok(Some(self.own(state, name)?.bucket.clone())),
            false => Ok(None),
        };
        let bucket = self.0.read("s3:GetBucketTagging", name, look).await?;
        if bucket.is_some() {
            self.0.also(&LOOKS, name).await?;
        }
        Ok(bucket)
    }

    async fn create_bucket(&self, name: &str, tags: &Tags) -> Answer {
        let made = |state: &mut State| make(&self.0, state, name, tags);
        self.0.write("s3:CreateBucket", name, made).await
    }

    async fn put_public_access_block(&self, name: &str, block: PublicAccessBlock) -> Answer {
        self.set("s3:PutPublicAccessBlock", name, |bucket| {
            bucket.public_access_block = block;
            Ok(())
        })
        .await
    }

    async fn put_ownership(&self, name: &str, ownership: &str) -> Answer {
        self.set("s3:PutBucketOwnershipControls", name, |bucket| {
            let known = [
                "BucketOwnerEnforced",
                "BucketOwnerPreferred",
                "ObjectWriter",
            ];
            ensure(known.contains(&ownership), "MalformedXML", ownership)?;
            bucket.ownership = ownership.into();
            Ok(())
        })
        .await
    }

    async fn put_encryption(&self, name: &str, algorithm: &str) -> Answer {
        self.set("s3:PutBucketEncryption", name, |bucket| {
            let known = ["AES256", "aws:kms", "aws:kms:dsse"];
            ensure(known.contains(&algorithm), "MalformedXML", algorithm)?;
            bucket.encryption = algorithm.into();
            Ok(())
        })
        .await
    }

    async fn put_versioning(&self, name: &str, on: bool) -> Answer {
        self.set("s3:PutBucketVersioning", name, |bucket| {
            bucket.versioning = on;
            Ok(())
        })
        .await
    }

    async fn put_tags(&self, name: &str, tags: &Tags) -> Answer {
        self.set("s3:PutBucketTagging", name, |bucket| {
            bucket.tags = tags.clone();
            Ok(())
        })
        .await
    }

    async fn put_lifecycle(&self, name: &str, rules: &BTreeMap<String, LifecycleRule>) -> Answer {
        let call = match rules.is_empty() {
            true => "s3:DeleteBucketLifecycle",
            false => "s3:PutBucketLifecycleConfiguration",
        };
        self.set(call, name, |bucket| {
            let does = |rule: &LifecycleRule| {
                rule.expire_days
                    .or(rule.abort_upload_days)
                    .is_some_and(|days| days > 0)
            };
            ensure(
                rules.values().all(does),
                "InvalidRequest",
                "At least one action needs to be specified in a rule",
            )?;
            bucket.lifecycle = rules.clone();
            Ok(())
        })
        .await
    }

    async fn put_cors(&self, name: &str, rules: &[CorsRule]) -> Answer {
        let call = match rules.is_empty() {
            true => "s3:DeleteBucketCors",
            false => "s3:PutBucketCors",
        };
        self.set(call, name, |bucket| {
            bucket.cors = rules.to_vec();
            Ok(())
        })
        .await
    }

    async fn put_bucket_policy(&self, name: &str, policy: &Document) -> Answer {
        self.set("s3:PutBucketPolicy", name, |bucket| {
            let mut statements = policy.statements.values();
            ensure(statements.all(|one| about(one, name)), "MalformedPolicy", "Policy has invalid resource")?;
            if bucket.public_access_block.block_public_policy && policy.statements.values().any(public) {
                let why = "public policies are blocked by the BlockPublicPolicy block public access setting";
                return Err(Refusal::new(Kind::Denied, "AccessDenied", why));
            }
            bucket.policy = Some(policy.clone());
            Ok(())
        })
        .await
    }

    async fn delete_bucket(&self, name: &str) -> Answer {
        let remove = |state: &mut State| {
            if !self.own(state, name)?.is_empty() {
                return Err(conflict(
                    "BucketNotEmpty",
                    "The bucket you tried to delete is not empty.",
                ));
            }
            state.buckets.remove(name);
            state.freed.insert(name.into(), Instant::now());
            Ok(())
        };
        self.0.write("s3:DeleteBucket", name, remove).await
    }

    async fn objects(&self, name: &str, prefix: &str) -> Answer<Vec<Object>> {
        let look = |state: &mut State| Ok(self.own(state, name)?.objects(prefix));
        self.0.read_now("s3:ListObjectsV2", name, look).await
    }

    async fn object_versions(&self, name: &str) -> Answer<Vec<ObjectVersion>> {
        let look = |state: &mut State| Ok(self.own(state, name)?.versions());
        self.0.read_now("s3:ListObjectVersions", name, look).await
    }

    async fn uploads(&self, name: &str) -> Answer<Vec<Upload>> {
        let look = |state: &mut State| Ok(self.own(state, name)?.uploads());
        self.0.read_now("s3:ListMultipartUploads", name, look).await
    }

    async fn abort_upload(&self, name: &str, upload: &Upload) -> Answer {
        let abort = |state: &mut State| self.own(state, name)?.abort(upload);
        self.0.write("s3:AbortMultipartUpload", name, abort).await
    }

    async fn delete_versions(&self, name: &str, versions: &[ObjectVersion]) -> Answer {
        let remove = |state: &mut State| self.own(state, name)?.delete_versions(versions);
        self.0.write("s3:DeleteObjects", name, remove).await
    }

    async fn delete_object(&self, name: &str, key: &str) -> Answer {
        let remove = |state: &mut State| {
            let mark = state.made_up(32);
            self.own(state, name)?.delete(key, mark);
            Ok(())
        };
        self.0.write("s3:DeleteObject", name, remove).await
    }

    async fn put_object(&self, name: &str, key: &str, bytes: Vec<u8>) -> Answer {
        let bytes: std::sync::Arc<[u8]> = bytes.into();
        let store = |state: &mut State| {
            let (now, id) = (state.clock(), state.made_up(32));
            self.own(state, name)?.put(key, id, bytes.clone(), now);
            Ok(())
        };
        self.0.write("s3:PutObject", name, store).await
    }

    async fn get_object(&self, name: &str, key: &str) -> Answer<Vec<u8>> {
        let look = |state: &mut State| Ok(self.own(state, name)?.get(key)?.to_vec());
        self.0.read_now("s3:GetObject", name, look).await
    }
}
