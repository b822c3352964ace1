//! The scripts that are called with programs of somebody else: what they call them with, and what they make of it.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};
use insta::assert_snapshot;
use tempfile::TempDir;

use crate::{
    github::{Machine, Told},
    ground::{Clone, Repository, script, stand_in},
};

/// A clone, and a folder of programs that stand in for others, each with what it does.
fn ground(programs: &[(&str, &str)]) -> Result<(Clone, TempDir, Machine)> {
    let (clone, folder) = (Repository::new()?.clone()?, tempfile::tempdir()?);
    for (name, does) in programs {
        stand_in(folder.path(), name, does)?;
    }
    let machine = clone.machine()?.with_programs(folder.path());
    Ok((clone, folder, machine))
}

fn well(told: Told) -> Told {
    assert!(told.well, "{}", told.log);
    told
}

fn lay(path: &Path, text: &str) -> Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    Ok(fs::write(path, text)?)
}

#[test]
fn the_toolchain_is_the_one_that_the_workspace_asks_for() -> Result<()> {
    let (clone, _programs, machine) = ground(&[("rustup", "")])?;
    let refused = script(&machine, "toolchain")?;
    assert!(!refused.well, "{}", refused.log);
    lay(&clone.path.join("Cargo.toml"), "rust-version = \"1.95\"\n")?;
    let told = well(script(
        &machine,
        "toolchain rustfmt aarch64-unknown-linux-gnu",
    )?);
    assert_snapshot!(told.log, @"rustup toolchain install 1.95 --profile minimal --component rustfmt --target aarch64-unknown-linux-gnu");
    assert_eq!(told.later["RUSTUP_TOOLCHAIN"], "1.95");
    Ok(())
}

#[test]
fn what_is_built_is_found_by_later_steps() -> Result<()> {
    let (clone, _programs, machine) = ground(&[("cargo", "")])?;
    let told = well(script(&machine, "build-deploy")?);
    assert_snapshot!(told.log, @"cargo build --locked --package deploy");
    let root = clone.path.canonicalize()?;
    assert_eq!(
        told.later["SEND_DEPLOY"],
        root.join("target/debug/deploy").display().to_string()
    );
    lay(
        &clone.path.join(".ci/arm64"),
        "echo \"builds $SEND_VERSION\"; exit \"${FAILS:-0}\"",
    )?;
    let machine = machine.with("SEND_VERSION", "0.2.16");
    let told = well(script(&machine, "build-zips")?);
    assert_eq!(told.log, "builds 0.2.16\n");
    assert_eq!(
        told.later["SEND_ZIPS"],
        root.join("target/lambda").display().to_string()
    );
    let told = script(&machine.with("FAILS", "3"), "build-zips")?;
    assert!(!told.well && told.later.is_empty());
    Ok(())
}

#[test]
fn prod_takes_the_zips_of_qa_and_no_others() -> Result<()> {
    let (clone, _programs, machine) = ground(&[])?;
    let zip = clone.path.join("zips/send-user/bootstrap.zip");
    lay(&zip, "the user service")?;
    lay(
        &clone.path.join("zips/send-admin/bootstrap.zip"),
        "the admin service",
    )?;
    let machine = machine.with("SEND_DEPLOY", "true");
    let told = well(script(&machine, "fetch-zips")?);
    let machine = machine.with("SHA256", &told.outputs["sha256"]);
    let verified = well(script(&machine, "verify-zips")?);
    assert!(
        verified.later["SEND_ZIPS"].ends_with("/zips"),
        "{verified:?}"
    );
    lay(&zip, "another user service")?;
    let refused = script(&machine, "verify-zips")?;
    assert!(
        !refused.well
            && refused.later.is_empty()
            && refused.log.contains("::error::these are not the zips"),
        "{}",
        refused.log
    );
    let refused = script(&machine.with("SHA256", ""), "verify-zips")?;
    assert!(!refused.well, "{}", refused.log);
    Ok(())
}

