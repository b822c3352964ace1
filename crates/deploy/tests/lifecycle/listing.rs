//! All that is in a world, as text: told by the world itself, not by the reads that a deployment makes.

use serde::Serialize;
use serde_json::json;

use crate::cloud::{State, World, sha256};

/// Everything that is there, a line a thing: its kind, whose and where it is, and its name.
pub(crate) fn names(world: &World) -> Vec<String> {
    let mut all = Lines(Vec::new());
    world.change(|state| all.everything(state));
    all.0.into_iter().map(|line| line.name).collect()
}

/// Everything that is there with all that is set up of it, but for the versions that functions once had. What AWS made up or chance chose is called by
/// what it belongs to, so the same is the same in every world.
pub(crate) fn whole(world: &World) -> String {
    let mut all = Lines(Vec::new());
    world.change(|state| all.everything(state));
    let lines = all.0.iter().filter(|line| !line.name.contains(" version "));
    let lines: Vec<_> = lines
        .map(|line| format!("{} {}", line.name, line.spec))
        .collect();
    called(world, lines.join("\n"))
}

/// A text in which what AWS made up or chance chose is called by what it belongs to.
pub(crate) fn called(world: &World, text: String) -> String {
    let made_up = world.change(|state| made_up(state));
    made_up
        .into_iter()
        .fold(text, |text, (value, label)| text.replace(&value, &label))
}

/// That two worlds are the same; else the lines that differ.
pub(crate) fn assert_same(one: &str, other: &str, when: &str) {
    let only = |these: &str, those: &str| {
        let more = these
            .lines()
            .filter(|line| !those.lines().any(|other| other == *line));
        more.collect::<Vec<_>>().join("\n")
    };
    assert!(
        one == other,
        "{when}\nonly here:\n{}\nonly there:\n{}",
        only(one, other),
        only(other, one)
    );
}

struct Line {
    name: String,
    spec: String,
}

struct Lines(Vec<Line>);

impl Lines {
    fn add(&mut self, name: String, spec: &impl Serialize) {
        let spec = json!(spec).to_string();
        self.0.push(Line { name, spec });
    }

    fn everything(&mut self, state: &State) {
        self.buckets(state);
        for (account, there) in &state.accounts {
            for (name, role) in &there.roles {
                self.add(format!("{account} role {name}"), &role.role);
            }
            for one in there.distributions.values() {
                self.add(
                    format!("{account} distribution {}", one.remark),
                    &one.told(),
                );
            }
            for (name, access) in &there.accesses {
                self.add(format!("{account} origin_access {name}"), access);
            }
            for (name, policy) in &there.headers {
                self.add(format!("{account} headers_policy {name}"), policy);
            }
        }
        self.functions(state);
        for ((account, region), there) in &state.regions {
            for (name, (group, _)) in &there.log_groups {
                self.add(format!("{account} {region} log_group {name}"), group);
            }
            for (name, rule) in &there.rules {
                self.add(format!("{account} {region} rule {name}"), rule);
            }
            for (name, alarm) in &there.alarms {
                self.add(format!("{account} {region} alarm {name}"), alarm);
            }
        }
        // What has no name lies in the order of what AWS made up.
        self.0.sort_by(|one, other| one.name.cmp(&other.name));
    }

    fn buckets(&mut self, state: &State) {
        for (name, there) in &state.buckets {
            let (account, region) = (&there.account, &there.region);
            self.add(format!("{account} {region} bucket {name}"), &there.bucket);
            for version in there.versions() {
                let key = version.key;
                self.add(
                    format!("{account} {region} object {name}/{key}"),
                    &there.hash(&key),
                );
            }
            for upload in there.uploads() {
                self.add(
                    format!("{account} {region} upload {name}/{}", upload.key),
                    &(),
                );
            }
        }
    }

    fn functions(&mut self, state: &State) {
        for ((account, region), there) in &state.regions {
            for (name, function) in &there.functions {
                let place = format!("{account} {region}");
                self.add(format!("{place} function {name}"), &function.told());
                for version in function.told_versions() {
                    let made = [&version.description, &version.code_sha256];
                    self.add(format!("{place} version {name}:{}", version.number), &made);
                }
                for (id, grant) in &function.grants {
                    self.add(format!("{place} grant {name}:{id}"), grant);
                }
                if let Some(url) = &function.url {
                    let set_up = json!({ "auth": url.auth, "mode": url.mode, "cors": url.cors });
                    self.add(format!("{place} url {name}"), &set_up);
                }
            }
        }
    }
}

/// What AWS made up, and what it is called here.
fn made_up(state: &State) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for there in state.accounts.values() {
        for one in there.distributions.values() {
            let remark = &one.remark;
            all.push((
                one.distribution.made.id.clone(),
                format!("(id of {remark})"),
            ));
            for value in one
                .distribution
                .origins
                .values()
                .flat_map(|origin| origin.headers.values())
            {
                all.push((sha256(value.as_bytes()), format!("(door of {remark})")));
            }
        }
        let accesses = there
            .accesses
            .iter()
            .map(|(name, one)| (one.id.clone(), name));
        let policies = there
            .headers
            .iter()
            .map(|(name, one)| (one.id.clone(), name));
        all.extend(
            accesses
                .chain(policies)
                .map(|(id, name)| (id, format!("(id of {name})"))),
        );
    }
    for ((_, region), there) in &state.regions {
        for (name, function) in &there.functions {
            let url = function.url.as_ref().map(|url| url.host().to_owned());
            all.extend(url.map(|host| (host, format!("(url of {name} in {region})"))));
        }
    }
    all
}
