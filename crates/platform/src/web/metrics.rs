//! Figures for a monitoring system, in Prometheus' text format.
//!
//! Requests are counted by the route's pattern, the method and the class of the
//! answer's code: a handful of numbers, none of them about a person.

use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

/// The media type of the format.
pub const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Upper bounds of the classes of duration, in seconds.
const BOUNDS: [f64; 8] = [0.005, 0.02, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0];

/// What was asked how often, and how long it took. Clones share it.
#[derive(Clone, Default)]
pub struct Metrics(Arc<Mutex<BTreeMap<Asked, Times>>>);

/// Method, pattern of the route, class of the code.
type Asked = (&'static str, String, &'static str);

#[derive(Clone, Copy, Default)]
struct Times {
    count: u64,
    seconds: f64,
    /// How many took no longer than each of the bounds.
    within: [u64; BOUNDS.len()],
}

/// Counts and times each request until its answer begins.
pub async fn measure(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let method = method(request.method());
    // An address without a route has no pattern: the addresses that somebody
    // tries must not become numbers that are kept.
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let begun = Instant::now();
    let answer = next.run(request).await;
    metrics.note((method, route, class(answer.status())), begun.elapsed());
    answer
}

fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        _ => "other",
    }
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}

impl Metrics {
    fn note(&self, asked: Asked, took: Duration) {
        let seconds = took.as_secs_f64();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let times = all.entry(asked).or_default();
        times.count += 1;
        times.seconds += seconds;
        for (within, bound) in times.within.iter_mut().zip(BOUNDS) {
            *within += u64::from(seconds <= bound);
        }
    }

    /// Writes the requests' counts and durations.
    pub fn write(&self, page: &mut Exposition) {
        let all = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let name = "kontor_http_request_duration_seconds";
        page.family(name, "histogram", "Time until an answer begins, by route.");
        for ((method, route, class), times) in &all {
            let labels = [("method", *method), ("route", route), ("status", class)];
            let bucket = format!("{name}_bucket");
            for (within, bound) in times.within.iter().zip(BOUNDS) {
                let bound = bound.to_string();
                let labels = [labels[0], labels[1], labels[2], ("le", &bound)];
                page.sample(&bucket, &labels, within);
            }
            let labels_all = [labels[0], labels[1], labels[2], ("le", "+Inf")];
            page.sample(&bucket, &labels_all, times.count);
            page.sample(&format!("{name}_sum"), &labels, times.seconds);
            page.sample(&format!("{name}_count"), &labels, times.count);
        }
    }
}

/// A page of figures in the making.
#[derive(Default)]
pub struct Exposition(String);

impl Exposition {
    /// Begins a family: its name, `counter`, `gauge` or `histogram`, its meaning.
    pub fn family(&mut self, name: &str, kind: &str, help: &str) {
        self.line(format_args!("# HELP {name} {help}"));
        self.line(format_args!("# TYPE {name} {kind}"));
    }

    /// One figure of the family begun last.
    pub fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        if labels.is_empty() {
            return self.line(format_args!("{name} {value}"));
        }
        let labels: Vec<String> = labels
            .iter()
            .map(|(key, value)| format!("{key}=\"{}\"", escaped(value)))
            .collect();
        self.line(format_args!("{name}{{{}}} {value}", labels.join(",")));
    }

    /// A family of one figure.
    pub fn gauge(&mut self, name: &str, help: &str, value: impl Display) {
        self.family(name, "gauge", help);
        self.sample(name, &[], value);
    }

    /// The whole page.
    pub fn finish(self) -> String {
        self.0
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        writeln!(self.0, "{line}").expect("a text takes every line");
    }
}

fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

/// Memory that the process holds, in bytes; unknown outside of Linux.
pub fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_fall_into_every_class_above_them() {
        let metrics = Metrics::default();
        for ms in [1, 30, 60_000] {
            metrics.note(("GET", "/a/{b}".into(), "2xx"), Duration::from_millis(ms));
        }
        let mut page = Exposition::default();
        metrics.write(&mut page);
        let page = page.finish();
        let of = |rest: &str| {
            let name = "kontor_http_request_duration_seconds";
            let labels = "method=\"GET\",route=\"/a/{b}\",status=\"2xx\"";
            let start = format!("{name}{}", rest.replace("LABELS", labels));
            let line = page.lines().find(|l| l.starts_with(&start));
            line.unwrap_or_else(|| panic!("{start}\n{page}"))
                .rsplit(' ')
                .next()
                .map(str::to_owned)
        };
        assert_eq!(of("_bucket{LABELS,le=\"0.005\"}").as_deref(), Some("1"));
        assert_eq!(of("_bucket{LABELS,le=\"0.05\"}").as_deref(), Some("2"));
        assert_eq!(of("_bucket{LABELS,le=\"10\"}").as_deref(), Some("2"));
        assert_eq!(of("_bucket{LABELS,le=\"+Inf\"}").as_deref(), Some("3"));
        assert_eq!(of("_count{LABELS}").as_deref(), Some("3"));
        assert_eq!(of("_sum{LABELS}").as_deref(), Some("60.031"));
    }

    #[test]
    fn a_label_cannot_break_its_line() {
        let mut page = Exposition::default();
        page.sample("x", &[("a", "\"\\\n")], 1);
        assert_eq!(page.finish(), "x{a=\"\\\"\\\\\\n\"} 1\n");
    }
}
