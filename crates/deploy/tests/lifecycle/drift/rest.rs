//! The sweep and the alarms.

use deploy::cloud::{Alarm, Rule};

use super::{ACCOUNT, REGION, State, each_is_named_and_mended};

#[tokio::test(start_paused = true)]
async fn of_the_sweep() {
    fn rule(state: &mut State) -> &mut Rule {
        state
            .region(ACCOUNT, REGION)
            .rules
            .values_mut()
            .next()
            .unwrap()
    }
    each_is_named_and_mended(&[
        (|state| rule(state).enabled = false, &["schedule enabled"]),
        (
            |state| rule(state).expression = "rate(1 day)".into(),
            &["schedule expression"],
        ),
        (
            |state| rule(state).targets.clear(),
            &["schedule targets.sweep"],
        ),
        (
            |state| rule(state).targets.get_mut("sweep").unwrap().input = Some("{}".into()),
            &["schedule targets.sweep.input"],
        ),
        (
            |state| {
                let copy = rule(state).targets["sweep"].clone();
                rule(state).targets.insert("more".into(), copy);
            },
            &["schedule targets.more"],
        ),
        (
            |state| drop(rule(state).tags.remove("App")),
            &["schedule tags.App"],
        ),
        (
            |state| {
                let functions = &mut state.region(ACCOUNT, REGION).functions;
                let admin = functions.get_mut("sgraph_ai_app_send-admin-dev").unwrap();
                admin.grants.remove("schedule");
            },
            &["schedule grant"],
        ),
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn of_an_alarm() {
    const NAME: &str = "sgraph_ai_app_send-user-dev-errors";
    fn alarm(state: &mut State) -> &mut Alarm {
        let alarms = &mut state.region(ACCOUNT, REGION).alarms;
        alarms.get_mut(NAME).unwrap()
    }
    each_is_named_and_mended(&[
        (
            |state| alarm(state).threshold = 100.0,
            &["alarms sgraph_ai_app_send-user-dev-errors.threshold"],
        ),
        (
            |state| alarm(state).enabled = false,
            &["alarms sgraph_ai_app_send-user-dev-errors.enabled"],
        ),
        (
            |state| alarm(state).actions.clear(),
            &["alarms sgraph_ai_app_send-user-dev-errors.actions"],
        ),
        (
            |state| alarm(state).period_s = 3600,
            &["alarms sgraph_ai_app_send-user-dev-errors.period_s"],
        ),
        (
            |state| alarm(state).metric = "Invocations".into(),
            &["alarms sgraph_ai_app_send-user-dev-errors.metric"],
        ),
        (
            |state| drop(state.region(ACCOUNT, REGION).alarms.remove(NAME)),
            &["alarms sgraph_ai_app_send-user-dev-errors"],
        ),
    ])
    .await;
}
