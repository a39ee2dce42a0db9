//! What a region lives of, played by its people: lists, invitations, pairs,
//! requests, messages. It begins six weeks ago and ends with today.

mod lists;
mod reports;

use axum::Router;
use jiff::ToSpan as _;
use kontor_platform::db::Conn;
use kontor_platform::text::Lang;
use kontor_platform::web::Site;
use kontor_platform::work::Stamp;
use kontor_platform::{Clock, Error, Instant, Result, mail};

use super::SCENES;
use super::content::{Content, Post};
use super::visitor::Visitor;
use crate::accounts::{self, settings};
use crate::app::router;
use lists::Members;

/// Days before now on which the region is made.
const BEGINS: i32 = 42;
/// The clusters whose managements have a sign-in button.
const AVIATION: &str = "hamburg-aviation";
const LIFE: &str = "life-science-nord";

/// A clock that stands on the day on which a demo of `now` begins.
pub fn begin(now: Instant) -> Clock {
    Clock::standing(moment(now, BEGINS, 8))
}

/// So many days before `now`, at that hour of the region's wall clock.
fn moment(now: Instant, days: i32, hour: i8) -> Instant {
    let here = now.zoned();
    let day = here.date().saturating_sub(days.days());
    let at = day.at(hour, 12, 0, 0).to_zoned(here.time_zone().clone());
    // An hour that a clock change leaves out: the same moment of the day will do.
    let instead = now.plus_s(-i64::from(days) * 24 * 3600);
    at.map_or(instead, |at| Instant(at.timestamp().as_microsecond()))
}

/// The site with the people on it.
struct Stage<'a> {
    site: &'a Site,
    doors: Router,
    clock: &'a Clock,
    now: Instant,
    content: Content,
}

/// Plays all scenes on a site whose clock is `clock`, which stands at `now` in
/// the end.
pub async fn play(site: &Site, clock: &Clock, now: Instant) -> Result<()> {
    let stage = Stage {
        site,
        doors: router::router(site.clone()),
        clock,
        now,
        content: Content::load()?,
    };
    stage.first_lists().await?;
    stage.answers().await?;
    stage.pairs().await?;
    stage.next_list().await?;
    stage.messages().await?;
    stage.requests().await?;
    stage.change().await?;
    stage.staged_list().await?;
    stage.visits().await?;
    stage.until(0, 0);
    site.db
        .write(Stamp::system(now), |work| {
            settings::set_text(work, SCENES, "played")
        })
        .await
}

