//! What a build tells that it is.

use std::process::Command;

use anyhow::{Result, ensure};

use crate::github::root;

/// What a program tells that was compiled with these variables: the very file that the services are made of, and nothing else of them.
fn told(variables: &[(&str, &str)]) -> Result<String> {
    let folder = tempfile::tempdir()?;
    let (source, program) = (folder.path().join("main.rs"), folder.path().join("main"));
    let version = root()
        .canonicalize()?
        .join("crates/send-core/src/version.rs");
    let main = format!(
        "#[path = {version:?}]\nmod version;\nfn main() {{ print!(\"{{}}\", version::VERSION) }}"
    );
    std::fs::write(&source, main)?;
    let mut rustc = Command::new("rustc");
    rustc.arg("-o").arg(&program).arg(&source);
    rustc
        .env_remove("SEND_VERSION")
        .env("CARGO_PKG_VERSION", "0.1.0");
    let compiled = rustc.envs(variables.iter().copied()).output()?;
    ensure!(
        compiled.status.success(),
        "{}",
        String::from_utf8_lossy(&compiled.stderr)
    );
    Ok(String::from_utf8(Command::new(program).output()?.stdout)?)
}

#[test]
fn a_build_tells_the_tag_that_it_is_of_or_else_the_workspaces_version() -> Result<()> {
    assert_eq!(told(&[])?, "0.1.0");
    assert_eq!(told(&[("SEND_VERSION", "0.2.16")])?, "0.2.16");
    // A job whose commit has no tag sets it to nothing.
    assert_eq!(told(&[("SEND_VERSION", "")])?, "0.1.0");
    Ok(())
}
