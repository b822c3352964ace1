//! The only reader of the environment. A value that is not understood stops the program with a sentence.

mod admin;
mod env;

use std::{fmt::Display, net::SocketAddr, str::FromStr, time::Duration};

use axum::http::{HeaderValue, Uri};
use bytesize::ByteSize;
use storage::{memory, url::Url};

use crate::{admin_keys::AdminKeys, direct::Ways, id::Digest, proxy::TrustedProxy, range::Room};

pub use env::ConfigError;
use env::Env;

/// Every variable that a part of SGraph Send reads; a name that only looks like one is a slip worth a warning.
pub const NAMES: [&str; 17] = [
    "SEND_LISTEN",
    "SEND_STORAGE",
    "SEND_UPLOADS",
    "SEND_ACCESS_TOKEN",
    "SEND_ACCESS_TOKEN_SHA256",
    "SEND_DOOR_SHA256",
    "SEND_CORS_ORIGINS",
    "SEND_TRUST_PROXY",
    "SEND_ADMIN_KEY_NAME",
    "SEND_ADMIN_KEY_SHA256",
    "SEND_ADMIN_KEY",
    "SEND_DIRECT",
    "SEND_MAX_TRANSFER_BYTES",
    "SEND_MAX_AGE",
    "SEND_DEFAULT_AGE",
    "SEND_PUBLIC_URL",
    "SEND_SMOKE_TOKEN",
];

/// AWS Lambda tells its functions by this variable where to ask for work.
const LAMBDA: &str = "AWS_LAMBDA_RUNTIME_API";

/// How a service is set up.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address of the local server.
    pub listen: SocketAddr,
    /// Where bytes are kept.
    pub storage: Url,
    /// Who may send.
    pub uploads: Uploads,
    /// Which way bytes may go straight between client and storage.
    pub direct: Ways,
    /// The hash of one fixed access token.
    pub access_token: Option<Digest>,
    /// Who is an admin.
    pub admin_keys: AdminKeys,
    /// The hash of the value that a CDN in front adds in [`crate::layers::DOOR`].
    pub door: Option<Digest>,
    /// Origins that may call the original's routes.
    pub origins: Vec<HeaderValue>,
    /// Which forwarded header tells the client's address.
    pub proxy: Option<TrustedProxy>,
    /// What is allowed.
    pub limits: Limits,
    /// The origin of the links that are shown.
    pub public_url: Option<String>,
    /// It runs as a function of AWS Lambda, which says so itself.
    pub on_lambda: bool,
}

/// Who may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uploads {
    /// Anyone.
    Open,
    /// Who shows an access token.
    Token,
}

/// What is allowed.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The largest transfer, in stored bytes.
    pub transfer_bytes: u64,
    /// The longest life of a transfer.
    pub max_age: Duration,
    /// The life of a transfer that asks for none.
    pub default_age: Duration,
}

/// Whether `get` tells of AWS Lambda.
pub fn on_lambda(get: impl Fn(&str) -> Option<String>) -> bool {
    Env(get).text(LAMBDA).is_some()
}

impl Config {
    /// Where it runs, as the services tell it.
    #[must_use]
    pub const fn environment(&self) -> &'static str {
        if self.on_lambda {
            "aws-lambda"
        } else {
            "local"
        }
    }

    /// How much one answer may carry where it runs.
    #[must_use]
    pub fn room(&self) -> Room {
        Room::of(self.on_lambda)
    }

    /// Reads the variables that `get` tells; `listen` is where the service listens unless told otherwise.
    ///
    /// # Errors
    /// [`ConfigError`] for the first value that is not understood.
    pub fn read(
        listen: SocketAddr,
        get: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let env = Env(get);
        let storage = env
            .parse(
                "SEND_STORAGE",
                "memory:, file:/some/folder or s3://bucket/prefix",
            )?
            .unwrap_or(Url::Memory);
        let on_lambda = on_lambda(&env.0);
        let most = match storage {
            Url::Memory => memory::DEFAULT_CAPACITY,
            Url::Folder(_) | Url::S3(_) => 100 << 30,
        };
        // What others share or reach is closed unless somebody opens it.
        let uploads = match storage {
            Url::Memory | Url::Folder(_) if !on_lambda => Uploads::Open,
            Url::Memory | Url::Folder(_) | Url::S3(_) => Uploads::Token,
        };
        Ok(Self {
            listen: env
                .parse(
                    "SEND_LISTEN",
                    "an address and a port, such as 127.0.0.1:8080",
                )?
                .unwrap_or(listen),
            storage,
            uploads: env
                .parse("SEND_UPLOADS", "open or token")?
                .unwrap_or(uploads),
            direct: env
                .parse("SEND_DIRECT", "off, uploads or both")?
                .unwrap_or(Ways::Uploads),
            access_token: env.access_token()?,
            admin_keys: env.admin_keys()?,
            door: env.parse(
                "SEND_DOOR_SHA256",
                "a SHA-256 as 64 lower-case hexadecimal digits",
            )?,
            origins: env.list(
                "SEND_CORS_ORIGINS",
                "origins such as https://send.example, comma-separated",
                origin,
            )?,
            proxy: env.parse(
                "SEND_TRUST_PROXY",
                "a header and the number of proxies, such as x-forwarded-for:1",
            )?,
            limits: env.limits(most)?,
            public_url: env.checked(
                "SEND_PUBLIC_URL",
                "an origin such as https://send.example",
                base,
            )?,
            on_lambda,
        })
    }
}

