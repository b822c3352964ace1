//! What is refused before anything is changed: each says what, and what to do.

use std::ffi::OsString;

use anyhow::Result;
use insta::assert_snapshot;
use send_e2e::aws::{ACCOUNT, ARCHITECTURE, Aws, Deployer};
use tokio::task::spawn_blocking;

use crate::ground::{HERE, configured, deployed, error, same};

/// Runs `deploy` with these words and no others; it must fail. Tells what it said, without what is another at each run.
async fn refused(deployer: &Deployer, words: &str) -> Result<String> {
    let words: Vec<OsString> = words.split(' ').map(Into::into).collect();
    let running = deployer.start_as_it_is(&words)?;
    let ran = spawn_blocking(move || running.wait()).await??;
    assert!(matches!(ran.code, Some(1 | 2)), "{ran}");
    let zips = deployer.zips().display().to_string();
    Ok(error(&ran).replace(&zips, "ZIPS"))
}

/// An account in which nothing is.
async fn empty() -> Result<(Aws, Deployer)> {
    let aws = Aws::start().await?;
    let deployer = aws.deployer()?;
    Ok((aws, deployer))
}

async fn nothing_is_there(aws: &Aws) -> Result<()> {
    assert_eq!(aws.listing(ACCOUNT, HERE).await?.to_string(), "");
    Ok(())
}

