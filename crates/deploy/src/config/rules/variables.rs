//! The variables of the services, read by the very reader that the services start with.

use std::collections::BTreeMap;

use send_core::config::{Config as Service, ConfigError, NAMES};

use super::Refusal;
use crate::{config::Config, names::App};

/// Variables that follow from the stage, and the key to set in their place.
const STAGES: [(&str, &str); 6] = [
    ("SEND_STORAGE", "bucket"),
    ("SEND_UPLOADS", "uploads"),
    ("SEND_DIRECT", "direct"),
    ("SEND_MAX_TRANSFER_BYTES", "max_transfer"),
    ("SEND_MAX_AGE", "max_age_days"),
    ("SEND_DOOR_SHA256", "door"),
];

/// Variables that follow from those of whoever deploys.
const DEPLOYERS: [&str; 3] = [
    "SEND_ADMIN_KEY_SHA256",
    "SEND_ADMIN_KEY_NAME",
    "SEND_ACCESS_TOKEN_SHA256",
];

/// Who can read a function's configuration could read them.
const SECRETS: [&str; 3] = ["SEND_ACCESS_TOKEN", "SEND_ADMIN_KEY", "SEND_SMOKE_TOKEN"];

pub(super) fn broken(config: &Config) -> Vec<Refusal> {
    let environments = App::ALL.map(|app| (app, &config.app(app).environment));
    let names = environments.iter().flat_map(|(app, environment)| {
        let named = environment
            .keys()
            .filter_map(|name| Some((name, refused(name)?)));
        named.map(move |(name, why)| {
            Refusal::new(
                format!("{app}.environment.{name}"),
                format!(" is refused: {why}"),
            )
        })
    });
    let mut refusals: Vec<_> = names.collect();
    // The stage's own first: with them wrong, both services would refuse the same.
    if let Err(error) = start(&config.limits()) {
        let key = STAGES.iter().find(|(name, _)| *name == error.name());
        refusals.push(Refusal::new(
            key.map_or("", |(_, key)| key),
            format!(": {error}"),
        ));
        return refusals;
    }
    for (app, environment) in environments {
        let mut all = config.limits();
        all.extend(environment.clone());
        if let Err(error) = start(&all) {
            refusals.push(Refusal::new(
                format!("{app}.environment.{}", error.name()),
                format!(": {error}"),
            ));
        }
    }
    refusals
}

/// Why a variable is not one to set here.
fn refused(name: &str) -> Option<String> {
    if SECRETS.contains(&name) {
        return Some("a secret has no place in a function's configuration; where services read its hash, set that in the environment of deploy".into());
    }
    if let Some((_, key)) = STAGES.iter().find(|(of, _)| *of == name) {
        return Some(format!("deploy sets it; set {key} in its place"));
    }
    if DEPLOYERS.contains(&name) {
        return Some("deploy takes it from its own environment; set it there".into());
    }
    if name == "SEND_LISTEN" {
        return Some(
            "Lambda brings the requests, there is no address to listen on; leave it out".into(),
        );
    }
    let free = || NAMES.into_iter().filter(|name| refused(name).is_none());
    (!NAMES.contains(&name)).then(|| {
        format!(
            "no service reads it. There are {}",
            free().collect::<Vec<_>>().join(", ")
        )
    })
}

/// What the service says of these variables when it starts on AWS.
fn start(variables: &BTreeMap<String, String>) -> Result<Service, ConfigError> {
    let anywhere = ([127, 0, 0, 1], 0).into();
    Service::read(anywhere, |name| match name {
        "SEND_STORAGE" => Some("s3://bucket/send".into()),
        name => variables.get(name).cloned(),
    })
}