/// The names among `set` that begin like ours and are none: probably slips.
pub fn unknown_names(set: impl Iterator<Item = String>) -> Vec<String> {
    set.filter(|name| name.starts_with("SEND_") && !NAMES.contains(&name.as_str()))
        .collect()
}

impl<F: Fn(&str) -> Option<String>> Env<F> {
    /// The token itself is for a laptop; where its hash is given too, they must agree.
    fn access_token(&self) -> Result<Option<Digest>, ConfigError> {
        let name = "SEND_ACCESS_TOKEN_SHA256";
        let hash: Option<Digest> =
            self.parse(name, "a SHA-256 as 64 lower-case hexadecimal digits")?;
        let own = self.text("SEND_ACCESS_TOKEN").map(Digest::of);
        match (own, hash) {
            (Some(own), Some(hash)) if own != hash => {
                let allowed = "leave it out, or give the hash of SEND_ACCESS_TOKEN".into();
                Err(ConfigError {
                    name,
                    value: hash.to_string(),
                    allowed,
                })
            }
            (own, hash) => Ok(own.or(hash)),
        }
    }

    fn limits(&self, most: u64) -> Result<Limits, ConfigError> {
        let size = "a size such as 100GiB";
        let age = "an age of at least a minute and at most ten years, such as 30d or 12h";
        let transfer_bytes = self.checked("SEND_MAX_TRANSFER_BYTES", size, |value| {
            value
                .parse()
                .ok()
                .map(|ByteSize(bytes)| bytes)
                .filter(|bytes| *bytes > 0)
        })?;
        let max_age = self
            .checked("SEND_MAX_AGE", age, age_of)?
            .unwrap_or(days(30));
        let default_age = self.checked("SEND_DEFAULT_AGE", age, age_of)?;
        if let Some(longer) = default_age.filter(|default| *default > max_age) {
            return Err(ConfigError {
                name: "SEND_DEFAULT_AGE",
                value: humantime::format_duration(longer).to_string(),
                allowed: format!(
                    "give at most SEND_MAX_AGE, {}",
                    humantime::format_duration(max_age)
                ),
            });
        }
        let default_age = default_age.unwrap_or(days(7).min(max_age));
        Ok(Limits {
            transfer_bytes: transfer_bytes.unwrap_or(most),
            max_age,
            default_age,
        })
    }
}

const fn days(n: u64) -> Duration {
    Duration::from_secs(n * 86_400)
}

fn age_of(value: &str) -> Option<Duration> {
    let age = humantime::parse_duration(value).ok()?;
    (Duration::from_secs(60)..=days(3_653))
        .contains(&age)
        .then_some(age)
}

/// An origin is a scheme, a host and perhaps a port; `*` is none.
fn origin(value: &str) -> Option<HeaderValue> {
    let uri: Uri = value.parse().ok()?;
    let whole = format!("{}://{}", uri.scheme_str()?, uri.authority()?);
    (whole == value).then(|| HeaderValue::try_from(value).ok())?
}

/// An origin of the web, with or without a slash behind it.
fn base(value: &str) -> Option<String> {
    let value = value.strip_suffix('/').unwrap_or(value);
    let web = value.starts_with("https://") || value.starts_with("http://");
    origin(value).filter(|_| web).map(|_| value.to_owned())
}

impl FromStr for Uploads {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "open" => Ok(Self::Open),
            "token" => Ok(Self::Token),
            _ => Err(()),
        }
    }
}

impl Display for Uploads {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Open => "open",
            Self::Token => "token",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(vars: &[(&str, &str)]) -> Result<Config, String> {
        let listen = SocketAddr::from(([127, 0, 0, 1], 8080));
        let get = |name: &str| {
            vars.iter()
                .find(|(n, _)| *n == name)
                .map(|(_, v)| (*v).to_owned())
        };
        Config::read(listen, get).map_err(|error| error.to_string())
    }

