//! A function of Lambda: what it is made of, and when it can be changed.

use std::collections::BTreeMap;

use deploy::cloud::{self, Code, Configuration, Live, State as Readiness, Tags};
use serde_json::Value;
use tokio::time::Instant;

use super::{
    limits::{INVALID, valid},
    place::Place,
    refusal::{Done, conflict, ensure, not_found, refused, stale},
    state::{Region, State, sha256},
};
pub(super) use super::{
    urls::Url,
    versions::{Alias, Frozen},
};

/// What every call answers that comes too early.
pub(super) const BUSY: &str =
    "The operation cannot be performed at this time. An update is in progress for resource";

/// A function with its versions, its alias `live`, its URL and its policy.
#[derive(Clone)]
pub(crate) struct Function {
    /// `$LATEST`.
    pub(crate) latest: Configuration,
    pub(crate) concurrency: Option<i32>,
    pub(crate) tags: Tags,
    /// Why its last change failed.
    pub(crate) failed: Option<String>,
    pub(crate) versions: BTreeMap<u64, Frozen>,
    pub(crate) live: Option<Alias>,
    pub(crate) url: Option<Url>,
    /// The policy of the alias, by the ids of its statements.
    pub(crate) grants: BTreeMap<String, Value>,
    pub(super) revision: String,
    pub(super) code_bytes: i64,
    pub(super) ready: Instant,
}

impl Region {
    pub(super) fn function(&mut self, name: &str) -> Done<&mut Function> {
        let function = self.functions.get_mut(name);
        function.ok_or_else(|| not_found("ResourceNotFoundException", &format!("function {name}")))
    }
}

impl Function {
    /// As it is read.
    pub(crate) fn told(&self) -> cloud::Function {
        let live = self.live.as_ref().map(|alias| Live {
            configuration: self.frozen(&alias.version).map_or_else(
                |_| self.latest.clone(),
                |frozen| frozen.configuration.clone(),
            ),
            others: alias.others.clone(),
            version: alias.version.clone(),
            revision: Some(alias.revision.clone()),
        });
        cloud::Function {
            configuration: self.latest.clone(),
            concurrency: self.concurrency,
            live,
            tags: self.tags.clone(),
            revision: Some(self.revision.clone()),
            state: self.readiness(),
        }
    }

    pub(super) fn readiness(&self) -> Readiness {
        match &self.failed {
            _ if self.ready > Instant::now() => Readiness::Busy,
            Some(why) => Readiness::Failed(why.clone()),
            None => Readiness::Ready,
        }
    }

    /// Whether it can be changed now.
    pub(super) fn idle(&self) -> Done {
        match self.readiness() {
            Readiness::Busy => Err(conflict("ResourceConflictException", BUSY)),
            Readiness::Ready | Readiness::Failed(_) => Ok(()),
        }
    }

    /// Whether it is still what it was.
    fn still(&self, revision: Option<&str>) -> Done {
        match revision {
            Some(revision) if revision != self.revision => {
                Err(stale("PreconditionFailedException"))
            }
            _ => Ok(()),
        }
    }
}

/// Makes a function, which is pending for a while.
pub(super) fn create(
    place: &Place,
    state: &mut State,
    name: &str,
    wanted: &Configuration,
    code: &Code,
    tags: &Tags,
) -> Done {
    if place.region(state).functions.contains_key(name) {
        return Err(conflict(
            "ResourceConflictException",
            format!("Function already exist: {name}"),
        ));
    }
    valid(wanted)?;
    state.assumable(&place.account, &wanted.role)?;
    let (code_sha256, code_bytes) = zip(place, state, code)?;
    let function = Function {
        latest: Configuration {
            code_sha256,
            ..wanted.clone()
        },
        concurrency: None,
        tags: tags.clone(),
        failed: None,
        versions: BTreeMap::new(),
        live: None,
        url: None,
        grants: BTreeMap::new(),
        revision: state.made_up(36),
        code_bytes,
        ready: Instant::now() + state.settings.create,
    };
    place.region(state).functions.insert(name.into(), function);
    Ok(())
}

/// Changes all but code and architecture.
pub(super) fn configure(
    place: &Place,
    state: &mut State,
    name: &str,
    wanted: &Configuration,
    revision: Option<&str>,
) -> Done {
    let function = place.region(state).function(name)?;
    function.still(revision)?;
    function.idle()?;
    let (architecture, code_sha256) = (
        function.latest.architecture.clone(),
        function.latest.code_sha256.clone(),
    );
    valid(wanted)?;
    state.assumable(&place.account, &wanted.role)?;
    changed(place, state, name, |function| {
        function.latest = Configuration {
            architecture,
            code_sha256,
            ..wanted.clone()
        };
    })
}

/// Changes code and architecture.
pub(super) fn replace(
    place: &Place,
    state: &mut State,
    name: &str,
    architecture: &str,
    code: &Code,
    revision: Option<&str>,
) -> Done {
    let function = place.region(state).function(name)?;
    function.still(revision)?;
    function.idle()?;
    let (code_sha256, code_bytes) = zip(place, state, code)?;
    changed(place, state, name, |function| {
        function.latest.architecture = architecture.into();
        function.latest.code_sha256 = code_sha256;
        function.code_bytes = code_bytes;
    })
}

fn changed(
    place: &Place,
    state: &mut State,
    name: &str,
    change: impl FnOnce(&mut Function),
) -> Done {
    let (revision, ready) = (state.made_up(36), Instant::now() + state.settings.update);
    let function = place.region(state).function(name)?;
    change(function);
    (function.revision, function.ready) = (revision, ready);
    Ok(())
}

/// The SHA-256 and the length of a zip in a bucket.
fn zip(place: &Place, state: &State, code: &Code) -> Done<(String, i64)> {
    let no = |code: &str| {
        refused(
            INVALID,
            format!("Error occurred while GetObject. S3 Error Code: {code}."),
        )
    };
    let bucket = state
        .buckets
        .get(&code.bucket)
        .ok_or_else(|| no("NoSuchBucket"))?;
    if bucket.region != place.region {
        return Err(no("PermanentRedirect"));
    }
    let bytes = bucket.get(&code.key).map_err(|_| no("NoSuchKey"))?;
    ensure(
        !bytes.is_empty(),
        INVALID,
        "Uploaded file must be a non-empty zip",
    )?;
    Ok((
        sha256(bytes),
        i64::try_from(bytes.len()).unwrap_or(i64::MAX),
    ))
}
