//! An AWS in memory: accounts, regions, and what is in them, behind the traits of [`deploy::cloud`].
//!
//! It refuses what AWS refuses, and takes as long as AWS does, on the clock of tokio: tests run with that clock paused, so waiting costs nothing.

mod alarms;
mod bucket_rules;
mod buckets;
mod cdn;
mod edge;
mod functions;
mod gate;
mod identity;
mod lambda;
mod limits;
mod logs;
mod objects;
mod place;
mod refusal;
mod roles;
mod running;
mod schedules;
mod script;
mod state;
mod urls;
mod versions;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use deploy::cloud::{Calls, Cloud};
use tokio::time::Instant;

pub(crate) use gate::Entry;
pub(crate) use lambda::Function;
pub(crate) use objects::Bucket as Stored;
pub(crate) use script::{Cut, Fault};
pub(crate) use state::{State, sha256};

use place::Place;
use script::Script;

/// All of AWS. Clones are the same world.
#[derive(Clone)]
pub(crate) struct World(Arc<Mutex<Inside>>);

/// What is in the world, and what happens at its gate.
struct Inside {
    state: State,
    /// What was there before each change, for those who see late.
    past: Vec<(Instant, State)>,
    script: Script,
    journal: Vec<Entry>,
}

impl World {
    /// An empty one.
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(Inside {
            state: State::new(),
            past: Vec::new(),
            script: Script::default(),
            journal: Vec::new(),
        })))
    }

    /// One account and region of it, as a deployment sees it.
    pub(crate) fn cloud(&self, account: &str, region: &str) -> Cloud {
        let place = Place::new(self.clone(), account, region);
        Cloud {
            identity: Arc::new(identity::Identity(place.clone())),
            roles: Arc::new(roles::Roles(place.clone())),
            buckets: Arc::new(buckets::Buckets(place.clone())),
            logs: Arc::new(logs::Logs(place.clone())),
            functions: Arc::new(functions::Functions(place.clone())),
            cdn: Arc::new(cdn::Cdn(place.clone())),
            schedules: Arc::new(schedules::Schedules(place.clone())),
            alarms: Arc::new(alarms::Alarms(place.clone())),
            calls: Arc::new(place),
        }
    }

    /// Another world that is as this one is now, with nothing that is to go wrong.
    pub(crate) fn twin(&self) -> Self {
        let twin = Self::new();
        twin.inside().state = self.inside().state.clone();
        twin
    }

    /// Changes what is there behind everybody's back: no call, no delay.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.inside().state)
    }

    /// After so many calls from now on the connection to AWS is gone for good.
    pub(crate) fn cut(&self, cut: Cut) {
        self.inside().script.cut(cut);
    }

    /// The next `times` calls of an operation (`lambda:CreateFunction`, `lambda:*`, `*`) go wrong.
    pub(crate) fn fail(&self, call: &'static str, times: usize, fault: Fault) {
        self.inside().script.fail(call, times, fault);
    }

    /// From now on one call in eight goes wrong, in ways that pass; which and how follows from the seed.
    pub(crate) fn storm(&self, seed: u64) {
        self.inside().script.storm(seed);
    }

    /// From now on every call is answered again. Tells whether everything that was to go wrong did, once at least.
    pub(crate) fn heal(&self) -> bool {
        std::mem::take(&mut self.inside().script).played()
    }

    /// What is seen is what was there so long ago, but for objects, which S3 shows at once.
    pub(crate) fn lag(&self, lag: Duration) {
        self.inside().state.settings.lag = lag;
    }

    /// All calls since the last look, in the order in which they came.
    pub(crate) fn journal(&self) -> Vec<Entry> {
        std::mem::take(&mut self.inside().journal)
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Calls for Place {
    fn counts(&self) -> BTreeMap<String, u64> {
        self.tally()
    }
}
