//! CloudWatch.

use deploy::cloud::Alarm;

use crate::{
    place::{Place, on_each_place},
    wire::{REGION, spec, tags},
};

on_each_place![alarms_are_made_read_changed_and_removed,];

fn alarm(metric: &str, statistic: &str, account: &str) -> Alarm {
    Alarm {
        remark: "sgraph-send dev user".into(),
        metric: metric.into(),
        function: "sgraph_ai_app_send-user-dev".into(),
        statistic: statistic.into(),
        period_s: 300,
        periods: 2,
        threshold: 1.5,
        comparison: "GreaterThanOrEqualToThreshold".into(),
        without_figures: "notBreaching".into(),
        actions: vec![format!("arn:aws:sns:{REGION}:{account}:people")],
        enabled: true,
        tags: tags(),
    }
}

async fn alarms_are_made_read_changed_and_removed(place: Place) {
    let account = place.account().await.unwrap();
    let alarms = account.cloud().await.alarms;
    let names = ["errors", "slow", "absent"].map(String::from);
    assert!(alarms.alarms(&names).await.unwrap().is_empty());

    let mut errors = alarm("Errors", "Sum", &account.number);
    let slow = alarm("Duration", "p99", &account.number);
    alarms.put_alarm("errors", &errors).await.unwrap();
    alarms.put_alarm("slow", &slow).await.unwrap();
    let found = alarms.alarms(&names).await.unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(spec(&found["errors"]), spec(&errors));
    assert_eq!(spec(&found["slow"]), spec(&slow));
    assert!(alarms.alarms(&[]).await.unwrap().is_empty());

    errors.threshold = 7.0;
    errors.enabled = false;
    alarms.put_alarm("errors", &errors).await.unwrap();
    assert_eq!(
        spec(&alarms.alarms(&names).await.unwrap()["errors"]),
        spec(&errors)
    );

    alarms.delete_alarms(&names[..2]).await.unwrap();
    assert!(alarms.alarms(&names).await.unwrap().is_empty());
}
