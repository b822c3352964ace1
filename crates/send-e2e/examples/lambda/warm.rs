//! Events a second through the Runtime API, the bootstrap alone on one processor, the Runtime API on the other; beside it a bootstrap that
//! answers a constant of the same size to the same events, which is what Runtime API and its client cost by themselves.

use std::{sync::Arc, time::Instant};

use anyhow::{Context, Result};
use send_e2e::{Claim, MIB, Request, Sealed};

use crate::{
    bootstrap::{Bootstrap, Program, pin},
    events, median,
};

/// How often each is measured, in turn with the others.
const TURNS: usize = 7;
/// How many transfers there are to be claimed and read.
const TRANSFERS: usize = 40;
/// A file that makes one part of 1 MiB: the rest is what encryption adds.
const FILE: u64 = MIB - 1024;

type Events = Vec<Arc<Vec<u8>>>;

/// Makes the events of one turn.
type Make<'a> = &'a dyn Fn() -> Result<Events>;

/// What one event takes, in microseconds.
struct Cost {
    /// From one answer to the next.
    all: f64,
    /// Of the bootstrap's processor.
    processor: f64,
}

/// Measures all kinds.
pub(crate) fn measure() -> Result<()> {
    // All threads that are made from here on are here too.
    pin("0".as_ref(), 0)?;
    let service = Program::ours("send-user", &[("SEND_UPLOADS", "open")])?.start()?;
    service.ask(&events::health())?;
    service.alone()?;
    let sent = (0..TRANSFERS).map(|_| Sent::new(&service));
    let sent = sent.collect::<Result<Vec<_>>>()?;
    let kinds: [(&str, u16, Make); 4] = [
        ("`GET /api/info/health`", 200, &|| {
            Ok(vec![events::health(); 4_000])
        }),
        ("a claim", 200, &|| claims(&sent)),
        ("`GET` a part of 1 MiB", 200, &|| Ok(reads(&sent))),
        ("`PUT` a part of 1 MiB", 200, &|| parts(&service)),
    ];
    println!(
        "| event | a second | µs each | of it processor | a constant: a second | µs each | of it processor |"
    );
    println!("|---|---|---|---|---|---|---|");
    for (name, status, make) in kinds {
        println!("| {name} | {} |", compare(&service, status, make)?);
    }
    Ok(())
}

/// The service beside a constant.
fn compare(service: &Bootstrap, status: u16, make: Make) -> Result<String> {
    let first = make()?;
    let answer = service.ask(first.first().context("no events")?)?;
    events::expect(&answer, status)?;
    let constant = constant(answer.len())?;
    let mut costs = Vec::new();
    for _ in 0..TURNS {
        let events = make()?;
        costs.push([cost(service, &events)?, cost(&constant, &events)?]);
    }
    let figures = [0, 1].map(|which| {
        let of = |value: fn(&Cost) -> f64| {
            median(costs.iter().map(|costs| value(&costs[which])).collect())
        };
        let (all, processor) = (of(|cost| cost.all), of(|cost| cost.processor));
        format!("{:.0} | {all:.0} | {processor:.0}", 1e6 / all)
    });
    Ok(figures.join(" | "))
}

/// A bootstrap that answers so many bytes, whatever it is asked.
fn constant(bytes: usize) -> Result<Bootstrap> {
    let bytes = bytes.to_string();
    let constant = Program::ours("constant", &[("CONSTANT_BYTES", &bytes)])?.start()?;
    constant.ask(&events::health())?;
    constant.alone()?;
    Ok(constant)
}

fn cost(bootstrap: &Bootstrap, events: &Events) -> Result<Cost> {
    let (since, before) = (Instant::now(), bootstrap.processor_time()?);
    for event in events {
        bootstrap.ask(event)?;
    }
    let (all, processor) = (since.elapsed(), bootstrap.processor_time()? - before);
    let each = 1e6 / events.len() as f64;
    Ok(Cost {
        all: all.as_secs_f64() * each,
        processor: processor.as_secs_f64() * each,
    })
}

/// A transfer of one part that is there to be read.
struct Sent {
    sealed: Sealed,
    claim: Claim,
}

impl Sent {
    fn new(service: &Bootstrap) -> Result<Self> {
        let (sealed, claim) = (Sealed::new(FILE)?, Claim::random()?);
        demand(service, &sealed.create(0), 201)?;
        demand(service, &sealed.put_manifest(), 200)?;
        demand(service, &sealed.put_part(0), 200)?;
        demand(service, &sealed.complete(), 200)?;
        demand(service, &sealed.claim(&claim), 200)?;
        Ok(Self { sealed, claim })
    }
}

fn demand(service: &Bootstrap, request: &Request, status: u16) -> Result<()> {
    events::expect(&service.ask(&events::of(request))?, status)
}

/// New claims: one that is made again changes nothing.
fn claims(sent: &[Sent]) -> Result<Events> {
    let some = sent.iter().cycle().take(TRANSFERS * 10);
    let claims = some.map(|sent| Ok(events::of(&sent.sealed.claim(&Claim::random()?))));
    claims.collect()
}

fn reads(sent: &[Sent]) -> Events {
    let reads = sent.iter();
    let reads = reads.map(|sent| events::of(&sent.sealed.part(&sent.claim, 0)));
    reads.cycle().take(TRANSFERS * 5).collect()
}

/// Parts of new transfers: one that is sent again is not stored again.
fn parts(service: &Bootstrap) -> Result<Events> {
    let parts = (0..TRANSFERS).map(|_| {
        let sealed = Sealed::new(FILE)?;
        demand(service, &sealed.create(0), 201)?;
        Ok(events::of(&sealed.put_part(0)))
    });
    parts.collect()
}
