//! Writes `vectors/`, always the same: `cargo run -p send-crypto --example vectors`.

#![expect(clippy::expect_used, reason = "what the groups are made from is fixed")]

// Named so that the test, which includes the same file, finds its modules in the same places.
#[path = "groups.rs"]
mod groups;

use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    for (name, group) in groups::all() {
        std::fs::write(folder.join(name), groups::write(&group)?)?;
    }
    Ok(())
}
