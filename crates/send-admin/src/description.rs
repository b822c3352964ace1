//! What the description of the API says of every route: how an admin proves to be one, and how others are refused.

use send_core::{
    admin_keys::{AdminKeys, SESSION_COOKIE},
    openapi::operations,
};
use utoipa::openapi::{
    Components, Content, OpenApi, Ref, Response,
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
    let body = || Content::new(Some(Ref::from_schema_name("ErrorBody")));
    for (status, description) in [
        ("401", "No admin key and no session, or wrong ones"),
        ("403", "A change that a page of another site asks for"),
        ("429", "Too many wrong keys at once"),
    ] {
        let mut response = Response::new(description);
        response
            .content
            .insert("application/json".to_owned(), body().into());
        let responses = &mut operation.responses.responses;
        responses
            .entry(status.to_owned())
            .or_insert_with(|| response.into());
    }
}
