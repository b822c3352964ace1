//! Free ports for servers that have to be told theirs.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    ops::Range,
};

use anyhow::{Result, bail};

/// Below those that Linux gives to outgoing connections (`ip_local_port_range`), so that a free one stays free.
const PORTS: Range<u16> = 12_000..32_000;
/// Where a search may begin: not two at places that overlap.
const STEP: u16 = 10;

/// The first of so many free ports in a row, at most ten, on 127.0.0.1.
pub(crate) fn free(count: u16) -> Result<SocketAddr> {
    for _ in 0..100 {
        let place = getrandom::u32()? % (PORTS.len() as u32 / u32::from(STEP));
        let first = PORTS.start + STEP * u16::try_from(place)?;
        let is_free = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok();
        if (first..first + count).all(is_free) {
            return Ok((Ipv4Addr::LOCALHOST, first).into());
        }
    }
    bail!("no free ports on 127.0.0.1")
}
