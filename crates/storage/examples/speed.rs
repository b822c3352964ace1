//! How fast the backends are: `cargo run --release -p storage --example speed [FOLDER]`.
//!
//! The folder (default: a fresh one among the system's temporary files) is on the disk to be measured; it is flushed for
//! each write, and read from the page cache.
#![expect(clippy::print_stdout, reason = "a program that prints its result")]

use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use storage::{
    Blobs, Error, Path, PutMode, Result,
    folder::Folder,
    json::{self, Change},
    memory::Memory,
};

const PART: usize = 4 * 1024 * 1024;
const PARTS: usize = 64;
const SMALL: usize = 500;
const MANY: usize = 20_000;

#[tokio::main]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let temporary = tempfile::tempdir()?;
    let root = std::env::args_os()
        .nth(1)
        .map_or_else(|| temporary.path().to_owned(), Into::into);
    measure("memory", &Memory::default()).await?;
    measure("folder", &Folder::open(root.join("storage-speed"))?).await?;
    std::fs::remove_dir_all(root.join("storage-speed"))?;
    Ok(())
}

async fn measure(name: &str, blobs: &dyn Blobs) -> Result<()> {
    let (part, megabytes) = (Bytes::from(vec![7; PART]), (PART * PARTS) as f64 / 1e6);
    let rate = |time: Duration| megabytes / time.as_secs_f64();

    let start = Instant::now();
    for number in 0..PARTS {
        blobs
            .put(
                &path(format!("parts/{number:05}")),
                part.clone(),
                PutMode::Create,
            )
            .await?;
    }
    println!("{name}: put 4 MiB      {:8.0} MB/s", rate(start.elapsed()));

    let start = Instant::now();
    for number in 0..PARTS {
        read(blobs, number).await?;
    }
    println!("{name}: get 4 MiB      {:8.0} MB/s", rate(start.elapsed()));

    let start = Instant::now();
    stream::iter(0..PARTS)
        .map(|number| read(blobs, number))
        .buffer_unordered(8)
        .try_collect::<()>()
        .await?;
    println!(
        "{name}: get 4 MiB, 8 at once {:2.0} MB/s",
        rate(start.elapsed())
    );

    let pieces: Vec<_> = (0..PARTS * 16)
        .map(|_| Ok(part.slice(..PART / 16)))
        .collect();
    let start = Instant::now();
    blobs
        .put_stream(&path("stream"), stream::iter(pieces).boxed())
        .await?;
    println!("{name}: put_stream     {:8.0} MB/s", rate(start.elapsed()));

    small(name, blobs).await?;
    list(name, blobs).await
}

async fn read(blobs: &dyn Blobs, number: usize) -> Result<()> {
    let blob = blobs.get(&path(format!("parts/{number:05}")), None).await?;
    blob.stream
        .try_for_each(async |_| Ok(()))
        .await
        .map_err(Error::Source)
}

async fn small(name: &str, blobs: &dyn Blobs) -> Result<()> {
    let each = |start: Instant| start.elapsed().as_secs_f64() * 1e6 / SMALL as f64;
    let start = Instant::now();
    for number in 0..SMALL {
        blobs
            .put(
                &path(format!("slots/{number:03}")),
                Bytes::from(vec![7; 100]),
                PutMode::Create,
            )
            .await?;
    }
    println!("{name}: create 100 bytes {:8.1} us", each(start));

    let start = Instant::now();
    for number in 0..SMALL {
        blobs
            .get(&path(format!("slots/{number:03}")), None)
            .await?
            .bytes()
            .await?;
    }
    println!("{name}: get 100 bytes    {:8.1} us", each(start));

    let at = path("count.json");
    json::create(blobs, &at, &0_usize).await?;
    let start = Instant::now();
    for _ in 0..SMALL {
        json::update(blobs, &at, |count: &mut usize| {
            *count += 1;
            Ok::<_, Error>(Change::Write(()))
        })
        .await?;
    }
    println!("{name}: json::update     {:8.1} us", each(start));
    Ok(())
}

async fn list(name: &str, blobs: &dyn Blobs) -> Result<()> {
    let write = |number| async move {
        blobs
            .put(
                &path(format!("many/{number:06}")),
                Bytes::new(),
                PutMode::Overwrite,
            )
            .await
            .map(drop)
    };
    stream::iter(0..MANY)
        .map(write)
        .buffer_unordered(64)
        .try_collect::<()>()
        .await?;
    let (start, mut after, mut pages) = (Instant::now(), None, 0);
    loop {
        let page = blobs
            .list(Some(&path("many")), after.as_ref(), 1_000)
            .await?;
        pages += 1;
        after = page.entries.last().map(|entry| entry.path.clone());
        if !page.more {
            break;
        }
    }
    println!(
        "{name}: list {MANY}, {pages} pages, {:.1} ms each",
        start.elapsed().as_secs_f64() * 1e3 / f64::from(pages)
    );
    Ok(())
}

#[expect(clippy::expect_used, reason = "written here")]
fn path(text: impl Into<String>) -> Path {
    Path::parse(text).expect("a path")
}
