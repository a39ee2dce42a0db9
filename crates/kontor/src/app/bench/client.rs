//! The measuring client: plain HTTP/1.1 with keep-alive, nothing else in the
//! way. Understands answers with a Content-Length only, as Kontor gives them.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use kontor_platform::{Error, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What a load showed.
pub struct Load {
    pub per_second: f64,
    /// 99 of 100 answers came within so many milliseconds.
    pub p99_ms: f64,
}

/// The body of one answer.
pub async fn once(address: SocketAddr, path: &str, cookie: &str) -> Result<Vec<u8>> {
    let mut stream = TcpStream::connect(address).await?;
    let mut buffer = Vec::new();
    stream.write_all(&request(address, path, cookie)).await?;
    let (head, length) = answer(&mut stream, &mut buffer).await?;
    Ok(buffer[head..head + length].to_vec())
}

/// Presses a demo's sign-in button; the session's cookie.
pub async fn sign_in(address: SocketAddr, role: &str) -> Result<String> {
    let body = format!("role={role}");
    let text = format!(
        "POST /anmelden/demo HTTP/1.1\r\nhost: {address}\r\ncontent-type: \
         application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(text.as_bytes()).await?;
    let mut buffer = Vec::new();
    let (head, _) = answer(&mut stream, &mut buffer).await?;
    let head = String::from_utf8_lossy(&buffer[..head]).into_owned();
    head.lines()
        .find_map(|line| line.strip_prefix("set-cookie: "))
        .and_then(|line| line.split(';').next())
        .map(str::to_owned)
        .ok_or_else(|| Error::broken("the sign-in gave no cookie"))
}

/// Asks for one page over and over on several connections.
pub async fn load(
    address: SocketAddr,
    path: &str,
    cookie: &str,
    connections: usize,
    seconds: u64,
) -> Result<Load> {
    let request = request(address, path, cookie);
    let until = tokio::time::Instant::now() + Duration::from_secs(seconds);
    let mut tasks = Vec::new();
    for _ in 0..connections {
        let request = request.clone();
        tasks.push(tokio::spawn(async move {
            let mut stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            let (mut buffer, mut times) = (Vec::new(), Vec::new());
            while tokio::time::Instant::now() < until {
                let start = Instant::now();
                stream.write_all(&request).await?;
                let (head, length) = answer(&mut stream, &mut buffer).await?;
                if !buffer.starts_with(b"HTTP/1.1 200") {
                    return Err(Error::broken("an answer was not 200"));
                }
                buffer.drain(..head + length);
                times.push(start.elapsed());
            }
            Ok::<_, Error>(times)
        }));
    }
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.map_err(|e| Error::Broken(Box::new(e)))??);
    }
    times.sort_unstable();
    let p99 = times
        .get(times.len() * 99 / 100)
        .copied()
        .unwrap_or_default();
    Ok(Load {
        per_second: times.len() as f64 / seconds as f64,
        p99_ms: p99.as_secs_f64() * 1000.0,
    })
}

fn request(address: SocketAddr, path: &str, cookie: &str) -> Vec<u8> {
    let cookie = if cookie.is_empty() {
        String::new()
    } else {
        format!("cookie: {cookie}\r\n")
    };
    format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n{cookie}\r\n").into_bytes()
}

/// Reads one whole answer; the lengths of its head and its body.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<(usize, usize)> {
    loop {
        if let Some(end) = buffer.windows(4).position(|w| w == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&buffer[..end]).to_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"))
                .and_then(|text| text.trim().parse::<usize>().ok())
                .ok_or_else(|| Error::broken("an answer came without its length"))?;
            let head = end + 4;
            while buffer.len() < head + length {
                if stream.read_buf(buffer).await? == 0 {
                    return Err(Error::broken("an answer was cut short"));
                }
            }
            return Ok((head, length));
        }
        if stream.read_buf(buffer).await? == 0 {
            return Err(Error::broken("an answer was cut short"));
        }
    }
}
