//! A run of a workflow: its jobs, in their order.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
};

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value, json};

use super::{
    Contexts, Ended, Job, Machine,
    job::{all, runs},
    names, workflow,
};

/// What a run came to.
#[derive(Debug, Default)]
pub(crate) struct Run {
    /// What each job came to.
    pub(crate) jobs: BTreeMap<String, Came>,
}

/// What a job came to.
#[derive(Debug)]
pub(crate) struct Came {
    /// How it ended.
    pub(crate) ended: Ended,
    /// What it said.
    pub(crate) log: String,
    /// What it wrote on the page.
    pub(crate) page: String,
    /// What it told the jobs that need it.
    pub(crate) outputs: Value,
}

/// What a workflow sees that another calls, by way of the one that does; which itself sees `own`.
pub(crate) fn called_by(caller: &str, own: &Contexts) -> Result<Contexts> {
    let caller = workflow(caller)?;
    let call = &caller["jobs"]["pipeline"];
    let mut seen = own.clone();
    seen.insert("secrets".into(), json!(all(&call["secrets"], own)?));
    seen.insert("inputs".into(), call["with"].clone());
    Ok(seen)
}

/// Runs a workflow, each job on a machine of its own; those that wait for nothing of each other, side by side. Those that run `elsewhere` count as
/// having ended well.
pub(crate) fn run(
    file: &str,
    contexts: &Contexts,
    elsewhere: &[&str],
    machine: impl Fn() -> Result<Machine> + Sync,
) -> Result<Run> {
    let workflow = workflow(file)?;
    let jobs = workflow["jobs"].as_object().context("no jobs")?;
    let mut run = Run::default();
    while run.jobs.len() < jobs.len() {
        let ready = run.ready(jobs);
        ensure!(!ready.is_empty(), "a circle: {run:?}");
        let came = Mutex::new(BTreeMap::new());
        thread::scope(|scope| {
            for name in ready {
                let (before, came, machine) = (&run, &came, &machine);
                scope.spawn(move || {
                    let ended =
                        before.job(&jobs[&name], contexts, elsewhere.contains(&&*name), machine);
                    lock(came).insert(name, ended);
                });
            }
        });
        for (name, ended) in came.into_inner().unwrap_or_else(PoisonError::into_inner) {
            run.jobs.insert(name.clone(), ended.context(name)?);
        }
    }
    Ok(run)
}

impl Run {
    /// Whether GitHub shows it as green.
    pub(crate) fn green(&self) -> bool {
        self.jobs.values().all(|came| came.ended != Ended::Badly)
    }

    /// How each job ended.
    pub(crate) fn ended(&self) -> String {
        let ended = self
            .jobs
            .iter()
            .map(|(name, came)| format!("{name}: {:?}", came.ended));
        ended.collect::<Vec<_>>().join("\n")
    }

    /// Jobs that have not run, and whose needs have.
    fn ready(&self, jobs: &Map<String, Value>) -> Vec<String> {
        let ready = jobs.iter().filter(|(name, job)| {
            let mut needs = names(&job["needs"]).into_iter();
            !self.jobs.contains_key(*name) && needs.all(|need| self.jobs.contains_key(&need))
        });
        ready.map(|(name, _)| name.clone()).collect()
    }

    fn job(
        &self,
        job: &Value,
        contexts: &Contexts,
        elsewhere: bool,
        machine: impl Fn() -> Result<Machine>,
    ) -> Result<Came> {
        let needs = names(&job["needs"]);
        let told = needs
            .iter()
            .map(|need| (need.clone(), json!({ "outputs": self.jobs[need].outputs })));
        let mut contexts = contexts.clone();
        contexts.insert("needs".into(), Map::from_iter(told).into());
        let succeeded = needs
            .iter()
            .all(|need| self.jobs[need].ended == Ended::Well);
        let ended = match (runs(job, &contexts, succeeded)?, elsewhere) {
            (true, false) => return carried_out(job, contexts, &machine()?),
            (true, true) => Ended::Well,
            (false, _) => Ended::Skipped,
        };
        Ok(Came {
            ended,
            log: String::new(),
            page: String::new(),
            outputs: json!({}),
        })
    }
}

fn carried_out(job: &Value, contexts: Contexts, machine: &Machine) -> Result<Came> {
    let mut running = Job::new(machine, contexts);
    let ended = running.run(&job["steps"])?;
    let outputs = all(&job["outputs"], &running.contexts)?;
    Ok(Came {
        ended,
        log: running.log,
        page: machine.page(),
        outputs: json!(outputs),
    })
}

fn lock<T>(one: &Mutex<T>) -> MutexGuard<'_, T> {
    one.lock().unwrap_or_else(PoisonError::into_inner)
}
