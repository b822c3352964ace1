//! The Extensions API of one environment, for an extension inside the function's own process: "Lambda Extensions API", AWS Lambda
//! Developer Guide.

use std::{
    collections::BTreeMap,
    future::pending,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};

use super::environment::{HANDLER, NAME, VERSION};

/// By what an extension is known once it is registered.
const IDENTIFIER: &str = "lambda-extension-identifier";

/// The extensions of one environment: whether each has asked for its first event, by its identifier.
#[derive(Debug, Default)]
pub(super) struct Extensions(Mutex<BTreeMap<String, bool>>);

impl Extensions {
    /// What they talk to.
    pub(super) fn routes(self: Arc<Self>) -> Router {
        Router::new()
            .route("/2020-01-01/extension/register", post(register))
            .route("/2020-01-01/extension/event/next", get(next))
            .with_state(self)
    }

    /// Whether there is one.
    pub(super) fn any(&self) -> bool {
        !self.all().is_empty()
    }

    /// Whether all have asked for their first event: Lambda sends the function none before.
    pub(super) fn ready(&self) -> bool {
        self.all().values().all(|asked| *asked)
    }

    /// One more; its identifier is a UUID.
    fn add(&self) -> String {
        let mut all = self.all();
        let identifier = format!("6b0a3f47-0000-4000-8000-{:012x}", all.len());
        all.insert(identifier.clone(), false);
        identifier
    }

    /// Whether there is one of this identifier, which asks for an event now.
    fn asks(&self, identifier: &str) -> bool {
        let mut all = self.all();
        let asked = all.get_mut(identifier).map(|asked| *asked = true);
        asked.is_some()
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<String, bool>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An extension that asks for no events: for others there are none here, and one inside of the function's process may not ask for
/// the end's.
async fn register(
    State(extensions): State<Arc<Extensions>>,
    headers: HeaderMap,
    Json(asked): Json<Value>,
) -> Response {
    if !headers.contains_key("lambda-extension-name") {
        return refusal("Extension.InvalidExtensionName", "It has no name.");
    }
    if asked["events"] != json!([]) {
        return refusal("Extension.InvalidEventType", "It is to ask for no events.");
    }
    let function = json!({ "functionName": NAME, "functionVersion": VERSION, "handler": HANDLER });
    ([(IDENTIFIER, extensions.add())], Json(function)).into_response()
}

/// The next event of an extension that has asked for none.
async fn next(State(extensions): State<Arc<Extensions>>, headers: HeaderMap) -> Response {
    let identifier = headers.get(IDENTIFIER);
    let identifier = identifier.and_then(|identifier| identifier.to_str().ok());
    if !identifier.is_some_and(|identifier| extensions.asks(identifier)) {
        return refusal("Extension.UnknownExtensionIdentifier", "It is unknown.");
    }
    pending().await
}

fn refusal(kind: &str, message: &str) -> Response {
    let error = json!({ "errorType": kind, "errorMessage": message });
    (StatusCode::FORBIDDEN, Json(error)).into_response()
}
