//! EventBridge.

use deploy::cloud::{Kind, Rule, Target};

use crate::{
    place::{Place, on_each_place},
    wire::{REGION, failed, retag, spec, tags},
};

on_each_place![
    a_rule_is_made_read_changed_and_removed,
    a_target_of_no_rule_is_refused,
];

const NAME: &str = "sgraph-send-dev-sweep";

async fn a_rule_is_made_read_changed_and_removed(place: Place) {
    let account = place.account().await.unwrap();
    let schedules = account.cloud().await.schedules;
    assert_eq!(schedules.rule(NAME).await.unwrap(), None);

    let mut wanted = Rule {
        expression: "rate(15 minutes)".into(),
        enabled: true,
        targets: [].into(),
        tags: tags(),
    };
    schedules.put_rule(NAME, &wanted).await.unwrap();
    assert_eq!(spec(&schedules.rule(NAME).await.unwrap()), spec(&wanted));

    let function = format!(
        "arn:aws:lambda:{REGION}:{}:function:some:live",
        account.number
    );
    let target = Target {
        arn: function,
        input: None,
    };
    schedules.put_target(NAME, "admin", &target).await.unwrap();
    let other = Target {
        input: Some(r#"{"a":1}"#.into()),
        ..target.clone()
    };
    schedules.put_target(NAME, "other", &other).await.unwrap();
    wanted.targets = [("admin".into(), target), ("other".into(), other)].into();
    assert_eq!(spec(&schedules.rule(NAME).await.unwrap()), spec(&wanted));

    schedules.remove_target(NAME, "other").await.unwrap();
    wanted.targets.remove("other");
    // The tags of what is there stay.
    let changed = Rule {
        expression: "rate(1 hour)".into(),
        enabled: false,
        tags: [].into(),
        ..wanted.clone()
    };
    schedules.put_rule(NAME, &changed).await.unwrap();
    (wanted.expression, wanted.enabled) = ("rate(1 hour)".into(), false);
    assert_eq!(spec(&schedules.rule(NAME).await.unwrap()), spec(&wanted));

    let arn = format!("arn:aws:events:{REGION}:{}:rule/{NAME}", account.number);
    retag(&*schedules, &arn, &mut wanted.tags).await.unwrap();
    assert_eq!(spec(&schedules.rule(NAME).await.unwrap()), spec(&wanted));

    schedules.remove_target(NAME, "admin").await.unwrap();
    schedules.delete_rule(NAME).await.unwrap();
    assert_eq!(schedules.rule(NAME).await.unwrap(), None);
}

async fn a_target_of_no_rule_is_refused(place: Place) {
    let schedules = place.account().await.unwrap().cloud().await.schedules;
    let target = Target {
        arn: "arn:aws:lambda:eu-west-1:100000000000:function:some:live".into(),
        input: None,
    };
    failed(
        schedules.put_target(NAME, "admin", &target).await,
        Kind::NotFound,
    );
}
