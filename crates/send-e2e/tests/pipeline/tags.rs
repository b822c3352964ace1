//! The tag of a commit.

use std::thread;

use anyhow::Result;

use crate::{
    github::Told,
    ground::{Clone, Repository, script},
};

/// Counts up in a clone.
fn count(clone: &Clone, release: &str) -> Result<Told> {
    script(&clone.machine()?, &format!("increment-tag {release}"))
}

/// The tag that it got.
fn tag(clone: &Clone, release: &str) -> Result<String> {
    let told = count(clone, release)?;
    assert!(told.well, "{}", told.log);
    let tag = told.outputs["tag"].clone();
    assert_eq!(format!("v{}", told.outputs["version"]), tag);
    Ok(tag)
}

/// A repository whose newest commit but one has these tags.
fn tagged(tags: &[&str]) -> Result<Repository> {
    let repository = Repository::new()?;
    let clone = repository.clone()?;
    for tag in tags {
        clone.git(&format!("tag {tag}"))?;
    }
    clone.git("push --quiet --tags")?;
    clone.commit("next")?;
    Ok(repository)
}

#[test]
fn the_first_tag_is_v0_1_0() -> Result<()> {
    for release in ["minor", "major"] {
        let repository = Repository::new()?;
        assert_eq!(tag(&repository.checkout()?, release)?, "v0.1.0");
        assert_eq!(repository.tags()?, "v0.1.0");
    }
    Ok(())
}

#[test]
fn dev_counts_the_last_number_and_main_the_middle_one() -> Result<()> {
    for (release, latest, next) in [
        ("minor", "v0.2.15", "v0.2.16"),
        ("major", "v0.2.15", "v0.3.0"),
        ("minor", "v0.2.9", "v0.2.10"),
        ("minor", "v1.9.99", "v1.9.100"),
        ("major", "v1.9.99", "v1.10.0"),
    ] {
        let repository = tagged(&[latest])?;
        assert_eq!(tag(&repository.checkout()?, release)?, next);
        assert_eq!(repository.tags()?, format!("{latest} {next}"));
    }
    Ok(())
}

#[test]
fn the_latest_is_the_highest_version_and_other_tags_are_none() -> Result<()> {
    let others = [
        "v0.2.9",
        "v0.2.10",
        "v0.1.30",
        "v9.9",
        "v1.0.0-rc1",
        "w3.0.0",
        "latest",
    ];
    let repository = tagged(&others)?;
    assert_eq!(tag(&repository.checkout()?, "minor")?, "v0.2.11");
    Ok(())
}

#[test]
fn a_commit_that_has_a_tag_keeps_it() -> Result<()> {
    let repository = tagged(&["v0.2.15"])?;
    let clone = repository.checkout()?;
    for release in ["minor", "minor", "major", "none"] {
        assert_eq!(tag(&clone, release)?, "v0.2.16");
    }
    assert_eq!(tag(&repository.checkout()?, "major")?, "v0.2.16");
    assert_eq!(repository.tags()?, "v0.2.15 v0.2.16");

    let annotated = tagged(&[])?;
    let clone = annotated.clone()?;
    clone.git("-c user.name=t -c user.email=t tag --annotate --message=by-hand v3.0.0")?;
    clone.git("push --quiet --tags")?;
    assert_eq!(tag(&annotated.checkout()?, "minor")?, "v3.0.0");
    Ok(())
}

#[test]
fn nothing_is_tagged_where_nothing_is_asked_for() -> Result<()> {
    let repository = tagged(&["v0.2.15"])?;
    let told = count(&repository.checkout()?, "none")?;
    assert!(told.well, "{}", told.log);
    assert_eq!(
        (
            told.outputs["tag"].as_str(),
            told.outputs["version"].as_str()
        ),
        ("", "")
    );
    assert_eq!(repository.tags()?, "v0.2.15");
    Ok(())
}

#[test]
fn two_commits_that_race_get_a_tag_each() -> Result<()> {
    let repository = tagged(&["v0.2.15"])?;
    let first = repository.checkout()?;
    repository.clone()?.commit("meanwhile")?;
    let second = repository.checkout()?;
    let (first, second) = at_once(&first, &second)?;
    let mut both = [first, second];
    both.sort();
    assert_eq!(both, ["v0.2.16", "v0.2.17"]);
    assert_eq!(repository.tags()?, "v0.2.15 v0.2.16 v0.2.17");
    Ok(())
}

#[test]
fn one_commit_that_is_tagged_twice_at_once_keeps_one_tag() -> Result<()> {
    let repository = tagged(&["v0.2.15"])?;
    let (first, second) = at_once(&repository.checkout()?, &repository.checkout()?)?;
    assert_eq!((first.as_str(), second.as_str()), ("v0.2.16", "v0.2.16"));
    assert_eq!(repository.tags()?, "v0.2.15 v0.2.16");
    Ok(())
}

/// Another run is always a moment ahead: the tags that this one sees are out of date when it pushes.
#[test]
fn who_comes_second_looks_again() -> Result<()> {
    let repository = tagged(&["v0.2.15"])?;
    let late = repository.checkout()?;
    let early = repository.clone()?;
    early.commit("meanwhile")?;
    let hook = late.path.join(".git/hooks/pre-push");
    let steals = format!(
        "[ -e stolen ] && exit; touch stolen; cd {} && git push --quiet origin HEAD:refs/tags/v0.2.16",
        early.path.display()
    );
    crate::ground::stand_in(&late.path.join(".git/hooks"), "pre-push", &steals)?;
    assert!(hook.is_file());
    // git asks the remote again after the hook, or is refused by it: both end the same.
    assert_eq!(tag(&late, "minor")?, "v0.2.17");
    assert_eq!(repository.tags()?, "v0.2.15 v0.2.16 v0.2.17");
    Ok(())
}

#[test]
fn changed_sources_get_no_tag() -> Result<()> {
    let repository = tagged(&["v0.2.15"])?;
    let clone = repository.checkout()?;
    std::fs::write(clone.path.join("subject"), "changed since")?;
    let told = count(&clone, "minor")?;
    assert!(
        !told.well
            && told
                .log
                .contains("::error::the sources differ from their commit"),
        "{}",
        told.log
    );
    assert_eq!(repository.tags()?, "v0.2.15");
    // What git does not know is no change.
    let clone = repository.checkout()?;
    std::fs::write(clone.path.join("beside"), "")?;
    assert_eq!(tag(&clone, "minor")?, "v0.2.16");
    Ok(())
}

#[test]
fn what_is_no_release_is_refused_and_so_is_a_remote_that_takes_nothing() -> Result<()> {
    let repository = Repository::new()?;
    let clone = repository.checkout()?;
    for release in ["", "patch", "Minor"] {
        let told = count(&clone, release)?;
        assert!(
            !told.well && told.log.contains("minor, major or none"),
            "{}",
            told.log
        );
    }
    clone.git("remote set-url origin file:///nonexistent")?;
    assert!(!count(&clone, "minor")?.well);
    assert_eq!(repository.tags()?, "");
    Ok(())
}

fn at_once(first: &Clone, second: &Clone) -> Result<(String, String)> {
    thread::scope(|scope| {
        let other = scope.spawn(|| tag(second, "minor"));
        let first = tag(first, "minor")?;
        let second = other.join().unwrap_or_else(|_| panic!("it panicked"))?;
        Ok((first, second))
    })
}
