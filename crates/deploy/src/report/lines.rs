//! For people: a line a step, and on a terminal a live one for whatever is being worked on.

mod live;
mod plain;

use std::{fmt::Write as _, io::Write};

use anyhow::Result;

use super::{Change, Event, Summary, Verb, desk::Step};

pub(super) use live::Live;
pub(super) use plain::Plain;

/// With the region before each line, where there are several.
fn prefixed(region: &str, several: bool, text: &str) -> String {
    if !several {
        return text.to_owned();
    }
    let lines = text.lines().map(|line| format!("[{region}] {line}"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Characters of a field that was changed: whole policies would hide the rest. A plan shows all of them.
const LONGEST: usize = 120;

/// What is being done.
const fn doing(verb: Verb) -> &'static str {
    match verb {
        Verb::Observe => "reading",
        Verb::Create => "making",
        Verb::LockDown => "hardening",
        Verb::Delete => "removing",
    }
}

/// What is said of a step that is over, the fields that were changed on lines of their own; nothing of what was as wanted.
fn said(step: &Step<'_>) -> Option<String> {
    let (done, fields): (&str, &[String]) = match step.event {
        Event::Begun(_) | Event::Waiting(_) | Event::Done(_, Change::Nothing) => return None,
        Event::Done(_, Change::Made) => ("made", &[]),
        Event::Done(_, Change::Removed) => ("removed", &[]),
        Event::Done(Verb::LockDown, Change::Fields(fields)) => ("hardened", fields),
        Event::Done(_, Change::Fields(fields)) => ("changed", fields),
        Event::Differs(fields) => ("differs", fields),
        Event::Kept(reason) => ("kept", std::slice::from_ref(reason)),
        Event::Failed(_, reason) => ("FAILED", std::slice::from_ref(reason)),
    };
    let mut line = format!("{done:<9} {}", step.resource);
    if !step.took.is_zero() {
        let _ = write!(line, "  {:.1} s", step.took.as_secs_f64());
    }
    let whole = !matches!(step.event, Event::Done(..));
    for field in fields.iter().flat_map(|field| field.lines()) {
        let end = field.char_indices().nth(LONGEST).filter(|_| !whole);
        let _ = match end {
            Some((end, _)) => write!(line, "\n    {}..", &field[..end]),
            None => write!(line, "\n    {field}"),
        };
    }
    Some(line)
}

/// What the run came to, and aside why it failed.
fn end(mut out: impl Write, mut aside: impl Write, several: bool, all: &[Summary]) -> Result<()> {
    for summary in all {
        if let Some(error) = &summary.error {
            let error = format!("Error: {error}");
            writeln!(aside, "{}", prefixed(&summary.region, several, &error))?;
        }
        writeln!(out, "{summary}")?;
    }
    Ok(())
}
