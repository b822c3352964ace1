//! What a browser is shown, and what programs are told of the service.

use anyhow::{Context, Result, ensure};
use send_e2e::{Answer, Request};

use crate::{
    host::Kind,
    story::{Story, get, on_every_host},
};

const ORIGIN: &str = "https://a.example";
const INFO: [&str; 9] = [
    "/info/health",
    "/info/status",
    "/info/version",
    "/info/versions",
    "/api/info",
    "/api/info/health",
    "/api/info/status",
    "/api/info/version",
    "/api/info/versions",
];

/// The addresses of files that a page names.
fn named(page: &Answer) -> Result<Vec<String>> {
    let text = std::str::from_utf8(&page.body)?;
    let quoted = text
        .split('"')
        .filter(|piece| piece.starts_with("/assets/"));
    let files: Vec<_> = quoted.map(str::to_owned).collect();
    ensure!(!files.is_empty(), "the page names no files");
    Ok(files)
}

/// A file in every form in which a browser asks for it.
async fn file(story: &mut Story, path: &str) -> Result<()> {
    let plain = story.user(get(path), 200).await?;
    let packed = get(path).with_header("accept-encoding", "br, gzip;q=0.8");
    let packed = story.user(packed, 200).await?;
    let is_packed = packed.headers.contains_key("content-encoding");
    ensure!(
        is_packed == (packed.body != plain.body),
        "{path}: packed or not?"
    );
    let etag = plain.headers.get("etag").context("no tag")?.to_str()?;
    let known = get(path).with_header("if-none-match", etag);
    story.user(known, 304).await?;
    story.user(Request::new("HEAD", path), 200).await?;
    Ok(())
}

#[tokio::test]
async fn pages_and_their_files_are_the_same_everywhere() -> Result<()> {
    on_every_host(&[], async |story| {
        let mut files = Vec::new();
        for page in ["/", "/d", "/api/docs"] {
            let shown = story.user(get(page), 200).await?;
            files.extend(named(&shown)?);
            let packed = get(page).with_header("accept-encoding", "gzip");
            story.user(packed, 200).await?;
            story.user(Request::new("HEAD", page), 200).await?;
        }
        files.sort();
        files.dedup();
        for path in &files {
            file(story, path).await?;
        }
        story.user(get("/sw.js"), 200).await?;
        let lost = get("/nothing").with_header("accept", "text/html,*/*");
        story.user(lost, 404).await?;
        let signing_in = story.stranger(get("/"), 200).await?;
        for path in named(&signing_in)? {
            story.stranger(get(path), 200).await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn programs_are_told_the_same_everywhere() -> Result<()> {
    on_every_host(
        &[("SEND_PUBLIC_URL", "https://send.example")],
        async |story| {
            for path in INFO {
                story.user(get(path), 200).await?;
                story.user(Request::new("HEAD", path), 200).await?;
                story.stranger(get(path), 200).await?;
            }
            story.user(get("/api/openapi.json"), 200).await?;
            story.stranger(get("/api/openapi.json"), 200).await?;
            Ok(())
        },
    )
    .await
}

#[tokio::test]
async fn a_service_says_where_it_runs_and_a_function_has_no_figures() -> Result<()> {
    on_every_host(&[], async |story| {
        let status = story.user(get("/info/status"), 200).await?.json()?;
        let (place, figures, without_key) = match story.kind {
            Kind::InProcess | Kind::Tcp => ("local", 200, 401),
            Kind::Lambda => ("aws-lambda", 404, 404),
        };
        ensure!(status["environment"] == place, "{status}");
        story.admin(get("/metrics"), figures).await?;
        story.forget();
        story.user(get("/metrics"), without_key).await?;
        story.forget();
        Ok(())
    })
    .await
}

#[tokio::test]
async fn other_origins_are_let_in_alike() -> Result<()> {
    on_every_host(&[("SEND_CORS_ORIGINS", ORIGIN)], async |story| {
        for origin in [ORIGIN, "https://b.example"] {
            for path in ["/api/transfers/create", "/api/v1/sends", "/"] {
                let preflight = Request::new("OPTIONS", path)
                    .with_header("origin", origin)
                    .with_header("access-control-request-method", "POST")
                    .with_header("access-control-request-headers", "content-type,range");
                let expected = if path == "/api/transfers/create" {
                    200
                } else {
                    405
                };
                story.user(preflight, expected).await?;
            }
            let ask = get("/api/presigned/capabilities").with_header("origin", origin);
            story.user(ask, 200).await?;
            let refused = get("/api/transfers/info/000000000000").with_header("origin", origin);
            story.user(refused, 404).await?;
        }
        Ok(())
    })
    .await
}
