//! What tests of more than one crate share: real servers as processes of their own, and a client that can be told to misbehave.
//!
//! - [`Server`]: the real binary; [`Folder`]: a storage that several of them share, and that outlives them; [`Pair`]: two on one
//! - [`Sealed`]: a real transfer made with `send-crypto`, and each [`Request`] that moves it
//! - [`Client`]: sends requests as they should be sent, and shows whatever is answered
//! - [`Wire`]: sends the same requests byte by byte, and breaks off where it is told to

mod client;
mod folder;
mod memory;
mod pair;
mod request;
mod sealed;
pub mod server;
mod wire;

pub use client::{Answer, Client};
pub use folder::Folder;
pub use memory::Memory;
pub use pair::Pair;
pub use request::Request;
pub use sealed::{Claim, Sealed};
pub use server::Server;
pub use wire::Wire;

/// Bytes of a mebibyte.
pub const MIB: u64 = 1 << 20;
