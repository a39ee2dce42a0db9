//! Kontor's real binary, as a server for one test or as a single command.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{free_port, http, wait_until};

/// How long a server may take until it answers. A fresh demo region is seeded
/// within this time, by an unoptimised binary on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running server; it ends when this value is dropped.
pub struct Server {
    /// Where it listens, as it said itself: `http://127.0.0.1:PORT`, no slash at the end.
    pub address: String,
    /// Its data folder.
    pub data: PathBuf,
    child: Child,
    output: Arc<Mutex<String>>,
    // Removed with the server; `None` when the caller owns the data folder.
    _folder: Option<TempDir>,
}

impl Server {
    /// Starts `kontor COMMAND --listen … --data … ARGS` on a free port with a new
    /// data folder and waits until it answers.
    ///
    /// # Panics
    /// When the server does not come up; the message holds all it wrote.
    #[track_caller]
    pub fn start(command: &str, args: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test's data");
        let mut server = Self::start_in(folder.path(), command, args);
        server._folder = Some(folder);
        server
    }

    /// As [`Server::start`], with a data folder the caller keeps: for restarts, and
    /// for several servers over one folder.
    ///
    /// # Panics
    /// When the server does not come up; the message holds all it wrote.
    #[track_caller]
    pub fn start_in(data: &Path, command: &str, args: &[&str]) -> Self {
        Self::start_at(data, command, &format!("127.0.0.1:{}", free_port()), args)
    }

    /// The same at this address and port.
    ///
    /// # Panics
    /// When the server does not come up; the message holds all it wrote.
    #[track_caller]
    pub fn start_at(data: &Path, command: &str, listen: &str, args: &[&str]) -> Self {
        let mut program = kontor();
        program
            .args([command, "--listen", listen, "--data"])
            .arg(data)
            .args(args);
        match Self::launch(program, data) {
            Ok(server) => server,
            Err(reason) => panic!("kontor {command} {args:?}: {reason}"),
        }
    }

    /// The full address of a path that begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// All the server has written so far, standard output and error together.
    pub fn output(&self) -> String {
        self.output.lock().expect("readers do not panic").clone()
    }

    /// The first line written that contains `part`, now or within ten seconds.
    pub fn line_with(&self, part: &str) -> Option<String> {
        wait_until(Duration::from_secs(10), || {
            self.output()
                .lines()
                .find(|line| line.contains(part))
                .map(str::to_owned)
        })
    }

    /// The number of the server's process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Ends the process at once, as a power cut would: nothing is put in order.
    pub fn kill(mut self) {
        self.end();
    }

    /// Asks the process to stop (SIGTERM) and waits up to 30 s; its exit code.
    pub fn stop(mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(
            asked.is_ok_and(|status| status.success()),
            "the server was gone before it was asked to stop: {}",
            self.output()
        );
        wait_until(Duration::from_secs(30), || {
            self.child.try_wait().expect("our own child")
        })
        .and_then(|status| status.code())
    }

    /// Starts `program` and waits for the line with its address and for its answer.
    fn launch(mut program: Command, data: &Path) -> Result<Self, String> {
        let mut child = program
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let output = Arc::new(Mutex::new(String::new()));
        let (said, address) = mpsc::channel();
        let stdout = child.stdout.take().expect("asked for above");
        let stderr = child.stderr.take().expect("asked for above");
        collect(stdout, Arc::clone(&output), Some(said));
        collect(stderr, Arc::clone(&output), None);
        let mut server = Self {
            address: String::new(),
            data: data.to_owned(),
            child,
            output,
            _folder: None,
        };
        server.wait_until_ready(&address)?;
        Ok(server)
    }

