//! The lifecycle on an AWS in memory, which is as strict as AWS where emulators are lax, with a clock that tests wind forward.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod circumstances;
mod cloud;
mod doors;
mod drift;
mod facts;
mod faults;
mod foreign;
mod killed;
mod listing;
mod little;
mod plans;
mod read_back;
mod releases;
mod stack;
mod stage;
mod together;
mod whole;
