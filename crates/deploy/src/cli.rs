//! The command line: a stage, what to do with it, and how.

mod confirm;
mod options;
#[cfg(test)]
mod tests;

use std::{env, ffi::OsString, path::PathBuf, time::Duration};

use bytesize::ByteSize;
use clap::{
    CommandFactory, Parser, Subcommand,
    error::{ContextKind, ErrorKind},
};

use crate::names::Stage;

pub use confirm::confirm;
pub use options::Options;

const EXAMPLES: &str = "\
Examples:
  deploy dev                         build what is stale, put it into your account, harden it, try it
  deploy dev plan                    what would change, field by field; exit code 2 when something would
  deploy dev --skip distribution     without CloudFront, which takes minutes
  deploy dev --region eu-west-1,us-east-1
                                     the same in two regions, side by side
  deploy qa fetch zips
  deploy prod --zips zips            prod gets the very bytes that qa runs
  deploy prod rollback               what served before serves again
  deploy dev logs --follow           what both services write, as they write it
  deploy dev down --with-data        removes everything, and checks that it is gone

Credentials are found as all tools of AWS find them: the environment, AWS_PROFILE, single sign-on.
AWS_ACCOUNT_ID says which account it must be, AWS_REGION where, AWS_ENDPOINT_URL names an emulator.
What a stage is stands in crates/deploy/config: base.toml, dev.toml, qa.toml, prod.toml.";

/// Puts SGraph Send into an AWS account: creates, checks, hardens, tries, rolls back, removes.
///
/// There is no state file: names are computed, tags say whose a thing is, and the account itself is the state. Every action can be cut off and
/// repeated.
#[derive(Clone, Debug, Parser)]
#[command(name = "deploy", version = send_core::version::VERSION, after_help = EXAMPLES, disable_help_subcommand = true, max_term_width = 120)]
pub struct Cli {
    /// Where a deployment stands on its way to everybody
    pub stage: Stage,
    /// What to do; `up` unless told otherwise.
    #[command(subcommand)]
    pub action: Option<Action>,
    /// How.
    #[command(flatten)]
    pub options: Options,
}

/// What to do with a stage.
#[derive(Clone, Debug, PartialEq, Subcommand)]
#[command(subcommand_value_name = "ACTION", subcommand_help_heading = "Actions")]
pub enum Action {
    /// Bring everything to where it should be, and try it (this is what happens without an action)
    ///
    /// Builds what is stale, creates and checks everything in order, hardens it, lets the new version serve, and sends a sealed file through
    /// it. Where that fails, the version before serves again. prod asks first, and needs --zips.
    Up,
    /// Tell what `up` would change, field by field, and change nothing; exit code 2 when there is something
    Plan,
    /// `plan`, and ask the services themselves; exit code 1 when anything is not as it should be
    Verify,
    /// Harden what is there, and nothing else
    LockDown,
    /// Tell what is there: versions, addresses, commit, age, sizes, what differs
    Status,
    /// Send a sealed file through the deployed service, by its public door
    ///
    /// The access token for it is SEND_SMOKE_TOKEN, or one that is made with SEND_ADMIN_KEY and revoked again. With neither, only the health
    /// of the services is asked.
    Smoke,
    /// Let the version serve that served before
    Rollback {
        /// The number of the version, as `status` tells it
        #[arg(long, value_name = "N")]
        to: Option<u64>,
    },
    /// Show what both services write to their logs
    Logs {
        /// Go on as long as there is more
        #[arg(long)]
        follow: bool,
        /// From how long ago
        #[arg(long, value_name = "AGE", default_value = "10m", value_parser = humantime::parse_duration)]
        since: Duration,
    },
    /// Remove everything in reverse order, and check that it is gone
    Down {
        /// Remove the bucket even though it holds transfers
        #[arg(long)]
        with_data: bool,
    },
    /// Up, smoke, down, nothing left, and all of it again
    RoundTrip {
        /// Remove the bucket even though it holds transfers
        #[arg(long)]
        with_data: bool,
    },
    /// Tell what a month costs, by service
    Cost(Traffic),
    /// Print the IAM policy that a deployer needs, and no more, as JSON
    Policy,
    /// Build the zips of the functions with cargo-lambda, where the sources changed
    Build,
    /// Download the zips that serve now, for another stage's --zips
    Fetch {
        /// The folder to put them into
        folder: PathBuf,
    },
}