#[tokio::test]
async fn who_deploys_where() -> Result<()> {
    let (aws, deployer) = empty().await?;
    let up = format!(
        "dev --arch {ARCHITECTURE} --zips {}",
        deployer.zips().display()
    );
    let nobody = deployer.clone().without("AWS_ACCESS_KEY_ID");
    assert_snapshot!(refused(&nobody, &up).await?, @"Error: sts:GetCallerIdentity: there are no credentials for AWS: sign in with `aws sso login`, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN where the key came with one)");
    let elsewhere = deployer.clone().with("AWS_ACCOUNT_ID", "111122223333");
    assert_snapshot!(refused(&elsewhere, &up).await?, @"Error: These credentials are of account 000000000000, and AWS_ACCOUNT_ID (or `account` in the configuration) says 111122223333: nothing was changed. Sign in to the other account, or correct the number");
    let nowhere = deployer.clone().without("AWS_REGION");
    assert_snapshot!(refused(&nowhere, &up).await?, @"Error: no region: name one with --region eu-west-1, or in AWS_REGION, or as `region` in config/base.toml, or with `aws configure set region eu-west-1`");
    let plain = deployer
        .clone()
        .with("AWS_ENDPOINT_URL", "http://127.0.0.1:4566");
    assert_snapshot!(refused(&plain, &up).await?, @"Error: AWS_ENDPOINT_URL=http://127.0.0.1:4566 has no TLS, and a bucket that is locked down refuses every request without: start the emulator with TLS, as crates/deploy/README.md shows");
    let unknown = deployer
        .clone()
        .with("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
    assert_snapshot!(refused(&unknown, &up).await?, @"Error: sts:GetCallerIdentity: InvalidClientTokenId: The security token included in the request is invalid: sign in with `aws sso login`, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN where the key came with one)");
    nothing_is_there(&aws).await
}

#[tokio::test]
async fn what_is_deployed() -> Result<()> {
    let (aws, deployer) = empty().await?;
    let folder = tempfile::tempdir()?;
    let missing = deployer.clone().of_zips(folder.path());
    let words = format!("dev --zips {}", folder.path().display());
    assert_snapshot!(refused(&missing, &words).await?, @"Error: there is no zip of send-user: ZIPS/send-user/bootstrap.zip or ZIPS/send-user.zip is not there. `cargo lambda build` makes it (`pip install cargo-lambda`, `rustup target add aarch64-unknown-linux-gnu`), or --zips names a folder that has it");
    let other = if ARCHITECTURE == "arm64" {
        "x86_64"
    } else {
        "arm64"
    };
    let words = format!("dev --arch {other} --zips {}", deployer.zips().display());
    let said = refused(&deployer, &words).await?;
    let said = said.replace(other, "OTHER").replace(ARCHITECTURE, "OURS");
    assert_snapshot!(said, @"Error: ZIPS/send-user.zip: it is built for OURS, and the functions are to run on OTHER: build it for that, or say --arch, or `architecture` in the configuration");
    nothing_is_there(&aws).await
}

#[tokio::test]
async fn what_is_said() -> Result<()> {
    let (aws, deployer) = empty().await?;
    assert_snapshot!(refused(&deployer, "staging").await?, @"
    error: invalid value 'staging' for '<STAGE>'
      [possible values: dev, qa, prod]

    For more information, try '--help'.
    ");
    assert_snapshot!(refused(&deployer, "dev destroy").await?, @"
    error: there is no action `destroy`; there are up, plan, verify, lock-down, status, smoke, rollback, logs, down, round-trip, cost, policy, build, fetch

    Usage: deploy [OPTIONS] <STAGE> [ACTION]

    For more information, try '--help'.
    ");
    assert_snapshot!(refused(&deployer, "prod").await?, @"
    error: prod gets the very zips that qa ran, not new ones: `deploy qa fetch DIR`, then `deploy prod --zips DIR`

    Usage: deploy [OPTIONS] <STAGE> [ACTION]

    For more information, try '--help'.
    ");
    let zips = format!("prod --zips {}", deployer.zips().display());
    assert_snapshot!(refused(&deployer, &zips).await?, @"deploy: `up` changes prod, and nobody is here to be asked: say --yes if you mean it");
    let config = configured("colour = \"blue\"")?;
    let folder = config.path().display().to_string();
    let unknown = refused(&deployer, &format!("dev plan --config {folder}")).await?;
    assert_snapshot!(unknown.replace(&folder, "CONFIG"), @"deploy: CONFIG/dev.toml:6: colour: unknown field `colour`, expected one of `project`, `account`, `region`, `tags`, `architecture`, `door`, `bucket`, `max_age_days`, `max_transfer`, `uploads`, `direct`, `deployers`, `permissions_boundary`, `log_retention_days`, `keep`, `alarm_topic`, `user`, `admin`");
    nothing_is_there(&aws).await
}

#[tokio::test]
async fn what_is_somebody_elses() -> Result<()> {
    let (aws, deployer) = empty().await?;
    aws.namesakes(ACCOUNT, HERE).await?;
    let before = aws.listing(ACCOUNT, HERE).await?;
    let config =
        configured("alarm_topic = \"arn:aws:sns:eu-west-1:000000000000:sgraph-send-dev\"")?;
    let with = format!("--config {}", config.path().display());
    for action in [
        "up",
        "plan",
        "lock-down",
        "status",
        "rollback",
        "smoke",
        "down --with-data",
        "round-trip --with-data",
    ] {
        let ran = deployer.run(&format!("dev {action} {with}")).await?;
        assert_eq!(ran.code, Some(1), "{action}: {ran}");
        if action == "up" {
            assert_snapshot!(error(&ran), @"
            Error: Nothing says that these are this stage's: the tags Project and Stage, or a description where there can be no tags
              bucket/sgraph-send-dev-storage-000000000000-eu-west-1
              role/sgraph_ai_app_send-user-dev-eu-west-1
              log_group//aws/lambda/sgraph_ai_app_send-user-dev
              function/sgraph_ai_app_send-user-dev
              headers_policy/sgraph-send-dev-user-eu-west-1
              origin_access/sgraph-send-dev-user-eu-west-1
              distribution/sgraph-send-dev-user-eu-west-1
              alarm/sgraph_ai_app_send-user-dev-errors
              schedule/sgraph_ai_app_send-admin-dev-sweep
            So they are neither changed nor deleted. Remove or rename them, or mark them so if they are ours
            ");
        }
        same(&aws.listing(ACCOUNT, HERE).await?, &before);
    }
    Ok(())
}

#[tokio::test]
async fn a_bucket_of_somebody_else() -> Result<()> {
    let (aws, deployer) = empty().await?;
    aws.squatted(ACCOUNT, HERE).await?;
    let ran = deployer.run("dev").await?;
    assert_eq!(ran.code, Some(1), "{ran}");
    assert_snapshot!(error(&ran), @r#"Error: s3:GetBucketTagging: AccessDenied: the bucket sgraph-send-dev-storage-000000000000-eu-west-1 belongs to another account: choose another name, with `bucket = ".."` in the configuration"#);
    nothing_is_there(&aws).await
}

#[tokio::test]
async fn what_people_sent_is_not_removed_in_passing() -> Result<()> {
    let (aws, deployer) = deployed().await?;
    let before = aws.listing(ACCOUNT, HERE).await?;
    let kept = refused(&deployer, "dev down").await?;
    let kept: String = kept
        .replace(|c: char| c.is_ascii_digit(), "0")
        .replace("00 objects", "0 objects");
    assert_snapshot!(kept, @"Error: sgraph-send-dev-storage-000000000000-eu-west-0 holds 0 objects of the services: add --with-data to remove them too");
    same(&aws.listing(ACCOUNT, HERE).await?, &before);
    deployer.must("dev down --with-data").await?;
    nothing_is_there(&aws).await?;
    Ok(())
}
