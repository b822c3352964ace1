//! What every route asks of a request, but for a few that are open: an admin.
//!
//! One layer lies around all routes and knows the open ones by name, so a route that is added later is closed until somebody
//! says otherwise here. What no route takes is answered outside of it.

use axum::{
    extract::{FromRequestParts, MatchedPath, Request, State as Shared},
    http::{HeaderMap, HeaderName, Method, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use send_core::{
    admin_keys::{self, SIGN_IN},
    audit::By,
    clock::Millis,
    error::ApiError,
    id::Digest,
    pages,
    wrong_keys::NEEDED,
};

use crate::State;

/// Routes that are open, beside those of [`send_core::info`].
const OPEN: [&str; 6] = [
    "/",
    pages::DOCS,
    pages::DESCRIPTION,
    pages::FILES,
    "/auth/set-cookie-form",
    SIGN_IN,
];

/// By this header browsers tell where a request comes from.
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The admin who asks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Admin {
    /// The hash of the admin's key.
    pub(crate) key: Digest,
    /// When the session ends; `None` where the key itself was shown.
    pub(crate) expires_at: Option<Millis>,
    /// A cookie let the request in, which a browser sends by itself.
    by_cookie: bool,
}

impl Admin {
    /// Who acts, for the audit log.
    pub(crate) const fn by(&self) -> By {
        By(self.key)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Admin {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parts.extensions.get().copied().ok_or(NEEDED)
    }
}

/// Whether a route is open to everyone.
pub(crate) fn is_open(route: &str) -> bool {
    let info = route == "/api/info" || route.starts_with("/api/info/");
    OPEN.contains(&route) || info || route.starts_with("/info/")
}

/// The layer: lets pass who is an admin, and everyone to what is open.
pub(crate) async fn admit(
    Shared(app): Shared<State>,
    mut request: Request,
    next: Next,
) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    if !route.is_some_and(|route| is_open(route.as_str())) {
        match app.admin(request.method(), request.headers()).await {
            Ok(admin) => drop(request.extensions_mut().insert(admin)),
            Err(refusal) => return refusal.into_response(),
        }
    }
    next.run(request).await
}

impl State {
    async fn admin(&self, method: &Method, headers: &HeaderMap) -> Result<Admin, ApiError> {
        let Some(admin) = self.known(headers).await? else {
            let keys = &self.config.admin_keys;
            return Err(self.wrong_keys.turn_away(keys, headers).await);
        };
        if admin.by_cookie && !method.is_safe() {
            from_our_page(headers)?;
        }
        Ok(admin)
    }

    /// The admin who shows the key or a session that lasts.
    async fn known(&self, headers: &HeaderMap) -> Result<Option<Admin>, ApiError> {
        if let Some(admitted) = self.config.admin_keys.admitted(headers) {
            return Ok(Some(Admin {
                key: admitted.key,
                expires_at: None,
                by_cookie: admitted.by_cookie,
            }));
        }
        let Some(shown) = admin_keys::session(headers) else {
            return Ok(None);
        };
        let session = self.sessions.find(&shown).await?;
        Ok(session.map(|session| Admin {
            key: session.key,
            expires_at: Some(session.expires_at),
            by_cookie: true,
        }))
    }
}

/// Refuses what a page of another site asks for. Browsers that do not tell are held by the cookie's `SameSite`.
pub(super) fn from_our_page(headers: &HeaderMap) -> Result<(), ApiError> {
    match headers.get(&FETCH_SITE) {
        Some(site) if site != "same-origin" => Err(ApiError::Forbidden(
            "Changes are taken from the admin page itself only.",
        )),
        Some(_) | None => Ok(()),
    }
}
