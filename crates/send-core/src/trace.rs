//! Which trace a request belongs to, as what stands before the service tells it. Only for the log, and nothing else of the headers.

use axum::http::{HeaderMap, HeaderName};

use crate::extract;

/// `Root=1-{8 digits}-{24 digits};..`: AWS X-Ray, "Tracing header".
pub(crate) const AMAZON: HeaderName = HeaderName::from_static("x-amzn-trace-id");
/// `00-{32 digits}-{16 digits}-{2 digits}`: W3C Trace Context, level 1.
const PARENT: HeaderName = HeaderName::from_static("traceparent");

/// The id of the trace, where one is well-formed.
pub(crate) fn id(headers: &HeaderMap) -> Option<&str> {
    let amazon = extract::text(headers, &AMAZON).and_then(amazon);
    amazon.or_else(|| extract::text(headers, &PARENT).and_then(parent))
}

fn amazon(value: &str) -> Option<&str> {
    let mut fields = value.split(';').map(str::trim);
    let root = fields.find_map(|field| field.strip_prefix("Root="))?;
    let well_formed = match root.split('-').collect::<Vec<_>>()[..] {
        ["1", time, random] => digits(time, 8) && digits(random, 24),
        _ => false,
    };
    well_formed.then_some(root)
}

/// A later version may have more behind the flags, and version `ff` is none.
fn parent(value: &str) -> Option<&str> {
    let mut fields = value.split('-');
    let (version, trace) = (fields.next()?, fields.next()?);
    let (span, flags) = (fields.next()?, fields.next()?);
    let whole = version != "00" || fields.next().is_none();
    let known = digits(version, 2) && version != "ff" && whole;
    let well_formed = known && is_id(trace, 32) && is_id(span, 16) && digits(flags, 2);
    well_formed.then_some(trace)
}

/// All zeros are no id.
fn is_id(text: &str, length: usize) -> bool {
    digits(text, length) && text.bytes().any(|b| b != b'0')
}

fn digits(text: &str, length: usize) -> bool {
    let lower = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    text.len() == length && text.bytes().all(lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &'static str, value: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        id(&headers).map(str::to_owned)
    }

    #[test]
    fn a_well_formed_trace_is_found() {
        let root = "1-67891233-abcdef012345678912345678";
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        for (name, value, found) in [
            ("x-amzn-trace-id", format!("Root={root}"), root),
            (
                "x-amzn-trace-id",
                format!("Self=1-2-3; Root={root};Parent=53995c3f42cd8ad8;Sampled=1"),
                root,
            ),
            (
                "traceparent",
                format!("00-{trace}-00f067aa0ba902b7-01"),
                trace,
            ),
            (
                "traceparent",
                format!("01-{trace}-00f067aa0ba902b7-01-more"),
                trace,
            ),
        ] {
            assert_eq!(of(name, &value).as_deref(), Some(found), "{value}");
        }
    }

    #[test]
    fn what_is_not_well_formed_is_not_logged() {
        for (name, value) in [
            ("x-amzn-trace-id", "Root=1-6789123-abcdef012345678912345678"),
            (
                "x-amzn-trace-id",
                "Root=1-67891233-ABCDEF012345678912345678",
            ),
            ("x-amzn-trace-id", "1-67891233-abcdef012345678912345678"),
            ("x-amzn-trace-id", "Root=secret"),
            (
                "traceparent",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            ),
            (
                "traceparent",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            ),
            (
                "traceparent",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            ),
            (
                "traceparent",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            ),
            ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736"),
            (
                "tracestate",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            ),
        ] {
            assert_eq!(of(name, value), None, "{value}");
        }
    }
}
