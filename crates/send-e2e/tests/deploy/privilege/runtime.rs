//! What the functions may, once they are locked down: enough for all that they do, and not what the other one is for.

use anyhow::{Context, Result, ensure};
use send_e2e::{
    Claim, Client, Request, Sealed,
    aws::{ADMIN_KEY, Aws, Deployer},
};
use serde_json::{Value, json};

use crate::{
    ground::deployed,
    hands::{ADMIN, BUCKET, Hands, USER},
};

/// Where the description of a service is.
const DESCRIPTION: &str = "/api/openapi.json";
/// The access token of the tests.
const TOKEN: &str = "lent";

/// A client of a service, with a header in each request.
async fn service(
    aws: &Aws,
    deployer: &Deployer,
    app: &str,
    header: (&str, &str),
) -> Result<Client> {
    let summary = deployer.must("dev plan").await?.summary(None)?;
    let url = summary["urls"][app].as_str().context("no such URL")?;
    aws.client(url, &[header])
}

#[tokio::test]
async fn the_services_do_all_their_work() -> Result<()> {
    let (aws, deployer) = deployed().await?;
    let (owner, since) = (Hands::on(&aws)?, now());
    let admin = service(&aws, &deployer, "admin", ("x-api-key", ADMIN_KEY)).await?;
    let token = json!({ "token_name": TOKEN, "usage_limit": 9 });
    admin
        .demand(
            Request::new("POST", "/tokens/create").with_json(&token),
            200,
        )
        .await?;
    let user = service(&aws, &deployer, "user", ("x-sgraph-access-token", TOKEN)).await?;
    let sealed = work_of_the_user_service(&user).await?;
    every_page_of_the_admin_service(&admin, &sealed).await?;
    let taken = Request::new("POST", format!("/transfers/{}/takedown", sealed.id()))
        .with_json(&json!({ "reason": "abuse" }));
    admin.demand(taken, 200).await?;
    user.demand(sealed.claim(&Claim::random()?), 410).await?;
    sweeps(&owner)?;
    admin
        .demand(Request::new("GET", "/audit/verify"), 200)
        .await?;
    for function in [USER, ADMIN] {
        nothing_was_refused(&owner, function, since)?;
    }
    // And what is refused is seen in the log.
    owner.role_policy(ADMIN, |all| all.retain(|one| one["Sid"] != "Objects"))?;
    admin
        .demand(Request::new("GET", "/tokens/list-details"), 503)
        .await?;
    ensure!(
        nothing_was_refused(&owner, ADMIN, since).is_err(),
        "the search for refusals is blind"
    );
    Ok(())
}

/// A transfer of two parts there and back, one that is given up, and a report.
async fn work_of_the_user_service(user: &Client) -> Result<Sealed> {
    let (sealed, given_up) = (Sealed::new(5 << 20)?, Sealed::new(1 << 20)?);
    user.upload(&sealed, 3).await?;
    let claim = Claim::random()?;
    user.download(&sealed, &claim).await?;
    user.demand(sealed.finish(&claim), 204).await?;
    user.demand(sealed.report("spam"), 202).await?;
    user.begin(&given_up, 1, 1).await?;
    user.demand(given_up.delete(), 204).await?;
    Ok(sealed)
}

/// Everything that the description says can be read.
async fn every_page_of_the_admin_service(admin: &Client, sealed: &Sealed) -> Result<()> {
    let described = admin
        .demand(Request::new("GET", DESCRIPTION), 200)
        .await?
        .json()?;
    let paths = described["paths"].as_object().context("no paths")?;
    let readable: Vec<_> = paths
        .iter()
        .filter(|(_, methods)| methods.get("get").is_some())
        .map(|(path, _)| path)
        .collect();
    ensure!(readable.len() > 10, "{readable:?}");
    for path in readable {
        let path = path.replace("{id}", &sealed.id()).replace("{name}", TOKEN);
        admin.demand(Request::new("GET", path), 200).await?;
    }
    Ok(())
}

/// The scheduled event, as EventBridge sends it.
fn sweeps(owner: &Hands) -> Result<()> {
    let event = json!({
        "version": "0", "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa", "detail-type": "Scheduled Event", "source": "aws.events",
        "account": "000000000000", "time": "2026-01-01T00:00:00Z", "region": "eu-west-1", "resources": [], "detail": {},
    });
    let invoke =
        json!({ "FunctionName": ADMIN, "Qualifier": "live", "Payload": event.to_string() });
    let swept = owner.ask("lambda", "Invoke", invoke)?;
    ensure!(
        swept["StatusCode"] == 200 && swept["FunctionError"].is_null(),
        "{swept}"
    );
    Ok(())
}

/// No line of a function's log says that anything was refused or failed.
fn nothing_was_refused(owner: &Hands, function: &str, since: i64) -> Result<()> {
    let asked = json!({ "logGroupName": format!("/aws/lambda/{function}"), "startTime": since });
    let events = owner.ask("logs", "FilterLogEvents", asked)?["events"].take();
    let lines: Vec<_> = events
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|event| event["message"].as_str())
        .collect();
    ensure!(lines.len() > 10, "{function} logged {}", lines.len());
    let bad = |line: &&&str| {
        ["AccessDenied", "refuses", "\"ERROR\"", "\"WARN\""]
            .iter()
            .any(|word| line.contains(word))
    };
    let bad: Vec<_> = lines.iter().filter(bad).collect();
    ensure!(bad.is_empty(), "{function}: {bad:#?}");
    Ok(())
}