impl Stage<'_> {
    /// Lets it be so many days before now, at that hour; never goes back, and
    /// never beyond now.
    fn until(&self, days: i32, hour: i8) {
        let at = match days {
            0 => self.now,
            _ => moment(self.now, days, hour),
        };
        let on = at.0.min(self.now.0) - self.clock.now().0;
        self.clock.advance_s(on.max(0) / 1_000_000);
    }

    async fn enter(&self, key: &str) -> Result<Visitor<'_>> {
        Visitor::signed_in(self.site, &self.doors, key).await
    }

    fn outsider(&self, lang: Lang) -> Visitor<'_> {
        Visitor::outside(self.site, &self.doors, lang)
    }

    /// Both managements bring their first lists; the contacts of one of them are
    /// invited in stages.
    async fn first_lists(&self) -> Result<()> {
        let lists = &self.content.scenes.lists;
        self.until(26, 9);
        let other = self.enter("manager_other").await?;
        self.bring(
            &other,
            LIFE,
            "Mitglieder-Nord.csv",
            &lists.text(&lists.life),
        )
        .await?;
        other.leave().await?;
        self.until(24, 10);
        let manager = self.enter("manager").await?;
        let first = lists.text(&lists.first);
        self.bring(&manager, AVIATION, "Neue-Mitglieder-Herbst.csv", &first)
            .await?;
        self.until(22, 9);
        let invitations = "/verwaltung/einladungen";
        let stage = [
            ("cluster", AVIATION),
            ("lang", "de"),
            ("most", "4"),
            ("what", "invite"),
            ("may-edit", "1"),
        ];
        manager.post(invitations, &stage).await?;
        let rest = [
            ("cluster", AVIATION),
            ("lang", "de"),
            ("most", "100"),
            ("what", "inform"),
        ];
        manager.post(invitations, &rest).await?;
        manager.leave().await
    }

    /// Of those who were invited two come in, and one does not want to.
    async fn answers(&self) -> Result<()> {
        self.until(20, 11);
        let letters = self.site.db.read(invitations).await?;
        let owner = self.outsider(Lang::De);
        for (i, (path, name)) in letters.iter().enumerate().take(3) {
            let (path, fields) = match i {
                2 => (format!("{path}/ablehnen"), Vec::new()),
                _ => (path.clone(), vec![("name", name.as_str())]),
            };
            owner.post(&path, &fields).await?;
        }
        Ok(())
    }

    /// Uploads a list and applies it as it is.
    async fn bring(&self, who: &Visitor<'_>, cluster: &str, name: &str, list: &str) -> Result<()> {
        let import = who.upload(cluster, name, list).await?;
        let source = self.content.scenes.lists.source.as_str();
        let fields = [
            ("source", source),
            ("ground", "contract"),
            ("visibility", "public"),
        ];
        who.post(&format!("{import}/anwenden"), &fields).await?;
        Ok(())
    }

    /// One pair is merged, two wait for the other cluster's yes, others stay open.
    async fn pairs(&self) -> Result<()> {
        let pairs = &self.content.scenes.pairs;
        self.until(15, 14);
        let manager = self.enter("manager").await?;
        self.propose(&manager, &pairs.merged).await?;
        self.until(12, 11);
        self.propose(&manager, &pairs.asks).await?;
        manager.leave().await?;
        self.until(9, 15);
        let other = self.enter("manager_other").await?;
        self.propose(&other, &pairs.asked).await?;
        other.leave().await
    }

    /// Presses the button of duplicates that keeps the record of this name.
    async fn propose(&self, who: &Visitor<'_>, keep: &str) -> Result<()> {
        let mut next = Some("/verwaltung/dubletten".to_owned());
        let mut pair = None;
        while let Some(path) = next.filter(|_| pair.is_none()) {
            let page = who.page(&path).await?;
            let mut forms = page.split("<form").skip(1);
            let form = forms.find(|f| f.contains("name=\"winner\"") && f.contains(keep));
            let value = |name| quoted(form?, &format!("name=\"{name}\" value="));
            pair = value("winner").zip(value("loser"));
            next = quoted(&page, "rel=\"next\" href=");
        }
        let none = || Error::broken(format!("the demo has no pair with {keep}"));
        let (winner, loser) = pair.ok_or_else(none)?;
        let fields = [("winner", winner.as_str()), ("loser", loser.as_str())];
        who.post("/verwaltung/dubletten/zusammenfuehren", &fields)
            .await?;
        Ok(())
    }

    /// The members of Hamburg Aviation as its management knows them today.
    async fn members(&self, manager: &Visitor<'_>) -> Result<Members> {
        Members::of(self.site, manager, AVIATION).await
    }

    /// The next list of all members knows some in a new street, contacts, and
    /// new members.
    async fn next_list(&self) -> Result<()> {
        self.until(8, 10);
        let manager = self.enter("manager").await?;
        let members = self.members(&manager).await?;
        let list = members.next(&self.content.scenes.lists, &self.content.people);
        self.bring(&manager, AVIATION, "Mitgliederliste.csv", &list)
            .await?;
        manager.leave().await
    }

    /// Somebody inside and somebody outside write to organisations.
    async fn messages(&self) -> Result<()> {
        for message in &self.content.scenes.message {
            self.until(message.days, 13);
            let to = match self.content.clusters.iter().any(|c| c.slug == message.to) {
                true => self.first_of(&message.to).await?,
                false => self.page_of(&message.to).await?,
            };
            let inside = !message.from.is_empty();
            let sender = match inside {
                true => self.enter(&message.from).await?,
                false => self.outsider(lang(message)),
            };
            let fields = [
                ("name", message.name.as_str()),
                ("mail", message.mail.as_str()),
                ("message", message.message.as_str()),
            ];
            sender.post(&format!("{to}/kontakt"), &fields).await?;
            if inside {
                sender.leave().await?;
            }
            if !message.report.is_empty() {
                reports::report(self, message).await?;
            }
        }
        Ok(())
    }

    /// The page of the first organisation that a cluster's page shows.
    async fn first_of(&self, cluster: &str) -> Result<String> {
        let visitor = self.outsider(Lang::De);
        let page = visitor.page(&format!("/cluster/{cluster}")).await?;
        let link = page
            .split("href=\"")
            .find(|l| l.starts_with("/organisationen/"));
        let none = || Error::broken(format!("the demo's {cluster} shows no organisation"));
        let path = link.and_then(|l| l.split('"').next());
        path.map(str::to_owned).ok_or_else(none)
    }

    /// The page of a member of Hamburg Aviation.
    async fn page_of(&self, name: &str) -> Result<String> {
        let manager = self.enter("manager").await?;
        let members = self.members(&manager).await?;
        manager.leave().await?;
        Ok(format!("/organisationen/{}", members.named(name)?))
    }

    /// Requests for managements and, where nobody leads, for the
    /// administration; and a barrier that somebody met.
    async fn requests(&self) -> Result<()> {
        let scenes = &self.content.scenes;
        for request in &scenes.request {
            self.until(request.days, 11);
            let to = format!("/cluster/{}/mitglied-werden", request.to);
            self.ask(request, &to).await?;
        }
        self.until(scenes.takeover.days, 12);
        let page = self.page_of(&scenes.takeover.to).await?;
        self.ask(&scenes.takeover, &format!("{page}/uebernehmen"))
            .await?;
        self.until(scenes.barrier.days, 17);
        self.ask(&scenes.barrier, "/barrierefreiheit/rueckmeldung")
            .await
    }

    async fn ask(&self, post: &Post, to: &str) -> Result<()> {
        let fields = [
            ("organisation", post.organisation.as_str()),
            ("website", post.website.as_str()),
            ("city", post.city.as_str()),
            ("name", post.name.as_str()),
            ("function", post.function.as_str()),
            ("mail", post.mail.as_str()),
            ("page", post.page.as_str()),
            ("message", post.message.as_str()),
        ];
        self.outsider(lang(post)).post(to, &fields).await.map(drop)
    }

    /// Somebody says that they work for another organisation now; it has yet to
    /// confirm that.
    async fn change(&self) -> Result<()> {
        let change = &self.content.scenes.change;
        let page = self.page_of(&change.to).await?;
        self.until(change.days, 17);
        let person = self.enter(&change.from).await?;
        let since = moment(self.now, 20, 8).day().to_string();
        let fields = [
            ("organisation", page.trim_start_matches("/organisationen/")),
            ("since", since.as_str()),
            ("message", change.message.as_str()),
        ];
        person.post("/mein-kontor/taetigkeit", &fields).await?;
        person.leave().await
    }

    /// The organisation that has a representative moves, and says so itself; a
    /// list that was looked at and not applied yet still has the old street.
    async fn staged_list(&self) -> Result<()> {
        let scenes = &self.content.scenes;
        let page = self.page_of(&scenes.message[0].to).await?;
        self.until(2, 18);
        let speaker = self.enter("organisation_representative").await?;
        let edit = format!("{page}/bearbeiten");
        let form = profile(&speaker.page(&edit).await?, &scenes.moves.street);
        let fields: Vec<(&str, &str)> =
            form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        speaker.post(&edit, &fields).await?;
        speaker.leave().await?;
        self.until(1, 9);
        let manager = self.enter("manager").await?;
        let members = self.members(&manager).await?;
        let slug = page.trim_start_matches("/organisationen/");
        let list = members.staged(&scenes.lists, (slug, "Musterkai 1"));
        manager
            .upload(AVIATION, "Mitgliederliste-neu.csv", &list)
            .await?;
        manager.leave().await
    }
}

