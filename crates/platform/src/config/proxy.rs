//! Who is believed about where a visitor comes from.

use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;

/// A reverse proxy, or the network that it is in: containers get another address
/// each time they start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proxy(IpNet);

impl Proxy {
    /// Whether it speaks from this address. A socket for both kinds of addresses
    /// shows those of IPv4 inside IPv6: they are the same.
    pub(super) fn has(self, ip: IpAddr) -> bool {
        self.0.contains(&ip.to_canonical())
    }
}

/// Neither an address nor a network such as `10.0.0.0/8`.
#[derive(Debug)]
pub struct NoProxy;

impl FromStr for Proxy {
    type Err = NoProxy;

    fn from_str(text: &str) -> Result<Proxy, NoProxy> {
        if let Ok(ip) = text.parse::<IpAddr>() {
            return Ok(Proxy(ip.to_canonical().into()));
        }
        let net: IpNet = text.parse().map_err(|_| NoProxy)?;
        // Whoever believes everybody lets everybody choose their address.
        match net.prefix_len() {
            0 => Err(NoProxy),
            _ => Ok(Proxy(net)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_or_a_network_is_a_proxy_and_everybody_is_none() {
        let has = |proxy: &str, ip: &str| {
            let proxy: Proxy = proxy.parse().expect("a proxy");
            proxy.has(ip.parse().expect("an address"))
        };
        assert!(has("10.0.0.1", "10.0.0.1") && !has("10.0.0.1", "10.0.0.2"));
        assert!(has("::ffff:10.0.0.1", "10.0.0.1") && has("10.0.0.1", "::ffff:10.0.0.1"));
        assert!(has("172.16.0.0/12", "172.31.255.1") && !has("172.16.0.0/12", "172.32.0.1"));
        assert!(has("172.16.0.0/12", "::ffff:172.18.0.3"));
        assert!(has("fd00::/8", "fd12::1") && !has("fd00::/8", "fe80::1"));
        for wrong in [
            "",
            "nix",
            "10.0.0.0/33",
            "10.0.0/8",
            "0.0.0.0/0",
            "::/0",
            "10.0.0.1/",
        ] {
            assert!(wrong.parse::<Proxy>().is_err(), "{wrong:?}");
        }
    }
}
