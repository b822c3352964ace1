//! One product on four hosts: in process, over TCP, and as a function of AWS Lambda, once of ours and once of `cargo lambda watch`. What a
//! client is answered does not depend on which.
//!
//! - `host`: the four; `story`: what is asked of each of them, and the comparison; `transcript`: what was answered, and what may differ
//! - `sends`, `originals`, `pages`, `paths`, `admins`: the product; `refused`: all that it refuses
//! - `limits`: what Lambda cannot carry; `large`: a gibibyte in parts; `events`: what is no request; `documents`: what is half of one
//! - `ends`: how a function is ended

mod admins;
mod documents;
mod ends;
mod events;
mod host;
mod large;
mod limits;
mod originals;
mod pages;
mod paths;
mod refused;
mod sends;
mod story;
mod transcript;