    fn wait_until_ready(&mut self, address: &mpsc::Receiver<String>) -> Result<(), String> {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            if self.address.is_empty()
                && let Ok(found) = address.recv_timeout(Duration::from_millis(20))
            {
                self.address = found;
            }
            // Any answer but "not now" shows that it serves: 404 is a server
            // without health page.
            if !self.address.is_empty()
                && http::get(&self.url("/healthz")).is_ok_and(|answer| answer.status < 500)
            {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait().map_err(|error| error.to_string())? {
                // The readers get what is left in the pipes.
                std::thread::sleep(Duration::from_millis(200));
                return Err(format!("ended ({status}) and wrote:\n{}", self.output()));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Err(format!(
            "no answer after {PATIENCE:?}; it wrote:\n{}",
            self.output()
        ))
    }

    fn end(&mut self) {
        // An error means that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

/// Runs `kontor ARGS` to its end.
///
/// # Panics
/// When the binary cannot be started.
pub fn run<S: AsRef<OsStr>>(args: &[S]) -> Output {
    kontor()
        .args(args)
        .stdin(Stdio::null())
        .output()
        .expect("the binary under test starts")
}

/// The binary under test, unaware of the environment's own Kontor settings.
pub fn kontor() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kontor"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("KONTOR_") {
            command.env_remove(name);
        }
    }
    command
}

/// Copies lines to `output` as they come, and reports the first address to `said`.
fn collect(
    from: impl std::io::Read + Send + 'static,
    output: Arc<Mutex<String>>,
    said: Option<mpsc::Sender<String>>,
) {
    std::thread::spawn(move || {
        for line in BufReader::new(from).split(b'\n') {
            let Ok(line) = line else { return };
            let line = String::from_utf8_lossy(&line).into_owned();
            if let (Some(said), Some(address)) = (&said, address_in(&line)) {
                // Nobody listens any more once the address is known.
                let _ = said.send(address);
            }
            let mut output = output.lock().expect("readers do not panic");
            output.push_str(&line);
            output.push('\n');
        }
    });
}

/// Scheme, host and port of the first `http://` address in a line.
fn address_in(line: &str) -> Option<String> {
    let rest = &line[line.find("http://")? + "http://".len()..];
    let end = rest
        .find(|c: char| !(c.is_ascii_alphanumeric() || ".:[]-".contains(c)))
        .unwrap_or(rest.len());
    let host = rest[..end].trim_end_matches(['.', ':']);
    (!host.is_empty()).then(|| format!("http://{host}"))
}

#[test]
fn an_address_is_found_in_a_sentence() {
    let found = |line| address_in(line);
    assert_eq!(
        found("Kontor listens: http://127.0.0.1:7070/cluster."),
        Some("http://127.0.0.1:7070".to_owned())
    );
    assert_eq!(
        found("open \u{1b}[1mhttp://[::1]:80\u{1b}[0m."),
        Some("http://[::1]:80".to_owned())
    );
    assert_eq!(found("seeding the demo region"), None);
}

#[test]
fn a_server_is_ready_when_it_answers_and_ends_when_dropped() {
    let page = http::serve_page("", "");
    let mut stand_in = Command::new("/bin/sh");
    stand_in.args([
        "-c",
        &format!("echo starting; echo 'listens: {page}/'; exec sleep 60"),
    ]);
    let server = Server::launch(stand_in, Path::new("/")).unwrap();
    assert_eq!(server.address, page);
    assert_eq!(server.line_with("starting").as_deref(), Some("starting"));
    let process = PathBuf::from(format!("/proc/{}", server.process()));
    assert!(process.exists());
    drop(server);
    assert!(!process.exists());
}

#[test]
fn a_server_that_ends_at_once_is_reported_with_its_words() {
    let mut stand_in = Command::new("/bin/sh");
    stand_in.args(["-c", "echo the port is taken >&2; exit 7"]);
    let reason = Server::launch(stand_in, Path::new("/")).err().unwrap();
    assert!(reason.contains("exit status: 7"), "{reason}");
    assert!(reason.contains("the port is taken"), "{reason}");
}

#[test]
fn one_command_runs_to_its_end() {
    assert!(run(&["--help"]).status.success());
}
