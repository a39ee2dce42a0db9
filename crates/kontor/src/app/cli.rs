//! The command line.

mod backup;
mod care;
mod doctor;
mod export;
mod import;
mod serve;
mod users;

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use kontor_platform::config::{self, Config};
use kontor_platform::{Error, Result, secret};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use super::bench;

#[derive(Parser)]
#[command(
    name = "kontor",
    version,
    about = "Where a region's business clusters work together."
)]
struct Cli {
    /// The data folder.
    #[arg(long, global = true, env = "KONTOR_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// The configuration file [default: kontor.toml in the data folder].
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the pages of a data folder.
    #[command(after_help = "Example:\n  kontor serve --data /var/lib/kontor")]
    Serve {
        /// Address and port, over the configuration's.
        #[arg(long, value_name = "ADDR", value_parser = serve::address)]
        listen: Option<String>,
        /// Render every page anew (for measuring).
        #[arg(long)]
        no_page_cache: bool,
    },
    /// Start the demo region: clusters, example organisations, a button per role.
    #[command(after_help = "Example:\n  kontor demo --fresh")]
    Demo {
        /// Address and port; the next free port is taken when it is busy.
        #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8017", value_parser = serve::address)]
        listen: String,
        /// Throw the demo's data away and seed anew.
        #[arg(long)]
        fresh: bool,
        /// Render every page anew (for measuring).
        #[arg(long)]
        no_page_cache: bool,
    },
    /// Bring the database to this version and stop.
    ///
    /// A database is made only where kontor.toml (or --config) or a database
    /// server's address says that this is the place.
    #[command(after_help = "Example:\n  kontor migrate --data /var/lib/kontor")]
    Migrate,
    /// Write everything into one archive, also while the server runs.
    ///
    /// The archive holds the database, logos included, and the server's secret:
    /// keep it as safe as the data folder. Either engine can take it.
    #[command(
        after_help = "Examples:\n  kontor backup --data /var/lib/kontor\n  kontor backup /mnt/backups --keep 14 --json"
    )]
    Backup(backup::Backup),
    /// Put an archive in the place of the data; the server must not run.
    ///
    /// Every hash of the archive is compared before anything is touched.
    /// The configuration is not part of it.
    #[command(
        after_help = "Examples:\n  kontor restore backup-20261122T090000Z.kontor.tar.gz --data /var/lib/kontor\n  kontor restore FILE --yes"
    )]
    Restore(backup::Restore),
    /// Accounts.
    #[command(
        subcommand,
        after_help = "Example:\n  kontor user invite it@kontor.example.org --role admin"
    )]
    User(users::User),
    /// Measure speed on a scratch demo region.
    #[command(after_help = "Example:\n  kontor bench pages --json")]
    Bench {
        /// What to measure.
        what: Bench,
        /// Seconds for each figure.
        #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=600))]
        seconds: u64,
        /// One JSON object per figure.
        #[arg(long)]
        json: bool,
    },
    /// Bring lists of others into the directory.
    #[command(
        subcommand,
        after_help = "Example:\n  kontor import members members.xlsx --cluster hamburg-aviation --dry-run"
    )]
    Import(import::Import),
    /// Make lists and figures anew and throw the search's index away.
    #[command(
        after_help = "Everything is made from the data again. A running server notices within a second and makes a new one; \
        until it is done, the old one answers.\n\nExample:\n  kontor reindex --data /var/lib/kontor"
    )]
    Reindex,
    /// Write lists for other programs.
    ///
    /// They hold what stands in the directory, also what pages show to few or
    /// to nobody. Contact data of people only with --with-contacts.
    #[command(
        after_help = "Examples:\n  kontor export --what log > log.jsonl\n  kontor export /tmp/lists --what organisations,clusters --format csv"
    )]
    Export(export::Export),
    /// Check data folder, database, activity log, backups and configuration.
    ///
    /// Changes nothing. Ends with 1 when something is broken, with 0 when there
    /// are warnings only.
    #[command(after_help = "Example:\n  kontor doctor --data /var/lib/kontor --json")]
    Doctor(doctor::Doctor),
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Bench {
    /// Pages against a bare handler, with and without the page cache.
    Pages,
    /// Durable commands.
    Commands,
    /// Uncached pages of a region of 1,000 and of 20,000 organisations.
    Growth,
    /// A list of 50,000 rows while somebody else writes.
    Import,
}

