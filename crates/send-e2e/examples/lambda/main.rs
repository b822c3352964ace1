//! What the service costs on AWS Lambda, on this machine: how it starts, and how many events it answers.
//!
//! ```text
//! cargo build --release -p send-user -p send-e2e
//! cargo run --release -p send-e2e --example lambda cold [PYTHON]
//! cargo run --release -p send-e2e --example lambda warm
//! ```
//!
//! `PYTHON` is a Python 3.12 with `sgraph-ai-app-send` and `awslambdaric`: then the original is started in turn with ours. Every figure is a
//! median. It needs Linux, whose `/proc` tells memory and processor time, and two cores.
//!
//! - `cold`, `warm`: what is measured
//! - `runtime_api`: where the processes ask; `bootstrap`: the processes; `events`: what they are asked
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod bootstrap;
mod cold;
mod events;
mod runtime_api;
mod warm;

use std::{env, path::Path};

use anyhow::{Result, bail};

fn main() -> Result<()> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["cold"] => cold::measure(None),
        ["cold", python] => cold::measure(Some(Path::new(python))),
        ["warm"] => warm::measure(),
        _ => bail!("what is to be measured? `cold`, `cold PYTHON` or `warm`"),
    }
}

/// The one in the middle.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
