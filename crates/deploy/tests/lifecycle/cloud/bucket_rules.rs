//! Which buckets S3 makes, and which policies it takes.

use deploy::cloud::Tags;
use serde_json::Value;

use super::{
    objects::Bucket,
    place::Place,
    refusal::{Done, conflict, ensure, exists, refused},
    state::State,
};

/// Makes a bucket.
pub(super) fn make(place: &Place, state: &mut State, name: &str, tags: &Tags) -> Done {
    well_named(name)?;
    let Place {
        account, region, ..
    } = place;
    if let Some(bucket) = state.buckets.get(name) {
        if bucket.account != *account {
            return Err(refused(
                "BucketAlreadyExists",
                "The requested bucket name is not available.",
            ));
        }
        // In the first of the regions the bucket is answered as if it were made, and stays as it is.
        return match (&*bucket.region, &**region) {
            ("us-east-1", "us-east-1") => Ok(()),
            _ => Err(exists("BucketAlreadyOwnedByYou", name)),
        };
    }
    let busy = state
        .freed
        .get(name)
        .is_some_and(|freed| freed.elapsed() < state.settings.bucket);
    if busy {
        return Err(conflict(
            "OperationAborted",
            "A conflicting conditional operation is currently in progress against this resource.",
        ));
    }
    state
        .buckets
        .insert(name.into(), Bucket::new(account, region, tags));
    Ok(())
}

fn well_named(name: &str) -> Done {
    let usual = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    let holds = (3..=63).contains(&name.len()) && name.chars().all(usual);
    ensure(
        holds,
        "InvalidBucketName",
        "The specified bucket is not valid.",
    )
}

/// Whether a statement lets everybody in.
pub(super) fn public(statement: &Value) -> bool {
    let everybody = statement["Principal"] == "*" || statement["Principal"]["AWS"] == "*";
    statement["Effect"] == "Allow" && everybody && statement["Condition"].is_null()
}

/// Whether a statement is about this bucket and nothing else.
pub(super) fn about(statement: &Value, name: &str) -> bool {
    let arn = format!("arn:aws:s3:::{name}");
    let ours = |one: &Value| {
        one.as_str()
            .and_then(|text| text.strip_prefix(&arn))
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    match &statement["Resource"] {
        Value::Array(several) => several.iter().all(ours),
        one => ours(one),
    }
}
