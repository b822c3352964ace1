//! Who is refused by the bucket itself, whatever IAM allows him.

use anyhow::Result;
use serde_json::json;

use super::runtime::allowed;
use crate::{
    ground::configured,
    hands::{BUCKET, Hands, with},
};
use send_e2e::aws::Aws;

#[tokio::test]
async fn a_bucket_that_is_locked_down_lets_in_whom_the_configuration_names() -> Result<()> {
    let aws = Aws::start().await?;
    let everything = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "*", "Resource": "*" }] });
    let owner = Hands::on(&aws)?;
    let [friend, stranger] = ["friend", "stranger"].map(|name| owner.user(name, &everything));
    let (friend, stranger) = (friend?, stranger?);
    let config = configured(
        "deployers = [\"arn:aws:iam::000000000000:user/friend\", \"arn:aws:iam::000000000000:root\"]",
    )?;
    let up = format!("dev up --config {}", config.path().display());
    aws.deployer()?.must(&up).await?;
    let (bucket, key) = (
        json!({ "Bucket": BUCKET }),
        json!({ "Key": "transfers/x", "Body": "x" }),
    );
    let object = |more| with(with(bucket.clone(), key.clone()), more);
    for (somebody, expected) in [(&friend, true), (&stranger, false)] {
        allowed(somebody, "s3", "PutObject", object(json!({})), expected)?;
        allowed(somebody, "s3", "ListObjectsV2", bucket.clone(), expected)?;
        allowed(somebody, "s3", "GetBucketPolicy", bucket.clone(), expected)?;
    }
    allowed(&stranger, "s3", "DeleteBucketPolicy", bucket.clone(), false)?;
    for (algorithm, expected) in [("AES256", true), ("aws:kms", false)] {
        let encrypted = object(json!({ "ServerSideEncryption": algorithm }));
        allowed(&friend, "s3", "PutObject", encrypted, expected)?;
    }
    let plainly = friend.without_tls(&aws)?;
    allowed(&plainly, "s3", "PutObject", object(json!({})), false)?;
    allowed(&plainly, "s3", "ListObjectsV2", bucket, false)?;
    Ok(())
}
