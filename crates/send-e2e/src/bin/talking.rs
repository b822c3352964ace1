//! A real service with a log that leaves nothing out: `talking user`, `talking admin`; the configuration as for the service.

use std::env;

use anyhow::{Result, bail};
use send_core::telemetry;

#[tokio::main]
async fn main() -> Result<()> {
    telemetry::start_with_everything();
    match env::args().nth(1).as_deref() {
        Some("user") => send_user::run().await,
        Some("admin") => send_admin::run().await,
        other => bail!("{other:?} is no service"),
    }
}
