//! Which job follows which, when, with what inputs and secrets.

use anyhow::Result;
use insta::assert_snapshot;
use serde_json::Value;

use crate::github::{names, text, workflow, workflows};

/// A line for each job: what it needs, and on what condition it runs.
fn graph(file: &str) -> Result<String> {
    let workflow = workflow(file)?;
    let jobs = workflow["jobs"].as_object().into_iter().flatten();
    let lines = jobs.map(|(name, job)| {
        let needs = names(&job["needs"]).join(", ");
        let place = job["environment"]
            .as_str()
            .map_or(String::new(), |place| format!(" in {place}"));
        format!("{name}{place} <- [{needs}] if {}", text(&job["if"]))
    });
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

#[test]
fn tests_come_first_then_the_tag_and_the_credentials_then_both_services_side_by_side() -> Result<()>
{
    assert_snapshot!(graph("ci-pipeline.yml")?, @"
    build-release <- [increment-tag] if inputs.should_publish_release && needs.increment-tag.outputs.tag != ''
    check-aws-credentials in ${{ inputs.target_deploy }} <- [run-tests] if 
    deploy-admin in ${{ inputs.target_deploy }} <- [increment-tag, check-aws-credentials] if needs.check-aws-credentials.outputs.has-credentials == 'true'
    deploy-user in ${{ inputs.target_deploy }} <- [increment-tag, check-aws-credentials] if needs.check-aws-credentials.outputs.has-credentials == 'true'
    increment-tag <- [run-tests] if 
    publish-release <- [increment-tag, build-release] if inputs.should_publish_release && needs.increment-tag.outputs.tag != ''
    run-tests <- [] if github.ref_name == inputs.git_branch
    ");
    Ok(())
}

#[test]
fn prod_gets_what_qa_runs_once_it_is_approved() -> Result<()> {
    assert_snapshot!(graph("ci-pipeline__prod.yml")?, @"
    deploy in prod <- [fetch-from-qa] if needs.fetch-from-qa.outputs.has-credentials == 'true'
    fetch-from-qa in qa <- [] if github.ref_name == 'main'
    ");
    Ok(())
}

#[test]
fn a_pull_request_is_tested_and_planned() -> Result<()> {
    assert_snapshot!(graph("ci-pull-request.yml")?, @"
    comment <- [plan] if needs.plan.outputs.has-credentials == 'true'
    plan in qa-plan <- [] if 
    run-tests <- [] if
    ");
    assert_snapshot!(graph("ci-emulator.yml")?, @"
    localstack <- [] if 
    ministack <- [] if
    ");
    Ok(())
}

#[test]
fn a_pipeline_takes_these_inputs_and_secrets() -> Result<()> {
    let call = &workflow("ci-pipeline.yml")?["on"]["workflow_call"];
    let inputs = call["inputs"].as_object().into_iter().flatten();
    let inputs = inputs.map(|(name, input)| {
        let kind = text(&input["type"]);
        format!(
            "{name}: {kind}, required: {}, else {}",
            input["required"], input["default"]
        )
    });
    assert_snapshot!(inputs.collect::<Vec<_>>().join("\n"), @r#"
    git_branch: string, required: true, else null
    release_type: string, required: false, else "none"
    should_increment_tag: boolean, required: false, else false
    should_publish_release: boolean, required: false, else false
    target_deploy: string, required: true, else null
    "#);
    let secrets = call["secrets"].as_object().into_iter().flatten();
    assert!(
        secrets
            .clone()
            .all(|(_, secret)| secret["required"] == false)
    );
    assert_snapshot!(secrets.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join("\n"), @"
    AWS_ACCESS_KEY_ID
    AWS_ACCOUNT_ID
    AWS_DEFAULT_REGION
    AWS_SECRET_ACCESS_KEY
    SEND_ADMIN_KEY
    SEND_ADMIN_KEY_NAME
    SEND_STORAGE
    ");
    Ok(())
}

#[test]
fn each_branch_has_its_stage() -> Result<()> {
    let called = workflow("ci-pipeline.yml")?;
    let declared = names(&called["on"]["workflow_call"]["secrets"]);
    for (file, given, group) in [
        (
            "ci-pipeline__dev.yml",
            ["dev", "minor", "true", "false", "dev"],
            "deploy-dev",
        ),
        (
            "ci-pipeline__main.yml",
            ["main", "major", "true", "true", "qa"],
            "deploy-qa",
        ),
    ] {
        let caller = workflow(file)?;
        assert_eq!(
            names(&caller["on"]),
            ["push", "workflow_dispatch"],
            "{file}"
        );
        assert_eq!(names(&caller["on"]["push"]["branches"]), given[..1]);
        assert_eq!(caller["concurrency"]["group"], group);
        let call = &caller["jobs"]["pipeline"];
        assert_eq!(call["uses"], "./.github/workflows/ci-pipeline.yml");
        let order = [
            "git_branch",
            "release_type",
            "should_increment_tag",
            "should_publish_release",
            "target_deploy",
        ];
        let with = order.map(|name| match &call["with"][name] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        assert_eq!(with, given.map(str::to_owned), "{file}");
        // Every secret that there is, by its own name.
        assert_eq!(names(&call["secrets"]), declared, "{file}");
        for name in &declared {
            assert_eq!(call["secrets"][name], format!("${{{{ secrets.{name} }}}}"));
        }
    }
    Ok(())
}

#[test]
fn prod_is_deployed_by_hand_alone() -> Result<()> {
    let prod = workflow("ci-pipeline__prod.yml")?;
    assert_eq!(names(&prod["on"]), ["workflow_dispatch"]);
    assert_eq!(prod["jobs"]["deploy"]["environment"], "prod");
    for (file, workflow) in workflows()? {
        let other = file != "ci-pipeline__prod.yml";
        let in_prod = workflow.to_string().contains("\"prod\"");
        assert!(!(other && in_prod), "{file} may reach prod");
    }
    Ok(())
}

#[test]
fn changes_of_a_stage_wait_for_each_other() -> Result<()> {
    let groups = workflows()?.into_iter().map(|(file, workflow)| {
        let group = &workflow["concurrency"];
        format!(
            "{file}: {}, cancel: {}",
            text(&group["group"]),
            group["cancel-in-progress"]
        )
    });
    assert_snapshot!(groups.collect::<Vec<_>>().join("\n"), @"
    ci-emulator.yml: emulator-${{ github.ref }}, cancel: true
    ci-pipeline.yml: , cancel: null
    ci-pipeline__dev.yml: deploy-dev, cancel: false
    ci-pipeline__main.yml: deploy-qa, cancel: false
    ci-pipeline__prod.yml: deploy-prod, cancel: false
    ci-pull-request.yml: pull-request-${{ github.event.pull_request.number }}, cancel: true
    ");
    let tag = &workflow("ci-pipeline.yml")?["jobs"]["increment-tag"]["concurrency"];
    assert_eq!(
        (text(&tag["group"]), &tag["cancel-in-progress"]),
        ("increment-tag", &Value::Bool(false))
    );
    Ok(())
}

#[test]
fn what_deploys_is_given_who_deploys_and_the_version() -> Result<()> {
    let jobs = &workflow("ci-pipeline.yml")?["jobs"];
    for (job, kind) in [("deploy-admin", "Admin"), ("deploy-user", "User")] {
        let steps = jobs[job]["steps"].as_array().cloned().unwrap_or_default();
        let last = steps.last().cloned().unwrap_or_default();
        assert_eq!(last["uses"], "./.github/actions/aws__deploy__lambda");
        assert_eq!(last["with"]["lambda_type"], kind);
        assert_eq!(last["with"]["target"], "${{ inputs.target_deploy }}");
        let given = last["env"].as_object().into_iter().flatten();
        let given = given.map(|(name, value)| format!("{name}: {}", text(value)));
        insta::allow_duplicates! {
            assert_snapshot!(given.collect::<Vec<_>>().join("\n"), @"
            AWS_ACCESS_KEY_ID: ${{ steps.role.outputs.aws-access-key-id || secrets.AWS_ACCESS_KEY_ID }}
            AWS_ACCOUNT_ID: ${{ secrets.AWS_ACCOUNT_ID }}
            AWS_DEFAULT_REGION: ${{ secrets.AWS_DEFAULT_REGION || vars.AWS_DEFAULT_REGION }}
            AWS_SECRET_ACCESS_KEY: ${{ steps.role.outputs.aws-secret-access-key || secrets.AWS_SECRET_ACCESS_KEY }}
            AWS_SESSION_TOKEN: ${{ steps.role.outputs.aws-session-token }}
            SEND_ADMIN_KEY: ${{ secrets.SEND_ADMIN_KEY }}
            SEND_ADMIN_KEY_NAME: ${{ secrets.SEND_ADMIN_KEY_NAME }}
            SEND_STORAGE: ${{ secrets.SEND_STORAGE }}
            SEND_VERSION: ${{ needs.increment-tag.outputs.version }}
            ");
        }
    }
    Ok(())
}
