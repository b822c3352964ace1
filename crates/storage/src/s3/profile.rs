//! The profiles that AWS's own tools keep in `~/.aws`, which object_store does not read.

use std::{collections::HashMap, env, path::PathBuf};

use configparser::ini::Ini;

use super::InvalidSetting;

/// The settings of one profile, by their names.
#[derive(Debug, Default)]
pub(super) struct Profile(HashMap<String, Option<String>>);

/// What a profile may hold in place of keys; other tools make keys from it.
const INDIRECT: [&str; 4] = [
    "credential_process",
    "sso_session",
    "sso_start_url",
    "role_arn",
];

impl Profile {
    /// The one that `AWS_PROFILE` names, else `default`; empty where there is none and none was asked for.
    ///
    /// # Errors
    /// When the one that was asked for is not there, or has no keys of its own.
    pub(super) fn read(get: &impl Fn(&str) -> Option<String>) -> Result<Self, InvalidSetting> {
        let asked = get("AWS_PROFILE");
        let name = asked.as_deref().unwrap_or("default");
        let config = load(get, "AWS_CONFIG_FILE", "config");
        let credentials = load(get, "AWS_SHARED_CREDENTIALS_FILE", "credentials");
        let long = format!("profile {name}");
        let found = [config.get(&long), config.get(name), credentials.get(name)];
        let settings = found.iter().flatten().flat_map(|section| section.iter());
        let profile = Self(
            settings
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        );
        match asked {
            Some(name) if get("AWS_ACCESS_KEY_ID").is_none() => profile.usable(name),
            _ => Ok(profile),
        }
    }

    /// A setting of it.
    pub(super) fn get(&self, setting: &str) -> Option<&str> {
        self.0.get(setting)?.as_deref()
    }

    fn usable(self, name: String) -> Result<Self, InvalidSetting> {
        let allowed = if self.0.is_empty() {
            "give a profile of ~/.aws/config or ~/.aws/credentials"
        } else if INDIRECT.iter().any(|setting| self.get(setting).is_some()) {
            "this profile has no keys of its own: run `eval \"$(aws configure export-credentials --format env)\"` first"
        } else {
            return Ok(self);
        };
        Err(InvalidSetting {
            name: "AWS_PROFILE",
            value: name,
            allowed,
        })
    }
}

type Sections = HashMap<String, HashMap<String, Option<String>>>;

/// One of the two files; one that is not there, or is none, holds nothing.
fn load(get: &impl Fn(&str) -> Option<String>, variable: &str, name: &str) -> Sections {
    let usual = || Some(env::home_dir()?.join(".aws").join(name));
    let Some(file) = get(variable).map(PathBuf::from).or_else(usual) else {
        return Sections::new();
    };
    // Values are taken as they stand: a secret may hold `;` and `#`, and names of profiles have capitals.
    let mut ini = Ini::new_cs();
    ini.set_inline_comment_symbols(Some(&[]));
    ini.load(file).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CREDENTIALS: &str = "[default]\naws_access_key_id = one\naws_secret_access_key = a/b+c=#;\n[Other]\naws_access_key_id=two\n";
    const CONFIG: &str = "[default]\nregion = eu-west-1\n[profile Other]\nregion = eu-west-2\n[profile sso]\nsso_session = mine\n";

    fn read(asked: Option<&str>) -> Result<Profile, String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("credentials"), CREDENTIALS).unwrap();
        std::fs::write(folder.path().join("config"), CONFIG).unwrap();
        let at = |name| Some(folder.path().join(name).display().to_string());
        let get = |name: &str| match name {
            "AWS_PROFILE" => asked.map(str::to_owned),
            "AWS_CONFIG_FILE" => at("config"),
            "AWS_SHARED_CREDENTIALS_FILE" => at("credentials"),
            _ => None,
        };
        Profile::read(&get).map_err(|refused| refused.to_string())
    }

    #[test]
    fn a_profile_is_read_from_both_files() {
        let default = read(None).unwrap();
        assert_eq!(default.get("aws_access_key_id"), Some("one"));
        assert_eq!(default.get("aws_secret_access_key"), Some("a/b+c=#;"));
        assert_eq!(default.get("region"), Some("eu-west-1"));
        let other = read(Some("Other")).unwrap();
        assert_eq!(other.get("aws_access_key_id"), Some("two"));
        assert_eq!(other.get("region"), Some("eu-west-2"));
    }

    #[test]
    fn a_profile_that_cannot_serve_is_refused_with_what_to_do() {
        assert!(read(Some("none")).unwrap_err().contains("give a profile"));
        assert!(
            read(Some("sso"))
                .unwrap_err()
                .contains("export-credentials")
        );
    }
}
