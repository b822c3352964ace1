//! How an action is done, whichever it is.

use std::path::PathBuf;

use clap::Args;

use crate::{
    config::{Architecture, Files, Flags},
    names::App,
    resources::Part,
};

/// What is said beside stage and action.
#[derive(Clone, Debug, Default, Args)]
pub struct Options {
    /// The region, or several at once, with commas between them
    #[arg(long, global = true, value_name = "REGION", value_delimiter = ',')]
    pub region: Vec<String>,
    /// Only one of the services, and what both need
    #[arg(long, global = true)]
    pub app: Option<App>,
    /// Leave alone, whether it is there or not
    #[arg(long, global = true, value_delimiter = ',', value_name = "WHAT")]
    pub skip: Vec<Part>,
    /// What processors the functions run on
    #[arg(long, global = true, value_name = "ARCHITECTURE")]
    pub arch: Option<Architecture>,
    /// Take the zips from here as they are, in place of what is built
    #[arg(long, global = true, value_name = "FOLDER")]
    pub zips: Option<PathBuf>,
    /// Read base.toml and the stages' files from here, in place of what is in this program
    #[arg(long, global = true, value_name = "FOLDER")]
    pub config: Option<PathBuf>,
    /// Go on without asking, on prod too
    #[arg(long, global = true)]
    pub yes: bool,
    /// One JSON object a line, the last the summary
    #[arg(long, global = true)]
    pub json: bool,
    /// Write a JUnit report of the steps
    #[arg(long, global = true, value_name = "FILE")]
    pub junit: Option<PathBuf>,
}

impl Options {
    /// What is said otherwise than in the configuration.
    #[must_use]
    pub fn flags(&self) -> Flags {
        Flags {
            regions: self.region.clone(),
            architecture: self.arch,
        }
    }

    /// Where the configuration is.
    #[must_use]
    pub fn files(&self) -> Files {
        self.config.clone().map_or(Files::Embedded, Files::Folder)
    }

    /// The services that it is about.
    #[must_use]
    pub fn apps(&self) -> Vec<App> {
        self.app.map_or_else(|| App::ALL.into(), |app| vec![app])
    }
}
