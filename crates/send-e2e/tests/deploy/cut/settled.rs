//! What a listing says that is the same of every deployment of one stage: without what AWS makes up.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use send_e2e::aws::Listing;
use serde_json::{Map, Value};

/// What AWS makes up, and when.
const MADE_UP: &[&str] = &[
    "ARN",
    "AlarmConfigurationUpdatedTimestamp",
    "CallerReference",
    "CreateDate",
    "CreationDate",
    "CreationTime",
    "DomainName",
    "FunctionUrl",
    "HeaderValue",
    "Id",
    "LastModified",
    "LastModifiedTime",
    "OriginAccessControlId",
    "ResponseHeadersPolicyId",
    "RevisionId",
    "RoleId",
    "SEND_DOOR_SHA256",
    "VersionId",
    "creationTime",
];

/// A listing without it.
pub(super) fn settled(listing: &Listing) -> Result<Listing> {
    let lines: Result<Vec<_>> = listing.0.iter().map(|line| line_of(line)).collect();
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    for line in lines?.into_iter().flatten() {
        *counted.entry(line).or_default() += 1;
    }
    // Two that are alike are two.
    let counted = counted
        .into_iter()
        .map(|(line, count)| format!("{line} {count}"));
    Ok(Listing(counted.collect()))
}

/// Nothing of what services store, which they do when they like.
fn line_of(line: &str) -> Result<Option<String>> {
    let (name, said) = line.split_once(" {").with_context(|| line.to_owned())?;
    if name.starts_with("object ") && !name.contains("/deploy/") {
        return Ok(None);
    }
    let said: Map<String, Value> = serde_json::from_str(&format!("{{{said}"))?;
    let mut words = name.split(' ');
    let kind = words.next().unwrap_or_default();
    // What has no name of ours is known by what it says.
    let name = if ["distribution", "origin-access-control", "headers-policy"].contains(&kind) {
        kind
    } else {
        name
    };
    Ok(Some(format!("{name} {}", without(Value::Object(said)))))
}

fn without(said: Value) -> Value {
    match said {
        Value::Object(fields) => {
            let kept = fields
                .into_iter()
                .filter(|(name, _)| !MADE_UP.contains(&name.as_str()));
            kept.map(|(name, value)| (name, without(value))).collect()
        }
        Value::Array(several) => several.into_iter().map(without).collect(),
        one => one,
    }
}
