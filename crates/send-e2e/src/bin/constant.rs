//! A function that answers the same to everything, with nothing of the services in it: what Runtime API and its client cost by themselves.
//! `CONSTANT_BYTES` says how long the answer is.

use std::env;

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::value::{RawValue, to_raw_value};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let bytes: usize = env::var("CONSTANT_BYTES")?.parse()?;
    // The quotes around it are of it.
    let answer = to_raw_value(&"a".repeat(bytes.saturating_sub(2)))?;
    let answer = &answer;
    run(service_fn(async move |_: LambdaEvent<Box<RawValue>>| {
        Ok::<_, Error>(answer.clone())
    }))
    .await
}
