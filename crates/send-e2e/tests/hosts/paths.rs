//! Paths, queries, headers and methods as nobody writes them, and as some do.

use anyhow::Result;
use send_e2e::{Admin, Request};
use serde_json::json;

use crate::story::{create, get, on_every_host, original, post};

/// What is nothing anywhere, however it is written.
const NOTHING: [&str; 16] = [
    "//",
    "//info/health",
    "/info//health",
    "/info/health/",
    "/info/./health",
    "/info/../info/health",
    "/../",
    "/info/%2e%2e/info/health",
    "/info%2Fhealth",
    "/%",
    "/%2",
    "/%zz",
    "/%00",
    "/d%20",
    "/ünïcode",
    "/a;b=c,d:e@f!$&'()*+~._-",
];

/// Ids as somebody might try them.
const IDS: [&str; 9] = [
    "x",
    "%2F",
    "%2e%2e",
    "00FF10ABCDEF",
    "00ff10abcde%66",
    "%30%30ff10abcdef",
    "ü",
    "%C3%BC",
    "%ff",
];

#[tokio::test]
async fn odd_paths_lead_to_the_same_place_everywhere() -> Result<()> {
    on_every_host(&[], async |story| {
        for path in NOTHING {
            story.user(get(path), 404).await?;
        }
        for path in [
            "/?",
            "/?a",
            "/?a=b&a=c&=&&",
            "/?%ff",
            "/?a=b?c=d",
            "/?a=%26%3D%23",
            "/?a=[1]|{2}",
        ] {
            story.user(get(path), 200).await?;
        }
        story.user(get("/%69nfo/health"), 404).await?;
        for id in IDS {
            story
                .user(get(format!("/api/transfers/info/{id}")), 404)
                .await?;
            story
                .user(
                    get(format!("/api/v1/sends/{id}")),
                    if id == "%ff" { 404 } else { 400 },
                )
                .await?;
            story.admin(get(format!("/transfers/{id}")), 404).await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn names_of_tokens_arrive_however_they_are_written() -> Result<()> {
    on_every_host(&[("SEND_UPLOADS", "token")], async |story| {
        let make = json!({ "token_name": "a.team-of_two", "usage_limit": 0 });
        story.admin(post("/tokens/create", &make), 200).await?;
        for (name, status) in [
            ("a.team-of_two", 200),
            ("a%2Eteam%2Dof_two", 200),
            ("a.team+of_two", 200),
            ("a.team%20of_two", 200),
            ("a.team%2Fof_two", 200),
            ("%FC", 400),
        ] {
            let check = get(format!("/api/transfers/check-token/{name}"));
            story.user(check, status).await?;
        }
        let queries = [
            ("access_token=a.team-of_two", 200),
            ("access_token=a%2Eteam-of_two&other=%20+", 200),
            ("&&other=&access_token=a.team-of_two&", 200),
            ("access_token=a.team+of_two", 401),
            ("access_token=%FF", 401),
            ("access_token=one&access_token=two", 400),
            ("access_token", 401),
            ("ACCESS_TOKEN=a.team-of_two", 401),
            ("", 401),
        ];
        for (n, (query, status)) in queries.into_iter().enumerate() {
            let mut create = create(&json!({ "transfer_id": format!("00ff10abcd{n:02x}") }));
            create.path += &format!("?{query}");
            story.user(create, status).await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_header_may_come_twice_and_cookies_may_be_many() -> Result<()> {
    on_every_host(&[], async |story| {
        let session = || get("/auth/session");
        let key = format!("x-api-key={}", Admin::KEY.replace(' ', "%20"));
        let plain = format!("x-api-key={}", Admin::KEY);
        for (cookies, status) in [
            (vec![plain.as_str()], 200),
            (vec!["a=b; c=d", plain.as_str()], 200),
            (vec!["a=b", "c=d", plain.as_str(), "e=f"], 200),
            (vec!["x-api-key=wrong", plain.as_str()], 200),
            (vec![key.as_str()], 401),
            (vec!["a=b;;; ; c"], 401),
            (vec!["=", "\"", "a=\"b;c\""], 401),
        ] {
            let ask = |request: Request, cookie: &&str| request.with_header("cookie", *cookie);
            let asked = cookies.iter().fold(session(), ask);
            story.stranger(asked, status).await?;
        }
        let twice = get("/").with_header("accept-encoding", "identity");
        story
            .user(twice.with_header("accept-encoding", "gzip"), 200)
            .await?;
        let empty = get("/")
            .with_header("accept", "")
            .with_header("x-send-token", "");
        story.user(empty, 200).await?;
        let spaced = get("/").with_header("user-agent", "  a \t b  ");
        story.user(spaced, 200).await?;
        Ok(())
    })
    .await
}

/// None of them says where somebody is, unless the operator says so.
#[tokio::test]
async fn what_claims_to_come_from_elsewhere_changes_nothing() -> Result<()> {
    on_every_host(&[], async |story| {
        story.user(create(&json!({})), 200).await?;
        let upload = original("POST", "upload").with_body("ciphertext");
        story.user(upload, 200).await?;
        for name in [
            "x-forwarded-for",
            "x-real-ip",
            "forwarded",
            "cf-connecting-ip",
            "x-amzn-trace-id",
            "x-request-id",
        ] {
            let complete = original("POST", "complete");
            story
                .user(complete.with_header(name, "192.0.2.7"), 200)
                .await?;
        }
        Ok(())
    })
    .await
}
