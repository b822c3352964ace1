//! What a month of traffic uses of AWS. The requests to S3 are those that the tests of the services hold to (ARCHITECTURE.md, "What S3 is
//! asked").

use send_core::{direct::Ways, sizes::part_count};

use super::prices::Assumed;
use crate::{cli::Traffic, config::Config};

/// Bytes of a GB, as AWS bills them.
const GB: f64 = (1_u64 << 30) as f64;
/// A month, for what goes by the day.
const DAYS: f64 = 30.0;
/// Parts whose URLs the page asks for at once when it receives them straight from S3 (ui/shared/direct.js).
const URLS: u64 = 8;
/// What S3 lists in one request.
const LISTED: u64 = 1_000;
/// Requests by which a page comes: the page itself, and what the service says of itself. What never changes comes from CloudFront's cache.
const PAGE: u64 = 2;
/// Files of a page that never change.
const ASSETS: u64 = 20;
/// Figures that each service tells CloudWatch (send-core, meter/embedded.rs), and alarms that each has.
const FIGURES: u32 = 10;
const ALARMS: u32 = 3;

/// What is used of AWS in a month.
#[derive(Debug, Default)]
pub(super) struct Usage {
    pub(super) requests: f64,
    pub(super) gb_s: f64,
    pub(super) gb_months: f64,
    pub(super) writes: f64,
    pub(super) reads: f64,
    pub(super) out_gb: f64,
    pub(super) edge_requests: f64,
    pub(super) edge_out_gb: f64,
    pub(super) edge_in_gb: f64,
    pub(super) log_gb: f64,
    pub(super) figures: f64,
    pub(super) alarms: f64,
}

/// Requests to a service, and to S3.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) service: u64,
    pub(super) writes: u64,
    pub(super) reads: u64,
}

impl Usage {
    pub(super) fn of(config: &Config, traffic: &Traffic, assumed: &Assumed) -> Self {
        // What is not understood was refused when it was read.
        let ways = config.direct.parse().unwrap_or(Ways::Off);
        let parts = part_count(traffic.size.as_u64());
        let sent = Asked::sending(parts, config.uploads == "token").times(traffic.transfers);
        let received = Asked::receiving(parts, ways == Ways::Both, traffic.downloads);
        let people = sent.plus(received.times(traffic.transfers));
        // So many transfers are there at any time.
        let kept = traffic.transfers as f64 * traffic.days as f64 / DAYS;
        let sweeps = sweeps(config.admin.sweep.as_deref());
        let swept = Asked::sweeping(kept as u64, parts).times(sweeps);
        let all = people.plus(swept);
        let (size, receivings) = (
            traffic.size.as_u64() as f64 / GB,
            traffic.transfers * traffic.downloads,
        );
        let seconds = people.service as f64 * assumed.request_s;
        let sweeping = sweeps as f64 * (assumed.sweep_s + kept * assumed.sweep_transfer_s);
        let mut usage = Self {
            requests: all.service as f64,
            gb_s: seconds * memory(config.user.memory_mb)
                + sweeping * memory(config.admin.memory_mb),
            gb_months: size * kept,
            writes: all.writes as f64,
            reads: all.reads as f64,
            log_gb: all.service as f64 * assumed.log_bytes / GB,
            figures: f64::from(2 * FIGURES),
            alarms: if config.alarm_topic.is_some() {
                f64::from(2 * ALARMS)
            } else {
                0.0
            },
            ..Self::default()
        };
        let (up, down) = (size * traffic.transfers as f64, size * receivings as f64);
        let edge = config.user.distribution.is_some();
        if edge {
            let visits = traffic.transfers + receivings;
            usage.edge_requests = (people.service + visits * ASSETS) as f64;
            usage.edge_in_gb = if ways == Ways::Off { up } else { 0.0 };
        }
        match edge && ways != Ways::Both {
            true => usage.edge_out_gb = down,
            false => usage.out_gb = down,
        }
        usage
    }
}

const fn memory(mb: i32) -> f64 {
    mb as f64 / 1_024.0
}

/// How often a month it is swept; by a `cron(..)`, which nobody reckons here, as often as by our own rule.
fn sweeps(rule: Option<&str>) -> u64 {
    const MINUTES: u64 = 30 * 24 * 60;
    let Some(rule) = rule else { return 0 };
    let rate = rule
        .strip_prefix("rate(")
        .and_then(|rate| rate.strip_suffix(')')?.split_once(' '));
    let (number, unit) = rate.unwrap_or(("15", "minutes"));
    let minutes = match unit.trim_end_matches('s') {
        "hour" => 60,
        "day" => 24 * 60,
        _ => 1,
    };
    MINUTES
        / number
            .parse::<u64>()
            .unwrap_or(15)
            .saturating_mul(minutes)
            .max(1)
}

impl Asked {
    /// By sending one transfer: create, manifest, complete, and each part or the URL that it goes straight by.
    pub(super) const fn sending(parts: u64, token: bool) -> Self {
        let tokens = if token { 1 } else { 0 };
        Self {
            service: PAGE + 3 + parts,
            writes: 2 + 2 + 2 + parts.div_ceil(LISTED) + parts + tokens,
            reads: 1 + 2 + 2 + parts + 3 * tokens,
        }
    }

    /// By receiving one transfer so many times: state, manifest, claim, parts, done. Each claim looks at those before it.
    pub(super) fn receiving(parts: u64, straight: bool, times: u64) -> Self {
        let (asked, read) = match straight {
            true => (parts.div_ceil(URLS), 3 * parts.div_ceil(URLS) + parts),
            false => (parts, 3 * parts),
        };
        let before = times * times.saturating_sub(1) / 2;
        Self {
            service: times * (PAGE + 4 + asked),
            writes: times * (1 + 3 + 1),
            reads: times * (1 + 3 + 3 + 3 + read) + before,
        }
    }

    /// By one sweep of so many transfers: a page of a thousand is one listing, and each record is read.
    fn sweeping(transfers: u64, parts: u64) -> Self {
        Self {
            service: 1,
            writes: 4 + transfers * (parts + 4) / LISTED,
            reads: 2 + transfers,
        }
    }

    const fn plus(self, other: Self) -> Self {
        Self {
            service: self.service + other.service,
            writes: self.writes + other.writes,
            reads: self.reads + other.reads,
        }
    }

    const fn times(self, times: u64) -> Self {
        Self {
            service: self.service * times,
            writes: self.writes * times,
            reads: self.reads * times,
        }
    }
}
