//! When a transfer of the original's ends, in each of the ways in which its clients say it.

use serde::{Deserialize, Deserializer, de};
use serde_json::json;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        KnownFormat, ObjectBuilder, OneOfBuilder, RefOr, Schema, SchemaFormat, Type,
        schema::SchemaType,
    },
};

/// When a transfer of the original ends; zero is the longest allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expiry(pub u64);

impl<'de> Deserialize<'de> for Expiry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Millis(u64),
            Text(String),
            None(()),
        }
        let refused = "must be milliseconds since 1970, or ISO-8601 with a zone";
        let millis =
            match Form::deserialize(deserializer).map_err(|_| de::Error::custom(refused))? {
                Form::Millis(millis) => Some(millis),
                Form::Text(text) if text.is_empty() => Some(0),
                Form::Text(text) => text
                    .parse::<jiff::Timestamp>()
                    .ok()
                    .and_then(|time| u64::try_from(time.as_millisecond()).ok()),
                Form::None(()) => Some(0),
            };
        millis.map(Self).ok_or_else(|| de::Error::custom(refused))
    }
}

impl PartialSchema for Expiry {
    fn schema() -> RefOr<Schema> {
        let millis = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::UInt64)))
            .minimum(Some(0));
        let date = ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .pattern(Some("^(19[7-9]|[2-9])"));
        let longest = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
            .enum_values(Some([json!(""), json!(null)]));
        OneOfBuilder::new()
            .item(millis)
            .item(date)
            .item(longest)
            .into()
    }
}

impl ToSchema for Expiry {}

#[cfg(test)]
mod tests {
    use super::*;

    fn expiry(json: &str) -> Result<u64, String> {
        let expiry = serde_json::from_str::<Expiry>(json);
        expiry
            .map(|Expiry(millis)| millis)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn an_expiry_is_a_number_or_a_date_with_a_zone() {
        for (json, millis) in [
            ("0", 0),
            ("\"\"", 0),
            ("null", 0),
            ("1767225600000", 1_767_225_600_000),
            ("\"2026-01-01T00:00:00Z\"", 1_767_225_600_000),
            ("\"2026-01-01T02:00:00+02:00\"", 1_767_225_600_000),
        ] {
            assert_eq!(expiry(json), Ok(millis), "{json}");
        }
        for json in [
            "-1",
            "1.5",
            "\"2026-01-01T00:00:00\"",
            "\"tomorrow\"",
            "[]",
            "\"1969-01-01T00:00:00Z\"",
            "1e30",
        ] {
            assert!(expiry(json).unwrap_err().contains("milliseconds"), "{json}");
        }
    }
}
