//! One product on three hosts: in process, over TCP, and as a function of AWS Lambda. What a client is answered does not depend on which.
//!
//! - `host`: the three; `story`: what is asked of each of them, and the comparison; `transcript`: what was answered, and what may differ
//! - `sends`, `originals`, `pages`, `paths`, `admins`: the product; `refused`: all that it refuses
//! - `limits`: what Lambda cannot carry; `large`: a gibibyte in parts; `events`: what is no request; `ends`: how a function is ended

mod admins;
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
