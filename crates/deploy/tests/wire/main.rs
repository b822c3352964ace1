//! The cloud by AWS's own clients, over the wire to two emulators: each method at least once, on what is not there, on what is, and on what is gone.
//! What is read must be what was written.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod alarms;
mod buckets;
mod calls;
mod cdn;
mod divergences;
mod functions;
mod logs;
mod place;
mod policies;
mod roles;
mod schedules;
mod wire;
