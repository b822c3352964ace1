//! What Lambda allows a function to be.

use deploy::cloud::Configuration;
use serde_json::json;

use super::{
    place::Place,
    refusal::{Done, ensure, refused},
    state::State,
};

/// The code of every refusal of this kind.
pub(super) const INVALID: &str = "InvalidParameterValueException";

/// So many must stay that no function has set aside: Lambda quotas.
const UNRESERVED: i32 = 100;

/// Bytes of all variables together: Lambda quotas.
const ENVIRONMENT_BYTES: usize = 4096;

/// Whether a function can be made like this.
pub(super) fn valid(wanted: &Configuration) -> Done {
    let Configuration {
        memory_mb,
        timeout_s,
        disk_mb,
        environment,
        ..
    } = wanted;
    ensure(
        (128..=10_240).contains(memory_mb),
        INVALID,
        "MemorySize: 128 to 10240",
    )?;
    ensure((1..=900).contains(timeout_s), INVALID, "Timeout: 1 to 900")?;
    ensure(
        (512..=10_240).contains(disk_mb),
        INVALID,
        "EphemeralStorage: 512 to 10240",
    )?;
    ensure(
        ["arm64", "x86_64"].contains(&&*wanted.architecture),
        INVALID,
        "Architectures: arm64 or x86_64",
    )?;
    ensure(
        wanted.runtime == "provided.al2023",
        INVALID,
        "this world knows provided.al2023 alone",
    )?;
    ensure(
        !environment.keys().any(|name| reserved(name)),
        INVALID,
        "reserved keys that are currently not supported for modification",
    )?;
    let bytes = json!(environment).to_string().len();
    ensure(
        bytes <= ENVIRONMENT_BYTES,
        INVALID,
        "Lambda was unable to configure your environment variables: 4KB limit",
    )
}

/// Variables that Lambda sets itself.
fn reserved(name: &str) -> bool {
    let known = [
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
    ];
    known.contains(&name) || name.starts_with("AWS_LAMBDA_")
}

/// Sets aside how many may run at once, of what the account has in this region.
pub(super) fn reserve(place: &Place, state: &mut State, name: &str, reserved: Option<i32>) -> Done {
    let limit = state.settings.concurrency;
    let region = place.region(state);
    region.function(name)?.idle()?;
    let others: i32 = region
        .functions
        .iter()
        .filter(|(other, _)| *other != name)
        .filter_map(|(_, one)| one.concurrency)
        .sum();
    if reserved.is_some_and(|wanted| limit - others - wanted < UNRESERVED) {
        let why = format!(
            "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [{UNRESERVED}]."
        );
        return Err(refused(INVALID, why));
    }
    region.function(name)?.concurrency = reserved;
    Ok(())
}
