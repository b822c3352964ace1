//! The server's memory does not grow with what passes through it.

use anyhow::Result;
use futures::{TryStreamExt, stream};
use send_e2e::{Claim, Folder, MIB, Sealed, Shared};

/// What passes through, in one direction and in the other.
const SIZE: u64 = 256 * MIB;
/// Parts that are under way at once.
const CONNECTIONS: usize = 4;
/// What the server may have at most beyond what it had before.
const GROWTH: u64 = 64 * MIB;

#[tokio::test]
async fn a_quarter_of_a_gigabyte_up_and_down_costs_at_most_64_mib() -> Result<()> {
    let folder = Folder::new()?;
    let server = folder.server()?;
    let client = server.client()?;
    let sealed = Sealed::new(SIZE)?;
    client.demand(sealed.create(0), 201).await?;
    let idle = server.memory()?.resident;

    client.demand(sealed.put_manifest(), 200).await?;
    let parts = || stream::iter((0..sealed.part_count()).map(Ok::<_, anyhow::Error>));
    let put = async |n| client.demand(sealed.put_part(n), 200).await.map(drop);
    parts().try_for_each_concurrent(CONNECTIONS, put).await?;
    client.demand(sealed.complete(), 200).await?;
    let up = server.memory()?;

    let claim = Claim::random()?;
    client.demand(sealed.claim(&claim), 200).await?;
    let get = async |n| {
        let part = client.demand(sealed.part(&claim, n), 200).await?;
        sealed.check_part(n, &part.body)
    };
    parts().try_for_each_concurrent(CONNECTIONS, get).await?;
    let down = server.memory()?;

    println!(
        "{}: idle {} KiB; after the upload {} KiB; at most {} KiB; after the download {} KiB; at most {} KiB",
        if cfg!(debug_assertions) {
            "debug"
        } else {
            "release"
        },
        idle / 1024,
        up.resident / 1024,
        up.peak / 1024,
        down.resident / 1024,
        down.peak / 1024,
    );
    assert!(
        down.peak <= idle + GROWTH,
        "{} more than idle",
        down.peak - idle
    );
    Ok(())
}
