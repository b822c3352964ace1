//! `deploy`: the AWS lifecycle of SGraph Send.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use deploy::{cli::Cli, run};

#[tokio::main]
async fn main() -> ExitCode {
    match run::run(&Cli::of_this_process()).await {
        Ok(code) => code,
        Err(error) => {
            // Nobody is left to be told if this fails.
            let _ = writeln!(io::stderr(), "deploy: {error:#}");
            ExitCode::FAILURE
        }
    }
}
