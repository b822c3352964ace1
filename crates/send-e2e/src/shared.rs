//! What all storages have in common that several servers share.

use anyhow::Result;

use crate::{Client, Lambda, Server};

/// A storage that several servers share, and that outlives them: a [`crate::Folder`] or a [`crate::Bucket`].
pub trait Shared {
    /// The variables of a service on it.
    fn variables(&self) -> Vec<(&'static str, String)>;

    /// Starts one more process on it.
    ///
    /// # Errors
    /// As [`Server::start`].
    fn server(&self) -> Result<Server> {
        self.server_with(&[])
    }

    /// Starts one more process on it, with more variables.
    ///
    /// # Errors
    /// As [`Server::start`].
    fn server_with(&self, more: &[(&str, &str)]) -> Result<Server> {
        let own = self.variables();
        Server::start(&together(&own, more))
    }

    /// The same without its log, for measurements.
    ///
    /// # Errors
    /// As [`Server::start`].
    fn quiet_server_with(&self, more: &[(&str, &str)]) -> Result<Server> {
        let own = self.variables();
        Server::start_quietly(&together(&own, more))
    }

    /// Starts one more process on it, as a function of AWS Lambda to which anyone may send.
    ///
    /// # Errors
    /// As [`Lambda::start`].
    fn function(&self) -> Result<Lambda> {
        let own = self.variables();
        // There nothing is open unless it is said.
        Lambda::start(&together(&own, &[("SEND_UPLOADS", "open")]))
    }

    /// Starts one more process on it, with a client of it.
    ///
    /// # Errors
    /// As [`Server::start`].
    fn serve(&self) -> Result<(Server, Client)> {
        let server = self.server()?;
        let client = server.client()?;
        Ok((server, client))
    }
}

pub(crate) fn together<'a>(
    own: &'a [(&'static str, String)],
    more: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let own = own.iter().map(|(name, value)| (*name, value.as_str()));
    own.chain(more.iter().copied()).collect()
}
