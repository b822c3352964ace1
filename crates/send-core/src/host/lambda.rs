//! AWS Lambda as a host: events come in by the Runtime API, one at a time, and each is answered whole.
//!
//! | file | what it knows |
//! |---|---|
//! | `event` | what an event asks for, and the HTTP request in it |
//! | `answer` | the HTTP response as Lambda takes it, and what does not fit |
//!
//! Answers are buffered. Streamed ones cost 40 ms each, because head and body travel apart, and one that breaks off half-way arrives as
//! a success with the error's text in its body.

mod answer;
mod event;

use std::{io, pin::pin, sync::Arc, time::Duration};

use aws_lambda_events::lambda_function_urls::LambdaFunctionUrlRequest;
use axum::{
    Router,
    body::Body,
    http::{HeaderValue, Method, Request},
};
use futures::future::{Either, select};
use lambda_extension::Extension;
use lambda_runtime::{Context, Diagnostic, LambdaEvent, Runtime, service_fn};
use serde_json::value::RawValue;
use tokio::sync::Mutex;
use tower::{ServiceExt, util::MapFutureLayer};

use super::{refusal::Refusal, stop_signal};
use crate::{
    chores::Chores,
    clock::{Clock, Millis},
    layers::{PATIENCE, RequestId},
    sweep::GRACE,
    trace,
};
use event::Event;
pub(super) use event::Unreadable;

/// What must be left of an event's time when its chores are to end: for what is begun then, for figures, and for the answer.
const MARGIN: Duration = GRACE
    .saturating_add(PATIENCE)
    .saturating_add(Duration::from_secs(1));
/// The name of the extension that we are to Lambda: any that no other extension has.
const EXTENSION: &str = "send-stop";

/// Answers events with `app`, and does `chores` when the schedule's event says so, until SIGINT or SIGTERM; an event that is being
/// answered then is answered first.
///
/// # Errors
/// When the Runtime API is gone, or the signals cannot be listened for.
///
/// # Panics
/// When a variable is missing that Lambda sets for every function, such as `AWS_LAMBDA_FUNCTION_NAME`.
pub async fn run(app: Router, chores: impl Chores) -> io::Result<()> {
    let stop = stop_signal()?;
    let function = Arc::new(Function { app, chores });
    let handle = move |event| Arc::clone(&function).handle(event);
    // Held from when an event has arrived until its answer was taken.
    let busy = Arc::new(Mutex::new(()));
    let idle = Arc::clone(&busy);
    let one_at_a_time = MapFutureLayer::new(move |answered| {
        let busy = Arc::clone(&busy);
        async move {
            let _turn = busy.lock().await;
            answered.await
        }
    });
    ask_for_notice().await;
    tracing::info!("answering events of AWS Lambda");
    let runtime = Runtime::new(service_fn(handle)).layer(one_at_a_time);
    let ended = match select(pin!(runtime.run()), pin!(stop)).await {
        Either::Left((ended, _)) => ended,
        Either::Right(((), runtime)) => match select(runtime, pin!(idle.lock())).await {
            Either::Left((ended, _)) => ended,
            Either::Right(_) => Ok(()),
        },
    };
    ended.map_err(io::Error::other)
}

/// Lambda ends a process without a word, unless an extension is registered in it: this one, which asks for no events. ("Lambda execution
/// environment lifecycle", Shutdown phase.) Where there is no such thing the last figures of usage may be lost, and nothing else.
async fn ask_for_notice() {
    let extension = Extension::new()
        .with_extension_name(EXTENSION)
        .with_events(&[]);
    match extension.register().await {
        Ok(extension) => drop(tokio::spawn(extension.run())),
        Err(error) => tracing::warn!(%error, "this host does not say when it ends"),
    }
}

/// A service as a function: from event to answer.
struct Function<C> {
    app: Router,
    chores: C,
}

impl<C: Chores> Function<C> {
    /// One event. An error is logged, told to whoever sent the event, and ends nothing.
    async fn handle(
        self: Arc<Self>,
        event: LambdaEvent<Box<RawValue>>,
    ) -> Result<Box<RawValue>, Diagnostic> {
        let LambdaEvent { payload, context } = event;
        let event = Event::read(payload.get());
        // Several megabytes, which are in the event too.
        drop(payload);
        match event {
            Ok(Event::Request(request)) => self.answer(*request, &context).await,
            Ok(Event::Schedule) => self.work(&context).await,
            Err(unknown) => Err(failure("UnknownEvent", unknown, &context)),
        }
    }

    async fn answer(
        &self,
        event: LambdaFunctionUrlRequest,
        context: &Context,
    ) -> Result<Box<RawValue>, Diagnostic> {
        let head_only = event.request_context.http.method.as_deref() == Some(Method::HEAD.as_str());
        let response = match event::request(event) {
            Ok(request) => {
                let Ok(response) = self.app.clone().oneshot(with(request, context)).await;
                response
            }
            Err(unreadable) => {
                let refusal = Refusal::Unreadable(unreadable);
                refusal.log(&context.request_id);
                refusal.answer(&context.request_id)
            }
        };
        let answer = answer::of(response, head_only, &context.request_id).await;
        answer.map_err(|refusal| failure("UnwritableAnswer", refusal, context))
    }

    /// Chores, for as long as this event may take.
    async fn work(&self, context: &Context) -> Result<Box<RawValue>, Diagnostic> {
        let time = Millis(context.deadline).since(Clock::System.now());
        match time.checked_sub(MARGIN) {
            Some(time) => drop(self.chores.once(time).await),
            None => tracing::error!(
                request_id = context.request_id,
                "no chores in {time:?}: give the function a timeout of more than {MARGIN:?}"
            ),
        }
        Ok(RawValue::NULL.to_owned())
    }
}

/// The request with what Lambda itself says of it: its id, and the trace that it belongs to.
fn with(mut request: Request<Body>, context: &Context) -> Request<Body> {
    let id = RequestId(context.request_id.clone());
    request.extensions_mut().insert(id);
    if let Some(trace) = &context.xray_trace_id
        && let Ok(value) = HeaderValue::try_from(trace)
    {
        request.headers_mut().insert(trace::AMAZON, value);
    }
    request
}

/// An event that has no answer.
fn failure(kind: &str, error: impl ToString, context: &Context) -> Diagnostic {
    let error = error.to_string();
    tracing::error!(request_id = context.request_id, "{error}");
    Diagnostic {
        error_type: kind.to_owned(),
        error_message: error,
    }
}
