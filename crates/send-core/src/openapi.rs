//! What all operations of a description share, said once: the request id on every answer, and what the layers around the routes
//! answer; and the document as it is served.

use axum::http::StatusCode;
use serde_json::Value;
use utoipa::{
    ToSchema,
    openapi::{
        Content, ContentBuilder, HeaderBuilder, ObjectBuilder, OpenApi, Ref, RefOr, Response,
        ResponseBuilder, Schema, Type,
        path::{Operation, PathItem},
    },
};

use crate::{
    error::ErrorBody,
    extract::{ACCESS_TOKEN, DELETE_AUTH, SEND_TOKEN},
    layers::REQUEST_ID,
    version::VERSION,
};

/// Adds the version, to every operation what it answers because of the layers, and to every answer what all of them have.
pub fn complete(description: &mut OpenApi) {
    description.info.version = VERSION.into();
    for path in description.paths.paths.values_mut() {
        for operation in operations(path) {
            if let Some(RefOr::T(body)) = &mut operation.request_body
                && body.required.is_none()
            {
                body.content.values_mut().for_each(unless_absent);
            }
            add_shared(operation);
            for (status, response) in &mut operation.responses.responses {
                if let RefOr::T(response) = response {
                    add_common(status, response);
                }
            }
        }
    }
}

/// The document, as it is served.
#[must_use]
pub fn json(description: &OpenApi) -> Vec<u8> {
    let mut json = serde_json::to_value(description).unwrap_or_default();
    respell(&mut json);
    serde_json::to_vec(&json).unwrap_or_default()
}

/// utoipa 6.0 writes `u-int64`, where the registry of formats has `uint64`.
fn respell(json: &mut Value) {
    match json {
        Value::Object(fields) => {
            if let Some(Value::String(format)) = fields.get_mut("format") {
                *format = format.replace("u-int", "uint");
            }
            fields.values_mut().for_each(respell);
        }
        Value::Array(items) => items.iter_mut().for_each(respell),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The operations at a path.
pub fn operations(path: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let all = [
        &mut path.get,
        &mut path.put,
        &mut path.post,
        &mut path.patch,
        &mut path.delete,
    ];
    all.into_iter().flatten()
}

/// A body that may be absent may not be `null`, which is how its `Option` is described.
fn unless_absent(content: &mut RefOr<Content>) {
    let RefOr::T(content) = content else {
        return;
    };
    if let Some(RefOr::T(Schema::OneOf(choice))) = &mut content.schema {
        let first = choice.items.drain(..).next();
        content.schema = first.or(content.schema.take());
    }
}

/// What can be answered before a route sees the request, or in its place. What an operation says of itself stays.
fn add_shared(operation: &mut Operation) {
    let (shows_token, has_body) = (shows_token(operation), operation.request_body.is_some());
    let mut add = |status, meaning| add_refusal(operation, status, meaning);
    add(
        StatusCode::FORBIDDEN,
        "Not by the address that the operator has made public",
    );
    if has_body {
        add(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "The body has a `Content-Encoding`",
        );
    }
    if shows_token {
        add(
            StatusCode::TOO_MANY_REQUESTS,
            "Too many wrong tokens from this address today",
        );
    }
    add(
        StatusCode::INTERNAL_SERVER_ERROR,
        "Something went wrong here; the request id helps to find out what",
    );
    add(
        StatusCode::SERVICE_UNAVAILABLE,
        "The storage does not answer, or refuses this service",
    );
}

/// Whether an operation takes a secret that can be guessed at.
fn shows_token(operation: &Operation) -> bool {
    let secrets = [SEND_TOKEN, ACCESS_TOKEN, DELETE_AUTH];
    let parameters = operation.parameters.iter().flatten();
    parameters
        .filter_map(|parameter| match parameter {
            RefOr::T(parameter) => Some(&parameter.name),
            RefOr::Ref(_) => None,
        })
        .any(|name| secrets.iter().any(|secret| secret == name.as_str()))
}

/// Adds a refusal to an operation, unless it says itself what this status means.
pub fn add_refusal(operation: &mut Operation, status: StatusCode, meaning: &str) {
    let responses = &mut operation.responses.responses;
    let status = status.as_str().to_owned();
    responses
        .entry(status)
        .or_insert_with(|| RefOr::T(refusal(meaning)));
}

fn refusal(meaning: &str) -> Response {
    let body = Ref::from_schema_name(ErrorBody::name());
    ResponseBuilder::new()
        .description(meaning)
        .content(
            "application/json",
            ContentBuilder::new().schema(Some(body)).build(),
        )
        .build()
}

/// Digits of our own, or a UUID where AWS Lambda names requests.
fn request_id() -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some("^[0-9a-f-]{16,36}$"))
        .into()
}

/// The request id, and a meaning where none is said.
fn add_common(status: &str, response: &mut Response) {
    let id = HeaderBuilder::new()
        .schema(Some(request_id()))
        .description(Some("Names the request in the server's log"));
    response
        .headers
        .insert(REQUEST_ID.to_string(), id.build().into());
    if response.description.is_empty() {
        response.description = meaning(status).to_owned();
    }
}

/// What a status means here that an operation says nothing about.
fn meaning(status: &str) -> &'static str {
    match status {
        "206" => "The range that was asked for",
        "400" => "A field, parameter or header is malformed",
        "401" => "An access token is needed",
        "404" => "Unknown, or not for this token",
        "410" => "`expired`, `exhausted`, `deleted` or `taken_down`",
        "413" => "Larger than what is taken here",
        "416" => "The range lies outside of what there is",
        "507" => "The storage is full",
        _ => "Done",
    }
}

#[cfg(test)]
mod tests {
    use utoipa::openapi::{
        Info, OpenApiBuilder, PathsBuilder,
        path::{HttpMethod, OperationBuilder},
    };

    use super::*;

    /// The answers of one operation, completed.
    fn answers(operation: OperationBuilder) -> serde_json::Value {
        let path = PathItem::new(HttpMethod::Get, operation);
        let mut api = OpenApiBuilder::new()
            .info(Info::new("a service", "1"))
            .paths(PathsBuilder::new().path("/it", path))
            .build();
        complete(&mut api);
        serde_json::to_value(&api).unwrap_or_default()["paths"]["/it"]["get"]["responses"].take()
    }

    #[test]
    fn every_operation_says_what_the_layers_answer() {
        let answers = answers(OperationBuilder::new().response("200", Response::default()));
        let statuses: Vec<_> = answers.as_object().unwrap().keys().collect();
        assert_eq!(statuses, ["200", "403", "500", "503"]);
        assert_eq!(answers["200"]["description"], "Done");
        for answer in answers.as_object().unwrap().values() {
            assert_eq!(
                answer["headers"]["x-request-id"]["schema"]["pattern"],
                "^[0-9a-f-]{16,36}$"
            );
        }
    }

    #[test]
    fn formats_are_those_of_the_registry() {
        let mut json = serde_json::json!({ "a": [{ "format": "u-int64" }], "format": "int32" });
        respell(&mut json);
        assert_eq!(
            json,
            serde_json::json!({ "a": [{ "format": "uint64" }], "format": "int32" })
        );
    }

    #[test]
    fn what_an_operation_says_itself_stays() {
        let own = ResponseBuilder::new().description("`wrong_passphrase`");
        let answers = answers(OperationBuilder::new().response("403", own));
        assert_eq!(answers["403"]["description"], "`wrong_passphrase`");
    }
}