/// Now, in milliseconds since 1970.
fn now() -> i64 {
    let since = std::time::SystemTime::UNIX_EPOCH
        .elapsed()
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or_default()
}

/// What a function may do to an object, by its key.
struct May {
    key: &'static str,
    read: bool,
    write: bool,
}

const fn may(key: &'static str, read: bool, write: bool) -> May {
    May { key, read, write }
}

const USERS: &[May] = &[
    may("transfers/ab/abcdef/meta.json", true, true),
    may("transfers/ab/abcdef/1/payload/00000", true, true),
    may("transfers/ab/abcdef/1/incoming/00000", true, true),
    may("vaults/one", true, true),
    may("tokens/one.json", true, true),
    may("reports/one.json", true, true),
    may("index/1/one", true, true),
    may("usage/one.json", true, true),
    may("audit/1.json", false, false),
    may("audit-head.json", false, false),
    may("sessions/one.json", false, false),
    may("deploy/user/other.zip", false, false),
    may("elsewhere", false, false),
];

const ADMINS: &[May] = &[
    may("transfers/ab/abcdef/meta.json", true, true),
    may("transfers/ab/abcdef/1/payload/00000", false, true),
    may("transfers/ab/abcdef/1/incoming/00000", false, true),
    may("transfers/ab/abcdef/1/manifests/0", false, true),
    may("transfers/ab/abcdef/1/parts/00000", false, true),
    may("vaults/one", true, true),
    may("tokens/one.json", true, true),
    may("reports/one.json", true, true),
    may("usage/one.json", true, true),
    may("audit/1.json", true, true),
    may("audit-head.json", true, true),
    may("sessions/one.json", true, true),
    may("deploy/admin/other.zip", false, false),
    may("elsewhere", false, false),
];

#[tokio::test]
async fn neither_function_may_what_the_other_is_for() -> Result<()> {
    let (aws, _deployer) = deployed().await?;
    let owner = Hands::on(&aws)?;
    for (function, table) in [(USER, USERS), (ADMIN, ADMINS)] {
        let itself = owner.in_role(&format!("{function}-eu-west-1"))?;
        for May { key, read, write } in table {
            owner.bucket("PutObject", json!({ "Key": key, "Body": "as it was" }))?;
            let object = json!({ "Bucket": BUCKET, "Key": key });
            allowed(&itself, "s3", "GetObject", object.clone(), *read)?;
            allowed(&itself, "s3", "PutObject", object.clone(), *write)?;
            allowed(&itself, "s3", "DeleteObject", object, *write)?;
        }
        lists(&itself, table)?;
        for (service, operation, parameters) in beyond(function) {
            allowed(&itself, service, operation, parameters, false)?;
        }
    }
    Ok(())
}

/// Below what it keeps, and nothing else; never all of it.
fn lists(itself: &Hands, table: &[May]) -> Result<()> {
    for May { key, write, .. } in table.iter().filter(|may| may.key.contains('/')) {
        let folder = key.split_inclusive('/').next().unwrap_or_default();
        allowed(
            itself,
            "s3",
            "ListObjectsV2",
            json!({ "Bucket": BUCKET, "Prefix": folder }),
            *write,
        )?;
    }
    allowed(
        itself,
        "s3",
        "ListObjectsV2",
        json!({ "Bucket": BUCKET }),
        false,
    )
}

/// What is no function's business at all.
fn beyond(function: &str) -> Vec<(&'static str, &'static str, Value)> {
    let other = if function == USER { ADMIN } else { USER };
    let group = format!("/aws/lambda/{other}");
    vec![
        ("s3", "GetBucketPolicy", json!({ "Bucket": BUCKET })),
        ("s3", "DeleteBucketPolicy", json!({ "Bucket": BUCKET })),
        (
            "s3",
            "PutBucketVersioning",
            json!({ "Bucket": BUCKET, "VersioningConfiguration": { "Status": "Enabled" } }),
        ),
        ("s3", "ListBuckets", json!({})),
        (
            "iam",
            "GetRole",
            json!({ "RoleName": format!("{function}-eu-west-1") }),
        ),
        ("lambda", "GetFunction", json!({ "FunctionName": function })),
        ("lambda", "Invoke", json!({ "FunctionName": other })),
        (
            "logs",
            "CreateLogGroup",
            json!({ "logGroupName": "/aws/lambda/mine" }),
        ),
        (
            "logs",
            "CreateLogStream",
            json!({ "logGroupName": group, "logStreamName": "mine" }),
        ),
        ("logs", "FilterLogEvents", json!({ "logGroupName": group })),
        (
            "sts",
            "AssumeRole",
            json!({ "RoleArn": format!("arn:aws:iam::000000000000:role/{other}-eu-west-1"), "RoleSessionName": "tests" }),
        ),
    ]
}

/// Somebody may do this, or is refused.
pub(super) fn allowed(
    somebody: &Hands,
    service: &str,
    operation: &str,
    parameters: Value,
    expected: bool,
) -> Result<()> {
    let told = parameters.to_string();
    let answer = somebody.attempt(service, operation, parameters)?;
    let denied = answer
        .as_ref()
        .is_err_and(|refusal| refusal.code.starts_with("AccessDenied"));
    ensure!(
        if expected { answer.is_ok() } else { denied },
        "{service}:{operation} {told}: {answer:?}"
    );
    Ok(())
}
