//! Turns: of those in this process who want a slot of one transfer, or a use of one access token, one tries at a time, and tells the next
//! what it has seen.
//!
//! That is courtesy, not correctness: who gets a slot is decided by the storage, between processes too. But a crowd that tries
//! the same slot makes a storage refuse all but one, again and again. What was seen stays true, since slots are never freed
//! and never change, so the crowd need not look for itself.

use std::{array, sync::Arc, time::Duration};

use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    time::timeout,
};

use crate::id::{Digest, Nonce};

/// Transfers that can have a crowd each without waiting for one another, most of the time.
const STRIPES: usize = 64;
/// How long somebody waits for a turn; then it is tried without, lest a storage that stalls holds up all.
const PATIENCE: Duration = Duration::from_secs(10);

/// The turns of a process.
#[derive(Clone)]
pub(crate) struct Turns(Arc<[Arc<Mutex<Seen>>; STRIPES]>);

/// What this process has seen of the slots of one transfer.
#[derive(Default)]
pub(crate) struct Seen {
    generation: Option<Nonce>,
    /// Who holds each slot that is taken, from the first; `None` where something else lies there.
    pub(crate) holders: Vec<Option<Digest>>,
}

/// Somebody's turn; it is over when this is dropped.
pub(crate) enum Turn {
    Ours(OwnedMutexGuard<Seen>),
    Without(Seen),
}

impl Default for Turns {
    fn default() -> Self {
        Self(Arc::new(array::from_fn(|_| Arc::default())))
    }
}

impl Turns {
    /// The next turn at this use of an id.
    pub(crate) async fn next(&self, generation: &Nonce) -> Turn {
        let stripe = usize::from(generation.as_bytes()[0]) % STRIPES;
        let mut turn = match timeout(PATIENCE, self.0[stripe].clone().lock_owned()).await {
            Ok(seen) => Turn::Ours(seen),
            Err(_) => Turn::Without(Seen::default()),
        };
        let seen = turn.seen();
        if seen.generation != Some(*generation) {
            *seen = Seen {
                generation: Some(*generation),
                holders: Vec::new(),
            };
        }
        turn
    }
}

impl Turn {
    /// What was seen before, to go on with.
    pub(crate) fn seen(&mut self) -> &mut Seen {
        match self {
            Self::Ours(seen) => seen,
            Self::Without(seen) => seen,
        }
    }
}
