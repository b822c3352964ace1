//! The whole lifecycle by the real `deploy`, on an emulator that runs the real functions.

mod drift;
mod harness;
