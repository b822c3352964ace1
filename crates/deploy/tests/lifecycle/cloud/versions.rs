//! Versions of a function, and the alias `live` that points to one.

use std::collections::BTreeMap;

use deploy::cloud::{Configuration, Version};
use jiff::Timestamp;
use tokio::time::Instant;

use super::{
    lambda::Function,
    place::Place,
    refusal::{Done, conflict, not_found, refused, stale},
    state::{Region, State},
};

/// A version: it does not change any more.
#[derive(Clone)]
pub(crate) struct Frozen {
    pub(crate) configuration: Configuration,
    description: String,
    modified: String,
    code_bytes: i64,
    pub(super) ready: Instant,
}

/// The alias `live`.
#[derive(Clone)]
pub(crate) struct Alias {
    /// The number of its version.
    pub(crate) version: String,
    /// Other versions that get a share.
    pub(crate) others: BTreeMap<String, String>,
    pub(super) revision: String,
}

impl Function {
    /// A version by its number.
    pub(super) fn frozen(&self, version: &str) -> Done<&Frozen> {
        let frozen = version
            .parse()
            .ok()
            .and_then(|number: u64| self.versions.get(&number));
        frozen.ok_or_else(|| not_found("ResourceNotFoundException", &format!("version {version}")))
    }

    /// The alias `live`.
    pub(super) fn aliased(&self) -> Done<&Alias> {
        let live = self.live.as_ref();
        live.ok_or_else(|| not_found("ResourceNotFoundException", "alias live"))
    }

    pub(crate) fn told_versions(&self) -> Vec<Version> {
        let told = |(number, frozen): (&u64, &Frozen)| Version {
            number: *number,
            description: frozen.description.clone(),
            modified: frozen.modified.clone(),
            code_sha256: frozen.configuration.code_sha256.clone(),
            code_bytes: frozen.code_bytes,
            environment: frozen.configuration.environment.clone(),
        };
        self.versions.iter().map(told).collect()
    }

    pub(super) fn delete_version(&mut self, version: &str) -> Done {
        self.frozen(version)?;
        if self
            .live
            .as_ref()
            .is_some_and(|alias| alias.version == version)
        {
            return Err(conflict(
                "ResourceConflictException",
                format!("aliases reference version {version}"),
            ));
        }
        self.versions
            .retain(|number, _| number.to_string() != version);
        Ok(())
    }
}

/// Freezes `$LATEST`; what did not change since it was last frozen stays the version that it is.
pub(super) fn publish(
    place: &Place,
    state: &mut State,
    name: &str,
    code_sha256: &str,
    description: &str,
) -> Done<String> {
    let (revision, update, now) = (state.made_up(36), state.settings.update, state.clock());
    let Region {
        functions,
        versions,
        ..
    } = place.region(state);
    let function = functions
        .get_mut(name)
        .ok_or_else(|| not_found("ResourceNotFoundException", name))?;
    function.idle()?;
    let latest = function.latest.clone();
    if latest.code_sha256 != code_sha256 {
        let why = format!(
            "CodeSHA256 ({code_sha256}) is different from current CodeSHA256 in $LATEST ({}).",
            latest.code_sha256
        );
        return Err(refused("InvalidParameterValueException", why));
    }
    if let Some((number, _)) = function
        .versions
        .last_key_value()
        .filter(|(_, last)| last.configuration == latest)
    {
        return Ok(number.to_string());
    }
    let number = versions.entry(name.into()).or_default();
    *number += 1;
    let frozen = Frozen {
        configuration: latest,
        description: description.into(),
        modified: Timestamp::from_second(now)
            .unwrap_or_default()
            .strftime("%Y-%m-%dT%H:%M:%S.000+0000")
            .to_string(),
        code_bytes: function.code_bytes,
        ready: Instant::now() + update,
    };
    function.versions.insert(*number, frozen);
    function.revision = revision;
    Ok(number.to_string())
}

/// Makes the alias.
pub(super) fn alias(place: &Place, state: &mut State, name: &str, version: &str) -> Done {
    let revision = state.made_up(36);
    let function = place.region(state).function(name)?;
    function.frozen(version)?;
    if function.live.is_some() {
        return Err(conflict(
            "ResourceConflictException",
            "Alias already exists: live",
        ));
    }
    let version = version.into();
    function.live = Some(Alias {
        version,
        others: BTreeMap::new(),
        revision,
    });
    Ok(())
}

/// Points the alias to a version, alone.
pub(super) fn point(
    place: &Place,
    state: &mut State,
    name: &str,
    version: &str,
    was: Option<&str>,
) -> Done {
    let revision = state.made_up(36);
    let function = place.region(state).function(name)?;
    function.frozen(version)?;
    let alias = function
        .live
        .as_mut()
        .ok_or_else(|| not_found("ResourceNotFoundException", "alias live"))?;
    if was.is_some_and(|was| was != alias.revision) {
        return Err(stale("PreconditionFailedException"));
    }
    *alias = Alias {
        version: version.into(),
        others: BTreeMap::new(),
        revision,
    };
    Ok(())
}
