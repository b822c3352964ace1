//! From the start of the process to its first question for an event, to its first answer, and what it has in memory then.

use std::{path::Path, time::Duration};

use anyhow::Result;
use send_e2e::MIB;

use crate::{bootstrap::Program, events, median};

/// How often each is started, in turn with the others.
const TURNS: usize = 21;
/// How often ours are started beside, which take no time.
const MORE: usize = 10;

/// A configuration on S3; nothing is asked of it in these measurements.
const S3: [(&str, &str); 5] = [
    ("SEND_STORAGE", "s3://bucket/prefix"),
    ("AWS_REGION", "eu-west-2"),
    ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
    (
        "AWS_SECRET_ACCESS_KEY",
        "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    ),
    ("AWS_SESSION_TOKEN", "token"),
];

/// What one start took.
struct Start {
    asked: f64,
    answered: f64,
    resident: f64,
    peak: f64,
    processor: f64,
}

/// Measures ours and, with a Python that has it, the original.
pub(crate) fn measure(python: Option<&Path>) -> Result<()> {
    let mut programs = vec![
        ("send-user, memory", MORE, Program::ours("send-user", &[])?),
        ("send-user, S3", MORE, Program::ours("send-user", &S3)?),
    ];
    if let Some(python) = python {
        programs.push(("the original, memory", 1, Program::original(python)));
    }
    let mut starts: Vec<Vec<Start>> = programs.iter().map(|_| Vec::new()).collect();
    for _ in 0..TURNS {
        for ((_, times, program), starts) in programs.iter().zip(&mut starts) {
            for _ in 0..*times {
                starts.push(start(program)?);
            }
        }
    }
    println!(
        "| | starts | asks for an event after | first answer | of it processor time | resident | at most |"
    );
    println!("|---|---|---|---|---|---|---|");
    for ((name, ..), starts) in programs.iter().zip(&starts) {
        let of = |value: fn(&Start) -> f64| median(starts.iter().map(value).collect());
        println!(
            "| {name} | {} | {:.2} ms | {:.2} ms | {:.2} ms | {:.1} MiB | {:.1} MiB |",
            starts.len(),
            of(|start| start.asked),
            of(|start| start.answered),
            of(|start| start.processor),
            of(|start| start.resident),
            of(|start| start.peak),
        );
    }
    Ok(())
}

fn start(program: &Program) -> Result<Start> {
    let bootstrap = program.start()?;
    bootstrap.api.offer(&events::health())?;
    let asked = bootstrap.api.asked()?;
    let (answer, answered) = bootstrap.api.answered()?;
    events::expect(&answer, 200)?;
    let memory = bootstrap.memory()?;
    Ok(Start {
        asked: millis(asked - bootstrap.started),
        answered: millis(answered - bootstrap.started),
        processor: millis(bootstrap.processor_time()?),
        resident: memory.resident as f64 / MIB as f64,
        peak: memory.peak as f64 / MIB as f64,
    })
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
