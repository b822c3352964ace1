//! What moto does otherwise than ministack, and what AWS does: its API references, of each service.

use std::{env::current_exe, process::Command};

/// Why a case fails on moto.
pub(crate) struct Divergence {
    /// The test.
    pub(crate) case: &'static str,
    /// What moto does otherwise; AWS does as ministack, unless this says that it does as moto.
    pub(crate) otherwise: &'static str,
    /// A part of what the test says when it fails on just that.
    pub(crate) fails_with: &'static str,
}

/// A row of the table.
const fn row(case: &'static str, otherwise: &'static str, fails_with: &'static str) -> Divergence {
    Divergence {
        case,
        otherwise,
        fails_with,
    }
}

const VERSIONING: &str = "GetBucketVersioning answers an XML document with another name than AWS's, which AWS's client for Rust does not take";
const UNREADABLE: &str = r#""s3:GetBucketVersioning", kind: Unavailable"#;
const LOG_GROUP: &str = "the log group that a function is told to write to is not kept";
const OWN_LOG_GROUP: &str = r#""/aws/lambda/sgraph_ai_app_send-user-dev""#;
const RUNS_NOTHING: &str = "functions are not run: they answer what they are asked";
const REVISION: &str = "whoever names an old revision or ETag is not refused";
const NOT_STALE: &str = "in place of a failure: Stale";
const TWICE: &str = "what is made twice replaces what is there, or is there twice";
const NOT_THERE: &str = "in place of a failure: AlreadyExists";
const STILL_USED: &str = "what is still used can be removed";
const REMOVED: &str = "in place of a failure: Conflict";
const ASKS_NOBODY: &str = "nobody is asked who he is, nor what he may";

/// All of them.
#[rustfmt::skip]
const ALL: &[Divergence] = &[
    row("alarms_are_made_read_changed_and_removed", "CloudWatch does not understand CBOR, in which AWS's client for Rust asks", r#""cloudwatch:DescribeAlarms", kind: NotFound"#),
    row("a_bucket_is_made_read_and_removed", VERSIONING, UNREADABLE),
    row("a_bucket_is_made_where_no_region_is_named", VERSIONING, UNREADABLE),
    row("all_of_a_bucket_is_changed_and_changed_back", VERSIONING, UNREADABLE),
    row("what_was_taken_away_reads_as_nothing", VERSIONING, UNREADABLE),
    row("a_bucket_of_others_is_not_read", "nobody is asked who he is, nor whose bucket he expects: it is read as far as it can be", "an answer that cannot be read"),
    row("an_unknown_key_is_not_a_missing_permission", ASKS_NOBODY, "user/moto"),
    row("who_may_not_is_told_what_a_deployer_needs", ASKS_NOBODY, "on an `Ok` value: None"),
    row("a_distribution_that_serves_is_not_removed", STILL_USED, REMOVED),
    row("a_distribution_is_removed_by_who_knows_what_it_was", REVISION, NOT_STALE),
    row("a_distribution_is_changed_by_who_knows_what_it_was", REVISION, NOT_STALE),
    row("a_distribution_is_changed_and_changed_back", "an update forgets the origin access of an origin", r#""access": String("")"#),
    row("origin_access_is_not_made_twice", TWICE, NOT_THERE),
    row("a_headers_policy_is_made_read_changed_and_removed", "CloudFront has no policies of response headers", r#""cloudfront:ListResponseHeadersPolicies", kind: NotFound"#),
    row("a_function_is_made_read_and_removed", LOG_GROUP, OWN_LOG_GROUP),
    row("a_function_that_is_not_there_has_no_versions", "the versions of a function that is not there are none, in place of an error", "[] in place of a failure: NotFound"),
    row("a_new_function_is_busy", "a new function is ready at once", "left: Ready"),
    row("a_function_is_changed_by_who_knows_what_it_was", REVISION, NOT_STALE),
    row("a_function_is_changed", "neither the log group nor the size of the disk are changed", "disk_mb: 1024"),
    row("what_is_set_aside_is_not_there_for_others", "Lambda has no settings of the account", r#""lambda:GetAccountSettings", kind: NotFound"#),
    row("what_a_function_breaks_on_is_told", RUNS_NOTHING, "payload: Object {}"),
    // Why a new role is waited for, and one that is not there as long.
    row("a_role_that_is_not_there_is_refused", "AWS does as moto: a role that is not there cannot be assumed, in the words for one that is too new", "left: NotAssumable"),
    row("a_url_is_made_read_changed_and_removed", "a URL does not end in a slash", ".on.aws"),
    row("a_url_that_is_not_there_is_not_removed", "what is not there can be removed", "in place of a failure: NotFound"),
    row("a_url_is_not_made_twice", TWICE, NOT_THERE),
    row("a_grant_is_not_given_twice", TWICE, NOT_THERE),
    row("who_may_use_a_url_is_said_and_taken_back", "what a grant depends on stands beside its condition, not in it", r#""FunctionUrlAuthType": String("NONE")"#),
    row("the_version_that_serves_is_not_removed", STILL_USED, REMOVED),
    row("an_alias_is_not_made_twice", "an alias that is there is a conflict by another code than AWS's", "ConflictException: Alias already exists"),
    row("the_alias_moves_for_who_knows_what_it_was", REVISION, NOT_STALE),
    row("the_alias_moves", LOG_GROUP, OWN_LOG_GROUP),
    row("each_version_answers_by_what_it_is_made_of", RUNS_NOTHING, r#"payload: Object {"some": String("event")}"#),
];

/// What is known of a case.
pub(crate) fn of(case: &str) -> Option<&'static Divergence> {
    ALL.iter().find(|row| row.case == case)
}

/// The program that runs the cases tells which there are.
#[test]
fn every_row_is_about_a_case() {
    let listed = Command::new(current_exe().unwrap()).arg("--list").output();
    let listed = String::from_utf8(listed.unwrap().stdout).unwrap();
    for row in ALL {
        let test = format!("::{}::on_moto: test\n", row.case);
        assert_eq!(listed.matches(&test).count(), 1, "{}", row.case);
    }
}
