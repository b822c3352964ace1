//! The URL of a function's alias, and who may invoke it.

use std::collections::BTreeMap;

use deploy::{
    cloud::{Auth, CorsRule, Document, FunctionUrl, Grant, SCHEDULE_GRANT},
    names::LIVE,
};

use super::{
    lambda::Function,
    place::Place,
    refusal::{Done, conflict, ensure, not_found},
    state::State,
};

const CONFLICT: &str = "ResourceConflictException";
const ABSENT: &str = "ResourceNotFoundException";

/// A URL.
#[derive(Clone)]
pub(crate) struct Url {
    pub(crate) auth: Auth,
    pub(crate) mode: String,
    pub(crate) cors: Option<CorsRule>,
    pub(super) url: String,
}

impl Url {
    /// Its domain.
    pub(crate) fn host(&self) -> &str {
        let rest = self.url.strip_prefix("https://").unwrap_or(&self.url);
        rest.trim_end_matches('/')
    }
}

impl Function {
    /// The URL as it is read, with the policy of the alias but for the grant to the schedule.
    pub(super) fn told_url(&self) -> Option<FunctionUrl> {
        let url = self.url.as_ref()?;
        let policy = self.policy();
        let mut grants = policy.map_or_else(BTreeMap::new, |policy| policy.statements);
        grants.remove(SCHEDULE_GRANT);
        Some(FunctionUrl {
            auth: url.auth,
            mode: url.mode.clone(),
            cors: url.cors.clone(),
            grants,
            url: url.url.clone(),
        })
    }

    /// The policy of the alias; one without statements is none.
    pub(super) fn policy(&self) -> Option<Document> {
        let grants = self.grants.clone();
        (self.live.is_some() && !grants.is_empty()).then(|| Document::new(grants))
    }
}

pub(super) fn create(place: &Place, state: &mut State, name: &str, auth: Auth) -> Done {
    let url = format!(
        "https://{}.lambda-url.{}.on.aws/",
        state.made_up(32),
        place.region
    );
    let function = place.region(state).function(name)?;
    function.aliased()?;
    if function.url.is_some() {
        return Err(conflict(
            CONFLICT,
            "FunctionUrlConfig exists for this Lambda function",
        ));
    }
    function.url = Some(Url {
        auth,
        mode: "BUFFERED".into(),
        cors: None,
        url,
    });
    Ok(())
}

pub(super) fn update(place: &Place, state: &mut State, name: &str, auth: Auth) -> Done {
    let function = place.region(state).function(name)?;
    let url = function
        .url
        .as_mut()
        .ok_or_else(|| not_found(ABSENT, "FunctionUrlConfig"))?;
    (url.auth, url.mode, url.cors) = (auth, "BUFFERED".into(), None);
    Ok(())
}

pub(super) fn delete(place: &Place, state: &mut State, name: &str) -> Done {
    let gone = place.region(state).function(name)?.url.take();
    gone.map(|_| ())
        .ok_or_else(|| not_found(ABSENT, "FunctionUrlConfig"))
}

pub(super) fn grant(place: &Place, state: &mut State, name: &str, id: &str, grant: &Grant) -> Done {
    let function = place.region(state).function(name)?;
    function.aliased()?;
    if function.grants.contains_key(id) {
        return Err(conflict(
            CONFLICT,
            format!("The statement id ({id}) provided already exists."),
        ));
    }
    let by_url = grant.action == "lambda:InvokeFunctionUrl";
    ensure(
        grant.url_auth.is_none() || by_url,
        "InvalidParameterValueException",
        "FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action",
    )?;
    let arn = place.arn("lambda", &format!("function:{name}:{LIVE}"));
    function.grants.insert(id.into(), grant.statement(&arn));
    Ok(())
}

pub(super) fn revoke(place: &Place, state: &mut State, name: &str, id: &str) -> Done {
    let function = place.region(state).function(name)?;
    function.aliased()?;
    let gone = function.grants.remove(id);
    gone.map(|_| ())
        .ok_or_else(|| not_found(ABSENT, &format!("statement {id}")))
}
