//! One account and region of the world, and how a call gets in.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use deploy::cloud::Answer;

use super::{
    World,
    refusal::Done,
    state::{Account, Region, State},
};

/// Who calls, and from where. Clones count their calls together.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) world: World,
    pub(super) account: String,
    pub(super) region: String,
    counts: Arc<Mutex<BTreeMap<String, u64>>>,
}

impl Place {
    pub(super) fn new(world: World, account: &str, region: &str) -> Self {
        let (account, region) = (account.into(), region.into());
        let counts = Arc::default();
        Self {
            world,
            account,
            region,
            counts,
        }
    }

    /// How often each operation was called.
    pub(super) fn tally(&self) -> BTreeMap<String, u64> {
        let counts = self.counts.lock();
        counts.unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn count(&self, call: &str) {
        let counts = self.counts.lock();
        let mut counts = counts.unwrap_or_else(PoisonError::into_inner);
        *counts.entry(call.into()).or_default() += 1;
    }

    /// The ARN of something in this region.
    pub(super) fn arn(&self, service: &str, rest: &str) -> String {
        let Self {
            account, region, ..
        } = self;
        format!("arn:aws:{service}:{region}:{account}:{rest}")
    }

    /// What is in this region, of this account.
    pub(super) fn region<'a>(&self, state: &'a mut State) -> &'a mut Region {
        state.region(&self.account, &self.region)
    }

    /// What is this account's in all regions.
    pub(super) fn account<'a>(&self, state: &'a mut State) -> &'a mut Account {
        state.account(&self.account)
    }

    /// The calls of a look that find nothing else than the first of it found.
    pub(super) async fn also(&self, calls: &[&'static str], subject: &str) -> Answer {
        for call in calls {
            self.read(call, subject, |_| Done::Ok(())).await?;
        }
        Ok(())
    }
}
