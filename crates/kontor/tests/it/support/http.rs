//! The plainest HTTP client and a page server for self-tests.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

/// What a server answered.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Status line and header lines as sent.
    pub head: String,
    /// The body, broken characters replaced.
    pub body: String,
}

/// Fetches `http://HOST:PORT/PATH`, following nothing. HTTP/1.0, so that no body
/// comes in chunks.
///
/// # Errors
/// When nobody listens, or the answer is no HTTP or takes longer than 30 s.
pub fn get(url: &str) -> std::io::Result<Answer> {
    let broken = |what: &str| std::io::Error::other(format!("{what}: {url}"));
    let rest = url
        .strip_prefix("http://")
        .ok_or_else(|| broken("no http"))?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    write!(stream, "GET /{path} HTTP/1.0\r\nHost: {host}\r\n\r\n")?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let (head, body) = text
        .split_once("\r\n\r\n")
        .ok_or_else(|| broken("no answer"))?;
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .ok_or_else(|| broken("no status"))?;
    Ok(Answer {
        status,
        head: head.to_owned(),
        body: body.to_owned(),
    })
}

/// Serves one page at `/` with the given extra header lines (each ended by CRLF),
/// an empty answer 204 at `/favicon.ico` and 404 elsewhere, as long as the test
/// process lives. In the page `{language}` becomes the request's Accept-Language.
/// Returns the address, without a slash at its end.
pub fn serve_page(headers: &'static str, page: &'static str) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("loopback has free ports");
    let address = format!("http://{}", listener.local_addr().expect("a bound socket"));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A browser opens connections it may never use: each has its own thread.
            std::thread::spawn(move || answer(stream, headers, page));
        }
    });
    address
}

fn answer(mut stream: TcpStream, headers: &str, page: &str) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    let mut language = String::new();
    for line in lines.by_ref() {
        let line = line?;
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(": ")
            && name.eq_ignore_ascii_case("accept-language")
        {
            value.clone_into(&mut language);
        }
    }
    let (status, body) = match request.split(' ').nth(1) {
        Some("/") => ("200 OK", page.replace("{language}", &language)),
        Some("/favicon.ico") => ("204 No Content", String::new()),
        _ => ("404 Not Found", String::new()),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n{headers}\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

#[test]
fn a_page_is_fetched() {
    let address = serve_page("X-Kind: test\r\n", "<h1>Hafen</h1>");
    let answer = get(&format!("{address}/")).unwrap();
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (200, "<h1>Hafen</h1>")
    );
    assert!(answer.head.contains("X-Kind: test"));
    assert_eq!(get(&format!("{address}/else")).unwrap().status, 404);
}
