//! A service that is killed at any moment has lost nothing that it answered, and the next one goes on with the rest.
//!
//! - `points`: killed by itself at each named point, on a folder and on S3; what it left, and what becomes of it
//! - `moments`: killed at random moments of a mixed load, on a folder and on S3
//! - `uploads`: killed at many moments of a part and of a complete, on a folder
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "figures of the run")]

mod ground;
mod moments;
mod original;
mod points;
mod uploads;
