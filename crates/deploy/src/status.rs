//! What is there.

use anyhow::Result;

use crate::{cloud::Version, deployment::Deployment, names::App, report::Report};

/// Tells of each service which version serves, since when, of which commit, how large, and where.
///
/// # Errors
/// When something cannot be read.
pub async fn tell(here: &Deployment, report: &dyn Report) -> Result<()> {
    let plan = here.plan(report).await?;
    let there = here.there();
    if there.is_empty() {
        report.say("Nothing is there");
        return Ok(());
    }
    for &app in &here.apps {
        for line in service(here, app).await? {
            report.say(&line);
        }
    }
    for id in there {
        report.say(&id.to_string());
    }
    // Without zips nobody knows what should be there.
    if here
        .apps
        .iter()
        .all(|app| here.at.known(*app).release.is_some())
    {
        report.say(&format!(
            "{} of these are not as wanted: `plan` tells how",
            plan.len()
        ));
    }
    Ok(())
}

async fn service(here: &Deployment, app: App) -> Result<Vec<String>> {
    let at = &here.at;
    let Some(serving) = at.known(app).serving.get() else {
        return Ok(vec![format!("{app}: serves nothing")]);
    };
    let url = here.public_url(app)?;
    let versions = at.cloud.functions.versions(&at.names.function(app)).await?;
    let mut lines = vec![format!("{app}: {url}")];
    lines.extend(versions.iter().rev().map(|version| line(version, &serving)));
    Ok(lines)
}

fn line(version: &Version, serving: &str) -> String {
    let Version {
        number,
        description,
        modified,
        code_sha256,
        code_bytes,
        ..
    } = version;
    let mark = if number.to_string() == serving {
        "serves"
    } else {
        "      "
    };
    let size = bytesize::ByteSize(u64::try_from(*code_bytes).unwrap_or_default());
    let code = code_sha256.get(..12).unwrap_or_default();
    format!("  {mark} version {number}, {description}, of {modified}, {size}, code {code}")
}
