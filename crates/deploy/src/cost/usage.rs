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
const URLS: f64 = 8.0;
/// What S3 lists in one request.
const LISTED: f64 = 1_000.0;
/// Requests by which a page comes: the page itself, and what the service says of itself. What never changes comes from CloudFront's cache.
const PAGE: f64 = 2.0;
/// Files of a page that never change.
const ASSETS: f64 = 20.0;
/// Figures that each service tells CloudWatch (send-core, meter/embedded.rs), and alarms that each has.
const FIGURES: f64 = 10.0;
const ALARMS: f64 = 3.0;

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
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Asked {
    pub(super) service: f64,
    pub(super) writes: f64,
    pub(super) reads: f64,
}

impl Usage {
    pub(super) fn of(config: &Config, traffic: &Traffic, assumed: &Assumed) -> Self {
        let (transfers, downloads) = (traffic.transfers as f64, traffic.downloads as f64);
        let parts = part_count(traffic.size.as_u64()) as f64;
        let size = traffic.size.as_u64() as f64 / GB;
        // So many transfers are there at any time.
        let kept = transfers * traffic.days as f64 / DAYS;
        let sent = Asked::sending(parts, config.uploads == "token");
        let received = Asked::receiving(parts, ways(config) == Ways::Both, downloads);
        let people = sent.plus(received).times(transfers);
        let sweeps = sweeps(config.admin.sweep.as_deref());
        let all = people.plus(Asked::sweeping(kept, parts).times(sweeps));
        let seconds = people.service * assumed.request_s;
        let sweeping = sweeps * (assumed.sweep_s + kept * assumed.sweep_transfer_s);
        let alarms = if config.alarm_topic.is_some() {
            2.0 * ALARMS
        } else {
            0.0
        };
        Self {
            requests: all.service,
            gb_s: seconds * memory(config.user.memory_mb)
                + sweeping * memory(config.admin.memory_mb),
            gb_months: size * kept,
            writes: all.writes,
            reads: all.reads,
            log_gb: all.service * assumed.log_bytes / GB,
            figures: 2.0 * FIGURES,
            alarms,
            ..Self::on_the_way(
                config,
                people.service + transfers * (1.0 + downloads) * ASSETS,
                size * transfers,
                size * transfers * downloads,
            )
        }
    }

    /// What goes in and out, in GB, and by how many requests of browsers.
    fn on_the_way(config: &Config, requests: f64, up: f64, down: f64) -> Self {
        let nothing = Self::default();
        match (&config.user.distribution, ways(config)) {
            (None, _) => Self {
                out_gb: down,
                ..nothing
            },
            (Some(_), Ways::Both) => Self {
                edge_requests: requests,
                out_gb: down,
                ..nothing
            },
            (Some(_), Ways::Uploads) => Self {
                edge_requests: requests,
                edge_out_gb: down,
                ..nothing
            },
            (Some(_), Ways::Off) => Self {
                edge_requests: requests,
                edge_out_gb: down,
                edge_in_gb: up,
                ..nothing
            },
        }
    }
}

/// Which way bytes go. What is not understood was refused when the configuration was read.
fn ways(config: &Config) -> Ways {
    config.direct.parse().unwrap_or(Ways::Off)
}

const fn memory(mb: i32) -> f64 {
    mb as f64 / 1_024.0
}

/// How often a month it is swept; by a `cron(..)`, which nobody reckons here, as often as by our own rule.
fn sweeps(rule: Option<&str>) -> f64 {
    let Some(rule) = rule else { return 0.0 };
    let rate = rule.strip_prefix("rate(");
    let rate = rate.and_then(|rate| rate.strip_suffix(')')?.split_once(' '));
    let (number, unit) = rate.unwrap_or(("15", "minutes"));
    let minutes = match unit.trim_end_matches('s') {
        "hour" => 60.0,
        "day" => 24.0 * 60.0,
        _ => 1.0,
    };
    DAYS * 24.0 * 60.0 / (number.parse().unwrap_or(15.0) * minutes)
}

impl Asked {
    /// By sending one transfer: create, manifest, complete, and each part or the URL that it goes straight by.
    pub(super) fn sending(parts: f64, token: bool) -> Self {
        let tokens = if token { 1.0 } else { 0.0 };
        Self {
            service: PAGE + 3.0 + parts,
            writes: 2.0 + 2.0 + 2.0 + (parts / LISTED).ceil() + parts + tokens,
            reads: 1.0 + 2.0 + 2.0 + parts + 3.0 * tokens,
        }
    }

    /// By receiving one transfer so many times: state, manifest, claim, parts, done. Each claim looks at those before it.
    pub(super) fn receiving(parts: f64, straight: bool, times: f64) -> Self {
        let urls = (parts / URLS).ceil();
        let (asked, read) = if straight {
            (urls, 3.0 * urls + parts)
        } else {
            (parts, 3.0 * parts)
        };
        let before = times * (times - 1.0).max(0.0) / 2.0;
        Self {
            service: times * (PAGE + 4.0 + asked),
            writes: times * (1.0 + 3.0 + 1.0),
            reads: times * (1.0 + 3.0 + 3.0 + 3.0 + read) + before,
        }
    }

    /// By one sweep of so many transfers: objects are listed, and each record is read.
    fn sweeping(transfers: f64, parts: f64) -> Self {
        Self {
            service: 1.0,
            writes: 4.0 + (transfers * (parts + 4.0) / LISTED).floor(),
            reads: 2.0 + transfers,
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            service: self.service + other.service,
            writes: self.writes + other.writes,
            reads: self.reads + other.reads,
        }
    }

    fn times(self, times: f64) -> Self {
        Self {
            service: self.service * times,
            writes: self.writes * times,
            reads: self.reads * times,
        }
    }
}