/// Runs the command line; 0 when done, 1 when it failed, 2 on wrong usage.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    kontor_platform::tls::install();
    match log_to_stderr().and_then(|()| execute(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say_wrong(&format!("error: {error}"));
            if is_wrong_usage(&error) {
                ExitCode::from(2)
            } else {
                ExitCode::FAILURE
            }
        }
    }
}

/// Writes the log to the standard error stream, as much as `KONTOR_LOG` says;
/// with colours on a terminal only.
fn log_to_stderr() -> Result<()> {
    let asked = std::env::var("KONTOR_LOG").unwrap_or_default();
    let filter = match asked.trim() {
        "" => EnvFilter::new("info"),
        asked => log_filter(asked).ok_or_else(|| {
            Error::broken(format!(
                "KONTOR_LOG {asked}: write error, warn, info, debug, trace or off, or for one part \
                 kontor=debug; several with a comma between"
            ))
        })?,
    };
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    Ok(())
}

/// What is logged; none where a level is mistyped, which would name a part of the
/// program that does not exist and log nothing.
fn log_filter(asked: &str) -> Option<EnvFilter> {
    let is_level = |word: &str| word.parse::<LevelFilter>().is_ok();
    let is_right = |part: &str| match part.trim().split_once('=') {
        Some((_, level)) => is_level(level.trim()),
        None => is_level(part.trim()),
    };
    asked.split(',').all(is_right).then_some(())?;
    EnvFilter::try_new(asked).ok()
}

/// Something in the command itself must be put right: ends with 2.
#[derive(Debug)]
struct WrongUsage(String);

impl std::fmt::Display for WrongUsage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
impl std::error::Error for WrongUsage {}

fn wrong_usage(what: impl Into<String>) -> Error {
    Error::Broken(Box::new(WrongUsage(what.into())))
}

fn is_wrong_usage(error: &Error) -> bool {
    matches!(error, Error::Broken(source) if source.is::<WrongUsage>())
}

/// What the command line prints for people and pipes.
pub(super) fn say(line: &str) {
    use std::io::Write as _;
    // Whoever closed the pipe has read enough; the work goes on.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

fn say_wrong(line: &str) {
    use std::io::Write as _;
    // There is nobody else to tell.
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// A number with its noun: "1 day", "2 days".
fn counted(n: i64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

fn execute(cli: Cli) -> Result<()> {
    let is_demo = matches!(cli.command, Command::Demo { .. });
    let data = cli.data.unwrap_or_else(|| {
        PathBuf::from(if is_demo {
            "daten/demo"
        } else {
            "daten/kontor"
        })
    });
    let env = config::environment()?;
    let config = Config::load(cli.config.as_deref(), &data, &env)?;
    match cli.command {
        Command::Serve {
            listen,
            no_page_cache,
        } => {
            let listen = listen.unwrap_or_else(|| config.listen.clone());
            serve::serve(config, &data, &listen, !no_page_cache)
        }
        Command::Demo {
            listen,
            fresh,
            no_page_cache,
        } => serve::start_demo(config, &data, &listen, fresh, !no_page_cache),
        Command::Migrate => serve::migrate(&config, &data),
        Command::Backup(args) => backup::make(&config, &data, &args),
        Command::Restore(args) => backup::restore(&config, &data, &args),
        Command::Bench {
            what,
            seconds,
            json,
        } => measure(config, what, seconds, json),
        Command::User(what) => users::run(&config, &data, &what),
        Command::Import(what) => import::run(&config, &data, what),
        Command::Reindex => care::reindex(&config, &data),
        Command::Export(args) => export::run(&config, &data, &args),
        Command::Doctor(args) => doctor::run(&config, &data, &args),
    }
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?)
}

fn measure(config: Config, what: Bench, seconds: u64, json: bool) -> Result<()> {
    let folder = std::env::temp_dir().join(format!("kontor-bench-{}", std::process::id()));
    secret::private_folder(&folder)?;
    let runtime = runtime()?;
    let figures = match what {
        Bench::Pages => runtime.block_on(bench::pages(&config, &folder, seconds)),
        Bench::Commands => runtime.block_on(bench::commands(&config, &folder, seconds)),
        Bench::Growth => runtime.block_on(bench::growth(&config, &folder, seconds)),
        Bench::Import => bench::import(&config, &folder),
    };
    std::fs::remove_dir_all(&folder)?;
    for figure in figures? {
        if json {
            say(&serde_json::to_string(&figure)?);
        } else {
            let met = figure
                .met
                .map_or("", |met| if met { "  met" } else { "  NOT met" });
            say(&format!(
                "{:<52} {:>12.3} {}{met}",
                figure.name, figure.value, figure.unit
            ));
        }
    }
    Ok(())
}
