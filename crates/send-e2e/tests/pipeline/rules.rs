//! What holds for every workflow and action.

use std::{collections::BTreeSet, fs};

use anyhow::{Context, Result};
use insta::assert_snapshot;
use serde_json::Value;

use crate::github::{actions, names, root, text, workflow, workflows};

/// All steps of all workflows and actions, with where they are.
fn steps() -> Result<Vec<(String, Value)>> {
    let mut steps = Vec::new();
    let mut add = |place: String, of: &Value| {
        let of = of.as_array().into_iter().flatten();
        steps.extend(of.map(|step| (place.clone(), step.clone())));
    };
    for (file, workflow) in workflows()? {
        for (name, job) in workflow["jobs"].as_object().into_iter().flatten() {
            add(format!("{file} {name}"), &job["steps"]);
        }
    }
    for (name, action) in actions()? {
        add(name, &action["runs"]["steps"]);
    }
    Ok(steps)
}

/// Everything that any workflow uses, with the line that it stands in.
fn uses() -> Result<Vec<(String, String)>> {
    let mut uses = Vec::new();
    for folder in [
        ".github/workflows",
        ".github/actions/aws__deploy__lambda",
        ".github/actions/git__increment_tag",
    ] {
        for file in fs::read_dir(root().join(folder))? {
            for line in fs::read_to_string(file?.path())?.lines() {
                let line = line.trim_start().trim_start_matches("- ");
                if let Some(used) = line.strip_prefix("uses: ") {
                    uses.push((
                        used.split(' ').next().unwrap_or_default().to_owned(),
                        line.to_owned(),
                    ));
                }
            }
        }
    }
    Ok(uses)
}

