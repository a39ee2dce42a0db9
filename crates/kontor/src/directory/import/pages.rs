//! Handlers of imports in the browser: choose, put columns right, look, decide.

use askama::Template;
use axum::extract::Path;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::http::StatusCode;
use axum::response::Response;
use kontor_platform::db::Conn;
use kontor_platform::sheets::{self, Limits, Table};
use kontor_platform::web::{Form, encode, redirect};
use kontor_platform::{Error, FieldErrors, Id, Result, secret};

use super::super::history::{self, Day};
use super::super::model::{Cluster, LegalGround, Visibility};
use super::super::policy::reach;
use super::choices::{self, Choices, names_people};
use super::columns::{self, Mapping};
use super::commands::{self, Source};
use super::model::{Field, Import, ImportState};
use super::plan::Plan;
use super::words::{Column, Group, Question, columns_of, groups, questions};
use super::{store, undo};
use crate::accounts::{Cx, Frame, Who};

/// Clusters that the asker manages; nobody else may know of these pages.
fn managed(conn: &mut Conn, who: &Who) -> Result<Vec<Cluster>> {
    who.signed_in()?;
    let all = super::super::store::clusters(conn, "public")?;
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
fn own_import(conn: &mut Conn, who: &Who, id: Id<Import>) -> Result<(Import, Cluster)> {
    let clusters = managed(conn, who)?;
    let import = store::import(conn, id)?;
    let cluster = clusters.into_iter().find(|c| c.id == import.cluster);
    Ok((import, cluster.ok_or(Error::NotFound)?))
}

#[derive(Template)]
#[template(path = "directory/import/views/choose.html")]
struct Choose {
    f: Frame,
    clusters: Vec<Cluster>,
    chosen: String,
    refused: Option<&'static str>,
}

pub async fn choose(cx: Cx) -> Result<Response> {
    let chosen = cx.fields().text("cluster").to_owned();
    show_choose(&cx, StatusCode::OK, chosen, None).await
}

async fn show_choose(
    cx: &Cx,
    status: StatusCode,
    chosen: String,
    refused: Option<&'static str>,
) -> Result<Response> {
    cx.page_with(status, move |conn, who| {
        Ok(Choose {
            clusters: managed(conn, who)?,
            f: who.frame_t("import-title"),
            chosen,
            refused,
        })
    })
    .await
}

/// What came with the upload.
#[derive(Default)]
struct Upload {
    fields: String,
    name: String,
    bytes: Vec<u8>,
}

async fn receive(parts: Result<Multipart, MultipartRejection>) -> Result<Upload> {
    let refused = |_| Error::Refused("sheets-trouble-too-large");
    let mut parts = parts.map_err(|_| Error::Refused("import-refused-no-file"))?;
    let mut upload = Upload::default();
    while let Some(part) = parts.next_field().await.map_err(refused)? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == "datei" {
            upload.name = part.file_name().unwrap_or_default().to_owned();
            upload.bytes = part.bytes().await.map_err(refused)?.to_vec();
        } else {
            let value = part.text().await.map_err(refused)?;
            upload.fields += &format!("{}={}&", encode(&name), encode(&value));
        }
    }
    Ok(upload)
}

pub async fn upload(cx: Cx, parts: Result<Multipart, MultipartRejection>) -> Result<Response> {
    cx.read(|conn, who| managed(conn, who).map(drop)).await?;
    let upload = match receive(parts).await {
        Ok(upload) => upload,
        Err(Error::Refused(key)) => return again(&cx, String::new(), key).await,
        Err(other) => return Err(other),
    };
    let form = Form::parse(&upload.fields);
    let chosen = form.text("cluster").to_owned();
    if let Err(Error::Refused(key)) = cx.check_mark(&form) {
        return again(&cx, chosen, key).await;
    }
    if upload.name.is_empty() && upload.bytes.is_empty() {
        return again(&cx, chosen, "import-refused-no-file").await;
    }
    let (name, hash) = (upload.name.clone(), secret::hash_bytes(&upload.bytes));
    let read = tokio::task::spawn_blocking(move || {
        sheets::read(&upload.bytes, &upload.name, &Limits::default(), None)
    });
    match read.await.map_err(|e| Error::Broken(Box::new(e)))? {
        Err(trouble) => again(&cx, chosen, trouble.text_key()).await,
        Ok(table) => stage(&cx, chosen, name, hash, table).await,
    }
}

