//! Does a page cost more in a large region? The same pages, uncached, in a
//! region of 1,000 organisations and again when it has 20,000.

use std::path::Path;

use kontor_platform::config::Config;
use kontor_platform::db::Db;
use kontor_platform::web::Site;
use kontor_platform::work::Stamp;
use kontor_platform::{Clock, Day, Result};
use tokio::net::TcpListener;

use super::{CONNECTIONS, Figure, PAGES, client, first_organisation, seeded};
use crate::app::{demo::Dice, server};
use crate::directory::{
    self, Helix, MembershipKind, NewOrganisation, NewPerson, Visibility, cluster_by_slug,
};

/// Organisations of the small and of the large region.
const SIZES: [i64; 2] = [1_000, 20_000];
/// People of each organisation.
const PEOPLE: i64 = 5;
/// Organisations that one transaction brings.
const BATCH: i64 = 500;
/// A page of the large region may take so many times as long.
const BAR: f64 = 1.5;

/// Measures each page in both regions; the ratio of their times.
pub async fn growth(config: &Config, data: &Path, seconds: u64) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    let mut before: Vec<f64> = Vec::new();
    for size in SIZES {
        let speeds = pages(config, data, seconds, size).await?;
        for ((name, ..), speed) in PAGES.iter().zip(&speeds) {
            let name = format!("{name}, {size} organisations");
            figures.push(Figure::new(name, *speed, "requests/s", None));
        }
        if !before.is_empty() {
            for ((name, ..), (small, large)) in PAGES.iter().zip(before.iter().zip(&speeds)) {
                let ratio = small / large;
                figures.push(Figure {
                    met: Some(ratio <= BAR),
                    ..Figure::new(format!("{name}, large of small"), ratio, "ratio", Some(BAR))
                });
            }
        }
        before = speeds;
    }
    Ok(figures)
}

/// Requests a second of each page once the region has `size` organisations.
async fn pages(config: &Config, data: &Path, seconds: u64, size: i64) -> Result<Vec<f64>> {
    let site = tokio::task::block_in_place(|| {
        let clock = Clock::system();
        let db = seeded(config, data, &clock)?;
        grow(&db, &clock, size)?;
        let site = server::site(config.clone(), data, db, clock, false)?;
        indexed(&site)?;
        Ok::<_, kontor_platform::Error>(site)
    })?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let running = tokio::spawn(server::serve(site, listener));
    let cookie = client::sign_in(address, "manager").await?;
    let list = client::once(address, "/organisationen", "").await?;
    let found = first_organisation(&list)?;
    let mut speeds = Vec::new();
    for (_, path, signed, ..) in PAGES {
        let path = if path.is_empty() { &found } else { path };
        let cookie = if signed { cookie.as_str() } else { "" };
        let load = client::load(address, path, cookie, CONNECTIONS, seconds).await?;
        speeds.push(load.per_second);
    }
    running.abort();
    Ok(speeds)
}

/// Waits until the search has read everything. The region before may still be
/// followed by its own server, which then holds the index now and then.
fn indexed(site: &Site) -> Result<()> {
    let search = server::search_of(site)?;
    let mut tries = 0;
    while let Err(error) = search.catch_up() {
        tries += 1;
        if tries > 20 {
            return Err(error);
        }
        std::thread::sleep(std::time::Duration::from_millis(500));
    }
    Ok(())
}

/// Fills the region up to `size` organisations with their people.
fn grow(db: &Db, clock: &Clock, size: i64) -> Result<()> {
    let (_, mut count) = db.read_now(directory::sizes)?;
    while count < size {
        let (from, to) = (count, size.min(count + BATCH));
        db.write_now(Stamp::system(clock.now()), move |work| {
            let clusters = ["hamburg-aviation", "life-science-nord"];
            let mut ids = Vec::new();
            for slug in clusters {
                ids.extend(cluster_by_slug(work, slug)?.ok().map(|c| c.id));
            }
            let mut dice = Dice::new(u64::try_from(from).unwrap_or(0));
            let today = Day(work.now().zoned().date());
            for n in from..to {
                let organisation = directory::create_organisation(work, &firm(n, &mut dice))?;
                let cluster = *dice.pick(&ids);
                let kind = MembershipKind::Member;
                directory::join_cluster(work, organisation, cluster, kind, today)?;
                for p in 0..PEOPLE {
                    let person = NewPerson {
                        name: format!("Person {n} {p}"),
                        mail: format!("p{p}@firm{n}.example"),
                        organisation: Some(organisation),
                        source: "bench".into(),
                        published: match p {
                            0 => vec![("name", "all_clusters")],
                            _ => Vec::new(),
                        },
                        ..NewPerson::default()
                    };
                    directory::create_person(work, &person)?;
                }
            }
            Ok(())
        })?;
        count = to;
    }
    db.write_now(Stamp::system(clock.now()), directory::recount)
}

fn firm(n: i64, dice: &mut Dice) -> NewOrganisation {
    let letters = |dice: &mut Dice| -> String {
        let letter = |d: &mut Dice| char::from(b'a' + u8::try_from(d.below(26)).unwrap_or(0));
        (0..7).map(|_| letter(dice)).collect()
    };
    NewOrganisation {
        name: format!("{} {} {n} GmbH", letters(dice), letters(dice)),
        helix: Some(*dice.pick(Helix::ALL)),
        city: "Hamburg".into(),
        country: "DE".into(),
        website: format!("https://firm{n}.example"),
        summary_de: "Ein Betrieb für die Messung.".into(),
        visibility: Some(*dice.pick(Visibility::ALL)),
        ..NewOrganisation::default()
    }
}
