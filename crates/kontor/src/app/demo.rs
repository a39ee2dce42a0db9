//! The demo region: real cluster names and public institutions, invented
//! organisations and people, the same from the same seed.
//!
//! First the region is made in one transaction; then its people play what a
//! region lives of, through the site's own doors.

mod content;
mod dice;
mod people;
mod region;
mod scenes;
mod visitor;

use std::path::Path;

use kontor_platform::db::{Conn, Db, Source};
use kontor_platform::text::Lang;
use kontor_platform::work::Stamp;
use kontor_platform::{Clock, Error, Result};

use crate::accounts::settings;
use crate::app::{folder, wiring};
use crate::consents::{Declaration, Purpose};
use content::Content;
pub use dice::Dice;
pub use scenes::{begin, play};

/// Says how far seeding has come; the value while scenes are still played.
const SCENES: &str = "demo.scenes";
const BEGUN: &str = "begun";

/// Throws a demo's data away; refuses any folder that is not a demo's.
pub fn clear(data: &Path) -> Result<()> {
    let file = data.join("kontor.sqlite");
    if !file.exists() {
        return Ok(());
    }
    let mut conn = kontor_platform::db::connect(&Source::Lite(file.clone()))?;
    let is_demo = settings::is_demo(&mut conn).unwrap_or(false);
    drop(conn);
    if !is_demo {
        return Err(Error::broken(format!(
            "{} holds data that is not a demo's; --fresh leaves it alone",
            data.display()
        )));
    }
    for end in ["", "-wal", "-shm"] {
        let path = data.join(format!("kontor.sqlite{end}"));
        if path.exists() {
            std::fs::remove_file(path)?;
        }
    }
    crate::search::reset(data).map(drop)
}

/// Refuses a folder in which an installation has begun that is not a demo's, and
/// leaves it as it is: nothing is migrated.
pub fn refuse_others(data: &Path) -> Result<()> {
    let source = Source::Lite(data.join("kontor.sqlite"));
    let Some(mut conn) = folder::installation(&source)? else {
        return Ok(());
    };
    if settings::is_demo(&mut conn)? || !is_begun(&mut conn)? {
        return Ok(());
    }
    Err(belongs(&data.display().to_string()))
}

/// Whether there is more than empty tables: something has happened, or a link to
/// set it up has been handed out.
fn is_begun(conn: &mut Conn) -> Result<bool> {
    Ok(kontor_platform::log::head(conn)? > 0 || !settings::texts(conn, "")?.is_empty())
}

fn belongs(what: &str) -> Error {
    Error::broken(format!(
        "{what} belongs to an installation that has begun; give the demo a folder of its own \
         with --data"
    ))
}

/// Whether the folder holds a demo whose seeding was interrupted.
pub fn is_half_made(data: &Path) -> Result<bool> {
    let file = data.join("kontor.sqlite");
    if !file.exists() {
        return Ok(false);
    }
    let mut conn = kontor_platform::db::connect(&Source::Lite(file))?;
    // A file without our tables is none of a demo's.
    if !settings::is_demo(&mut conn).unwrap_or(false) {
        return Ok(false);
    }
    Ok(settings::text(&mut conn, SCENES)?.as_deref() == Some(BEGUN))
}

/// Seeds the region of an empty database and says so; leaves a demo alone;
/// refuses anything else.
pub fn seed_if_empty(db: &Db, clock: &Clock) -> Result<bool> {
    let (is_demo, is_begun) =
        db.read_now(|conn| Ok((settings::is_demo(conn)?, is_begun(conn)?)))?;
    if is_demo {
        return Ok(false);
    }
    if is_begun {
        return Err(belongs("this database"));
    }
    let content = Content::load()?;
    let speech = wiring::texts()?.speak(Lang::De);
    let declaration = Declaration::new(&speech, Purpose::Publication);
    db.write_now(Stamp::system(clock.now()), move |work| {
        settings::set_text(work, SCENES, BEGUN)?;
        region::seed(work, &content, &declaration)
    })?;
    Ok(true)
}
