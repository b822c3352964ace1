//! Free ports for servers that have to be told theirs.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket},
    ops::Range,
};

use anyhow::{Result, bail};

/// Below those that Linux gives to outgoing connections (`ip_local_port_range`), so that a free one stays free.
const PORTS: Range<u16> = 12_000..32_000;
/// Where a search may begin: not two at places that overlap.
const STEP: u16 = 10;

/// Some free ports in a row, at most ten, on 127.0.0.1; no other test gets them while this is kept.
#[derive(Debug)]
pub(crate) struct Ports {
    first: SocketAddr,
    /// Reserves them among all tests of the machine: its number means nothing to TCP, and the system lets it go with us.
    _reserved: UdpSocket,
}

impl Ports {
    /// Finds so many.
    pub(crate) fn free(count: u16) -> Result<Self> {
        for _ in 0..200 {
            let place = getrandom::u32()? % (PORTS.len() as u32 / u32::from(STEP));
            let port = PORTS.start + STEP * u16::try_from(place)?;
            let first = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
            let is_free = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok();
            if let Ok(reserved) = UdpSocket::bind(first)
                && (port..port + count).all(is_free)
            {
                return Ok(Self {
                    first,
                    _reserved: reserved,
                });
            }
        }
        bail!("no free ports on 127.0.0.1")
    }

    /// The first of them.
    pub(crate) const fn first(&self) -> SocketAddr {
        self.first
    }
}
