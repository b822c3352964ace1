use std::{
    fs::{File, FileTimes},
    process::Command,
    time::{Duration, SystemTime},
};

use insta::assert_snapshot;
use tempfile::TempDir;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::*;

/// The header of a program for this machine, and something after it.
fn program(machine: u16) -> Vec<u8> {
    let mut program = vec![0; 64];
    program[..6].copy_from_slice(b"\x7fELF\x02\x01");
    program[18..20].copy_from_slice(&machine.to_le_bytes());
    program.extend(b"what it does".repeat(100));
    program
}

fn zip_for(architecture: Architecture) -> Vec<u8> {
    let machine = match architecture {
        Architecture::Arm64 => 183,
        Architecture::X86 => 62,
    };
    archive::pack(&program(machine)).unwrap()
}

fn zip_of(name: &str, mode: u32, bytes: &[u8]) -> Vec<u8> {
    let mut zip = ZipWriter::new(io::Cursor::new(Vec::new()));
    let how = SimpleFileOptions::default().unix_permissions(mode);
    zip.start_file(name, how).unwrap();
    io::Write::write_all(&mut zip, bytes).unwrap();
    zip.finish().unwrap().into_inner()
}

/// Sources, as far as looking for what is stale needs them, a day old.
fn sources() -> (TempDir, Workspace) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().to_owned();
    for name in ["storage", "send-core", "send-user", "send-admin"] {
        fs::create_dir_all(root.join("crates").join(name).join("src")).unwrap();
        fs::write(root.join("crates").join(name).join("src/lib.rs"), "").unwrap();
    }
    for name in ["admin", "docs", "shared", "user"] {
        fs::create_dir_all(root.join("ui").join(name)).unwrap();
        fs::write(root.join("ui").join(name).join("page.js"), "").unwrap();
    }
    fs::write(root.join("Cargo.toml"), "").unwrap();
    fs::write(root.join("Cargo.lock"), "").unwrap();
    let target = root.join("target");
    let workspace = Workspace { root, target };
    age(&workspace.root);
    (folder, workspace)
}

/// Makes everything below a day old.
fn age(path: &Path) {
    if path.is_dir() {
        let below = fs::read_dir(path).unwrap();
        below.for_each(|entry| age(&entry.unwrap().path()));
    }
    let day = Duration::from_secs(86_400);
    let times = FileTimes::new().set_modified(SystemTime::now() - day);
    File::open(path).unwrap().set_times(times).unwrap();
}

fn build(workspace: &Workspace, architecture: Architecture, bytes: &[u8]) {
    for app in App::ALL {
        let zip = workspace.zip(app, architecture);
        fs::create_dir_all(zip.parent().unwrap()).unwrap();
        fs::write(zip, bytes).unwrap();
    }
}

fn given(zip: &[u8], architecture: Architecture) -> Result<Release, String> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("send-user.zip"), zip).unwrap();
    let release = release(App::User, architecture, Some(folder.path()));
    let path = format!("{}/", folder.path().display());
    release.map_err(|error| format!("{error:#}").replace(&path, ""))
}

#[test]
fn a_zip_is_taken_as_it_is() {
    for architecture in [Architecture::Arm64, Architecture::X86] {
        let zip = zip_for(architecture);
        let release = given(&zip, architecture).unwrap();
        assert_eq!(release.sha256, sha256(&zip));
        assert_eq!(release.zip, zip);
        assert_eq!(release.version, env!("CARGO_PKG_VERSION"));
    }
}

#[test]
fn the_same_program_makes_the_same_zip() {
    let (one, other) = (zip_for(Architecture::X86), zip_for(Architecture::X86));
    assert_eq!(one, other);
    assert!(one.len() < 400, "it is compressed: {}", one.len());
}

