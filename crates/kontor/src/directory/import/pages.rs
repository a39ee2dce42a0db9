//! Handlers of imports in the browser: put columns right, look, decide.

use std::sync::Arc;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kontor_platform::db::Conn;
use kontor_platform::web::{Form, encode, redirect};
use kontor_platform::{Error, FieldErrors, Id, Result};

use super::super::figures::Audience;
use super::super::history::{self, Day};
use super::super::model::{Cluster, LegalGround, Visibility};
use super::super::policy::reach;
use super::batch::Batch;
use super::choices::{self, names_people};
use super::columns::{self, Mapping};
use super::commands::{self, Source};
use super::model::{Field, Import, ImportState};
use super::plan::Plan;
use super::progress::At;
use super::runs::{self, Aim, Looked, Standing};
use super::words::{
    Clash, Column, Group, Question, clashes, columns_in_words, columns_of, groups, questions,
};
use super::{store, undo};
use crate::accounts::{Cx, Frame, Who};

/// Clusters that the asker manages; nobody else may know of these pages.
pub(super) fn managed(conn: &mut Conn, who: &Who) -> Result<Vec<Cluster>> {
    who.signed_in()?;
    let all = super::super::store::clusters(conn, &Audience::PUBLIC)?;
    let mine: Vec<Cluster> = all
        .into_iter()
        .map(|counted| counted.cluster)
        .filter(|c| who.actor.manages(&c.id.to_string()))
        .collect();
    if mine.is_empty() {
        return Err(Error::NotFound);
    }
    Ok(mine)
}

/// An import of a cluster that the asker manages.
pub(super) fn own_import(conn: &mut Conn, who: &Who, id: Id<Import>) -> Result<(Import, Cluster)> {
    let clusters = managed(conn, who)?;
    let import = store::import(conn, id)?;
    let cluster = clusters.into_iter().find(|c| c.id == import.cluster);
    Ok((import, cluster.ok_or(Error::NotFound)?))
}

#[derive(Template)]
#[template(path = "directory/import/views/import.html")]
struct Preview {
    f: Frame,
    import: Import,
    cluster: Cluster,
    columns: Vec<Column>,
    /// How many of them are taken, as they are stored.
    taken_in_words: String,
    /// Columns that were given the meaning of another one.
    clashes: Vec<Clash>,
    named: bool,
    plan: Arc<Plan>,
    groups: Vec<Group>,
    questions: Vec<Question>,
    /// Whether the list names people.
    peopled: bool,
    today: kontor_platform::Day,
    typed: Form,
    errors: FieldErrors,
    blockers: Vec<(String, String)>,
    /// Contacts that it brought and that can be invited.
    contacts: i64,
    /// What happened to it.
    days: Vec<Day>,
    /// Somebody began to apply it, and the process ended.
    is_interrupted: bool,
    refused: Option<&'static str>,
}

impl Preview {
    /// Whether a box of this name and value was ticked before.
    fn was_ticked(&self, name: &str, value: impl ToString) -> bool {
        let value = value.to_string();
        self.typed.all(name).any(|v| v == value)
    }
    fn ends_on(&self) -> String {
        match self.typed.text("ends-on") {
            "" => self.today.to_string(),
            typed => typed.to_owned(),
        }
    }
    fn visibility(&self) -> Visibility {
        Visibility::parse(self.typed.text("visibility")).unwrap_or(self.cluster.visibility)
    }
    /// How many columns are taken, in words.
    fn columns_in_words(&self) -> &str {
        &self.taken_in_words
    }
    /// What is wrong with the choice for a column.
    fn clash(&self, at: &usize) -> Option<&str> {
        let clash = self.clashes.iter().find(|c| c.at == *at);
        clash.map(|c| c.words.as_str())
    }
    fn is_staged(&self) -> bool {
        self.import.state == ImportState::Staged
    }
    fn is_applied(&self) -> bool {
        self.import.state == ImportState::Applied
    }
    fn path(&self, act: &str) -> String {
        self.f
            .href(format!("/verwaltung/import/{}/{act}", self.import.id))
    }
}

/// Lines from which the columns take their examples.
pub(super) const SAMPLES: usize = 20;

