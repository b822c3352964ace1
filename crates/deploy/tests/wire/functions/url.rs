//! The URL of the alias that serves, and who may use it.

use std::sync::Arc;

use anyhow::Result;
use deploy::cloud::{Auth, Document, FunctionUrl, Functions, Grant, Kind, SCHEDULE_GRANT};
use serde_json::json;

use super::{NAME, Parts};
use crate::{
    place::{Place, on_each_place},
    wire::{Account, REGION, failed, spec},
};

on_each_place![
    a_url_is_made_read_changed_and_removed,
    a_url_that_is_not_there_is_not_removed,
    a_url_is_not_made_twice,
    a_grant_is_not_given_twice,
    who_may_use_a_url_is_said_and_taken_back,
];

fn schedule(account: &Account) -> (&'static str, Grant) {
    let rule = format!("arn:aws:events:{REGION}:{}:rule/some", account.number);
    let grant = Grant {
        action: "lambda:InvokeFunction".into(),
        principal: "events.amazonaws.com".into(),
        source_arn: Some(rule),
        ..Grant::default()
    };
    (SCHEDULE_GRANT, grant)
}

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

/// The function, and the alias that serves.
async fn served(account: &Account) -> Result<Arc<dyn Functions>> {
    let (functions, parts) = (account.cloud().await.functions, Parts::new(account).await?);
    parts.function(&*functions).await?;
    functions
        .publish_version(NAME, &parts.hashes[0], "")
        .await?;
    functions.create_alias(NAME, "1").await?;
    Ok(functions)
}

async fn a_url_is_made_read_changed_and_removed(place: Place) {
    let account = place.account().await.unwrap();
    let nothing = account.cloud().await.functions;
    assert_eq!(nothing.url(NAME).await.unwrap(), None);
    let functions = served(&account).await.unwrap();
    assert_eq!(functions.url(NAME).await.unwrap(), None);
    functions.create_url(NAME, Auth::None).await.unwrap();
    let found = functions.url(NAME).await.unwrap().unwrap();
    let wanted = json!({ "auth": "NONE", "mode": "BUFFERED", "cors": null, "grants": {} });
    assert_eq!(spec(&found), wanted);
    assert!(found.url.starts_with("https://"), "{}", found.url);
    assert!(found.url.ends_with(".on.aws/"), "{}", found.url);

    functions.update_url(NAME, Auth::Iam).await.unwrap();
    let changed = functions.url(NAME).await.unwrap().unwrap();
    let wanted = FunctionUrl {
        auth: Auth::Iam,
        ..found
    };
    assert_eq!(changed, wanted);
    functions.delete_url(NAME).await.unwrap();
    assert_eq!(functions.url(NAME).await.unwrap(), None);
}

async fn a_url_that_is_not_there_is_not_removed(place: Place) {
    let account = place.account().await.unwrap();
    let functions = served(&account).await.unwrap();
    failed(functions.delete_url(NAME).await, Kind::NotFound);
}

async fn a_url_is_not_made_twice(place: Place) {
    let account = place.account().await.unwrap();
    let functions = served(&account).await.unwrap();
    functions.create_url(NAME, Auth::None).await.unwrap();
    let again = functions.create_url(NAME, Auth::None).await;
    failed(again, Kind::AlreadyExists);
}

async fn a_grant_is_not_given_twice(place: Place) {
    let account = place.account().await.unwrap();
    let functions = served(&account).await.unwrap();
    let [url, function] = everybody();
    for (id, grant) in [url, function, schedule(&account)] {
        functions.add_grant(NAME, id, &grant).await.unwrap();
        let again = functions.add_grant(NAME, id, &grant).await;
        failed(again, Kind::AlreadyExists);
    }
}

async fn who_may_use_a_url_is_said_and_taken_back(place: Place) {
    let account = place.account().await.unwrap();
    let functions = served(&account).await.unwrap();
    functions.create_url(NAME, Auth::None).await.unwrap();
    assert_eq!(functions.grants(NAME).await.unwrap(), None);
    let removed = functions.remove_grant(NAME, "function-url").await;
    failed(removed, Kind::NotFound);

    let alias = format!(
        "arn:aws:lambda:{REGION}:{}:function:{NAME}:live",
        account.number
    );
    let [url, function] = everybody();
    let all = [url, function, schedule(&account)];
    for (id, grant) in &all {
        functions.add_grant(NAME, id, grant).await.unwrap();
    }
    let told = functions.grants(NAME).await.unwrap().unwrap();
    let wanted = all.iter().map(|(id, grant)| (*id, grant.statement(&alias)));
    assert_eq!(told, Document::new(wanted));
    // That of the schedule belongs to the schedule.
    let mut of_url = told.statements.clone();
    of_url.remove(SCHEDULE_GRANT);
    let found = functions.url(NAME).await.unwrap().unwrap();
    assert_eq!(found.grants, of_url);

    // They outlive it.
    functions.delete_url(NAME).await.unwrap();
    assert_eq!(functions.grants(NAME).await.unwrap(), Some(told));
    for (id, _) in all {
        functions.remove_grant(NAME, id).await.unwrap();
    }
    assert_eq!(functions.grants(NAME).await.unwrap(), None);
}
