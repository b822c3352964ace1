//! From files, environment and command line to one configuration for each region.

use std::{collections::BTreeSet, fs, path::PathBuf};

use anyhow::{Context, Result, bail, ensure};

use super::{Architecture, Config, layers::Layers, rules::broken};
use crate::names::Stage;

/// Where the files of the stages are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Files {
    /// In this program, as they were when it was built.
    Embedded,
    /// In a folder: `base.toml`, and one for each stage.
    Folder(PathBuf),
}

/// What the command line says otherwise.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// The regions; where there is none, the environment's or the configuration's.
    pub regions: Vec<String>,
    /// What processors the functions run on.
    pub architecture: Option<Architecture>,
}

/// How a stage is set up in each of its regions, of which there is at least one; `get` tells variables of the environment.
///
/// # Errors
/// When a file is not there or not TOML, or a key or value is not understood: a sentence for each, with the file and line.
pub fn read(
    stage: Stage,
    files: &Files,
    get: impl Fn(&str) -> Option<String>,
    flags: &Flags,
) -> Result<Vec<Config>> {
    let mut layers = Layers::default();
    for (name, text) in files.texts(stage)? {
        layers.lay(&name, &text)?;
    }
    for (variable, key) in [
        ("AWS_ACCOUNT_ID", "account"),
        ("AWS_DEFAULT_REGION", "region"),
        ("AWS_REGION", "region"),
    ] {
        if let Some(value) = get(variable).filter(|value| !value.is_empty()) {
            layers.set(variable, key, value);
        }
    }
    if let Some(architecture) = flags.architecture {
        layers.set("--arch", "architecture", architecture.name());
    }
    let stack = |region: Option<&String>| -> Result<Config> {
        if let Some(region) = region {
            layers.set("--region", "region", region.clone());
        }
        checked(&layers)
    };
    each_region(&flags.regions, stack)
}

/// One configuration a region, which must not be in each other's way.
fn each_region(
    regions: &[String],
    mut stack: impl FnMut(Option<&String>) -> Result<Config>,
) -> Result<Vec<Config>> {
    let Some((first, rest)) = regions.split_first() else {
        return Ok(vec![stack(None)?]);
    };
    let apart: BTreeSet<_> = regions.iter().collect();
    ensure!(
        apart.len() == regions.len(),
        "--region names one region twice: {}. Give each once",
        regions.join(",")
    );
    let first = stack(Some(first))?;
    ensure!(
        rest.is_empty() || first.bucket.is_none(),
        "`bucket` names one bucket, and it would be in {} regions: leave it out, and each region gets one of its own",
        regions.len()
    );
    let rest = rest.iter().map(|region| stack(Some(region)));
    std::iter::once(Ok(first)).chain(rest).collect()
}

fn checked(layers: &Layers) -> Result<Config> {
    let config = layers.read()?;
    let refusals: Vec<_> = broken(&config)
        .into_iter()
        .map(|refusal| match layers.place(&refusal.key) {
            Some(place) => format!("{place}: {refusal}"),
            None => refusal.to_string(),
        })
        .collect();
    if refusals.is_empty() {
        return Ok(config);
    }
    bail!("{}", refusals.join("\n"))
}

impl Files {
    /// The name and text of what every stage is and of what this one has of its own.
    fn texts(&self, stage: Stage) -> Result<[(String, String); 2]> {
        let text = |name: &str, embedded: &str| -> Result<_> {
            let file = format!("{name}.toml");
            let Self::Folder(folder) = self else {
                return Ok((file, embedded.to_owned()));
            };
            let path = folder.join(&file);
            let text = fs::read_to_string(&path).with_context(|| {
                format!(
                    "{} cannot be read; --config names a folder with base.toml, dev.toml, qa.toml and prod.toml",
                    path.display()
                )
            });
            Ok((path.display().to_string(), text?))
        };
        let own = match stage {
            Stage::Dev => include_str!("../../config/dev.toml"),
            Stage::Qa => include_str!("../../config/qa.toml"),
            Stage::Prod => include_str!("../../config/prod.toml"),
        };
        let base = text("base", include_str!("../../config/base.toml"))?;
        Ok([base, text(stage.name(), own)?])
    }
}
