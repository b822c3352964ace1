use crate::harness::{Reply, Service};

fn policy(reply: &Reply) -> String {
    reply.headers["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned()
}

/// The addresses of files that a page names.
fn named(page: &Reply) -> Vec<String> {
    let text = String::from_utf8(page.body.to_vec()).unwrap();
    let quoted = text
        .split('"')
        .filter(|piece| piece.starts_with("/assets/"));
    quoted.map(str::to_owned).collect()
}

#[tokio::test]
async fn pages_are_html_under_a_strict_policy_and_never_kept() {
    let service = Service::new();
    for path in ["/", "/d", "/api/docs"] {
        let page = service.get(path).ok().await;
        assert_eq!(
            page.headers["content-type"], "text/html; charset=utf-8",
            "{path}"
        );
        assert_eq!(page.headers["cache-control"], "no-store", "{path}");
        assert!(
            policy(&page).starts_with("default-src 'none'; script-src 'self';"),
            "{path}"
        );
        assert!(!policy(&page).contains("unsafe"), "{path}");
    }
}

#[tokio::test]
async fn every_file_that_a_page_names_is_there_and_may_be_kept_for_ever() {
    let service = Service::new();
    for path in ["/", "/d", "/api/docs"] {
        let page = service.get(path).ok().await;
        let files = named(&page);
        assert!(!files.is_empty(), "{path}");
        for file in files {
            let reply = service.get(&file).ok().await;
            assert_eq!(
                reply.headers["cache-control"], "public, max-age=31536000, immutable",
                "{file}"
            );
            assert_eq!(reply.headers["x-content-type-options"], "nosniff", "{file}");
            let etag = reply.headers["etag"].to_str().unwrap().to_owned();
            let again = service
                .get(&file)
                .header("if-none-match", etag)
                .await_reply()
                .await;
            assert_eq!(
                (again.status.as_u16(), again.body.len()),
                (304, 0),
                "{file}"
            );
        }
    }
}

#[tokio::test]
async fn types_are_what_browsers_demand() {
    let service = Service::new();
    let files = named(&service.get("/").ok().await);
    for file in files {
        let kind = service.get(&file).ok().await.headers["content-type"].clone();
        let expected = match file.rsplit('.').next().unwrap() {
            "js" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "svg" => "image/svg+xml",
            other => panic!("{other}: {kind:?}"),
        };
        assert_eq!(kind, expected, "{file}");
    }
    let worker = service.get("/sw.js").ok().await;
    assert_eq!(
        worker.headers["content-type"],
        "text/javascript; charset=utf-8"
    );
    assert_eq!(worker.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn files_of_another_version_and_tests_are_not_there() {
    let service = Service::new();
    assert_eq!(
        service
            .get("/assets/0000000000000000/user/style.css")
            .refused()
            .await
            .0,
        404
    );
    let base = named(&service.get("/").ok().await)[0]
        .split('/')
        .take(3)
        .collect::<Vec<_>>()
        .join("/");
    for name in [
        "package.json",
        "user/../package.json",
        "test/run-vectors.js",
        "user/nothing.js",
    ] {
        assert_eq!(
            service.get(format!("{base}/{name}")).refused().await.0,
            404,
            "{name}"
        );
    }
}

#[tokio::test]
async fn pages_load_nothing_from_elsewhere() {
    let service = Service::new();
    for path in ["/", "/d", "/api/docs"] {
        let text = String::from_utf8(service.get(path).ok().await.body.to_vec()).unwrap();
        for far in [
            "src=\"http",
            "href=\"http",
            "src=\"//",
            "href=\"//",
            "<style",
            "onclick",
            "{{",
        ] {
            assert!(!text.contains(far), "{path}: {far}");
        }
    }
}

#[tokio::test]
async fn a_person_who_is_lost_gets_a_page_and_a_program_the_refusal() {
    let service = Service::new();
    let page = service
        .get("/nothing")
        .header("accept", "text/html,*/*")
        .await_reply()
        .await;
    assert_eq!(page.status, 404);
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    assert_eq!(service.get("/nothing").refused().await.0, 404);
    let api = service
        .get("/api/transfers/info/000000000000")
        .header("accept", "text/html");
    assert_eq!(api.refused().await.0, 404);
}

#[tokio::test]
async fn pages_and_files_are_compressed_where_the_browser_takes_it() {
    let service = Service::new();
    let (mut plain, mut packed) = (0, 0);
    let first = service.get("/").ok().await;
    for file in named(&first) {
        plain += service.get(&file).ok().await.body.len();
        let reply = service
            .get(&file)
            .header("accept-encoding", "gzip")
            .ok()
            .await;
        packed += reply.body.len();
    }
    assert!(packed * 2 < plain, "{packed} of {plain}");
    assert!(
        packed < 60_000,
        "the first load for sending has {packed} bytes"
    );
}