#[test]
fn nothing_that_is_used_floats() -> Result<()> {
    let mut pins = BTreeSet::new();
    for (used, line) in uses()? {
        if used.starts_with("./.github/") {
            assert!(
                root().join(used.trim_start_matches("./")).exists(),
                "{line}"
            );
            continue;
        }
        let (action, pin) = used.split_once('@').context(line.clone())?;
        let is_hash = pin.len() == 40
            && pin
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        assert!(is_hash, "{line}");
        let version = line.split_once(" # v").map_or("", |(_, version)| version);
        assert_eq!(
            version.split('.').count(),
            3,
            "{line}: which version is that?"
        );
        pins.insert(format!("{action} {pin} v{version}"));
    }
    // An action is pinned once, and comes from those who make the platforms.
    let actions: BTreeSet<_> = pins
        .iter()
        .filter_map(|pin| pin.split(' ').next())
        .collect();
    assert_eq!(actions.len(), pins.len(), "{pins:?}");
    assert_snapshot!(actions.into_iter().collect::<Vec<_>>().join("\n"), @"
    actions/attest-build-provenance
    actions/cache
    actions/checkout
    actions/download-artifact
    actions/setup-node
    actions/upload-artifact
    aws-actions/configure-aws-credentials
    ");
    Ok(())
}

#[test]
fn images_are_pinned_by_version() -> Result<()> {
    let mut images = BTreeSet::new();
    for (_, workflow) in workflows()? {
        for (_, job) in workflow["jobs"].as_object().into_iter().flatten() {
            let container = &job["container"];
            let image = container.as_str().or(container["image"].as_str());
            images.extend(image.map(str::to_owned));
            let services = job["services"].as_object().into_iter().flatten();
            images.extend(services.map(|(_, service)| text(&service["image"]).to_owned()));
        }
    }
    let images: Vec<_> = images.into_iter().collect();
    assert_eq!(
        images,
        ["localstack/localstack:4.14.0", "rust:1.95.0-bookworm"]
    );
    // The image is of the Rust that the workspace asks for.
    let manifest = fs::read_to_string(root().join("Cargo.toml"))?;
    assert!(manifest.contains("\nrust-version = \"1.95\"\n"));
    Ok(())
}

#[test]
fn nothing_is_allowed_unless_it_is_said() -> Result<()> {
    let mut allowed = Vec::new();
    for (file, workflow) in workflows()? {
        assert_eq!(workflow["permissions"], serde_json::json!({}), "{file}");
        for (name, job) in workflow["jobs"].as_object().into_iter().flatten() {
            let rights = job["permissions"]
                .as_object()
                .with_context(|| format!("{file} {name}: which?"))?;
            let writes: Vec<_> = rights
                .iter()
                .filter(|(_, right)| *right != "read")
                .map(|(what, _)| what.as_str())
                .collect();
            if !writes.is_empty() {
                allowed.push(format!("{file} {name}: {}", writes.join(", ")));
            }
            let limited = job["timeout-minutes"].is_number() || job["uses"].is_string();
            assert!(limited, "{file} {name} may run for ever");
        }
        assert!(
            !names(&workflow["on"]).contains(&"pull_request_target".to_owned()),
            "{file}"
        );
    }
    assert_snapshot!(allowed.join("\n"), @"
    ci-pipeline.yml deploy-admin: id-token
    ci-pipeline.yml deploy-user: id-token
    ci-pipeline.yml increment-tag: contents
    ci-pipeline.yml publish-release: attestations, contents, id-token
    ci-pipeline__dev.yml pipeline: attestations, contents, id-token
    ci-pipeline__main.yml pipeline: attestations, contents, id-token
    ci-pipeline__prod.yml deploy: id-token
    ci-pipeline__prod.yml fetch-from-qa: id-token
    ci-pull-request.yml comment: pull-requests
    ci-pull-request.yml plan: id-token
    ");
    Ok(())
}

#[test]
fn a_step_is_one_line_and_takes_no_text_of_others() -> Result<()> {
    let steps = steps()?;
    let runs: Vec<_> = steps
        .iter()
        .filter(|(_, step)| step["run"].is_string())
        .collect();
    assert!(runs.len() > 30, "{} steps are few", runs.len());
    for (place, step) in runs {
        let run = text(&step["run"]);
        assert_eq!(run.trim_end().lines().count(), 1, "{place}: {run}");
        assert!(!run.contains("${{"), "{place}: {run}");
        for word in run
            .split_whitespace()
            .filter(|word| word.contains(".github/"))
        {
            assert!(root().join(word).is_file(), "{place}: there is no {word}");
        }
    }
    Ok(())
}

#[test]
fn what_is_checked_out_holds_no_key_but_to_push_the_tag() -> Result<()> {
    let steps = steps()?;
    let checkouts = steps
        .iter()
        .filter(|(_, step)| text(&step["uses"]).starts_with("actions/checkout@"));
    let with_key = checkouts.filter(|(_, step)| step["with"]["persist-credentials"] != false);
    let with_key: Vec<_> = with_key.map(|(place, _)| place.as_str()).collect();
    assert_eq!(with_key, ["ci-pipeline.yml increment-tag"]);
    Ok(())
}

#[test]
fn pipelines_run_the_tests_of_the_readme() -> Result<()> {
    let readme = fs::read_to_string(root().join("README.md"))?;
    let tests = readme
        .split_once("\n## Tests\n")
        .context("the README says nothing of tests")?
        .1;
    let command = tests
        .split_once("```sh\n")
        .and_then(|(_, rest)| rest.split_once("\n```"))
        .context("no command")?
        .0;
    for file in ["ci-pipeline.yml", "ci-pull-request.yml"] {
        let job = &workflow(file)?["jobs"]["run-tests"];
        let steps = job["steps"].as_array().into_iter().flatten();
        let runs: Vec<_> = steps.map(|step| text(&step["run"])).collect();
        assert!(
            runs.contains(&command),
            "{file} runs {runs:?}, and the README says `{command}`"
        );
        assert_eq!(job["continue-on-error"], Value::Null);
    }
    Ok(())
}

#[test]
fn what_is_deployed_or_released_comes_out_of_no_cache() -> Result<()> {
    let cached: BTreeSet<_> = steps()?
        .into_iter()
        .filter(|(_, step)| text(&step["uses"]).starts_with("actions/cache@"))
        .map(|(place, _)| place)
        .collect();
    let cached: Vec<_> = cached.into_iter().collect();
    assert_eq!(
        cached,
        [
            "ci-emulator.yml localstack",
            "ci-emulator.yml ministack",
            "ci-pull-request.yml run-tests"
        ]
    );
    Ok(())
}

#[test]
fn every_script_is_used() -> Result<()> {
    let mut all = String::new();
    for (_, step) in steps()? {
        all.push_str(text(&step["run"]));
        all.push('\n');
    }
    for file in fs::read_dir(root().join(".github/scripts"))? {
        let name = file?.file_name().to_string_lossy().into_owned();
        let path = format!(".github/scripts/{name}");
        let used = all.split_whitespace().any(|word| word == path);
        assert!(used || name == "lib.sh", "nothing uses {path}");
    }
    Ok(())
}
