//! Answers that may be a range of what there is (RFC 9110, section 14).

use std::ops::Range;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use storage::ByteStream;

use crate::error::ApiError;

/// What is there to be read.
pub struct Whole<'a> {
    /// Its bytes.
    pub size: u64,
    /// Identifies them.
    pub etag: &'a str,
}

/// How much of a payload one answer may carry.
#[derive(Clone, Copy, Debug)]
pub struct Room(Option<u64>);

impl Room {
    /// On AWS Lambda an answer ends at 6,291,456 bytes of JSON, in which a body is base64: 4,700,000 bytes of it leave 24,788 for the head.
    /// (AWS Lambda, "Quotas".)
    const LAMBDA: u64 = 4_700_000;

    /// That of AWS Lambda, or as much as there is.
    #[must_use]
    pub fn of(on_lambda: bool) -> Self {
        Self(on_lambda.then_some(Self::LAMBDA))
    }

    /// Refuses what one answer cannot carry, before anything is counted; `way` is what to do instead.
    ///
    /// # Errors
    /// 413.
    pub fn check(
        self,
        whole: &Whole,
        range: Option<&Range<u64>>,
        way: impl FnOnce() -> String,
    ) -> Result<(), ApiError> {
        let asked = range.map_or(whole.size, |range| range.end - range.start);
        match self.0 {
            Some(most) if asked > most => Err(ApiError::TooLarge(format!(
                "One answer carries at most {most} bytes here. {}",
                way()
            ))),
            Some(_) | None => Ok(()),
        }
    }
}

/// The one range that a request asks for; `None` is all of it, as is whatever the standard lets a server ignore.
///
/// # Errors
/// 416 when it lies outside.
pub fn asked(headers: &HeaderMap, whole: &Whole) -> Result<Option<Range<u64>>, ApiError> {
    let Some(value) = headers
        .get(header::RANGE)
        .and_then(|value| value.to_str().ok())
    else {
        return Ok(None);
    };
    let same = headers
        .get(header::IF_RANGE)
        .is_none_or(|etag| etag == whole.etag);
    let Ok(ranges) = http_range_header::parse_range_header(value) else {
        return Ok(None);
    };
    if !same || ranges.len() != 1 {
        return Ok(None);
    }
    let valid = ranges
        .validate(whole.size)
        .map_err(|_| ApiError::Range { size: whole.size })?;
    Ok(valid.first().map(|range| *range.start()..range.end() + 1))
}

/// The answer: 200 with all of it, or 206 with the range.
#[must_use]
pub fn answer(whole: &Whole, range: Option<Range<u64>>, bytes: ByteStream) -> Response {
    let mut response = Response::new(Body::from_stream(bytes));
    let mut set = |name, value: String| {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, "application/octet-stream".into());
    set(header::ACCEPT_RANGES, "bytes".into());
    set(header::ETAG, whole.etag.to_owned());
    match &range {
        None => set(header::CONTENT_LENGTH, whole.size.to_string()),
        Some(Range { start, end }) => {
            set(header::CONTENT_LENGTH, (end - start).to_string());
            set(
                header::CONTENT_RANGE,
                format!("bytes {start}-{}/{}", end - 1, whole.size),
            );
        }
    }
    if range.is_some() {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lambda_carries_a_part_but_not_much_more() {
        let check = |on_lambda, size, range: Option<Range<u64>>| {
            let whole = Whole { size, etag: "" };
            Room::of(on_lambda).check(&whole, range.as_ref(), || "Ask elsewhere.".into())
        };
        assert!(check(true, crate::sizes::FIRST_PART, None).is_ok());
        assert!(check(true, u64::MAX, Some(10..4_700_010)).is_ok());
        let refused = check(true, u64::MAX, Some(10..4_700_011)).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "One answer carries at most 4700000 bytes here. Ask elsewhere."
        );
        assert!(check(true, 4_700_001, None).is_err());
        assert!(check(false, u64::MAX, None).is_ok());
    }

    fn range(value: &str, if_range: Option<&str>) -> Result<Option<Range<u64>>, ApiError> {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, value.parse().unwrap());
        if let Some(etag) = if_range {
            headers.insert(header::IF_RANGE, etag.parse().unwrap());
        }
        asked(
            &headers,
            &Whole {
                size: 100,
                etag: "\"a\"",
            },
        )
    }

    #[test]
    fn one_range_is_honoured() {
        assert_eq!(range("bytes=0-0", None).unwrap(), Some(0..1));
        assert_eq!(range("bytes=90-", None).unwrap(), Some(90..100));
        assert_eq!(range("bytes=-10", None).unwrap(), Some(90..100));
        assert_eq!(range("bytes=50-1000", None).unwrap(), Some(50..100));
        assert_eq!(range("bytes=0-9", Some("\"a\"")).unwrap(), Some(0..10));
    }

    #[test]
    fn what_may_be_ignored_is_the_whole() {
        for ignored in [
            "bytes=0-1,5-6",
            "lines=1-2",
            "bytes=9-1",
            "bytes",
            "bytes=x-",
        ] {
            assert_eq!(range(ignored, None).unwrap(), None, "{ignored}");
        }
        assert_eq!(range("bytes=0-9", Some("\"b\"")).unwrap(), None);
    }

    #[test]
    fn a_range_outside_is_416() {
        for outside in ["bytes=100-", "bytes=100-200", "bytes=-0"] {
            assert!(
                matches!(range(outside, None), Err(ApiError::Range { size: 100 })),
                "{outside}"
            );
        }
    }
}
