//! Whether a pipeline may deploy.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::{
    github::{Machine, Told, root},
    ground::script,
};

const SECRETS: [&str; 4] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_DEFAULT_REGION",
    "AWS_ACCOUNT_ID",
];

/// Checks with those secrets whose bit is set, and a role or none. Unset secrets are empty, as GitHub gives them.
fn check(set: usize, role: bool) -> Result<(Told, String)> {
    let mut machine = Machine::new(&root())?;
    for (bit, name) in SECRETS.iter().enumerate() {
        let value = if set >> bit & 1 == 1 { "the value" } else { "" };
        machine = machine.with(name, value);
    }
    machine = machine.with(
        "AWS_ROLE_ARN",
        if role {
            "arn:aws:iam::1:role/the value"
        } else {
            ""
        },
    );
    let told = script(&machine, "check-credentials dev")?;
    let page = machine.page();
    Ok((told, page))
}

#[test]
fn all_four_secrets_or_a_role_with_a_region_and_nothing_less() -> Result<()> {
    let mut ways: BTreeMap<String, usize> = BTreeMap::new();
    for role in [false, true] {
        for set in 0..16 {
            let (told, page) = check(set, role)?;
            assert!(told.well, "{set:04b}: {}", told.log);
            let region = set >> 2 & 1 == 1;
            let wanted = if role && region {
                ("role", "true")
            } else if set == 15 {
                ("keys", "true")
            } else {
                ("none", "false")
            };
            let found = (&*told.outputs["way"], &*told.outputs["has-credentials"]);
            assert_eq!(found, wanted, "{set:04b}, role: {role}");
            *ways.entry(found.0.into()).or_default() += 1;
            let missing: Vec<_> = (0..4)
                .filter(|bit| set >> bit & 1 == 0)
                .map(|bit| SECRETS[bit])
                .collect();
            let says = page.contains(&format!("not set are {}", missing.join(" ")));
            assert_eq!(says, wanted.0 == "none", "{set:04b}: {page}");
            assert!(
                !page.contains("the value") && !told.log.contains("the value"),
                "{page}"
            );
        }
    }
    let ways: Vec<_> = ways.into_iter().collect();
    assert_eq!(
        ways,
        [("keys".into(), 1), ("none".into(), 23), ("role".into(), 8)]
    );
    Ok(())
}

#[test]
fn the_page_says_what_is_missing() -> Result<()> {
    let (told, page) = check(0b1011, false)?;
    assert!(
        told.log.contains("::notice title=No AWS credentials::"),
        "{}",
        told.log
    );
    insta::assert_snapshot!(page, @"
    ### AWS credentials for dev

    Nothing is deployed to dev: not set are AWS_DEFAULT_REGION.
    ");
    let (_, page) = check(0b0000, true)?;
    insta::assert_snapshot!(page, @"
    ### AWS credentials for dev

    Nothing is deployed to dev: not set are AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_DEFAULT_REGION AWS_ACCOUNT_ID, and AWS_ROLE_ARN needs AWS_DEFAULT_REGION.
    ");
    let (_, page) = check(0b1111, false)?;
    insta::assert_snapshot!(page, @"
    ### AWS credentials for dev

    There are credentials: keys.
    ");
    Ok(())
}
