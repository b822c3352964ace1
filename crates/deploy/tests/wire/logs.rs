//! CloudWatch Logs.

use aws_sdk_cloudwatchlogs::types::InputLogEvent;
use deploy::cloud::{Kind, LogGroup};

use crate::{
    place::{Place, on_each_place},
    wire::{REGION, failed, retag, spec, tags},
};

on_each_place![
    a_group_is_made_read_changed_and_removed,
    a_group_is_told_from_those_whose_names_go_on,
    lines_are_told_in_order_from_a_time_on,
];

const NAME: &str = "/aws/lambda/sgraph_ai_app_send-user-dev";

async fn a_group_is_made_read_changed_and_removed(place: Place) {
    let account = place.account().await.unwrap();
    let logs = account.cloud().await.logs;
    assert_eq!(logs.log_group(NAME).await.unwrap(), None);
    failed(logs.delete_log_group(NAME).await, Kind::NotFound);
    failed(logs.put_retention(NAME, 7).await, Kind::NotFound);

    let mut wanted = LogGroup {
        retention_days: None,
        tags: tags(),
    };
    logs.create_log_group(NAME, &wanted.tags).await.unwrap();
    failed(
        logs.create_log_group(NAME, &wanted.tags).await,
        Kind::AlreadyExists,
    );
    assert_eq!(spec(&logs.log_group(NAME).await.unwrap()), spec(&wanted));

    wanted.retention_days = Some(30);
    logs.put_retention(NAME, 30).await.unwrap();
    let arn = format!("arn:aws:logs:{REGION}:{}:log-group:{NAME}", account.number);
    retag(&*logs, &arn, &mut wanted.tags).await.unwrap();
    assert_eq!(spec(&logs.log_group(NAME).await.unwrap()), spec(&wanted));

    logs.delete_log_group(NAME).await.unwrap();
    assert_eq!(logs.log_group(NAME).await.unwrap(), None);
}

async fn a_group_is_told_from_those_whose_names_go_on(place: Place) {
    let logs = place.cloud().await.unwrap().logs;
    logs.create_log_group(&format!("{NAME}-2"), &tags())
        .await
        .unwrap();
    assert_eq!(logs.log_group(NAME).await.unwrap(), None);
    logs.create_log_group(NAME, &[].into()).await.unwrap();
    let found = logs.log_group(NAME).await.unwrap().unwrap();
    assert!(found.tags.is_empty());
}

async fn lines_are_told_in_order_from_a_time_on(place: Place) {
    let account = place.account().await.unwrap();
    let logs = account.cloud().await.logs;
    failed(logs.log_events(NAME, 0, None).await, Kind::NotFound);
    logs.create_log_group(NAME, &tags()).await.unwrap();
    assert_eq!(
        logs.log_events(NAME, 0, None).await.unwrap(),
        (vec![], None)
    );

    let other = aws_sdk_cloudwatchlogs::Client::new(&account.sdk().await);
    let now = jiff::Timestamp::now().as_millisecond();
    for (stream, after, message) in [
        ("one", 0, "first"),
        ("two", 5, "second"),
        ("one", 9, "third"),
    ] {
        let made = other
            .create_log_stream()
            .log_group_name(NAME)
            .log_stream_name(stream)
            .send()
            .await;
        assert_eq!(made.is_err(), message == "third");
        let line = InputLogEvent::builder()
            .timestamp(now + after)
            .message(message);
        let put = other
            .put_log_events()
            .log_group_name(NAME)
            .log_stream_name(stream);
        put.log_events(line.build().unwrap()).send().await.unwrap();
    }
    let (lines, _) = logs.log_events(NAME, now + 1, None).await.unwrap();
    let told: Vec<_> = lines
        .iter()
        .map(|line| (line.time - now, line.message.as_str()))
        .collect();
    assert_eq!(told, [(5, "second"), (9, "third")]);
    assert!(lines.iter().all(|line| !line.id.is_empty()));
}
