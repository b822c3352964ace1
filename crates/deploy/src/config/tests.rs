use std::fs;

use insta::assert_snapshot;

use super::*;
use crate::names::Stage;

/// Reads dev with this in its file, in place of what it has of its own.
fn dev(own: &str) -> Result<Config, String> {
    with(own, &[], &Flags::default()).map(|mut all| all.remove(0))
}

fn with(own: &str, variables: &[(&str, &str)], flags: &Flags) -> Result<Vec<Config>, String> {
    let folder = tempfile::tempdir().unwrap();
    let base = include_str!("../../config/base.toml");
    fs::write(folder.path().join("base.toml"), base).unwrap();
    fs::write(folder.path().join("dev.toml"), own).unwrap();
    let files = Files::Folder(folder.path().into());
    let get = |name: &str| {
        let (_, value) = variables.iter().find(|(of, _)| *of == name)?;
        Some((*value).to_owned())
    };
    let read = read(Stage::Dev, &files, get, flags);
    let folder = format!("{}/", folder.path().display());
    read.map_err(|error| format!("{error:#}").replace(&folder, ""))
}

/// The sentences that refuse these, one by one.
fn refused(all: &[&str]) -> String {
    let sentences = all.iter().map(|own| dev(own).expect_err(own));
    sentences.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_stage_can_be_read_as_it_is_in_the_repository() {
    for stage in [Stage::Dev, Stage::Qa, Stage::Prod] {
        let flags = Flags::default();
        let read = read(stage, &Files::Embedded, |_| None, &flags).unwrap();
        assert_eq!(read.len(), 1);
        assert_eq!(read[0].architecture, Architecture::Arm64);
        assert_eq!(read[0].region, None);
    }
}

#[test]
fn a_stage_says_only_what_it_has_of_its_own() {
    let config =
        dev("keep = 2\n[user]\nmemory_mb = 1024\n[user.distribution]\nhsts_s = 0").unwrap();
    assert_eq!((config.keep, config.max_age_days), (2, 30));
    assert_eq!((config.user.memory_mb, config.user.timeout_s), (1024, 60));
    let distribution = config.user.distribution.unwrap();
    assert_eq!(distribution.hsts_s, 0);
    assert_eq!(distribution.price_class, "PriceClass_100");
}

#[test]
fn the_environment_goes_before_the_files_and_flags_before_both() {
    let own = "account = \"111111111111\"\nregion = \"eu-west-1\"";
    let old = ("AWS_DEFAULT_REGION", "eu-west-2");
    let account = ("AWS_ACCOUNT_ID", "222222222222");
    let told = |variables: &[(&str, &str)], flags: &Flags| {
        let config = with(own, variables, flags).unwrap().remove(0);
        (config.account.unwrap(), config.region.unwrap())
    };
    let none = Flags::default();
    assert_eq!(
        told(&[], &none),
        ("111111111111".into(), "eu-west-1".into())
    );
    assert_eq!(
        told(&[old, account], &none),
        ("222222222222".into(), "eu-west-2".into())
    );
    let new = ("AWS_REGION", "eu-west-3");
    assert_eq!(told(&[old, new], &none).1, "eu-west-3");
    assert_eq!(told(&[("AWS_REGION", "")], &none).1, "eu-west-1");
    let flags = Flags {
        regions: vec!["us-east-1".into()],
        ..none
    };
    assert_eq!(told(&[old, new], &flags).1, "us-east-1");
}

#[test]
fn several_regions_get_the_same_each() {
    let flags = Flags {
        regions: vec!["eu-west-1".into(), "us-east-1".into()],
        architecture: Some(Architecture::X86),
    };
    let read = with("", &[], &flags).unwrap();
    let [here, there] = &read[..] else {
        panic!("{read:?}")
    };
    assert_eq!(here.region.as_deref(), Some("eu-west-1"));
    assert_eq!(here.architecture, Architecture::X86);
    let moved = Config {
        region: here.region.clone(),
        ..there.clone()
    };
    assert_eq!(*here, moved);
}

#[test]
fn all_that_can_be_said_is_read() {
    let own = r#"
        account = "111122223333"
        region = "us-gov-west-1"
        door = "oac"
        bucket = "our-own-bucket"
        deployers = ["arn:aws-us-gov:iam::111122223333:role/deploy-*", "arn:aws:sts::111122223333:assumed-role/x/*"]
        permissions_boundary = "arn:aws:iam::111122223333:policy/boundary"
        alarm_topic = "arn:aws:sns:eu-west-1:111122223333:alarms"
        tags = { CostCentre = "a/b 12", "Grüße" = "" }
        [user]
        reserved_concurrency = 10
        environment = { SEND_DEFAULT_AGE = "12h", SEND_PUBLIC_URL = "https://send.example" }
        [user.distribution]
        domain = "send.example.org"
        certificate = "arn:aws:acm:us-east-1:111122223333:certificate/1"
        web_acl = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/name/1"
        [admin]
        sweep = "cron(0/15 * * * ? *)"
    "#;
    assert_eq!(dev(own).unwrap().user.reserved_concurrency, Some(10));
    for sweep in ["rate(1 hour)", "rate(2 days)"] {
        dev(&format!("admin.sweep = {sweep:?}")).unwrap();
    }
}

#[test]
fn what_is_not_known_is_refused_where_it_stands() {
    let sentences = refused(&[
        "keep = 2\n\nmemory = 3",
        "[user]\nmemry_mb = 128",
        "[user]\nmemory_mb = \"128\"",
        "keep = -1",
        "door = \"ajar\"",
        "architecture = \"arm\"",
        "user = 3",
        "[user.distribution]\n\ndomian = \"a.example\"",
        "keep = ",
    ]);
    assert_snapshot!(sentences, @r#"
    dev.toml:3: memory: unknown field `memory`, expected one of `project`, `account`, `region`, `tags`, `architecture`, `door`, `bucket`, `max_age_days`, `max_transfer`, `uploads`, `direct`, `deployers`, `permissions_boundary`, `log_retention_days`, `keep`, `alarm_topic`, `user`, `admin`
    dev.toml:2: user.memry_mb: unknown field `memry_mb`, expected one of `memory_mb`, `timeout_s`, `reserved_concurrency`, `environment`, `distribution`, `sweep`
    dev.toml:2: user.memory_mb: invalid type: string "128", expected a whole number
    dev.toml:1: keep: invalid value: integer `-1`, expected a whole number
    dev.toml:1: door: unknown variant `ajar`, expected `guarded` or `oac`
    dev.toml:1: architecture: unknown variant `arm`, expected `arm64` or `x86_64`
    dev.toml:1: user: invalid type: integer `3`, expected a table
    dev.toml:3: user.distribution.domian: unknown field `domian`, expected one of `price_class`, `domain`, `certificate`, `web_acl`, `hsts_s`
    dev.toml:1: string values must be quoted, expected literal string
    "#);
}

#[test]
fn what_a_stage_may_not_be_is_refused() {
    let sentences = refused(&[
        "project = \"SGraph\"",
        "account = \"1111\"",
        "region = \"Ireland\"",
        "bucket = \"My.Bucket\"",
        "log_retention_days = 31",
        "keep = 0",
        "uploads = \"everybody\"",
        "direct = \"sideways\"",
        "max_transfer = \"much\"",
        "max_age_days = 0",
        "deployers = [\"*\"]",
        "permissions_boundary = \"boundary\"",
        "alarm_topic = \"alarms\"",
    ]);
    assert_snapshot!(sentences, @r#"
    dev.toml:1: project = "SGraph" is refused: give at most 20 lower-case letters, digits and hyphens, beginning with a letter
    dev.toml:1: account = "1111" is refused: give the twelve digits of an AWS account
    dev.toml:1: region = "Ireland" is refused: give a region of AWS, such as eu-west-1
    dev.toml:1: bucket = "My.Bucket" is refused: give 3 to 63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit
    dev.toml:1: log_retention_days = 31 is refused: CloudWatch keeps lines for one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653 days
    dev.toml:1: keep = 0 is refused: give 1 to 50 versions
    dev.toml:1: uploads: SEND_UPLOADS="everybody" is not understood: give open or token
    dev.toml:1: direct: SEND_DIRECT="sideways" is not understood: give off, uploads or both
    dev.toml:1: max_transfer: SEND_MAX_TRANSFER_BYTES="much" is not understood: give a size such as 100GiB
    dev.toml:1: max_age_days: SEND_MAX_AGE="0d" is not understood: give an age of at least a minute and at most ten years, such as 30d or 12h
    dev.toml:1: deployers = "*" is refused: give ARNs of IAM or STS that name an account, such as arn:aws:iam::111122223333:role/deploy-*
    dev.toml:1: permissions_boundary = "boundary" is refused: give the ARN of a policy, such as arn:aws:iam::111122223333:policy/boundary
    dev.toml:1: alarm_topic = "alarms" is refused: give the ARN of an SNS topic, such as arn:aws:sns:eu-west-1:111122223333:alarms
    "#);
}

#[test]
fn what_a_tag_may_not_be_is_refused() {
    let many: String = (0..45).map(|n| format!("tag{n} = \"\"\n")).collect();
    let sentences = refused(&[
        "tags = { project = \"other\" }",
        "tags = { Team = \"a\", team = \"b\" }",
        "tags = { \"aws:x\" = \"y\" }",
        "tags = { Team = \"a&b\" }",
        &format!("[tags]\n{many}"),
    ]);
    assert_snapshot!(sentences, @r#"
    dev.toml:1: tags.project is refused: Project, Stage, App, ManagedBy, Version, Commit are tags that deploy sets itself
    dev.toml:1: tags.team is refused: IAM takes it for another tag that differs only in capitals
    dev.toml:1: tags.aws:x = "y" is refused: a tag has up to 128 characters, its value up to 256: letters, digits, spaces and _.:/=+-@; aws: at its beginning is AWS's own
    dev.toml:1: tags.Team = "a&b" is refused: a tag has up to 128 characters, its value up to 256: letters, digits, spaces and _.:/=+-@; aws: at its beginning is AWS's own
    dev.toml:1: tags = 45 is refused: AWS allows 50 a resource, ours among them: give at most 44
    "#);
}

#[test]
fn what_a_service_may_not_be_is_refused() {
    let sentences = refused(&[
        "user.memory_mb = 127",
        "admin.timeout_s = 901",
        "user.reserved_concurrency = 0",
        "user.sweep = \"rate(15 minutes)\"",
        "admin.sweep = \"rate(1 minutes)\"",
        "user.distribution.price_class = \"PriceClass_300\"",
        "user.distribution.domain = \"send.example\"",
        "user.distribution.certificate = \"arn:aws:acm:us-east-1:111122223333:certificate/1\"",
        "user.distribution = { domain = \"send\", certificate = \"arn:aws:acm:eu-west-1:111122223333:certificate/1\" }",
        "user.distribution.web_acl = \"acl\"",
        "user.distribution.hsts_s = -1",
    ]);
    assert_snapshot!(sentences, @r#"
    dev.toml:1: user.memory_mb = 127 is refused: Lambda has 128 to 10240 MB
    dev.toml:1: admin.timeout_s = 901 is refused: Lambda waits 1 to 900 seconds
    dev.toml:1: user.reserved_concurrency = 0 is refused: give 1 or more, or leave it out to share the account's
    dev.toml:1: user.sweep = "rate(15 minutes)" is refused: the admin service sweeps; give it under [admin]
    dev.toml:1: admin.sweep = "rate(1 minutes)" is refused: give rate(15 minutes), or cron(..) with six fields
    dev.toml:1: user.distribution.price_class = "PriceClass_300" is refused: give PriceClass_100 or PriceClass_200 or PriceClass_All
    dev.toml:1: user.distribution.domain = "send.example" is refused: it needs a certificate: give certificate too
    dev.toml:1: user.distribution.certificate = "arn:aws:acm:us-east-1:111122223333:certificate/1" is refused: it needs the domain that it is for: give domain too
    dev.toml:1: user.distribution.domain = "send" is refused: give a name such as send.example.org
    dev.toml:1: user.distribution.certificate = "arn:aws:acm:eu-west-1:111122223333:certificate/1" is refused: give the ARN of a certificate in us-east-1, where CloudFront looks: arn:aws:acm:us-east-1:111122223333:certificate/..
    dev.toml:1: user.distribution.web_acl = "acl" is refused: give the ARN of a web ACL for CloudFront: arn:aws:wafv2:us-east-1:111122223333:global/webacl/..
    dev.toml:1: user.distribution.hsts_s = -1 is refused: give seconds, 0 for none
    "#);
}

#[test]
fn a_variable_that_is_not_the_operators_is_refused() {
    let sentences = refused(&[
        "user.environment.SEND_DEFAULT_AG = \"1d\"",
        "user.environment.RUST_LOG = \"debug\"",
        "user.environment.SEND_STORAGE = \"memory:\"",
        "user.environment.SEND_LISTEN = \"0.0.0.0:80\"",
        "admin.environment.SEND_ADMIN_KEY = \"sesame\"",
        "admin.environment.SEND_ADMIN_KEY_SHA256 = \"sesame\"",
        "user.environment.SEND_TRUST_PROXY = \"yes\"",
        "max_age_days = 2\nuser.environment.SEND_DEFAULT_AGE = \"3d\"",
    ]);
    assert!(!sentences.contains("sesame"));
    assert_snapshot!(sentences, @r#"
    dev.toml:1: user.environment.SEND_DEFAULT_AG is refused: no service reads it. There are SEND_CORS_ORIGINS, SEND_TRUST_PROXY, SEND_DEFAULT_AGE, SEND_PUBLIC_URL
    dev.toml:1: user.environment.RUST_LOG is refused: no service reads it. There are SEND_CORS_ORIGINS, SEND_TRUST_PROXY, SEND_DEFAULT_AGE, SEND_PUBLIC_URL
    dev.toml:1: user.environment.SEND_STORAGE is refused: deploy sets it; set bucket in its place
    dev.toml:1: user.environment.SEND_LISTEN is refused: Lambda brings the requests, there is no address to listen on; leave it out
    dev.toml:1: admin.environment.SEND_ADMIN_KEY is refused: a secret has no place in a function's configuration; where services read its hash, set that in the environment of deploy
    dev.toml:1: admin.environment.SEND_ADMIN_KEY_SHA256 is refused: deploy takes it from its own environment; set it there
    dev.toml:1: admin.environment.SEND_ADMIN_KEY_SHA256: SEND_ADMIN_KEY_SHA256=(not shown) is not understood: give one or two SHA-256 of admin keys, comma-separated, each as 64 lower-case hexadecimal digits; an empty key is none, and two must differ
    dev.toml:1: user.environment.SEND_TRUST_PROXY: SEND_TRUST_PROXY="yes" is not understood: give a header and the number of proxies, such as x-forwarded-for:1
    dev.toml:2: user.environment.SEND_DEFAULT_AGE: SEND_DEFAULT_AGE="3days" is not understood: give at most SEND_MAX_AGE, 2days
    "#);
}

#[test]
fn the_environment_and_flags_are_named_when_they_are_wrong() {
    let told = |variables: &[(&str, &str)], own: &str, regions: &[&str]| {
        let regions = regions.iter().map(|region| (*region).to_owned()).collect();
        let flags = Flags {
            regions,
            ..Flags::default()
        };
        with(own, variables, &flags).unwrap_err()
    };
    let sentences = [
        told(&[("AWS_ACCOUNT_ID", "me")], "", &[]),
        told(&[("AWS_REGION", "here")], "", &[]),
        told(&[], "", &["eu-west-1", "there"]),
        told(&[], "", &["eu-west-1", "eu-west-1"]),
        told(&[], "bucket = \"one-bucket\"", &["eu-west-1", "us-east-1"]),
    ];
    assert_snapshot!(sentences.join("\n"), @r#"
    AWS_ACCOUNT_ID: account = "me" is refused: give the twelve digits of an AWS account
    AWS_REGION: region = "here" is refused: give a region of AWS, such as eu-west-1
    --region: region = "there" is refused: give a region of AWS, such as eu-west-1
    --region names one region twice: eu-west-1,eu-west-1. Give each once
    `bucket` names one bucket, and it would be in 2 regions: leave it out, and each region gets one of its own
    "#);
}

#[test]
fn where_no_distribution_is_none_can_sign() {
    let mut config = dev("door = \"oac\"").unwrap();
    assert_eq!(rules::broken(&config), []);
    config.user.distribution = None;
    let sentences: Vec<_> = rules::broken(&config)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_snapshot!(sentences.join("\n"), @r#"door = "oac" is refused: there is no distribution that could sign; give guarded, or [user.distribution]"#);
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let sentences = dev("keep = 0\n[user]\nmemory_mb = 1\n[admin]\nmemory_mb = 2").unwrap_err();
    assert_eq!(sentences.lines().count(), 3, "{sentences}");
}

#[test]
fn a_folder_without_the_files_is_refused() {
    let empty = tempfile::tempdir().unwrap();
    let files = Files::Folder(empty.path().into());
    let error = read(Stage::Dev, &files, |_| None, &Flags::default()).unwrap_err();
    let sentence = error.to_string();
    assert!(
        sentence.contains("base.toml cannot be read; --config names a folder"),
        "{sentence}"
    );
}
