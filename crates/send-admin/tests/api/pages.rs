use crate::harness::{Reply, Service};

/// The addresses of files that a page names.
fn named(page: &Reply) -> Vec<String> {
    let text = String::from_utf8(page.body.to_vec()).unwrap();
    let quoted = text
        .split('"')
        .filter(|piece| piece.starts_with("/assets/"));
    quoted.map(str::to_owned).collect()
}

#[tokio::test]
async fn pages_are_there_without_a_key_under_a_strict_policy_with_all_files_that_they_name() {
    let service = Service::new();
    for path in ["/", "/api/docs"] {
        let page = service.get(path).ok().await;
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self';"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe"), "{path}");
        let files = named(&page);
        assert!(!files.is_empty(), "{path}");
        for file in files {
            service.get(&file).ok().await;
        }
    }
}

#[tokio::test]
async fn a_person_who_is_lost_gets_a_page_and_a_program_the_refusal() {
    let service = Service::new();
    let ask = service.get("/nothing").header("accept", "text/html,*/*");
    let page = ask.await_reply().await;
    assert_eq!(page.status, 404);
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    assert_eq!(service.get("/nothing").refused().await.0, 404);
}

#[tokio::test]
async fn nothing_of_the_users_page_is_here_but_what_both_share() {
    let service = Service::new();
    let favicon = named(&service.get("/").ok().await)[0].clone();
    let base = favicon.split('/').take(3).collect::<Vec<_>>().join("/");
    for name in ["user/index.html", "user/send-page.js", "package.json"] {
        let refused = service.get(format!("{base}/{name}")).refused().await;
        assert_eq!(refused.0, 404, "{name}");
    }
}
