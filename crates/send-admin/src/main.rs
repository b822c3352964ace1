//! The admin service of SGraph Send, as a program.

use std::process::ExitCode;

fn main() -> ExitCode {
    send_core::program::main(send_admin::run())
}
