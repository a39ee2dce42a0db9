//! How often something may be tried: tries are counted in buckets, each for a
//! window of time.
//!
//! Always true: one statement checks and counts, before the work that a try
//! costs, so that tries at once cannot all find room; a bucket names nobody.

use std::net::IpAddr;

use kontor_platform::db::Conn;
use kontor_platform::{Error, Result};

use super::cx::Cx;
use super::store;

const QUARTER_S: i64 = 900;
const DAY_S: i64 = 24 * 3600;

/// The buckets that one try fills.
#[derive(Clone)]
pub struct Limits {
    cx: Cx,
    buckets: Vec<Bucket>,
}

#[derive(Clone)]
struct Bucket {
    name: String,
    /// Tries that fit into one window.
    most: i64,
    /// Seconds since 1970 at which the present window began.
    start: i64,
    window_s: i64,
}

impl Limits {
    pub fn new(cx: &Cx) -> Limits {
        Limits {
            cx: cx.clone(),
            buckets: Vec::new(),
        }
    }

    /// At most `most` tries from the asker's network place in a quarter of an hour.
    #[must_use]
    pub fn per_place(self, kind: &str, most: i64) -> Limits {
        let place = self.place();
        self.with(kind, &place, most, QUARTER_S)
    }

    /// At most `most` tries about `what`, whoever asks, in a quarter of an hour.
    #[must_use]
    pub fn per(self, kind: &str, what: &str, most: i64) -> Limits {
        self.with(kind, what, most, QUARTER_S)
    }

    /// At most `most` tries about `what` from the asker's network place in a
    /// quarter of an hour: who tries elsewhere keeps nobody else out.
    #[must_use]
    pub fn per_here(self, kind: &str, what: &str, most: i64) -> Limits {
        let here = format!("{what} {}", self.place());
        self.with(kind, &here, most, QUARTER_S)
    }

    /// At most `most` tries about `what` in a day.
    #[must_use]
    pub fn per_day(self, kind: &str, what: &str, most: i64) -> Limits {
        self.with(kind, what, most, DAY_S)
    }

    fn with(mut self, kind: &str, what: &str, most: i64, window_s: i64) -> Limits {
        let now = self.cx.now.0 / 1_000_000;
        self.buckets.push(Bucket {
            // Signed: an address or a network place could be guessed from a bare hash.
            name: format!("{kind}:{}", self.cx.site.key.sign("limit", what)),
            most,
            start: now - now.rem_euclid(window_s),
            window_s,
        });
        // One order for all: two that need the same buckets wait, but not for each other.
        self.buckets.sort_by(|a, b| a.name.cmp(&b.name));
        self
    }

    /// Where a request comes from, as a bucket counts it.
    fn place(&self) -> String {
        self.cx.peer.map_or_else(String::new, network)
    }

    /// Counts one try in each bucket, or refuses with [`Error::TooMany`]; then
    /// the command counts nothing.
    pub fn take(&self, conn: &mut Conn) -> Result<()> {
        for bucket in &self.buckets {
            if !store::take(conn, &bucket.name, bucket.start, bucket.most)? {
                let left = bucket.start + bucket.window_s - self.cx.now.0 / 1_000_000;
                return Err(Error::TooMany {
                    retry_after_s: u32::try_from(left).unwrap_or(1),
                    overload: false,
                });
            }
        }
        Ok(())
    }

    /// The same in a command of its own.
    pub async fn take_now(&self) -> Result<()> {
        let own = self.clone();
        self.cx.write(move |work, _| own.take(work)).await
    }

    /// Takes a counted try out again: it was a good one.
    pub fn give_back(&self, conn: &mut Conn) -> Result<()> {
        self.buckets
            .iter()
            .try_for_each(|b| store::give_back(conn, &b.name, b.start))
    }
}

/// The network of an address: one line has a /64 of IPv6, and with it more
/// addresses than could ever be counted.
fn network(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn a_line_is_one_place_however_many_addresses_it_has() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.7"), "192.0.2.7");
    }
}