    #[test]
    fn without_variables_it_is_a_laptop() {
        let config = read(&[("SEND_STORAGE", "")]).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.storage, Url::Memory);
        assert_eq!(
            config.limits.transfer_bytes,
            4 << 30,
            "what fits into memory:"
        );
        let folder = read(&[("SEND_STORAGE", "file:/some/folder")]).unwrap();
        assert_eq!(folder.limits.transfer_bytes, 107_374_182_400);
        assert_eq!(config.limits.max_age, days(30));
        assert_eq!(config.limits.default_age, days(7));
        assert_eq!(config.uploads, Uploads::Open);
    }

    #[test]
    fn on_s3_nothing_is_open_unless_it_is_said() {
        let s3 = ("SEND_STORAGE", "s3://bucket/some/prefix");
        let config = read(&[s3]).unwrap();
        assert_eq!(config.uploads, Uploads::Token);
        assert_eq!(config.direct, Ways::Uploads);
        let config = read(&[s3, ("SEND_UPLOADS", "open"), ("SEND_DIRECT", "both")]).unwrap();
        assert_eq!(config.uploads, Uploads::Open);
        assert_eq!(config.direct, Ways::Both);
    }

    #[test]
    fn on_lambda_nothing_is_open_unless_it_is_said() {
        let lambda = ("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001");
        for storage in ["memory:", "file:/some/folder", "s3://bucket/prefix"] {
            let storage = ("SEND_STORAGE", storage);
            assert_eq!(read(&[lambda, storage]).unwrap().uploads, Uploads::Token);
        }
        let open = read(&[lambda, ("SEND_UPLOADS", "open")]).unwrap();
        assert_eq!(open.uploads, Uploads::Open);
    }

    #[test]
    fn values_are_read_as_people_write_them() {
        let config = read(&[
            ("SEND_LISTEN", "0.0.0.0:9000"),
            ("SEND_UPLOADS", "token"),
            ("SEND_ACCESS_TOKEN", "let me in"),
            ("SEND_MAX_TRANSFER_BYTES", "5 GB"),
            ("SEND_MAX_AGE", "36h"),
            (
                "SEND_CORS_ORIGINS",
                "https://a.example, http://b.example:81",
            ),
            ("SEND_TRUST_PROXY", "x-forwarded-for:2"),
            ("SEND_PUBLIC_URL", "https://send.example/"),
        ])
        .unwrap();
        assert_eq!(config.uploads, Uploads::Token);
        assert_eq!(config.access_token, Some(Digest::of("let me in")));
        assert_eq!(config.limits.transfer_bytes, 5_000_000_000);
        assert_eq!(config.limits.default_age, Duration::from_secs(36 * 3600));
        assert_eq!(config.origins, ["https://a.example", "http://b.example:81"]);
        assert_eq!(config.public_url.as_deref(), Some("https://send.example"));
    }

    #[test]
    fn what_is_not_understood_is_named_with_what_is_allowed() {
        let refused = [
            ("SEND_LISTEN", "8080"),
            ("SEND_STORAGE", "ftp://somewhere"),
            ("SEND_STORAGE", "s3://B/prefix"),
            ("SEND_DIRECT", "sideways"),
            ("SEND_UPLOADS", "yes"),
            ("SEND_DOOR_SHA256", "abc"),
            ("SEND_ACCESS_TOKEN_SHA256", "ABC"),
            ("SEND_CORS_ORIGINS", "*"),
            ("SEND_CORS_ORIGINS", "https://a.example/path"),
            ("SEND_TRUST_PROXY", "yes"),
            ("SEND_MAX_TRANSFER_BYTES", "0"),
            ("SEND_MAX_TRANSFER_BYTES", "-1"),
            ("SEND_MAX_AGE", "0s"),
            ("SEND_MAX_AGE", "forever"),
            ("SEND_DEFAULT_AGE", "31d"),
            ("SEND_PUBLIC_URL", "send.example"),
            ("SEND_PUBLIC_URL", "https://send.example/below"),
        ];
        for (name, value) in refused {
            let sentence = read(&[(name, value)]).unwrap_err();
            assert!(sentence.starts_with(&format!("{name}=")), "{sentence}");
            assert!(sentence.contains("give "), "{sentence}");
        }
    }

    #[test]
    fn a_secret_in_the_place_of_its_hash_is_not_shown() {
        for name in ["SEND_ACCESS_TOKEN_SHA256", "SEND_DOOR_SHA256"] {
            let sentence = read(&[(name, "my secret")]).unwrap_err();
            assert!(!sentence.contains("my secret"), "{sentence}");
            assert!(sentence.contains("(not shown)"), "{sentence}");
        }
    }

    #[test]
    fn a_misspelt_name_is_noticed() {
        let set = ["SEND_STORGE", "SEND_STORAGE", "PATH"].map(String::from);
        assert_eq!(unknown_names(set.into_iter()), ["SEND_STORGE"]);
    }
}