#[test]
fn that_a_plan_has_something_is_no_failure() -> Result<()> {
    for (ends, well) in [(0, true), (2, true), (1, false), (101, false)] {
        let (clone, programs, machine) =
            ground(&[("deploys", &format!("echo to make; exit {ends}"))])?;
        let machine = machine.with(
            "SEND_DEPLOY",
            &programs.path().join("deploys").display().to_string(),
        );
        let told = script(&machine, "plan")?;
        assert_eq!(told.well, well, "{ends}: {}", told.log);
        assert!(told.log.starts_with("deploys qa plan\n"), "{}", told.log);
        assert_eq!(
            fs::read_to_string(clone.path.join("plan.txt"))?,
            "to make\n"
        );
        assert_eq!(machine.page().contains("to make"), well);
    }
    Ok(())
}

#[test]
fn a_pull_request_has_one_comment_which_is_written_anew() -> Result<()> {
    let text = "made role/a\n```\n# not a heading `$(touch broken)` ${{ secrets.A }}\n";
    for known in ["", "4711"] {
        let gh = format!("[[ $2 != --paginate ]] || echo {known}");
        let (clone, _programs, machine) = ground(&[("gh", &gh)])?;
        let machine = machine
            .with("GITHUB_REPOSITORY", "o/r")
            .with("NUMBER", "7")
            .with("GH_TOKEN", "t");
        lay(&clone.path.join("plan.txt"), text)?;
        let told = well(script(&machine, "comment-plan")?);
        let last = told.log.lines().last().unwrap_or_default();
        insta::allow_duplicates! {
            assert_snapshot!(last.replace("--method PATCH repos/o/r/issues/comments/4711", "(how)").replace("--method POST repos/o/r/issues/7/comments", "(how)"), @r"gh api (how) --raw-field $'body=<!-- deploy qa plan -->\n### `deploy qa plan`\n\n```text\nmade role/a\n\n# not a heading $(touch broken) ${{ secrets.A }}\n```' --silent");
        }
        assert_eq!(last.contains("PATCH"), !known.is_empty(), "{last}");
        assert!(!clone.path.join("broken").exists());
    }
    Ok(())
}