/// A short staged import, read and matched at once.
fn look(
    conn: &mut Conn,
    who: &Who,
    id: Id<Import>,
) -> Result<(Import, Source, Vec<Vec<String>>, Plan)> {
    let (import, cluster) = own_import(conn, who, id)?;
    let source = Source::of(&import, cluster)?;
    let (mut lines, mut samples) = (Vec::new(), Vec::new());
    for (line, cells) in store::staged_rows(conn, id)? {
        let cells: Vec<String> = serde_json::from_str(&cells)?;
        let line = usize::try_from(line).unwrap_or_default();
        lines.push(columns::read_line(line, &cells, &source.mapping));
        if samples.len() < SAMPLES {
            samples.push(cells);
        }
    }
    let named = source.mapping.contains(&Some(Field::Name));
    let plan = if import.state == ImportState::Staged && named {
        commands::plan(conn, &source.cluster, &reach(&who.actor), lines)?
    } else {
        Plan::default()
    };
    Ok((import, source, samples, plan))
}

pub async fn show(cx: Cx, Path(id): Path<String>) -> Result<Response> {
    let id: Id<Import> = id.parse()?;
    let page = show_import(&cx, StatusCode::OK, id, Trouble::default()).await?;
    if let Some(flash) = runs::just_done(id) {
        let to = format!("/verwaltung/import/{id}?ok={flash}");
        return Ok(redirect(&cx.href(to)));
    }
    Ok(page)
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
pub(super) struct Trouble {
    pub(super) refused: Option<&'static str>,
    pub(super) typed: Form,
    pub(super) errors: FieldErrors,
    /// Meanings of columns that somebody chose and that were not taken.
    pub(super) chosen: Option<Form>,
}

/// Where an import stands for the asker, and whether it was interrupted.
pub(super) async fn standing(cx: &Cx, id: Id<Import>) -> Result<(Standing, bool)> {
    cx.read(move |conn, who| {
        let (import, _) = own_import(conn, who, id)?;
        runs::standing(conn, who, &import)
    })
    .await
}

async fn show_import(
    cx: &Cx,
    status: StatusCode,
    id: Id<Import>,
    trouble: Trouble,
) -> Result<Response> {
    let (standing, is_interrupted) = standing(cx, id).await?;
    let (looked, trouble) = match standing {
        Standing::Here(_) if status != StatusCode::OK => (None, trouble),
        Standing::Here(kept) => (None, kept),
        Standing::Ready(looked, _) if status != StatusCode::OK => (Some(looked), trouble),
        Standing::Ready(looked, kept) => (Some(looked), kept),
        Standing::Running(at) => return runs::pages::progress(cx, id, Some(at)).await,
        Standing::TakingBack(at) => return runs::pages::taking_back(cx, id, at).await,
        Standing::Stopped => return runs::pages::progress(cx, id, None).await,
        Standing::Unread => {
            runs::begin(cx, id, Aim::Look, None);
            return runs::pages::progress(cx, id, Some(At::START)).await;
        }
    };
    cx.page_with(status, move |conn, who| {
        let shown = match looked {
            Some(looked) => {
                let (import, _) = own_import(conn, who, id)?;
                let Looked {
                    source,
                    samples,
                    plan,
                    ..
                } = &*looked;
                (import, source.clone(), samples.clone(), Arc::clone(plan))
            }
            None => {
                let (import, source, samples, plan) = look(conn, who, id)?;
                (import, source, samples, Arc::new(plan))
            }
        };
        let mut page = preview(conn, who, shown, trouble)?;
        page.is_interrupted = is_interrupted;
        Ok(page)
    })
    .await
}

/// An import with its source, examples of its cells, and its plan.
type Shown = (Import, Source, Vec<Vec<String>>, Arc<Plan>);

fn preview(conn: &mut Conn, who: &Who, shown: Shown, trouble: Trouble) -> Result<Preview> {
    let (mut import, source, samples, plan) = shown;
    let blockers = if import.state == ImportState::Applied {
        undo::blockers(conn, &import)?
    } else {
        Vec::new()
    };
    let contacts = store::brought_people(conn, import.id)?;
    let mut typed = trouble.typed;
    let peopled = names_people(&source.mapping);
    if import.state == ImportState::Staged {
        import.counts = plan.counts;
        if peopled && typed.pairs().is_empty() {
            let (source, ground) = choices::suggestion(conn, source.cluster.id)?;
            let encoded = [("source", source), ("ground", ground)];
            let encoded = encoded.map(|(name, value)| format!("{name}={}", encode(&value)));
            typed = Form::parse(&encoded.join("&"));
        }
    }
    let f = who.frame_t("import-title");
    let stored = columns_of(&source.header, &source.mapping, &samples);
    let taken_in_words = columns_in_words(&stored, &f);
    let columns = match &trouble.chosen {
        Some(form) => columns_of(&source.header, &mapping_of(form, &source.header), &samples),
        None => stored,
    };
    Ok(Preview {
        days: history::of_import(conn, who, &f, import.id)?,
        is_interrupted: false,
        clashes: clashes(&columns, &f),
        columns,
        taken_in_words,
        named: source.mapping.contains(&Some(Field::Name)),
        groups: groups(&plan, &f),
        questions: questions(&plan, &f),
        peopled,
        today: who.cx.now.day(),
        typed,
        errors: trouble.errors,
        plan,
        import,
        cluster: source.cluster,
        blockers: blockers.into_iter().map(|(_, s, n)| (s, n)).collect(),
        contacts,
        f,
        refused: trouble.refused,
    })
}

/// Shows the import again with what keeps it from being done.
pub(super) async fn shown_again(
    cx: &Cx,
    id: Id<Import>,
    outcome: Result<Response>,
) -> Result<Response> {
    shown_typed(cx, id, Form::default(), outcome).await
}

/// The same with what was typed.
async fn shown_typed(
    cx: &Cx,
    id: Id<Import>,
    typed: Form,
    outcome: Result<Response>,
) -> Result<Response> {
    let mut trouble = Trouble {
        typed,
        ..Trouble::default()
    };
    match outcome {
        Err(Error::Refused(key)) => trouble.refused = Some(key),
        Err(Error::Invalid(errors)) => trouble.errors = errors,
        other => return other,
    }
    show_import(cx, StatusCode::UNPROCESSABLE_ENTITY, id, trouble).await
}

const TWICE: &str = "import-refused-field-twice";

/// What somebody chose for each column.
fn mapping_of(form: &Form, header: &[String]) -> Mapping {
    let chosen = |i| Field::parse(form.text(&format!("s{i}")));
    (0..header.len()).map(chosen).collect()
}

pub async fn columns(cx: Cx, Path(id): Path<String>, form: Form) -> Result<Response> {
    let id: Id<Import> = id.parse()?;
    let done = set_columns(&cx, id, form.clone()).await;
    if !matches!(done, Err(Error::Refused(TWICE))) {
        return shown_again(&cx, id, done).await;
    }
    // The page says which columns: the choice stands, with its trouble.
    let trouble = Trouble {
        chosen: Some(form),
        ..Trouble::default()
    };
    show_import(&cx, StatusCode::UNPROCESSABLE_ENTITY, id, trouble).await
}

async fn set_columns(cx: &Cx, id: Id<Import>, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    cx.write(move |work, who| {
        let (import, _) = own_import(work, who, id)?;
        let header: Vec<String> = serde_json::from_str(&import.header)?;
        let mapping = mapping_of(&form, &header);
        let twice = mapping.iter().enumerate().any(|(i, field)| {
            field.is_some_and(|f| f != Field::Ignored && mapping[..i].contains(&Some(f)))
        });
        if twice {
            return Err(Error::Refused(TWICE));
        }
        store::set_staged_mapping(work, id, &serde_json::to_string(&mapping)?)
    })
    .await?;
    Ok(redirect(&cx.href(format!("/verwaltung/import/{id}"))))
}

pub async fn apply(cx: Cx, Path(id): Path<String>, form: Form) -> Result<Response> {
    let id: Id<Import> = id.parse()?;
    let looked = match standing(&cx, id).await?.0 {
        Standing::Here(_) => {
            let done = apply_staged(&cx, id, &form).await;
            let done = or_applied(&cx, id, done).await;
            return shown_typed(&cx, id, form, done).await;
        }
        Standing::Ready(looked, _) => Some(looked),
        Standing::Stopped | Standing::Unread => None,
        // What is decided about a list has been seen matched.
        Standing::Running(_) | Standing::TakingBack(_) => {
            return Ok(redirect(&cx.href(format!("/verwaltung/import/{id}"))));
        }
    };
    let begun = begin(&cx, id, &form, looked).await;
    let begun = or_applied(&cx, id, begun).await;
    shown_typed(&cx, id, form, begun).await
}

/// Begins to apply a long list beside the request.
async fn begin(
    cx: &Cx,
    id: Id<Import>,
    form: &Form,
    looked: Option<Arc<Looked>>,
) -> Result<Response> {
    cx.check_mark(form)?;
    if let Some(looked) = &looked {
        // What can be said at once is said at once.
        runs::decided(cx, form, looked)?;
    }
    let now = cx.now;
    cx.write(move |work, who| {
        if own_import(work, who, id)?.0.state != ImportState::Staged {
            return Err(Error::Refused("import-refused-not-staged"));
        }
        runs::store::begin(work, id, now)
    })
    .await?;
    runs::begin(cx, id, Aim::Apply(form.clone()), looked);
    Ok(redirect(&cx.href(format!("/verwaltung/import/{id}"))))
}

/// On to the page of an import that is in effect.
fn applied(cx: &Cx, id: Id<Import>) -> Response {
    let to = format!("/verwaltung/import/{id}?ok=flash-import-applied");
    redirect(&cx.href(to))
}

/// A form that was sent twice gets the same answer twice, also when the other one
/// was faster by a moment.
async fn or_applied(cx: &Cx, id: Id<Import>, done: Result<Response>) -> Result<Response> {
    let Err(Error::Refused("import-refused-not-staged")) = done else {
        return done;
    };
    let read = cx.read(move |conn, who| own_import(conn, who, id));
    match read.await?.0.state {
        ImportState::Applied => Ok(applied(cx, id)),
        _ => done,
    }
}

async fn apply_staged(cx: &Cx, id: Id<Import>, form: &Form) -> Result<Response> {
    cx.check_mark(form)?;
    // The directory may move between looking and writing: look again then.
    for _ in 0..5 {
        let (import, source, _, plan) = cx.read(move |conn, who| look(conn, who, id)).await?;
        if import.state != ImportState::Staged {
            return Err(Error::Refused("import-refused-not-staged"));
        }
        let (source, plan) = runs::decide(cx, form, source, plan)?;
        let batch = Batch::of(&source, &plan, cx.now)?;
        let done = cx
            .write(move |work, who| {
                let (_, cluster) = own_import(work, who, id)?;
                work.acts_for(Some(cluster.id.to_string()));
                let applied = commands::apply(work, &source, &plan, &batch)?;
                runs::store::end(work, id)?;
                Ok(applied)
            })
            .await;
        if commands::is_applied(done)? {
            return Ok(applied(cx, id));
        }
    }
    Err(commands::overtaken())
}

pub async fn discard(cx: Cx, Path(id): Path<String>, form: Form) -> Result<Response> {
    let id: Id<Import> = id.parse()?;
    let done = async {
        cx.check_mark(&form)?;
        cx.write(move |work, who| {
            own_import(work, who, id)?;
            commands::cancel(work, id)
        })
        .await?;
        runs::forget(id);
        Ok(redirect(
            &cx.href("/verwaltung/importe?ok=flash-import-discarded"),
        ))
    };
    shown_again(&cx, id, done.await).await
}

#[derive(Template)]
#[template(path = "directory/import/views/list.html")]
struct List {
    f: Frame,
    /// Import, cluster, key of the state's name.
    imports: Vec<(Import, String, &'static str)>,
}

pub async fn list(cx: Cx) -> Result<Response> {
    cx.page(|conn, who| {
        let mut imports = Vec::new();
        let begun = runs::store::begun(conn)?;
        for cluster in managed(conn, who)? {
            let own = store::imports(conn, cluster.id)?;
            imports.extend(own.into_iter().map(|i| {
                let key = runs::state_key(&begun, &i, who.cx.site.db.is_shared());
                (i, cluster.name.clone(), key)
            }));
        }
        imports.sort_by_key(|(i, ..)| std::cmp::Reverse((i.created_at, i.id)));
        Ok(List {
            f: who.frame_t("import-list-title"),
            imports,
        })
    })
    .await
}
