//! What is in the world.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use deploy::cloud::{Alarm, HeadersPolicy, LogEvent, LogGroup, OriginAccess, Rule};
use sha2::{Digest, Sha256};
use tokio::time::Instant;

pub(crate) use super::{edge::Distribution, lambda::Function, objects::Bucket, roles::Role};

/// All that is there.
#[derive(Clone)]
pub(crate) struct State {
    /// How this world behaves.
    pub(crate) settings: Settings,
    /// Buckets of all accounts and regions: their names are one set.
    pub(crate) buckets: BTreeMap<String, Bucket>,
    /// Names of buckets that were deleted, and when.
    pub(super) freed: BTreeMap<String, Instant>,
    /// What is global within an account.
    pub(crate) accounts: BTreeMap<String, Account>,
    /// What is in one region, by account and region.
    pub(crate) regions: BTreeMap<(String, String), Region>,
    numbers: u64,
    began: Instant,
}

/// How this world behaves.
#[derive(Clone)]
pub(crate) struct Settings {
    /// So long Lambda cannot assume a new role.
    pub(crate) role: Duration,
    /// So long a new function is pending.
    pub(crate) create: Duration,
    /// So long an update of a function, or a new version of it, is in progress.
    pub(crate) update: Duration,
    /// So long a change of CloudFront is on its way.
    pub(crate) edge: Duration,
    /// So long the name of a deleted bucket cannot be had.
    pub(crate) bucket: Duration,
    /// So long a call takes to AWS, about, and its answer back.
    pub(crate) way: Duration,
    /// So late everybody sees what was changed.
    pub(crate) lag: Duration,
    /// So many functions may run at once in an account and region.
    pub(crate) concurrency: i32,
    /// SHA-256 of zips that hold a program that does not work.
    pub(crate) broken: BTreeSet<String>,
}

/// What is global within an account.
#[derive(Clone, Default)]
pub(crate) struct Account {
    /// Roles by name.
    pub(crate) roles: BTreeMap<String, Role>,
    /// Distributions by id.
    pub(crate) distributions: BTreeMap<String, Distribution>,
    /// Origin access controls by name.
    pub(crate) accesses: BTreeMap<String, OriginAccess>,
    /// Policies of headers by name.
    pub(crate) headers: BTreeMap<String, HeadersPolicy>,
}

/// What is in one region of an account.
#[derive(Clone, Default)]
pub(crate) struct Region {
    /// Log groups by name, with their lines.
    pub(crate) log_groups: BTreeMap<String, (LogGroup, Vec<LogEvent>)>,
    /// Functions by name.
    pub(crate) functions: BTreeMap<String, Function>,
    /// The last version that a function of this name had: no number is used again, even when the function is made anew.
    pub(super) versions: BTreeMap<String, u64>,
    /// Rules by name.
    pub(crate) rules: BTreeMap<String, Rule>,
    /// Alarms by name.
    pub(crate) alarms: BTreeMap<String, Alarm>,
}

impl State {
    pub(super) fn new() -> Self {
        Self {
            settings: Settings::default(),
            buckets: BTreeMap::new(),
            freed: BTreeMap::new(),
            accounts: BTreeMap::new(),
            regions: BTreeMap::new(),
            numbers: 0,
            began: Instant::now(),
        }
    }

    /// What is global within an account.
    pub(crate) fn account(&mut self, account: &str) -> &mut Account {
        self.accounts.entry(account.into()).or_default()
    }

    /// What is in one region of an account.
    pub(crate) fn region(&mut self, account: &str, region: &str) -> &mut Region {
        let key = (account.into(), region.into());
        self.regions.entry(key).or_default()
    }

    /// A number that was never there before.
    pub(super) fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    /// What AWS makes up: `length` characters that were never there before.
    pub(super) fn made_up(&mut self, length: usize) -> String {
        let number = self.number();
        sha256(&number.to_be_bytes()).chars().take(length).collect()
    }

    /// Seconds since 1970, of a world that began in 2026.
    pub(super) fn clock(&self) -> i64 {
        let since = i64::try_from(self.began.elapsed().as_secs());
        1_767_225_600 + since.unwrap_or_default()
    }
}

impl Default for Settings {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            role: seconds(8),
            create: seconds(2),
            update: seconds(1),
            edge: seconds(300),
            bucket: seconds(5),
            way: Duration::from_millis(20),
            lag: Duration::ZERO,
            concurrency: 1000,
            broken: BTreeSet::new(),
        }
    }
}

/// In hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
