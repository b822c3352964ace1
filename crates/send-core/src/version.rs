//! Which version this is.

/// The version that programs tell of themselves: `SEND_VERSION` of whoever built them, which a pipeline takes from the tag, or else that of the
/// workspace.
pub const VERSION: &str = match option_env!("SEND_VERSION") {
    Some(tagged) if !tagged.is_empty() => tagged,
    _ => env!("CARGO_PKG_VERSION"),
};
