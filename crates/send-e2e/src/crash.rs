//! The real service, ended by SIGKILL at one named point, and what its storage holds then.
//!
//! - [`Point`]: where it ends, and what it leaves behind; [`Moment`]: the same as an operation of the storage
//! - [`Crashing`]: a storage that ends its process there; the program `crashing` runs the service, or a sweep, on it
//! - [`Kept`]: a storage of the tests, and what lies in it
//! - [`Sweeping`]: a sweep in a process of its own

mod crashing;
mod kept;
mod point;
mod sweeping;

pub use crashing::Crashing;
pub use kept::Kept;
pub use point::{Moment, Operation, Point, Thing, When};
pub(crate) use sweeping::ended_at;
pub use sweeping::{Sweeping, later};

/// The program of the tests that ends where it is told to.
pub const PROGRAM: &str = "crashing";
/// The variable that tells it the point.
pub const VARIABLE: &str = "CRASH_AT";
/// What it prints right before it ends, before the name of the point.
pub const LAST_WORDS: &str = "this process ends now, at ";
