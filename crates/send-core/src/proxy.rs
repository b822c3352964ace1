//! Where the address of a client is told, when a proxy stands in front.

use std::{
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

use axum::{
    extract::ConnectInfo,
    http::{Extensions, HeaderMap, HeaderName},
};

/// Which forwarded header to believe, written `x-forwarded-for:1`: the name, and how many proxies of ours append to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedProxy {
    header: HeaderName,
    hops: usize,
}

/// The text is not a header and a number of proxies.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a header and a number of proxies")]
pub struct InvalidProxy;

impl FromStr for TrustedProxy {
    type Err = InvalidProxy;

    fn from_str(text: &str) -> Result<Self, InvalidProxy> {
        let (header, hops) = text.split_once(':').ok_or(InvalidProxy)?;
        let header = header.trim().parse().map_err(|_| InvalidProxy)?;
        let hops = hops.trim().parse().map_err(|_| InvalidProxy)?;
        if hops == 0 {
            Err(InvalidProxy)
        } else {
            Ok(Self { header, hops })
        }
    }
}

impl TrustedProxy {
    /// The address that the outermost of our proxies saw: each appends one, so it is counted from the end.
    fn address(&self, headers: &HeaderMap) -> Option<IpAddr> {
        let values = headers
            .get_all(&self.header)
            .into_iter()
            .filter_map(|value| value.to_str().ok());
        let all: Vec<&str> = values
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .collect();
        let told = all.get(all.len().checked_sub(self.hops)?)?;
        told.parse()
            .or_else(|_| told.parse::<SocketAddr>().map(|with_port| with_port.ip()))
            .ok()
    }
}

/// The client's address: from the trusted header, else the peer's; `None` where neither tells.
#[must_use]
pub fn address(
    proxy: Option<&TrustedProxy>,
    headers: &HeaderMap,
    extensions: &Extensions,
) -> Option<IpAddr> {
    match proxy {
        Some(proxy) => proxy.address(headers),
        None => extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|peer| peer.0.ip()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_our_own_proxies_appended_is_believed() {
        let proxy: TrustedProxy = "x-forwarded-for:2".parse().unwrap();
        let told = |value: &str| {
            let headers = [(
                HeaderName::from_static("x-forwarded-for"),
                value.parse().unwrap(),
            )];
            proxy
                .address(&headers.into_iter().collect())
                .map(|address| address.to_string())
        };
        assert_eq!(
            told("6.6.6.6, 1.2.3.4, 10.0.0.1").as_deref(),
            Some("1.2.3.4")
        );
        assert_eq!(told("1.2.3.4:567, 10.0.0.1").as_deref(), Some("1.2.3.4"));
        assert_eq!(told("10.0.0.1"), None);
        assert_eq!(told("nonsense, 10.0.0.1"), None);
    }

    #[test]
    fn a_proxy_is_a_header_and_a_number() {
        for bad in [
            "",
            "x-forwarded-for",
            "x-forwarded-for:0",
            "x-forwarded-for:many",
            ":1",
            "a b:1",
        ] {
            assert_eq!(bad.parse::<TrustedProxy>(), Err(InvalidProxy), "{bad:?}");
        }
    }
}
