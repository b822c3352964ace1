//! The admin service of SGraph Send, as a program.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    send_core::telemetry::start();
    match send_admin::run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
