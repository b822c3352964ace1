//! The whole lifecycle by the real `deploy`, on an emulator that runs the real functions.

mod doors;
mod drift;
mod ground;
mod hands;
mod harness;
mod round_trip;
