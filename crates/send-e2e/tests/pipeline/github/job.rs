//! The steps of a job or of a composite action, one after the other.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::{Contexts, Machine, Told, action, evaluate, expression::holds, interpolate, text};

/// How a job or step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// `success`
    Well,
    /// `failure`
    Badly,
    /// `skipped`
    Skipped,
}

/// A job on its machine.
pub(crate) struct Job<'a> {
    /// Where its steps run.
    pub(crate) machine: &'a Machine,
    /// `inputs`, `secrets`, `env`, ..
    pub(crate) contexts: Contexts,
    /// What all steps said.
    pub(crate) log: String,
    succeeded: bool,
}

impl<'a> Job<'a> {
    /// One that has done nothing yet.
    pub(crate) fn new(machine: &'a Machine, mut contexts: Contexts) -> Self {
        contexts.entry("env").or_insert_with(|| json!({}));
        contexts.insert("steps".into(), json!({}));
        Self {
            machine,
            contexts,
            log: String::new(),
            succeeded: true,
        }
    }

    /// Runs steps, as they stand. Tells how the job ended.
    pub(crate) fn run(&mut self, steps: &Value) -> Result<Ended> {
        for step in steps.as_array().context("no steps")? {
            let name = text(&step["name"]).to_owned();
            if !runs(step, &self.contexts, self.succeeded).context(name.clone())? {
                continue;
            }
            let (well, outputs) = self.step(step).context(name.clone())?;
            self.log.push_str(&format!("-- {name}: {well}\n"));
            self.succeeded &= well;
            if let Some(id) = step["id"].as_str() {
                self.contexts["steps"][id] = json!({ "outputs": outputs });
            }
        }
        Ok(if self.succeeded {
            Ended::Well
        } else {
            Ended::Badly
        })
    }

    fn step(&mut self, step: &Value) -> Result<(bool, BTreeMap<String, String>)> {
        let variables = all(&step["env"], &self.contexts)?;
        if let Some(uses) = step["uses"].as_str() {
            return self.uses(uses, step, &variables);
        }
        let commands = interpolate(text(&step["run"]), &self.contexts)?;
        let environment = self.environment(&variables);
        let Told {
            well,
            log,
            outputs,
            later,
        } = self.machine.run(&commands, &environment)?;
        self.log.push_str(&log);
        for (name, value) in later {
            self.contexts["env"][name] = value.into();
        }
        Ok((well, outputs))
    }

    /// What is ours runs, nothing else does.
    fn uses(
        &mut self,
        uses: &str,
        step: &Value,
        variables: &BTreeMap<String, String>,
    ) -> Result<(bool, BTreeMap<String, String>)> {
        // The sources are there, and what a job leaves in them for another stays there.
        let there = ["checkout", "upload-artifact", "download-artifact"];
        if there
            .iter()
            .any(|name| uses.starts_with(&format!("actions/{name}@")))
        {
            return Ok((true, BTreeMap::new()));
        }
        let Some(own) = uses.strip_prefix("./.github/actions/") else {
            bail!("{uses} does not run here");
        };
        let (own, given) = (action(own)?, all(&step["with"], &self.contexts)?);
        let environment = self.environment(variables);
        let contexts = json!({ "inputs": given, "env": environment });
        let contexts = contexts.as_object().cloned().unwrap_or_default();
        let mut inner = Job::new(self.machine, contexts);
        let ended = inner.run(&own["runs"]["steps"])?;
        self.log.push_str(&inner.log);
        let outputs = own["outputs"].as_object().into_iter().flatten();
        let outputs = outputs.map(|(name, output)| {
            let value = interpolate(text(&output["value"]), &inner.contexts)?;
            Ok((name.clone(), value))
        });
        Ok((ended == Ended::Well, outputs.collect::<Result<_>>()?))
    }

    fn environment(&self, more: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let own = self.contexts["env"].as_object().into_iter().flatten();
        let own = own.map(|(name, value)| (name.clone(), text(value).to_owned()));
        own.chain(more.clone()).collect()
    }
}

/// Whether a step or job runs, where what was before it `succeeded` or not.
pub(crate) fn runs(one: &Value, contexts: &Contexts, succeeded: bool) -> Result<bool> {
    let condition = text(&one["if"]);
    let asks = ["always()", "failure()", "success()"];
    if !asks.iter().any(|state| condition.contains(state)) && !succeeded {
        return Ok(false);
    }
    Ok(condition.is_empty() || holds(&evaluate(condition, contexts, succeeded)?))
}

/// The values of a mapping, each as a text.
pub(crate) fn all(mapping: &Value, contexts: &Contexts) -> Result<BTreeMap<String, String>> {
    let pairs = mapping.as_object().into_iter().flatten();
    let pairs = pairs.map(|(name, value)| {
        let value = match value {
            Value::String(text) => interpolate(text, contexts)?,
            other => other.to_string(),
        };
        Ok((name.clone(), value))
    });
    pairs.collect()
}
