//! Two servers that share a storage, as two machines of one service do.

use std::time::Duration;

use anyhow::Result;
use futures::future::try_join_all;

use crate::{Answer, Client, Folder, Request, Server, Shared};

/// Two processes on one folder, and a client of each.
#[derive(Debug)]
pub struct Pair {
    /// The first's client.
    pub one: Client,
    /// The second's client.
    pub other: Client,
    /// The processes.
    pub servers: [Server; 2],
    /// What they share.
    pub folder: Folder,
}

impl Pair {
    /// Starts both on an empty folder.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn start() -> Result<Self> {
        let folder = Folder::new()?;
        let servers = [folder.server()?, folder.server()?];
        Ok(Self {
            one: servers[0].client()?,
            other: servers[1].client()?,
            servers,
            folder,
        })
    }

    /// Sends all requests at once, in turn to either process; the answers in the same order.
    ///
    /// # Errors
    /// When one is not answered.
    pub async fn ask_all(&self, requests: Vec<Request>) -> Result<Vec<Answer>> {
        let clients = [&self.one, &self.other].into_iter().cycle();
        let asked = clients.zip(requests);
        try_join_all(asked.map(|(client, request)| client.send(request))).await
    }

    /// Sends two requests at once, each to a process of its own, the second so much later.
    ///
    /// # Errors
    /// When one is not answered.
    pub async fn race(
        &self,
        first: Request,
        late: Duration,
        second: Request,
    ) -> Result<[Answer; 2]> {
        let second = async {
            tokio::time::sleep(late).await;
            self.other.send(second).await
        };
        let (first, second) = tokio::try_join!(self.one.send(first), second)?;
        Ok([first, second])
    }
}
