//! How AWS writes things.

use std::ops::RangeInclusive;

/// Lower-case letters, digits and hyphens, beginning with a letter.
pub(super) fn label(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase()) && text.bytes().all(small)
}

fn small(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
}

/// Twelve digits.
pub(super) fn account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `us-gov-west-1`: a part of the world, a direction, a number.
pub(super) fn region(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    let letters =
        |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    match parts.split_last() {
        Some((number, names)) => {
            names.len() >= 2
                && names.iter().all(letters)
                && !number.is_empty()
                && number.bytes().all(|byte| byte.is_ascii_digit())
        }
        None => false,
    }
}

/// A bucket's name, without the dots that certificates of S3 do not cover: bucket naming rules of S3.
pub(super) fn bucket(text: &str) -> bool {
    (3..=63).contains(&text.len())
        && text.bytes().all(small)
        && !text.starts_with('-')
        && !text.ends_with('-')
        && !text.starts_with("xn--")
        && !text.ends_with("-s3alias")
}

/// What follows the service in an ARN, from the colon on: `::111122223333:role/name`.
pub(super) fn arn<'a>(text: &'a str, service: &str) -> Option<&'a str> {
    let (_, rest) = text.strip_prefix("arn:aws")?.split_once(':')?;
    rest.strip_prefix(service)
        .filter(|rest| rest.starts_with(':'))
}

/// `send.example.org`.
pub(super) fn domain(text: &str) -> bool {
    let part = |part: &str| {
        (1..=63).contains(&part.len())
            && part.bytes().all(small)
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    text.len() <= 253 && text.contains('.') && text.split('.').all(part)
}

/// A tag's key or value.
pub(super) fn tag(text: &str, length: RangeInclusive<usize>) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || " _.:/=+-@".contains(c);
    length.contains(&text.chars().count()) && text.chars().all(allowed)
}

/// `rate(15 minutes)`, or `cron(0/15 * * * ? *)`: expressions of EventBridge rules.
pub(super) fn schedule(text: &str) -> bool {
    let inside = |name: &str| {
        text.strip_prefix(name)?
            .strip_prefix('(')?
            .strip_suffix(')')
    };
    let rate = inside("rate")
        .and_then(|rate| rate.split_once(' '))
        .is_some_and(|(number, unit)| {
            let units = match number.parse::<u32>() {
                Ok(0) | Err(_) => return false,
                Ok(1) => ["minute", "hour", "day"],
                Ok(_) => ["minutes", "hours", "days"],
            };
            units.contains(&unit)
        });
    rate || inside("cron")
        .is_some_and(|cron| cron.split(' ').filter(|field| !field.is_empty()).count() == 6)
}
