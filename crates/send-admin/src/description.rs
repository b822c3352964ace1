//! What the description of the API says of every route: how an admin proves to be one, and how others are refused.

use axum::http::StatusCode;
use send_core::{
    admin_keys::{AdminKeys, SESSION_COOKIE},
    openapi::{add_refusal, operations},
};
use utoipa::openapi::{
    Components, OpenApi,
    path::Operation,
    security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme},
};

use crate::auth;

/// Completes the description.
pub(crate) fn complete(description: &mut OpenApi, keys: &AdminKeys) {
    let ways = [
        (
            "key",
            ApiKey::Header(value(keys.name().as_str(), "The admin key.")),
        ),
        (
            "key_cookie",
            ApiKey::Cookie(value(keys.name().as_str(), "The admin key, in a cookie.")),
        ),
        (
            "session",
            ApiKey::Cookie(value(
                SESSION_COOKIE,
                "A session, from `/auth/set-auth-cookie`.",
            )),
        ),
    ];
    let needed = |(name, _): &(&str, ApiKey)| SecurityRequirement::new(*name, [] as [&str; 0]);
    description.security = Some(ways.iter().map(needed).collect());
    let components = description.components.get_or_insert_with(Components::new);
    for (name, way) in ways {
        components.add_security_scheme(name, SecurityScheme::ApiKey(way));
    }
    for (path, item) in &mut description.paths.paths {
        for operation in operations(item) {
            if auth::is_open(path) {
                operation.security = Some(Vec::new());
            } else {
                refusals(operation);
            }
        }
    }
}

fn value(name: &str, description: &str) -> ApiKeyValue {
    ApiKeyValue::with_description(name, description)
}

/// Every closed route refuses who is no admin.
fn refusals(operation: &mut Operation) {
    for (status, meaning) in [
        (
            StatusCode::UNAUTHORIZED,
            "No admin key and no session, or wrong ones",
        ),
        (
            StatusCode::FORBIDDEN,
            "A change that a page of another site asks for",
        ),
        (StatusCode::TOO_MANY_REQUESTS, "Too many wrong keys at once"),
    ] {
        add_refusal(operation, status, meaning);
    }
}
