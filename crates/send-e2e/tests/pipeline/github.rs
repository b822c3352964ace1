//! GitHub Actions, as far as these pipelines use it: workflows, conditions and expressions, steps and the files by which they talk. What it does
//! not know it refuses.

mod expression;
mod job;
mod run;
mod step;
mod yaml;

pub(crate) use expression::{Contexts, evaluate, interpolate};
pub(crate) use job::{Ended, Job};
pub(crate) use run::{Run, called_by, run};
pub(crate) use step::{Machine, Told};
pub(crate) use yaml::{action, actions, names, root, text, workflow, workflows};
