//! Transfers of the original product.

use send_crypto::legacy::{self, FriendlyToken, OldFile, OldKey, OldLink};

use super::{array, bytes, each, expect, text};

#[test]
fn older_payloads() {
    each("older.json", "payloads", |case| {
        let key: OldKey = text(case, "key").parse().unwrap();
        if let Some(OldFile { name, content }) =
            expect(case, legacy::open(&key, bytes(case, "payload")))
        {
            assert_eq!(name.as_deref(), case["filename"].as_str());
            assert_eq!(content, bytes(case, "content"));
        }
    });
}

#[test]
fn older_links() {
    each("older.json", "links", |case| {
        let Some(link) = expect(case, text(case, "text").parse::<OldLink>()) else {
            return;
        };
        let (kind, id) = match link {
            OldLink::WithKey(id, key) => {
                assert_eq!(key, text(case, "key").parse().unwrap());
                ("with_key", id)
            }
            OldLink::WithoutKey(id) => ("without_key", id),
            OldLink::Friendly(token) => ("friendly", token.id()),
        };
        assert_eq!(
            (kind, id.to_string().as_str()),
            (text(case, "kind"), text(case, "id"))
        );
    });
}

#[test]
fn friendly_tokens() {
    each("older.json", "tokens", |case| {
        let token: FriendlyToken = text(case, "token").parse().unwrap();
        assert_eq!(token.id().to_string(), text(case, "id"));
        assert_eq!(token.key().expose(), &array(case, "key"));
    });
}
