//! Every vector of `vectors/`, read from the files and run through the public interface.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the harness of a test fails by panicking"
)]

mod hostile;
mod known_answers;
mod older;
mod small;
mod whole;

#[path = "../../examples/vectors/groups.rs"]
mod groups;

use std::path::PathBuf;

use send_crypto::Error;
use send_crypto::cobblestone::Salt;
use send_crypto::keys::Secret;
use serde_json::Value;

/// The JSON of one file.
fn read(name: &str) -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("vectors")
        .join(name);
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// Runs every case of a list, and says how many there were.
#[expect(
    clippy::print_stdout,
    reason = "the counts are compared between implementations"
)]
fn each(file: &str, list: &str, run: impl Fn(&Value)) {
    let group = read(file);
    let cases = group[list].as_array().unwrap();
    for case in cases {
        let ran = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(case)));
        assert!(ran.is_ok(), "{file}: {}", case["name"]);
    }
    println!("{file}: {list}: {} cases", cases.len());
}

fn text<'a>(case: &'a Value, key: &str) -> &'a str {
    case[key]
        .as_str()
        .unwrap_or_else(|| panic!("{key} is text"))
}

fn number(case: &Value, key: &str) -> u64 {
    case[key]
        .as_u64()
        .unwrap_or_else(|| panic!("{key} is a number"))
}

fn bytes(case: &Value, key: &str) -> Vec<u8> {
    hex::decode(text(case, key)).unwrap()
}

fn array<const N: usize>(case: &Value, key: &str) -> [u8; N] {
    bytes(case, key).try_into().unwrap()
}

fn secret(case: &Value) -> Secret {
    Secret::from_bytes(array(case, "secret"))
}

fn salt(case: &Value, key: &str) -> Salt {
    Salt(array(case, key))
}

/// Gives the result of a case that must succeed; checks the class of one that must not.
fn expect<T: std::fmt::Debug>(case: &Value, result: Result<T, Error>) -> Option<T> {
    match case["error"].as_str() {
        None => Some(result.unwrap()),
        Some(class) => {
            assert_eq!(result.unwrap_err().class(), class);
            None
        }
    }
}

#[test]
fn what_is_committed_is_what_the_program_makes() {
    for (name, group) in groups::all() {
        assert!(
            read(name) == group,
            "{name}: run `cargo run -p send-crypto --example vectors`"
        );
        assert!(groups::write(&group).is_ok());
    }
}
