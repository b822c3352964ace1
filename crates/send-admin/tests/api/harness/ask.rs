//! Requests, and what came back.

use std::fmt;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode},
};
use bytes::Bytes;
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

/// A request on its way.
pub(crate) struct Ask {
    app: Router,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Bytes,
}

/// What came back.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Ask {
    /// One to this service.
    pub(crate) fn of(app: &Router, method: Method, path: impl fmt::Display) -> Self {
        Self {
            app: app.clone(),
            method,
            path: path.to_string(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.headers
            .append(name, value.to_string().parse().unwrap());
        self
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json")
            .bytes(body.to_string())
    }

    pub(crate) fn bytes(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) async fn await_reply(self) -> Reply {
        let mut request = Request::new(Body::from(self.body));
        *request.method_mut() = self.method;
        *request.uri_mut() = self.path.parse().unwrap();
        *request.headers_mut() = self.headers;
        let response = self.app.oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Reply {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    pub(crate) async fn ok(self) -> Reply {
        let (method, path) = (self.method.clone(), self.path.clone());
        let reply = self.await_reply().await;
        assert!(reply.status.is_success(), "{method} {path}: {reply}");
        reply
    }

    /// Status and detail of a refusal.
    pub(crate) async fn refused(self) -> (u16, String) {
        let reply = self.await_reply().await;
        let json = reply.json();
        assert_eq!(
            json["request_id"],
            reply.headers["x-request-id"].to_str().unwrap()
        );
        let detail = json["detail"].as_str().unwrap_or_default().to_owned();
        (reply.status.as_u16(), detail)
    }
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {self}"))
    }
}

/// For snapshots: the status, and the body with what is random left out.
impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.status.as_u16())?;
        match serde_json::from_slice::<Value>(&self.body) {
            Ok(mut json) => {
                if let Some(id) = json.get_mut("request_id") {
                    *id = "..".into();
                }
                write!(f, "{json}")
            }
            Err(_) => write!(f, "{} bytes", self.body.len()),
        }
    }
}