#[test]
fn a_release_has_zips_what_they_are_made_of_and_the_sums() -> Result<()> {
    let cargo = r#"for ((n = 1; n < $#; n++)); do [[ ${!n} != --manifest-path ]] || { m=$((n + 1)); echo '{}' >"$(dirname "${!m}")/sbom.json"; }; done"#;
    let gh = "[[ $2 != view || -e there ]]";
    let (clone, _programs, machine) = ground(&[("cargo", cargo), ("gh", gh)])?;
    for name in ["send-user", "send-admin"] {
        lay(&clone.path.join(format!("zips/{name}/bootstrap.zip")), name)?;
        lay(&clone.path.join(format!("crates/{name}/Cargo.toml")), "")?;
    }
    let machine = machine.with("TAG", "v0.3.0").with("SEND_ZIPS", "zips");
    let told = well(script(&machine, "release-assets")?);
    assert_snapshot!(told.log, @"
    cargo cyclonedx --manifest-path crates/send-user/Cargo.toml --format json --spec-version 1.5 --target aarch64-unknown-linux-gnu --override-filename sbom
    cargo cyclonedx --manifest-path crates/send-admin/Cargo.toml --format json --spec-version 1.5 --target aarch64-unknown-linux-gnu --override-filename sbom
    ");
    let mut files: Vec<_> = fs::read_dir(clone.path.join("dist"))?
        .map(|file| Ok(file?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_>>()?;
    files.sort();
    assert_snapshot!(files.join("\n"), @"
    SHA256SUMS
    send-admin-v0.3.0-lambda-arm64.zip
    send-admin-v0.3.0.cdx.json
    send-user-v0.3.0-lambda-arm64.zip
    send-user-v0.3.0.cdx.json
    ");
    assert!(
        clone
            .git("status --porcelain crates/send-user")?
            .lines()
            .all(|line| !line.contains("sbom"))
    );

    let told = well(script(&machine, "publish-release")?);
    assert_snapshot!(told.log, @"
    send-admin-v0.3.0-lambda-arm64.zip: OK
    send-admin-v0.3.0.cdx.json: OK
    send-user-v0.3.0-lambda-arm64.zip: OK
    send-user-v0.3.0.cdx.json: OK
    gh release create v0.3.0 dist/SHA256SUMS dist/send-admin-v0.3.0-lambda-arm64.zip dist/send-admin-v0.3.0.cdx.json dist/send-user-v0.3.0-lambda-arm64.zip dist/send-user-v0.3.0.cdx.json --verify-tag --title v0.3.0 --generate-notes
    ");
    lay(&clone.path.join("there"), "")?;
    let again = well(script(&machine, "publish-release")?);
    assert!(
        again
            .log
            .ends_with("dist/send-user-v0.3.0.cdx.json --clobber\n"),
        "{}",
        again.log
    );
    lay(
        &clone.path.join("dist/send-user-v0.3.0.cdx.json"),
        "changed",
    )?;
    assert!(!script(&machine, "publish-release")?.well);
    Ok(())
}

#[test]
fn an_empty_account_of_localstack_has_something_to_plan() -> Result<()> {
    for (ends, well) in [(2, true), (0, false), (1, false)] {
        let (_clone, programs, machine) = ground(&[("deploys", &format!("exit {ends}"))])?;
        let machine = machine.with(
            "SEND_DEPLOY",
            &programs.path().join("deploys").display().to_string(),
        );
        let told = script(&machine, "localstack")?;
        assert_eq!(told.well, well, "{}", told.log);
        let line = told.log.lines().next().unwrap_or_default();
        let folder = line.strip_prefix("deploys dev plan --config ");
        let base = fs::read_to_string(Path::new(folder.context("no plan")?).join("base.toml"))?;
        assert!(
            base.contains("\n[user]\n")
                && base.contains("\n[admin]\n")
                && !base.contains("\n[user.distribution]"),
            "{base}"
        );
    }
    Ok(())
}

#[test]
fn a_cache_holds_nothing_of_ours() -> Result<()> {
    let (clone, _programs, machine) = ground(&[("cargo", "")])?;
    lay(&clone.path.join("target/debug/zips/a"), "")?;
    lay(&clone.path.join("target/debug/deps/b"), "")?;
    let told = well(script(&machine, "trim-target")?);
    assert!(
        told.log.contains("cargo clean --quiet --package deploy\n"),
        "{}",
        told.log
    );
    assert!(
        !clone.path.join("target/debug/zips").exists()
            && clone.path.join("target/debug/deps/b").exists()
    );
    Ok(())
}

#[test]
fn what_is_not_known_is_not_deployed() -> Result<()> {
    let (_clone, _programs, machine) = ground(&[])?;
    let machine = machine
        .with("SEND_DEPLOY", "false")
        .with("SEND_ZIPS", "zips");
    for (words, why) in [
        ("admin dev", "lambda_type is Admin or User, not 'admin'"),
        ("'' dev", "lambda_type is Admin or User, not ''"),
        (
            "User production",
            "target is dev, qa or prod, not 'production'",
        ),
        ("User ''", "target is dev, qa or prod, not ''"),
    ] {
        let told = machine.run(&format!(".github/scripts/deploy {words}"), &BTreeMap::new())?;
        assert!(
            !told.well && told.log.contains(why),
            "{words}: {}",
            told.log
        );
    }
    for storage in [
        "memory:",
        "s3://",
        "s3://a bucket",
        "s3://bucket/send",
        "bucket",
    ] {
        let (_clone, _programs, machine) = ground(&[])?;
        let told = script(
            &machine
                .with("SEND_STORAGE", storage)
                .with("SEND_ZIPS", "zips"),
            "deploy User dev",
        )?;
        assert!(
            !told.well && told.log.contains("SEND_STORAGE (not shown)"),
            "{storage}: {}",
            told.log
        );
        assert!(!told.log.contains("bucket"), "{}", told.log);
    }
    Ok(())
}
