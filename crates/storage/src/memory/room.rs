//! Accounting for the bytes of a capacity.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use crate::{Error, Result};

/// A capacity, and how much of it is taken.
#[derive(Debug)]
pub(super) struct Room {
    capacity: u64,
    used: AtomicU64,
}

impl Room {
    pub(super) fn new(capacity: u64) -> Arc<Self> {
        Arc::new(Self {
            capacity,
            used: AtomicU64::new(0),
        })
    }

    pub(super) fn used(&self) -> u64 {
        self.used.load(Ordering::Acquire)
    }

    /// Gives back what a kept reservation took.
    pub(super) fn release(&self, bytes: u64) {
        self.used.fetch_sub(bytes, Ordering::AcqRel);
    }

    /// A reservation of nothing yet.
    pub(super) fn reservation(self: &Arc<Self>) -> Reservation {
        Reservation {
            room: Arc::clone(self),
            bytes: 0,
        }
    }

    fn take(&self, bytes: u64) -> Result<()> {
        let fits = |used: u64| used.checked_add(bytes).filter(|sum| *sum <= self.capacity);
        match self
            .used
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, fits)
        {
            Ok(_) => Ok(()),
            Err(_) => Err(Error::Full),
        }
    }
}

/// Room that a write holds while it is under way; dropped, it is given back.
pub(super) struct Reservation {
    room: Arc<Room>,
    bytes: u64,
}

impl Reservation {
    /// Holds exactly `bytes`; on [`Error::Full`] it holds what it did before.
    pub(super) fn resize(&mut self, bytes: u64) -> Result<()> {
        match bytes.checked_sub(self.bytes) {
            Some(more) => self.room.take(more)?,
            None => self.room.release(self.bytes - bytes),
        }
        self.bytes = bytes;
        Ok(())
    }

    /// The write has happened: the room stays taken until it is released.
    pub(super) fn keep(mut self) {
        self.bytes = 0;
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.room.release(self.bytes);
    }
}