#[test]
fn what_lambda_cannot_run_is_refused() {
    let arm = zip_for(Architecture::Arm64);
    let mut damaged = arm.clone();
    damaged[60] ^= 1;
    let refused = |zip: &[u8]| given(zip, Architecture::Arm64).unwrap_err();
    let all = [
        refused(&zip_for(Architecture::X86)),
        given(&arm, Architecture::X86).unwrap_err(),
        refused(&archive::pack(&program(243)).unwrap()),
        refused(&zip_of("send-user", 0o755, &program(183))),
        refused(&zip_of("bootstrap", 0o644, &program(183))),
        refused(&zip_of("bootstrap", 0o700, &program(183))),
        refused(&zip_of("bootstrap", 0o755, b"#!/bin/sh")),
        refused(&damaged),
        refused(&arm[..arm.len() / 2]),
        refused(b""),
    ];
    assert_snapshot!(all.join("\n"), @"
    send-user.zip: it is built for x86_64, and the functions are to run on arm64: build it for that, or say --arch, or `architecture` in the configuration
    send-user.zip: it is built for arm64, and the functions are to run on x86_64: build it for that, or say --arch, or `architecture` in the configuration
    send-user.zip: it is built for another processor, and the functions are to run on arm64: build it for that, or say --arch, or `architecture` in the configuration
    send-user.zip: it holds send-user, and no bootstrap
    send-user.zip: its bootstrap has the mode 644, so Lambda may not run it: `chmod 755` before it is packed
    send-user.zip: its bootstrap has the mode 700, so Lambda may not run it: `chmod 755` before it is packed
    send-user.zip: its bootstrap is no program for Linux with 64 bits
    send-user.zip: it is no whole zip: corrupt deflate stream
    send-user.zip: it is no whole zip: invalid Zip archive: Could not find EOCD
    send-user.zip: it is no whole zip: invalid Zip archive: Could not find EOCD
    ");
}

#[test]
fn a_missing_zip_is_refused_with_how_to_make_it() {
    let folder = tempfile::tempdir().unwrap();
    let refused = release(App::Admin, Architecture::Arm64, Some(folder.path()));
    let sentence = refused.unwrap_err().to_string();
    let sentence = sentence.replace(&folder.path().display().to_string(), "zips");
    assert_snapshot!(sentence, @"there is no zip of send-admin: zips/send-admin/bootstrap.zip or zips/send-admin.zip is not there. `cargo lambda build` makes it (`pip install cargo-lambda`, `rustup target add aarch64-unknown-linux-gnu`), or --zips names a folder that has it");
}

#[test]
fn what_was_fetched_knows_what_it_was_built_of() {
    let folder = tempfile::tempdir().unwrap();
    let stamp = Stamp::told("0.1.0 0123456789ab").unwrap();
    let zip = zip_for(Architecture::Arm64);
    let path = keep(folder.path(), App::Admin, &zip, &stamp).unwrap();
    let read = || release(App::Admin, Architecture::Arm64, Some(folder.path()));
    let release = read().unwrap();
    assert_eq!(release.commit, "0123456789ab");
    assert_eq!(release.zip, zip);
    fs::write(
        &path,
        archive::pack(&[program(183), vec![1]].concat()).unwrap(),
    )
    .unwrap();
    let sentence = read().unwrap_err().to_string();
    assert!(sentence.contains("belongs to another zip"), "{sentence}");
}

#[test]
fn what_was_built_is_stale_when_a_source_is_newer() {
    let (_folder, workspace) = sources();
    let arm = Architecture::Arm64;
    let stale = || workspace.stale(arm).unwrap();
    assert_eq!(stale().unwrap(), "there is no zip of send-user for arm64");
    build(&workspace, arm, &zip_for(arm));
    assert_eq!(stale(), None);
    fs::create_dir_all(workspace.root.join("crates/send-user/tests")).unwrap();
    age(&workspace.root.join("crates/send-user"));
    fs::write(workspace.root.join("crates/send-user/tests/a.rs"), "").unwrap();
    fs::write(workspace.root.join("README.md"), "").unwrap();
    assert_eq!(stale(), None, "no service is made of that");
    age(&workspace.target);
    fs::write(workspace.root.join("ui/user/page.js"), "").unwrap();
    let why = stale().unwrap();
    assert_eq!(why, "ui/user/page.js is newer than the zip of send-user");
    build(&workspace, arm, &zip_for(arm));
    age(&workspace.target);
    age(&workspace.root.join("ui"));
    fs::remove_file(workspace.root.join("crates/send-core/src/lib.rs")).unwrap();
    let why = stale().unwrap();
    assert_eq!(
        why,
        "crates/send-core/src is newer than the zip of send-user"
    );
}

#[test]
fn what_was_built_for_another_processor_is_stale() {
    let (_folder, workspace) = sources();
    build(&workspace, Architecture::Arm64, &zip_for(Architecture::X86));
    let why = workspace.stale(Architecture::Arm64).unwrap();
    assert!(why.unwrap().contains("built for x86_64"));
    let why = workspace.stale(Architecture::X86).unwrap();
    assert_eq!(why.unwrap(), "there is no zip of send-user for x86_64");
}

#[test]
fn a_commit_is_told_with_what_was_changed_since() {
    let folder = tempfile::tempdir().unwrap();
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        let identity = ["-c", "user.name=a", "-c", "user.email=a@b.example"];
        let run = git
            .current_dir(folder.path())
            .args(identity)
            .args(arguments);
        assert!(run.output().unwrap().status.success(), "{arguments:?}");
    };
    git(&["init", "--quiet"]);
    fs::write(folder.path().join("file"), "one").unwrap();
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message=one"]);
    git(&["tag", "v1"]);
    let commit = Stamp::of(folder.path()).unwrap().commit;
    assert_eq!(commit.len(), 12, "{commit}");
    assert!(
        commit.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "{commit}"
    );
    fs::write(folder.path().join("file"), "two").unwrap();
    let changed = Stamp::of(folder.path()).unwrap().commit;
    assert_eq!(changed, format!("{commit}-dirty"));
}
