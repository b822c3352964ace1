//! How fast the service is, and how much memory it takes, on this machine.
//!
//! ```text
//! cargo build --release -p send-user
//! cargo run --release -p send-e2e --example bench
//! ```
//!
//! It starts the real release binary itself, over loopback, on free ports, and prints tables in Markdown. Every figure is the
//! median of several runs. The client shares the machine's cores with the server: it runs on one thread and sends bytes that
//! were made before the clock started. `file:` storage lies in the folder for temporary files, which `TMPDIR` can move to the
//! disk in question. 4 GB are written to it in all, 300 MB at a time; it takes a minute or two. It needs Linux, whose `/proc`
//! tells the memory.
//!
//! - `machine`: what it runs on
//! - `start`: time to the first answer, memory before any work
//! - `requests`: small requests a second
//! - `transfers`: 256 MiB up and down
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod machine;
mod requests;
mod start;
mod transfers;

use anyhow::Result;

fn main() -> Result<()> {
    println!("{}\n", machine::describe()?);
    println!("| | |\n|---|---|");
    println!("| start to first answer | {:.1} ms |", start::millis()?);
    println!("| idle memory | {:.1} MiB |", start::idle_mib()?);
    for path in ["/info/health", "/api/info"] {
        let rate = requests::per_second(path)?;
        println!("| `GET {path}` | {rate:.0} requests/s |");
    }
    println!(
        "\n| 256 MiB on | connections | up, MB/s | peak, MiB | down, MB/s | peak, MiB | down in one stream, MB/s |"
    );
    println!("|---|---|---|---|---|---|---|");
    for storage in ["memory:", "file:"] {
        for connections in [1, 8, 64] {
            println!("{}", transfers::measure(storage, connections)?);
        }
    }
    Ok(())
}

/// The one in the middle.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
