//! The Runtime API of one environment: "Using the Lambda runtime API for custom runtimes", AWS Lambda Developer Guide.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::Result;
use axum::{
    Json, Router,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
    serve::ListenerExt,
};
use serde_json::json;
use tokio::{net::TcpListener, runtime::Handle};

use super::{
    extensions::Extensions,
    function::{Event, Function, Invocation, Outcome, TIMEOUT, failed},
    limits,
};

/// The name of every function of the tests, as AWS writes it out.
const ARN: &str = "arn:aws:lambda:eu-west-2:123456789012:function:send-tests:live";

/// What an environment's process talks to.
#[derive(Debug)]
pub(super) struct RuntimeApi {
    function: Arc<Function>,
    /// The event that the process is busy with, and who waits for the answer.
    under_way: Mutex<Option<(String, Outcome)>>,
    /// Whether the process has asked for its first event.
    asked: AtomicBool,
    extensions: Arc<Extensions>,
}

impl RuntimeApi {
    /// One for a process that is to be started.
    pub(super) fn open(
        runtime: &Handle,
        function: Arc<Function>,
    ) -> Result<(Arc<Self>, SocketAddr)> {
        let api = Arc::new(Self {
            function,
            under_way: Mutex::default(),
            asked: AtomicBool::default(),
            extensions: Arc::default(),
        });
        let routes = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route(
                "/2018-06-01/runtime/invocation/{id}/response",
                post(answered),
            )
            .route("/2018-06-01/runtime/invocation/{id}/error", post(erred))
            .route("/2018-06-01/runtime/init/error", post(not_started))
            .with_state(api.clone())
            .merge(api.extensions.clone().routes());
        Ok((api, listen(runtime, routes)?))
    }

    /// Whether the process has asked for its first event, and each extension in it too.
    pub(super) fn ready(&self) -> bool {
        self.asked.load(Ordering::SeqCst) && self.extensions.ready()
    }

    /// Whether an extension is registered.
    pub(super) fn is_extended(&self) -> bool {
        self.extensions.any()
    }

    /// The process has ended, and with it what it was busy with.
    pub(super) async fn lost(&self) {
        drop(self.under_way().take());
        self.function.left().await;
    }

    fn begin(&self, event: Event) -> Response {
        let deadline = SystemTime::now() + TIMEOUT;
        let deadline = deadline.duration_since(UNIX_EPOCH).unwrap_or_default();
        let headers = [
            ("content-type", "application/json".to_owned()),
            ("lambda-runtime-aws-request-id", event.id.clone()),
            (
                "lambda-runtime-deadline-ms",
                deadline.as_millis().to_string(),
            ),
            ("lambda-runtime-invoked-function-arn", ARN.to_owned()),
            ("lambda-runtime-trace-id", super::event::trace()),
        ];
        *self.under_way() = Some((event.id, event.outcome));
        (headers, event.bytes).into_response()
    }

    /// Tells what became of the event of this id, if that is what the process is busy with.
    fn end(&self, id: &str, invocation: Invocation) -> Response {
        let event = self.under_way().take_if(|(under_way, _)| under_way == id);
        let Some((_, outcome)) = event else {
            let error =
                json!({ "errorType": "InvalidRequestID", "errorMessage": "Invalid request ID" });
            return (StatusCode::BAD_REQUEST, Json(error)).into_response();
        };
        // Whoever asked may have gone.
        let _ = outcome.send(invocation);
        (StatusCode::ACCEPTED, Json(json!({ "status": "OK" }))).into_response()
    }

    fn under_way(&self) -> MutexGuard<'_, Option<(String, Outcome)>> {
        self.under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

type Api = State<Arc<RuntimeApi>>;

async fn next(State(api): Api) -> Response {
    api.asked.store(true, Ordering::SeqCst);
    match api.function.next().await {
        Some(event) => api.begin(event),
        None => StatusCode::GONE.into_response(),
    }
}

async fn answered(
    State(api): Api,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let whole = match limits::read(body).await {
        Ok(whole) => whole,
        Err(_) => return StatusCode::BAD_REQUEST.into_response(),
    };
    // A Function URL that buffers is what the services are made for: see the design of the parts.
    let streams = headers.contains_key("lambda-runtime-function-response-mode");
    match whole {
        Some(bytes) if !streams => api.end(&id, Invocation::Answered(bytes)),
        _ => {
            api.function.refuse();
            let kind = "Function.ResponseSizeTooLarge";
            let _ = api.end(&id, failed(kind, "Response payload size exceeded"));
            let error = json!({ "errorType": "RequestEntityTooLarge", "errorMessage": "Exceeded maximum allowed payload size" });
            (StatusCode::PAYLOAD_TOO_LARGE, Json(error)).into_response()
        }
    }
}

async fn erred(State(api): Api, Path(id): Path<String>, body: Body) -> Response {
    match limits::read(body).await {
        Ok(error) => api.end(&id, Invocation::Failed(error.unwrap_or_default())),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// What went wrong stands in the log of the process, which ends now.
async fn not_started() -> StatusCode {
    StatusCode::ACCEPTED
}

/// Serves routes on a free port of this machine.
pub(super) fn listen(runtime: &Handle, routes: Router) -> Result<SocketAddr> {
    let free = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    free.set_nonblocking(true)?;
    let address = free.local_addr()?;
    let _entered = runtime.enter();
    let listener = TcpListener::from_std(free)?.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let routes = routes.into_make_service_with_connect_info::<SocketAddr>();
    runtime.spawn(async move { axum::serve(listener, routes).await });
    Ok(address)
}
