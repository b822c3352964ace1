//! Zips from sources: for ARM64 by cargo-lambda, which links for Lambda's glibc on any machine; for an emulator that runs functions as
//! processes of this machine, by cargo alone.

use std::{
    fs, io,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};

use super::{Workspace, archive};
use crate::{config::Architecture, names::App};

/// Rust's name of the machines that zips for x86_64 are for.
const X86: &str = "x86_64-unknown-linux-gnu";
/// Whether that is this one, so that whatever else is built for it is not built again.
const HERE: bool = cfg!(all(target_arch = "x86_64", target_os = "linux"));

/// Builds the zips of both services. What the compiler says goes to standard error.
pub(super) fn run(workspace: &Workspace, architecture: Architecture) -> Result<()> {
    match architecture {
        Architecture::Arm64 => {
            ensure!(
                cargo_lambda(&workspace.root),
                "cargo-lambda is missing, which builds the functions: `pip install cargo-lambda`, and `rustup target add aarch64-unknown-linux-gnu`"
            );
            // What for and which of them stands in Cargo.toml, since `cargo lambda build` alone does the same.
            carry_out(&mut cargo(
                &workspace.root,
                &["lambda", "build", "--locked"],
            ))
        }
        Architecture::X86 => {
            let mut build = cargo(&workspace.root, &["build", "--locked", "--release"]);
            for app in App::ALL {
                let program = app.program();
                build.args(["--package", &program, "--bin", &program]);
            }
            if !HERE {
                build.args(["--target", X86]);
            }
            carry_out(&mut build)?;
            App::ALL
                .into_iter()
                .try_for_each(|app| pack(workspace, app))
        }
    }
}

fn cargo(folder: &Path, arguments: &[&str]) -> Command {
    let mut cargo = Command::new("cargo");
    // Standard output is for what was asked of us.
    cargo
        .current_dir(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(io::stderr());
    cargo
}

/// Whether cargo knows how to build functions.
fn cargo_lambda(folder: &Path) -> bool {
    let mut ask = cargo(folder, &["lambda", "--version"]);
    let asked = ask.stdout(Stdio::null()).stderr(Stdio::null()).status();
    asked.is_ok_and(|status| status.success())
}

fn carry_out(command: &mut Command) -> Result<()> {
    let shown = format!("{command:?}");
    let status = command
        .status()
        .with_context(|| format!("{shown} cannot be started"))?;
    if !status.success() {
        bail!("{shown} failed: {status}");
    }
    Ok(())
}

fn pack(workspace: &Workspace, app: App) -> Result<()> {
    let target = if HERE {
        workspace.target.clone()
    } else {
        workspace.target.join(X86)
    };
    let program = target.join("release").join(app.program());
    let program = fs::read(&program).with_context(|| program.display().to_string())?;
    let zip = workspace.zip(app, Architecture::X86);
    let written = || -> Result<()> {
        zip.parent().map_or(Ok(()), fs::create_dir_all)?;
        Ok(fs::write(&zip, archive::pack(&program)?)?)
    };
    written().with_context(|| zip.display().to_string())
}
