//! Who is an admin: the key, or a session that was exchanged for it.
//!
//! `admission`: what every route but a few asks of a request.

mod admission;

use axum::{
    Json,
    extract::State as Shared,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use send_core::{
    admin_keys,
    api::admin as wire,
    audit::{Action, By, Details, Subject},
    body,
    error::{ApiError, ErrorBody},
    secret::Token,
    sessions,
};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use admission::{Admin, admit, is_open};

use crate::State;

/// The routes.
pub(crate) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(sign_in_form))
        .routes(routes!(sign_in))
        .routes(routes!(session, sign_out))
}

/// Where the original had a form to sign in: the page has it.
#[utoipa::path(
    get,
    path = "/auth/set-cookie-form",
    tag = "auth",
    responses((status = 303, description = "To the page"))
)]
async fn sign_in_form() -> Redirect {
    Redirect::to("/")
}

/// Exchanges the admin key for a session of 15 minutes, which comes in a cookie.
#[utoipa::path(
    post,
    path = "/auth/set-auth-cookie",
    tag = "auth",
    request_body = wire::SignIn,
    responses(
        (status = 200, body = wire::SignedIn, headers(("set-cookie" = String, description = "The session"))),
        (status = 400, body = ErrorBody),
        (status = 401, body = ErrorBody, description = "The key is wrong; the answer takes a second"),
        (status = 403, body = ErrorBody, description = "Asked for by a page of another site"),
        (status = 429, body = ErrorBody, description = "Too many wrong keys at once"),
    )
)]
async fn sign_in(
    Shared(app): Shared<State>,
    headers: HeaderMap,
    body::Json(ask): body::Json<wire::SignIn>,
) -> Result<Response, ApiError> {
    admission::from_our_page(&headers)?;
    let Some(key) = app.config.admin_keys.find(ask.cookie_value.as_bytes()) else {
        return Err(app.wrong_keys.refuse().await);
    };
    let token = Token::random();
    let (audit, by, subject) = (app.audit, By(key), Subject::Session(token.hash()));
    let begin = async move { app.sessions.begin(key, &token).await };
    let (session, cookie) = audit
        .record(by, Action::SignedIn, subject, Details::new(), begin)
        .await?;
    let answer = wire::SignedIn {
        message: "Signed in.".into(),
        key: key.short(),
        expires_at: session.expires_at,
    };
    Ok(([(header::SET_COOKIE, cookie)], Json(answer)).into_response())
}

/// Who is signed in, and until when.
#[utoipa::path(
    get,
    path = "/auth/session",
    tag = "auth",
    responses((status = 200, body = wire::Session))
)]
async fn session(admin: Admin) -> Json<wire::Session> {
    Json(wire::Session {
        key: admin.key.short(),
        expires_at: admin.expires_at,
    })
}

/// Ends the session, everywhere.
#[utoipa::path(
    delete,
    path = "/auth/session",
    tag = "auth",
    responses((status = 204, description = "It is over, and the cookie is gone"))
)]
async fn sign_out(
    Shared(app): Shared<State>,
    admin: Admin,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if let Some(shown) = admin_keys::session(&headers)
        && let Some(token) = Token::parse(&shown)
        && app.sessions.find(&shown).await?.is_some()
    {
        let subject = Subject::Session(token.hash());
        let (audit, by, details) = (app.audit, admin.by(), Details::new());
        let end = async move { app.sessions.end(&shown).await };
        audit
            .record(by, Action::SignedOut, subject, details, end)
            .await?;
    }
    let gone = [(header::SET_COOKIE, sessions::no_cookie()?)];
    Ok((StatusCode::NO_CONTENT, gone).into_response())
}