impl Stage<'_> {
    /// Everybody with a button has been here yesterday.
    async fn visits(&self) -> Result<()> {
        for (n, persona) in self.content.people.persona.iter().enumerate() {
            // One after the other, from ten o'clock until the evening.
            self.until(1, i8::try_from(10 + n % 10).unwrap_or(10));
            self.enter(&persona.key).await?.leave().await?;
        }
        Ok(())
    }
}

fn lang(post: &Post) -> Lang {
    Lang::parse(&post.lang).unwrap_or_default()
}

/// The form of an organisation's profile as it is sent with another street:
/// each value stands in a hidden field beside.
fn profile(page: &str, street: &str) -> Vec<(String, String)> {
    let value = |from: &str| {
        let value = from.split("value=\"").nth(1)?.split('"').next()?;
        Some(plain(value))
    };
    let version = page.split("name=\"version\"").nth(1).and_then(value);
    let mut form = vec![("version".to_owned(), version.unwrap_or_default())];
    for field in page.split("name=\"base-").skip(1) {
        let name = field.split('"').next().unwrap_or_default().to_owned();
        let before = value(field).unwrap_or_default();
        let after = match name.as_str() {
            "street" => street.to_owned(),
            _ => before.clone(),
        };
        form.push((format!("base-{name}"), before));
        form.push((name, after));
    }
    form
}

/// What stands in quotes behind the first of these words of a page.
fn quoted(page: &str, before: &str) -> Option<String> {
    let behind = page.split(&format!("{before}\"")).nth(1)?;
    Some(plain(behind.split('"').next()?))
}

/// Markup's signs as they are meant.
fn plain(value: &str) -> String {
    let signs = [
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#38;", "&"),
    ];
    let mut text = value.to_owned();
    for (escaped, sign) in signs {
        text = text.replace(escaped, sign);
    }
    text
}

/// Paths of the invitations that were sent, with the names they were sent to, in the
/// order of the addresses.
fn invitations(conn: &mut Conn) -> Result<Vec<(String, String)>> {
    let newest = (Instant(i64::MAX), "");
    let mut letters = mail::page(conn, None, newest, 100)?;
    letters.retain(|m| m.kind == "accounts.invitation");
    letters.sort_by(|a, b| a.to.cmp(&b.to));
    let mut found = Vec::new();
    for letter in letters {
        let text = mail::find(conn, letter.id)?.text;
        let words = text.split_whitespace();
        let mut link = words.filter_map(|w| w.find("/einladung/").map(|at| w[at..].to_owned()));
        let named = accounts::admin::list(conn, &accounts::admin::Wanted::by(&letter.to), "", 1)?;
        let name = named.into_iter().next().map(|a| a.name);
        found.extend(link.next().zip(name));
    }
    Ok(found)
}
