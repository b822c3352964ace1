//! The admin service beside user services on one storage, as processes of their own.

mod scale;
mod takedown;
mod tokens;
