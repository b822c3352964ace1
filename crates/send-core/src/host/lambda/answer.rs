//! The HTTP response as Lambda takes it: one JSON document, which must fit.

use aws_lambda_events::lambda_function_urls::LambdaFunctionUrlResponse;
use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue, header, response::Parts},
    response::Response,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::value::{RawValue, to_raw_value};

use crate::host::refusal::Refusal;

/// The most bytes of an answer, as JSON: AWS Lambda, "Quotas", synchronous invocation payload.
const MOST: usize = 6 << 20;

/// Kinds of bodies that travel as text; all others travel in base64.
const TEXT: [&str; 2] = ["text/", "application/json"];

/// The response as a document. One that breaks off or does not fit is refused in its place, and logged: routes ought to have seen to it.
///
/// # Errors
/// None at present: a refusal can be written.
pub(super) async fn of(
    response: Response,
    head_only: bool,
    request_id: &str,
) -> Result<Box<RawValue>, Refusal> {
    match document(response, head_only).await {
        Ok(document) => Ok(document),
        Err(refusal) => {
            refusal.log(request_id);
            document(refusal.answer(request_id), head_only).await
        }
    }
}

async fn document(response: Response, head_only: bool) -> Result<Box<RawValue>, Refusal> {
    let (head, body) = response.into_parts();
    let bytes = if head_only {
        Bytes::new()
    } else {
        all(body).await?
    };
    let document = to_raw_value(&answer(&head, bytes)).map_err(|_| Refusal::Unwritable)?;
    if document.get().len() > MOST {
        return Err(Refusal::LargeAnswer);
    }
    Ok(document)
}

async fn all(body: Body) -> Result<Bytes, Refusal> {
    match Limited::new(body, MOST).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Refusal::LargeAnswer),
        Err(_) => Err(Refusal::BrokenAnswer),
    }
}

fn answer(head: &Parts, bytes: Bytes) -> LambdaFunctionUrlResponse {
    let mut answer = LambdaFunctionUrlResponse::default();
    answer.status_code = head.status.as_u16().into();
    answer.headers = joined(&head.headers);
    answer.cookies = cookies(&head.headers);
    if bytes.is_empty() {
        return answer;
    }
    let text = is_text(&head.headers).then(|| std::str::from_utf8(&bytes));
    let (body, is_base64) = match text {
        Some(Ok(text)) => (text.to_owned(), false),
        None | Some(Err(_)) => (BASE64_STANDARD.encode(&bytes), true),
    };
    answer.body = Some(body);
    answer.is_base64_encoded = is_base64;
    answer
}

fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    let text = kind.is_some_and(|kind| {
        TEXT.iter()
            .any(|text| kind.as_bytes().starts_with(text.as_bytes()))
    });
    text && !headers.contains_key(header::CONTENT_ENCODING)
}

/// Cookies travel apart: they are the one header whose values cannot be joined.
fn cookies(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(header::SET_COOKIE).iter();
    let texts = values.filter_map(|value| value.to_str().ok());
    texts.map(str::to_owned).collect()
}

/// All other headers, each once: equal ones joined with commas, as HTTP allows (RFC 9110, 5.3).
fn joined(headers: &HeaderMap) -> HeaderMap {
    let names = headers.keys().filter(|name| *name != header::SET_COOKIE);
    let one = |name: &HeaderName| {
        let values: Vec<_> = headers
            .get_all(name)
            .iter()
            .map(HeaderValue::as_bytes)
            .collect();
        let value = HeaderValue::from_bytes(&values.join(&b", "[..])).ok()?;
        Some((name.clone(), value))
    };
    names.filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use std::io;

    use axum::response::IntoResponse;
    use futures::stream;
    use serde_json::{Value, json};

    use super::*;

    async fn answered(response: impl IntoResponse) -> Value {
        let document = of(response.into_response(), false, "an-id").await.unwrap();
        serde_json::from_str(document.get()).unwrap()
    }

    #[tokio::test]
    async fn text_travels_as_it_is() {
        let answer = answered(([("content-type", "application/json")], "{\"a\":\"ü\"}")).await;
        let wanted = json!({
            "statusCode": 200,
            "headers": { "content-type": "application/json" },
            "body": "{\"a\":\"ü\"}",
            "isBase64Encoded": false,
            "cookies": []
        });
        assert_eq!(answer, wanted);
    }

    #[tokio::test]
    async fn bytes_travel_in_base64() {
        let bytes = ([("content-type", "application/octet-stream")], "readable");
        let packed = (
            [("content-type", "text/css"), ("content-encoding", "gzip")],
            "packed",
        );
        let torn = ([("content-type", "text/plain")], vec![0xFF, 0xFE]);
        for (answer, body) in [
            (answered(bytes).await, "cmVhZGFibGU="),
            (answered(packed).await, "cGFja2Vk"),
            (answered(torn).await, "//4="),
        ] {
            assert_eq!(answer["body"], body);
            assert_eq!(answer["isBase64Encoded"], true);
        }
    }

    #[tokio::test]
    async fn no_header_is_lost() {
        let mut response = ().into_response();
        for (name, value) in [
            ("vary", "origin"),
            ("vary", "accept-encoding"),
            ("set-cookie", "a=1; expires=Thu, 01 Jan 1970 00:00:00 GMT"),
            ("set-cookie", "b=2"),
        ] {
            let value = HeaderValue::from_static(value);
            response
                .headers_mut()
                .append(HeaderName::from_static(name), value);
        }
        let answer = answered(response).await;
        assert_eq!(answer["headers"]["vary"], "origin, accept-encoding");
        let cookies = ["a=1; expires=Thu, 01 Jan 1970 00:00:00 GMT", "b=2"];
        assert_eq!(answer["cookies"], json!(cookies));
        assert_eq!(answer["body"], Value::Null);
    }

    #[tokio::test]
    async fn nothing_is_answered_that_lambda_would_refuse() {
        // In base64 three bytes are four; the head takes the rest.
        let kind = [("content-type", "application/octet-stream")];
        let fits = of((kind, vec![0; 4_718_400]).into_response(), false, "an-id");
        assert!(fits.await.unwrap().get().len() <= MOST);
        for size in [4_718_592, 7 << 20] {
            let answer = answered((kind, vec![0; size])).await;
            assert_eq!(answer["statusCode"], 413);
            assert_eq!(answer["headers"]["x-request-id"], "an-id");
        }
        let quotes = answered("\"".repeat(MOST / 2)).await;
        assert_eq!(quotes["statusCode"], 413, "escaped they do not fit");
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_is_no_success() {
        let pieces = [Ok("half of "), Err(io::Error::other("the storage is gone"))];
        let answer = answered(Body::from_stream(stream::iter(pieces))).await;
        assert_eq!(answer["statusCode"], 500);
        let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        assert_eq!(body["detail"], "The answer broke off while it was read.");
        assert_eq!(body["request_id"], "an-id");
    }

    #[tokio::test]
    async fn a_head_has_no_body() {
        let response = ([("content-length", "4")], "body").into_response();
        let document = of(response, true, "an-id").await.unwrap();
        let answer: Value = serde_json::from_str(document.get()).unwrap();
        assert_eq!(answer["body"], Value::Null);
        assert_eq!(answer["headers"]["content-length"], "4");
    }
}
