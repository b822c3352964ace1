//! Time comes from outside, so that tests can move it.

use std::{
    fmt,
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use jiff::{civil, tz::TimeZone};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::ToSchema;

/// A point in time: milliseconds since 1970 began, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Millis(pub u64);

impl Millis {
    /// This long afterwards, or the end of time.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        Self(self.0.saturating_add(millis))
    }

    /// This long before, or the beginning of 1970.
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        Self(self.0.saturating_sub(millis))
    }

    /// How long after `earlier`; nothing when it is not.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }

    /// As ISO-8601, in UTC.
    #[must_use]
    pub fn iso(self) -> String {
        let millis = i64::try_from(self.0).ok();
        let time = millis.and_then(|millis| jiff::Timestamp::from_millisecond(millis).ok());
        time.unwrap_or(jiff::Timestamp::MAX).to_string()
    }

    /// The day it lies in, counted from 1970-01-01.
    #[must_use]
    pub const fn day(self) -> u64 {
        self.0 / DAY
    }
}

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Milliseconds of a day.
const DAY: u64 = 86_400_000;

/// A day of UTC, written as in `2026-11-23`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(u64);

impl Date {
    /// The day that a point in time lies in.
    #[must_use]
    pub const fn of(time: Millis) -> Self {
        Self(time.day())
    }

    /// So many days later.
    #[must_use]
    pub const fn plus(self, days: u64) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// So many days before.
    #[must_use]
    pub const fn minus(self, days: u64) -> Self {
        Self(self.0.saturating_sub(days))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = i64::try_from(self.0.saturating_mul(DAY)).ok();
        let time = millis.and_then(|millis| jiff::Timestamp::from_millisecond(millis).ok());
        let time = time.unwrap_or(jiff::Timestamp::MAX);
        fmt::Display::fmt(&TimeZone::UTC.to_datetime(time).date(), f)
    }
}

/// The text is not a day since 1970.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a day such as 2026-11-23")]
pub struct InvalidDate;

impl FromStr for Date {
    type Err = InvalidDate;

    fn from_str(text: &str) -> Result<Self, InvalidDate> {
        let date: civil::Date = text.parse().map_err(|_| InvalidDate)?;
        let midnight = date.to_zoned(TimeZone::UTC).map_err(|_| InvalidDate)?;
        let millis = midnight.timestamp().as_millisecond();
        let date = Self::of(Millis(u64::try_from(millis).map_err(|_| InvalidDate)?));
        if date.to_string() == text {
            Ok(date)
        } else {
            Err(InvalidDate)
        }
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// Tells the time.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// A clock that stands still until it is set: milliseconds since 1970.
    Set(Arc<AtomicU64>),
}

impl Clock {
    /// The time now.
    #[must_use]
    pub fn now(&self) -> Millis {
        match self {
            Self::Set(millis) => Millis(millis.load(Ordering::Relaxed)),
            Self::System => {
                let since = SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .unwrap_or_default();
                Millis(0).plus(since)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_as_it_is_read() {
        let date = Date::of(Millis(1_767_225_600_000));
        assert_eq!(date.to_string(), "2026-01-01");
        assert_eq!("2026-01-01".parse(), Ok(date));
        assert_eq!(date.minus(1).to_string(), "2025-12-31");
        assert_eq!(date.plus(59).to_string(), "2026-03-01");
        assert_eq!(Date::of(Millis(u64::MAX)).to_string(), "9999-12-30");
        for bad in [
            "",
            "20260101",
            "2026-1-1",
            "2026-02-30",
            "1969-12-31",
            "2026-01-01T00",
        ] {
            assert!(bad.parse::<Date>().is_err(), "{bad:?}");
        }
    }
}
