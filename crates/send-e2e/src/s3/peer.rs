//! The S3 servers that there are, and how each is started.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Result;
use serde_json::json;
use tempfile::TempDir;

use super::{Keys, Process, REGION, Secure};
use crate::{certificate::Certificate, ports::Ports, tools};

/// How to install them.
const HOW: &str = "install what plays AWS and S3 in the tests with `python3 -m venv .venv && .venv/bin/pip install --requirement .ci/peers.txt`";

/// An S3 server of somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// `ministack`: many services of AWS, in Python; checks signatures, keeps objects in memory.
    Ministack,
    /// `SeaweedFS`: a distributed file system with an S3 gateway, in Go; answers by TLS too.
    Seaweed,
}

impl Peer {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Ministack, Self::Seaweed];

    /// Starts it in a new folder, with its S3 on the first of these ports.
    pub(super) fn launch(self, keys: &Keys) -> Result<(Process, Ports, Option<Secure>)> {
        let folder = tempfile::tempdir()?;
        // As many as the parts of SeaweedFS listen on.
        let ports = Ports::free(9)?;
        let port = ports.first().port();
        Ok(match self {
            Self::Ministack => (ministack(folder, port, keys)?, ports, None),
            Self::Seaweed => {
                let (process, secure) = seaweed(folder, port, keys)?;
                (process, ports, Some(secure))
            }
        })
    }
}

fn ministack(folder: TempDir, port: u16, keys: &Keys) -> Result<Process> {
    let mut command = Command::new(installed("ministack")?);
    command.env_clear().envs([
        ("PATH", "/usr/bin:/bin"),
        ("BIND_HOST", "127.0.0.1"),
        ("GATEWAY_PORT", &port.to_string()),
        ("SERVICES", "s3"),
        ("AUTH", "true"),
        ("AWS_ACCESS_KEY_ID", &keys.id),
        ("AWS_SECRET_ACCESS_KEY", &keys.secret),
        ("MINISTACK_REGION", REGION),
        ("LOG_LEVEL", "WARNING"),
    ]);
    Process::start(command, folder, &[])
}

fn seaweed(folder: TempDir, port: u16, keys: &Keys) -> Result<(Process, Secure)> {
    let config = folder.path().join("s3.json");
    let identity = json!({
        "name": "tests",
        "credentials": [{ "accessKey": keys.id, "secretKey": keys.secret }],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    });
    fs::write(&config, json!({ "identities": [identity] }).to_string())?;
    let mut command = Command::new(installed("weed")?);
    command.env_clear().env("PATH", "/usr/bin:/bin");
    command.args(["-logtostderr", "server"]);
    command.args(seaweed_options(folder.path(), port));
    let (options, secure) = seaweed_by_tls(folder.path(), port + 8)?;
    command.args(options);
    // Its parts talk to each other through these, and leave them behind.
    let sockets = [("s3", 1), ("master", 3), ("volume", 5), ("filer", 7)];
    let sockets = sockets.map(|(part, n)| format!("/tmp/seaweedfs-{part}-grpc-{}.sock", port + n));
    Ok((Process::start(command, folder, &sockets)?, secure))
}

/// The same S3 a second time.
fn seaweed_by_tls(folder: &Path, port: u16) -> Result<([String; 3], Secure)> {
    let files = Certificate::write(folder)?;
    let options = [
        format!("-s3.port.https={port}"),
        format!("-s3.cert.file={}", files.certificate.display()),
        format!("-s3.key.file={}", files.key.display()),
    ];
    let secure = Secure {
        endpoint: format!("https://127.0.0.1:{port}"),
        authority: files.authority,
    };
    Ok((options, secure))
}

/// All on one address; alone, so that no leader is elected; volumes that begin empty, and many, since each bucket takes seven.
fn seaweed_options(folder: &Path, port: u16) -> Vec<String> {
    let within = |name: &str| folder.join(name).display().to_string();
    let options = [
        ("dir", within("")),
        ("ip", "127.0.0.1".into()),
        ("ip.bind", "127.0.0.1".into()),
        ("s3", "true".into()),
        ("s3.port", port.to_string()),
        ("s3.port.grpc", (port + 1).to_string()),
        ("s3.port.iceberg", "0".into()),
        ("s3.port.lance", "0".into()),
        ("s3.config", within("s3.json")),
        ("s3.localSocket", within("s3.sock")),
        ("s3.iam", "false".into()),
        ("s3.autoCreateBucket", "false".into()),
        ("master.port", (port + 2).to_string()),
        ("master.port.grpc", (port + 3).to_string()),
        ("master.peers", "none".into()),
        ("master.telemetry", "false".into()),
        ("master.volumeSizeLimitMB", "1024".into()),
        ("volume.port", (port + 4).to_string()),
        ("volume.port.grpc", (port + 5).to_string()),
        ("volume.max", "2000".into()),
        ("volume.minFreeSpace", "200MiB".into()),
        ("filer", "true".into()),
        ("filer.port", (port + 6).to_string()),
        ("filer.port.grpc", (port + 7).to_string()),
        ("filer.localSocket", within("filer.sock")),
    ];
    let written = options.map(|(name, value)| format!("-{name}={value}"));
    written.into()
}

/// A program that `.ci/run` installs.
pub(crate) fn installed(name: &str) -> Result<PathBuf> {
    tools::installed(&format!(".venv/bin/{name}"), HOW)
}
