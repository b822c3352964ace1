//! The admin service beside user services on one storage, as processes of their own.

#![expect(
    clippy::print_stdout,
    reason = "what a page costs is a figure that people read"
)]

mod scale;
mod takedown;
mod tokens;
