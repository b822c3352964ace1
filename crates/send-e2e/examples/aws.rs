//! An emulator of AWS for whoever wants to see `deploy` at work without an account: `bash crates/deploy/emulator`. It prints the variables that
//! lead to it, and ends with Ctrl-C.

use std::io::{self, Write};

use anyhow::{Context, Result};
use send_e2e::{
    Aws,
    aws::{ACCOUNT, REGIONS},
};

#[tokio::main]
async fn main() -> Result<()> {
    let aws = Aws::start().await?;
    let variables = [
        ("AWS_ENDPOINT_URL", aws.secure_endpoint().to_owned()),
        ("SSL_CERT_FILE", aws.authority().display().to_string()),
        ("AWS_ACCESS_KEY_ID", ACCOUNT.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", aws.secret().to_owned()),
        ("AWS_REGION", REGIONS[0].to_owned()),
    ];
    let mut out = io::stdout();
    writeln!(out, "\nAn emulator of AWS runs. In another terminal:\n")?;
    for (name, value) in variables {
        writeln!(out, "  export {name}={value}")?;
    }
    writeln!(
        out,
        "  cargo run -p deploy -- dev --arch {}\n\nIt forgets everything when it ends: Ctrl-C.",
        send_e2e::aws::ARCHITECTURE
    )?;
    tokio::signal::ctrl_c()
        .await
        .context("Ctrl-C cannot be waited for")
}
