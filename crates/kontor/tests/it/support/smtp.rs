//! A real mail server that keeps what it receives.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use super::{skip_or_fail, wait_until};

/// Debian's own Python: another one on the PATH does not see Debian's packages.
const PYTHON: &str = "/usr/bin/python3";
const SCRIPT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/it/support/smtp_server.py"
);

/// A mail server on loopback; it ends when this value is dropped. It refuses
/// recipients whose address begins with `refused` (550) or `busy` (451, for now).
pub struct Smtp {
    /// The port it listens on, without TLS and without sign-in.
    pub port: u16,
    child: Child,
    folder: TempDir,
}

/// One received message.
#[derive(Debug)]
pub struct Mail {
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipients.
    pub to: Vec<String>,
    /// Name and decoded value, in the order of the message.
    pub headers: Vec<(String, String)>,
    /// The plain text part, decoded; empty when there is none.
    pub text: String,
    /// The HTML part, decoded; empty when there is none.
    pub html: String,
    /// Attachments in the order of the message.
    pub attachments: Vec<Attachment>,
    /// The message as it came over the line.
    pub raw: Vec<u8>,
}

/// A file that came with a message.
#[derive(Debug)]
pub struct Attachment {
    /// The file name it was sent with.
    pub name: String,
    /// Its media type, such as `text/calendar`.
    pub kind: String,
    /// The decoded bytes.
    pub bytes: Vec<u8>,
}

impl Mail {
    /// The first header of that name, decoded; upper and lower case are the same.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The decoded subject, empty when there is none.
    pub fn subject(&self) -> &str {
        self.header("subject").unwrap_or_default()
    }
}

impl Smtp {
    /// Starts a mail server, or skips (see [`skip_or_fail`]) where aiosmtpd is missing.
    #[track_caller]
    pub fn start() -> Option<Self> {
        let there = Command::new(PYTHON)
            .args(["-c", "import aiosmtpd"])
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        if !there {
            skip_or_fail("python3-aiosmtpd (mail tests)");
            return None;
        }
        let folder = tempfile::tempdir().expect("a folder for received mail");
        let mut child = Command::new(PYTHON)
            // Leaves no compiled files in the checkout.
            .arg("-B")
            .arg(SCRIPT)
            .arg(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python started a moment ago");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("asked for above"))
            .read_line(&mut line)
            .expect("the mail server says its port");
        let port = line.trim().parse().expect("the mail server says its port");
        Some(Self {
            port,
            child,
            folder,
        })
    }

    /// What was received so far, oldest first.
    pub fn messages(&self) -> Vec<Mail> {
        let mut names: Vec<_> = std::fs::read_dir(self.folder.path())
            .expect("the mail folder")
            .map(|entry| entry.expect("the mail folder").path())
            .filter(|path| path.extension().is_some_and(|kind| kind == "json"))
            .collect();
        names.sort();
        names.iter().map(|path| read(path)).collect()
    }

    /// Waits up to 20 s for at least `count` messages and returns all there are.
    ///
    /// # Panics
    /// When fewer arrive; the message names the subjects of those that did.
    #[track_caller]
    pub fn wait_for(&self, count: usize) -> Vec<Mail> {
        wait_until(Duration::from_secs(20), || {
            let all = self.messages();
            (all.len() >= count).then_some(all)
        })
        .unwrap_or_else(|| {
            let all = self.messages();
            let subjects: Vec<_> = all.iter().map(Mail::subject).collect();
            panic!(
                "waited for {count} messages, got {}: {subjects:?}",
                all.len()
            )
        })
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(described: &Path) -> Mail {
    let bytes = |kind: &str| std::fs::read(described.with_extension(kind)).expect("complete mail");
    let value: Value = serde_json::from_slice(&bytes("json")).expect("written by our script");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    Mail {
        from: text(&value["from"]),
        to: list(&value["to"]).iter().map(text).collect(),
        headers: list(&value["headers"])
            .iter()
            .map(|pair| (text(&pair[0]), text(&pair[1])))
            .collect(),
        text: text(&value["text"]),
        html: text(&value["html"]),
        attachments: list(&value["attachments"])
            .iter()
            .enumerate()
            .map(|(number, part)| Attachment {
                name: text(&part["name"]),
                kind: text(&part["kind"]),
                bytes: bytes(&number.to_string()),
            })
            .collect(),
        raw: bytes("eml"),
    }
}

/// Speaks SMTP by hand, one command per element, and returns the last reply.
#[cfg(test)]
fn dialogue(port: u16, commands: &[&str]) -> String {
    use std::io::Write as _;
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    let mut replies = BufReader::new(stream.try_clone().unwrap());
    let mut reply = String::new();
    replies.read_line(&mut reply).unwrap();
    for command in commands {
        stream
            .write_all(format!("{command}\r\n").as_bytes())
            .unwrap();
        reply.clear();
        replies.read_line(&mut reply).unwrap();
    }
    reply
}

#[test]
fn a_message_arrives_whole() {
    let Some(smtp) = Smtp::start() else { return };
    let message = "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=x\r\n\r\n\
        --x\r\nContent-Type: multipart/alternative; boundary=y\r\n\r\n\
        --y\r\nContent-Type: text/plain; charset=utf-8\r\n\
        Content-Transfer-Encoding: quoted-printable\r\n\r\nBis sp=C3=A4ter\r\n\
        --y\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Hallo</p>\r\n--y--\r\n\
        --x\r\nContent-Type: text/calendar\r\nContent-Transfer-Encoding: base64\r\n\
        Content-Disposition: attachment; filename=a.ics\r\n\r\nSGFmZW4=\r\n--x--\r\n.";
    let reply = dialogue(
        smtp.port,
        &[
            "HELO test",
            "MAIL FROM:<a@example.org>",
            "RCPT TO:<b@example.org>",
            "DATA",
            message,
        ],
    );
    assert!(reply.starts_with("250"), "{reply}");
    let mail = smtp.wait_for(1).remove(0);
    assert_eq!(mail.from, "a@example.org");
    assert_eq!(mail.to, ["b@example.org"]);
    assert_eq!(mail.subject(), "Grüße");
    assert_eq!(mail.text.trim(), "Bis später");
    assert_eq!(mail.html.trim(), "<p>Hallo</p>");
    assert_eq!(mail.attachments[0].name, "a.ics");
    assert_eq!(mail.attachments[0].kind, "text/calendar");
    assert_eq!(mail.attachments[0].bytes, b"Hafen");
    assert!(mail.raw.starts_with(b"Subject:"));
}

#[test]
fn a_mailbox_can_be_missing_or_busy() {
    let Some(smtp) = Smtp::start() else { return };
    for (recipient, code) in [("refused@example.org", "550"), ("busy@example.org", "451")] {
        let rcpt = format!("RCPT TO:<{recipient}>");
        let reply = dialogue(
            smtp.port,
            &["HELO test", "MAIL FROM:<a@example.org>", &rcpt],
        );
        assert!(reply.starts_with(code), "{reply}");
    }
    assert!(smtp.messages().is_empty());
}
