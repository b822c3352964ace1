//! The whole lifecycle by the real `deploy`, on an emulator that runs the real functions. `--nocapture` shows the figures.
//!
//! - `ground`: what most tests begin with · `harness`: whether that sees what it should
//! - `round_trip`: nothing is left, nothing of others is touched · `refusals`: what is not begun at all, and what is said then
//! - `releases`: another version, a broken one, back again, to another stage · `reports`: what programs read
//! - `drift`: what somebody changes by hand · `privilege`: what a deployer needs, and what the functions may · `doors`: browsers, and whom nobody let in
//! - `faults`: what goes wrong with AWS itself · `cut`: killed at any call, and the same command again
//! - `regions`: several places at once · `together`: several runs at once · `speed`: how long and how many calls

mod cut;
mod doors;
mod drift;
mod faults;
mod ground;
mod hands;
mod harness;
mod privilege;
mod refusals;
mod regions;
mod releases;
mod reports;
mod round_trip;
mod speed;
mod together;