/// What a month brings.
#[derive(Clone, Copy, Debug, PartialEq, clap::Args)]
pub struct Traffic {
    /// Transfers a month
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub transfers: u64,
    /// Bytes of each
    #[arg(long, value_name = "SIZE", default_value = "100MiB")]
    pub size: ByteSize,
    /// How often each is received
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub downloads: u64,
    /// How many days each is kept
    #[arg(long, value_name = "N", default_value_t = 7)]
    pub days: u64,
}

impl Cli {
    /// Reads arguments, the program's own name first.
    ///
    /// # Errors
    /// What clap says, and all that is allowed in place of an action that there is not; and where a stage and an action do not go together.
    pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let cli = Self::try_parse_from(arguments).map_err(with_actions)?;
        match cli.contradiction() {
            Some(sentence) => Err(refusal(ErrorKind::ArgumentConflict, sentence)),
            None => Ok(cli),
        }
    }

    /// Of this process. Ends it with a sentence where they are not understood.
    #[must_use]
    pub fn of_this_process() -> Self {
        Self::read(env::args_os()).unwrap_or_else(|error| error.exit())
    }

    /// What to do.
    #[must_use]
    pub fn action(&self) -> Action {
        self.action.clone().unwrap_or(Action::Up)
    }

    fn contradiction(&self) -> Option<String> {
        let action = self.action();
        let builds = matches!(action, Action::Up | Action::RoundTrip { .. });
        if self.stage == Stage::Prod && builds && self.options.zips.is_none() {
            return Some(
                "prod gets the very zips that qa ran, not new ones: `deploy qa fetch DIR`, then `deploy prod --zips DIR`".into(),
            );
        }
        let takes = builds || action.looks() || action == Action::LockDown;
        (self.options.zips.is_some() && !takes)
            .then(|| "--zips is for up, plan, verify, status, lock-down and round-trip".into())
    }
}

impl Action {
    /// Whether it changes what serves, so that prod asks before.
    #[must_use]
    pub const fn changes(&self) -> bool {
        match self {
            Self::Up
            | Self::LockDown
            | Self::Rollback { .. }
            | Self::Down { .. }
            | Self::RoundTrip { .. } => true,
            Self::Plan
            | Self::Verify
            | Self::Status
            | Self::Smoke
            | Self::Logs { .. }
            | Self::Cost(_)
            | Self::Policy
            | Self::Build
            | Self::Fetch { .. } => false,
        }
    }

    /// Whether what it tells of resources is what was asked for.
    #[must_use]
    pub const fn looks(&self) -> bool {
        matches!(self, Self::Plan | Self::Verify | Self::Status)
    }

    /// Whether it writes to standard output by itself.
    #[must_use]
    pub const fn prints(&self) -> bool {
        matches!(self, Self::Logs { .. } | Self::Policy | Self::Cost(_))
    }

    /// As on the command line.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Plan => "plan",
            Self::Verify => "verify",
            Self::LockDown => "lock-down",
            Self::Status => "status",
            Self::Smoke => "smoke",
            Self::Rollback { .. } => "rollback",
            Self::Logs { .. } => "logs",
            Self::Down { .. } => "down",
            Self::RoundTrip { .. } => "round-trip",
            Self::Cost(_) => "cost",
            Self::Policy => "policy",
            Self::Build => "build",
            Self::Fetch { .. } => "fetch",
        }
    }
}

/// clap names only what is spelt alike, and takes what is spelt otherwise for an argument too many.
fn with_actions(error: clap::Error) -> clap::Error {
    let given = match error.kind() {
        ErrorKind::InvalidSubcommand => error.get(ContextKind::InvalidSubcommand),
        ErrorKind::UnknownArgument => error.get(ContextKind::InvalidArg),
        _ => return error,
    };
    let given = given.map_or_else(String::new, ToString::to_string);
    if given.starts_with('-') {
        return error;
    }
    let command = Cli::command();
    let actions: Vec<_> = command
        .get_subcommands()
        .map(clap::Command::get_name)
        .collect();
    let sentence = format!(
        "there is no action `{given}`; there are {}",
        actions.join(", ")
    );
    refusal(ErrorKind::InvalidSubcommand, sentence)
}

fn refusal(kind: ErrorKind, sentence: String) -> clap::Error {
    Cli::command().error(kind, sentence)
}