async fn again(cx: &Cx, chosen: String, key: &'static str) -> Result<Response> {
    show_choose(cx, StatusCode::UNPROCESSABLE_ENTITY, chosen, Some(key)).await
}

async fn stage(
    cx: &Cx,
    slug: String,
    file_name: String,
    file_hash: String,
    table: Table,
) -> Result<Response> {
    let id = cx
        .write(move |work, who| {
            let clusters = managed(work, who)?;
            let cluster = clusters.into_iter().find(|c| c.slug == slug);
            let cluster = cluster.ok_or(Error::NotFound)?;
            let remembered = store::mapping(work, cluster.id)?;
            let source = Source {
                cluster,
                file_name: file_name.clone(),
                file_hash: file_hash.clone(),
                header: table.header.clone(),
                mapping: columns::recognise(&table.header, &remembered),
                staged: None,
                actor: who.actor.account.map(|a| a.to_string()),
                choices: Choices::default(),
            };
            let rows = table.rows.iter().map(|r| (r.line, r.cells.clone()));
            let rows: Vec<_> = rows.collect();
            commands::stage(work, &source, &rows)
        })
        .await?;
    Ok(redirect(&cx.href(format!("/verwaltung/import/{id}"))))
}

#[derive(Template)]
#[template(path = "directory/import/views/import.html")]
struct Preview {
    f: Frame,
    import: Import,
    cluster: Cluster,
    columns: Vec<Column>,
    named: bool,
    plan: Plan,
    groups: Vec<Group>,
    questions: Vec<Question>,
    /// Whether the list names people.
    peopled: bool,
    today: kontor_platform::Day,
    typed: Form,
    errors: FieldErrors,
    blockers: Vec<(String, String)>,
    /// What happened to it.
    days: Vec<Day>,
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

/// A staged import with its lines, and what becomes of them for this asker.
fn look(
    conn: &mut Conn,
    who: &Who,
    id: Id<Import>,
) -> Result<(Import, Source, Vec<Vec<String>>, Plan)> {
    let (import, cluster) = own_import(conn, who, id)?;
    let mapping: Mapping = serde_json::from_str(&import.mapping)?;
    let source = Source {
        cluster,
        file_name: import.file_name.clone(),
        file_hash: import.file_hash.clone(),
        header: serde_json::from_str(&import.header)?,
        mapping,
        staged: Some(id),
        actor: None,
        choices: Choices::default(),
    };
    let (mut lines, mut samples) = (Vec::new(), Vec::new());
    for (line, cells) in store::staged_rows(conn, id)? {
        let cells: Vec<String> = serde_json::from_str(&cells)?;
        let line = usize::try_from(line).unwrap_or_default();
        lines.push(columns::read_line(line, &cells, &source.mapping));
        if samples.len() < 20 {
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
    show_import(&cx, StatusCode::OK, id.parse()?, Trouble::default()).await
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Trouble {
    refused: Option<&'static str>,
    typed: Form,
    errors: FieldErrors,
}

async fn show_import(
    cx: &Cx,
    status: StatusCode,
    id: Id<Import>,
    trouble: Trouble,
) -> Result<Response> {
    cx.page_with(status, move |conn, who| {
        let (mut import, source, samples, plan) = look(conn, who, id)?;
        let blockers = if import.state == ImportState::Applied {
            undo::blockers(conn, &import)?
        } else {
            Vec::new()
        };
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
        Ok(Preview {
            days: history::of_import(conn, who, &f, id)?,
            columns: columns_of(&source.header, &source.mapping, &samples),
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
            f,
            refused: trouble.refused,
        })
    })
    .await
}

/// Shows the import again with what keeps it from being done.
async fn shown_again(cx: &Cx, id: Id<Import>, outcome: Result<Response>) -> Result<Response> {
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

pub async fn columns(cx: Cx, Path(id): Path<String>, form: Form) -> Result<Response> {
    let id: Id<Import> = id.parse()?;
    shown_again(&cx, id, set_columns(&cx, id, form).await).await
}

async fn set_columns(cx: &Cx, id: Id<Import>, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    cx.write(move |work, who| {
        let (import, _) = own_import(work, who, id)?;
        let header: Vec<String> = serde_json::from_str(&import.header)?;
        let chosen = |i| Field::parse(form.text(&format!("s{i}")));
        let mapping: Mapping = (0..header.len()).map(chosen).collect();
        let twice = mapping.iter().enumerate().any(|(i, field)| {
            field.is_some_and(|f| f != Field::Ignored && mapping[..i].contains(&Some(f)))
        });
        if twice {
            return Err(Error::Refused("import-refused-field-twice"));
        }
        store::set_staged_mapping(work, id, &serde_json::to_string(&mapping)?)
    })
    .await?;
    Ok(redirect(&cx.href(format!("/verwaltung/import/{id}"))))
}

pub async fn apply(cx: Cx, Path(id): Path<String>, form: Form) -> Result<Response> {
    let id: Id<Import> = id.parse()?;
    let done = apply_staged(&cx, id, &form).await;
    shown_typed(&cx, id, form, done).await
}

async fn apply_staged(cx: &Cx, id: Id<Import>, form: &Form) -> Result<Response> {
    cx.check_mark(form)?;
    let skip = form.ticked("ueberspringen");
    // The directory may move between looking and writing: look again then.
    for _ in 0..5 {
        let (import, mut source, _, mut plan) =
            cx.read(move |conn, who| look(conn, who, id)).await?;
        if import.state != ImportState::Staged {
            return Err(Error::Refused("import-refused-not-staged"));
        }
        if !source.mapping.contains(&Some(Field::Name)) {
            return Err(Error::Refused("import-refused-no-name-column"));
        }
        if plan.counts.rejected > 0 && !skip {
            return Err(Error::Refused("import-refused-rejected"));
        }
        let peopled = names_people(&source.mapping);
        source.choices = Choices::read(form, &plan, peopled, cx.now.day())?;
        plan.decide(&source.choices);
        let applied = cx
            .write(move |work, who| {
                let (_, cluster) = own_import(work, who, id)?;
                work.acts_for(Some(cluster.id.to_string()));
                commands::apply(work, &source, &plan)
            })
            .await?;
        if applied.is_some() {
            let to = format!("/verwaltung/import/{id}?ok=flash-import-applied");
            return Ok(redirect(&cx.href(to)));
        }
    }
    Err(Error::TooMany {
        retry_after_s: 2,
        overload: true,
    })
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
        Ok(redirect(
            &cx.href("/verwaltung/importe?ok=flash-import-discarded"),
        ))
    };
    shown_again(&cx, id, done.await).await
}

pub async fn take_back(cx: Cx, Path(id): Path<String>, form: Form) -> Result<Response> {
    let id: Id<Import> = id.parse()?;
    let done = async {
        cx.check_mark(&form)?;
        cx.write(move |work, who| {
            let (_, cluster) = own_import(work, who, id)?;
            work.acts_for(Some(cluster.id.to_string()));
            undo::undo(work, id)
        })
        .await?;
        let to = format!("/verwaltung/import/{id}?ok=flash-import-undone");
        Ok(redirect(&cx.href(to)))
    };
    shown_again(&cx, id, done.await).await
}

#[derive(Template)]
#[template(path = "directory/import/views/list.html")]
struct List {
    f: Frame,
    imports: Vec<(Import, String)>,
}

pub async fn list(cx: Cx) -> Result<Response> {
    cx.page(|conn, who| {
        let mut imports = Vec::new();
        for cluster in managed(conn, who)? {
            let own = store::imports(conn, cluster.id)?;
            imports.extend(own.into_iter().map(|i| (i, cluster.name.clone())));
        }
        imports.sort_by_key(|(i, _)| std::cmp::Reverse((i.created_at, i.id)));
        Ok(List {
            f: who.frame_t("import-list-title"),
            imports,
        })
    })
    .await
}
