//! The URL of the alias that serves, and who may use it.

use deploy::cloud::{Auth, Grant, Kind, SCHEDULE_GRANT};
use serde_json::json;

use super::{NAME, Parts};
use crate::wire::{Account, REGION, failed};

fn everybody() -> [(&'static str, Grant); 2] {
    let everybody = |action: &str| Grant {
        action: action.into(),
        principal: "*".into(),
        ..Grant::default()
    };
    let url = Grant {
        url_auth: Some(Auth::None),
        ..everybody("lambda:InvokeFunctionUrl")
    };
    let function = Grant {
        via_url: true,
        ..everybody("lambda:InvokeFunction")
    };
    [("function-url", url), ("invoke-by-url", function)]
}

#[tokio::test]
async fn a_url_and_its_grants_are_made_read_changed_and_removed() {
    let account = Account::new().await.unwrap();
    let (functions, parts) = (
        account.cloud().await.functions,
        Parts::new(&account).await.unwrap(),
    );
    let functions = &*functions;
    assert_eq!(functions.url(NAME).await.unwrap(), None);
    assert_eq!(functions.grants(NAME).await.unwrap(), None);
    parts.function(functions).await.unwrap();
    functions
        .publish_version(NAME, &parts.hashes[0], "")
        .await
        .unwrap();
    functions.create_alias(NAME, "1").await.unwrap();
    assert_eq!(functions.url(NAME).await.unwrap(), None);
    failed(functions.delete_url(NAME).await, Kind::NotFound);
    failed(
        functions.remove_grant(NAME, "function-url").await,
        Kind::NotFound,
    );

    functions.create_url(NAME, Auth::None).await.unwrap();
    failed(
        functions.create_url(NAME, Auth::None).await,
        Kind::AlreadyExists,
    );
    let found = functions.url(NAME).await.unwrap().unwrap();
    assert_eq!(
        (found.auth, found.mode.as_str(), &found.cors),
        (Auth::None, "BUFFERED", &None)
    );
    assert!(found.grants.is_empty());
    assert!(
        found.url.starts_with("https://") && found.url.ends_with(".on.aws/"),
        "{}",
        found.url
    );

    let alias = format!(
        "arn:aws:lambda:{REGION}:{}:function:{NAME}:live",
        account.number
    );
    for (id, grant) in everybody() {
        functions.add_grant(NAME, id, &grant).await.unwrap();
        failed(
            functions.add_grant(NAME, id, &grant).await,
            Kind::AlreadyExists,
        );
    }
    let rule = format!("arn:aws:events:{REGION}:{}:rule/some", account.number);
    let schedule = Grant {
        action: "lambda:InvokeFunction".into(),
        principal: "events.amazonaws.com".into(),
        source_arn: Some(rule),
        ..Grant::default()
    };
    functions
        .add_grant(NAME, SCHEDULE_GRANT, &schedule)
        .await
        .unwrap();
    let policy = functions.grants(NAME).await.unwrap().unwrap();
    let found = functions.url(NAME).await.unwrap().unwrap();
    for (id, grant) in everybody() {
        assert_eq!(json!(found.grants[id]), grant.statement(&alias));
    }
    assert_eq!(found.grants.len(), 2);
    assert_eq!(
        policy.statements[SCHEDULE_GRANT],
        schedule.statement(&alias)
    );

    functions.update_url(NAME, Auth::Iam).await.unwrap();
    let changed = functions.url(NAME).await.unwrap().unwrap();
    assert_eq!(
        (changed.auth, changed.url, changed.cors),
        (Auth::Iam, found.url, None)
    );

    functions.delete_url(NAME).await.unwrap();
    assert_eq!(functions.url(NAME).await.unwrap(), None);
    // They outlive it.
    assert_eq!(
        functions
            .grants(NAME)
            .await
            .unwrap()
            .unwrap()
            .statements
            .len(),
        3
    );
    for id in ["function-url", "invoke-by-url", SCHEDULE_GRANT] {
        functions.remove_grant(NAME, id).await.unwrap();
    }
    assert_eq!(functions.grants(NAME).await.unwrap(), None);
}
