//! The only place that knows the tables of imports, and how many records are
//! read and written at once.

use std::collections::{BTreeMap, HashMap, HashSet};

use kontor_platform::db::{Conn, FromRow, Row};
use kontor_platform::{Day, Id, Instant, Result, log, params, sql};

use super::super::former_names;
use super::super::industries::normal;
use super::super::model::{Cluster, Organisation, State};
use super::super::policy::Reach;
use super::known::{Known, Record};
use super::model::{Attr, Counts, Draft, Field, Import, ImportState, Values};

sql! {
    ORGANISATIONS = "SELECT id, slug, name_key, city_key, web_host, state, visibility, size_as_of, \
        name, helix, size, founded, street, postcode, city, region, country, website, mail_host, \
        register_number, summary_de, competences_de FROM organisations \
        WHERE state <> 'merged' ORDER BY id";
    EXTERNALS = "SELECT organisation, scheme, value FROM external_ids ORDER BY scheme, value";
    CLASSES = "SELECT organisation, code FROM organisation_classes ORDER BY code";
    OPEN_MEMBERSHIPS = "SELECT organisation, cluster FROM memberships \
        WHERE until IS NULL AND state = 'active'";
    SLUGS = "SELECT slug FROM organisations UNION SELECT slug FROM slugs WHERE kind = 'organisation'";
    WINNERS = "SELECT DISTINCT merged_into FROM organisations WHERE merged_into IS NOT NULL";
    PEOPLE = "SELECT organisation, mail, sort_key FROM people WHERE organisation IS NOT NULL";
    ROW_KEYS = "SELECT k.row_key, k.organisation, k.draft, k.import FROM row_keys k JOIN imports i \
        ON i.id = k.import WHERE k.cluster = $1 AND i.state = 'applied' ORDER BY k.import";
    ENDED = "SELECT c.organisation, MAX(c.import) AS last FROM import_changes c JOIN imports i \
        ON i.id = c.import WHERE i.cluster = $1 AND i.state = 'applied' AND c.kind = 'ended' \
        GROUP BY c.organisation";
    MAPPING = "SELECT mapping FROM column_mappings WHERE cluster = $1";
    SET_MAPPING = "INSERT INTO column_mappings (cluster, mapping) VALUES ($1, $2) \
        ON CONFLICT (cluster) DO UPDATE SET mapping = $2";
    INSERT_IMPORT = "INSERT INTO imports (id, cluster, file_name, file_hash, header, mapping, \
        state, new_rows, changed_rows, unchanged_rows, absent_records, duplicate_rows, \
        rejected_rows, actor, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, 0, 0, 0, \
        $8, $9)";
    SET_APPLIED = "UPDATE imports SET state = 'applied', applied_at = $1, new_rows = $2, \
        changed_rows = $3, unchanged_rows = $4, absent_records = $5, duplicate_rows = $6, \
        rejected_rows = $7, mapping = $8 WHERE id = $9";
    SET_STAGED_MAPPING = "UPDATE imports SET mapping = $1 WHERE id = $2 AND state = 'staged'";
    SET_CANCELLED = "UPDATE imports SET state = 'cancelled' WHERE id = $1 AND state = 'staged'";
    DELETE_ROWS = "DELETE FROM import_rows WHERE import = $1";
    IMPORT = "SELECT id, cluster, file_name, file_hash, header, mapping, state, new_rows, \
        changed_rows, unchanged_rows, absent_records, duplicate_rows, rejected_rows, created_at, \
        applied_at, undone_at FROM imports WHERE id = $1";
    IMPORTS = "SELECT id, cluster, file_name, file_hash, header, mapping, state, new_rows, \
        changed_rows, unchanged_rows, absent_records, duplicate_rows, rejected_rows, created_at, \
        applied_at, undone_at FROM imports WHERE cluster = $1 ORDER BY created_at DESC, id DESC LIMIT 100";
    BROUGHT_PEOPLE = "SELECT COUNT(*) AS n FROM import_changes WHERE import = $1 AND kind = 'person'";
    TAKE_UP_CHANGES = "DELETE FROM import_changes WHERE import = $1 AND NOT EXISTS \
        (SELECT 1 FROM imports i WHERE i.id = $1 AND i.applied_at IS NOT NULL)";
    TAKE_UP_KEYS = "DELETE FROM row_keys WHERE import = $1 AND NOT EXISTS \
        (SELECT 1 FROM imports i WHERE i.id = $1 AND i.applied_at IS NOT NULL)";
    DELETE_UNAPPLIED = "DELETE FROM imports WHERE id = $1 AND applied_at IS NULL";
    LAID = "SELECT (SELECT COUNT(*) FROM import_changes WHERE import = $1) \
        + (SELECT COUNT(*) FROM row_keys WHERE import = $1) AS n";
    STAGED_ROWS = "SELECT line, draft FROM import_rows WHERE import = $1 AND action = 'staged' ORDER BY line";
}

/// Tables that are filled many rows at a time: beginning and columns.
pub mod table {
    pub const ORGANISATIONS: (&str, usize) = (
        "INSERT INTO organisations (id, slug, name, sort_key, name_key, helix, size, size_as_of, \
         founded, street, postcode, city, city_key, region, country, website, web_host, \
         mail_host, register_number, summary_de, summary_en, about_de, about_en, competences_de, \
         competences_en, visibility, state, version, created_at, updated_at, clusters)",
        31,
    );
    pub const EXTERNALS: (&str, usize) =
        ("INSERT INTO external_ids (scheme, value, organisation)", 3);
    pub const CLASSES: (&str, usize) = ("INSERT INTO organisation_classes (organisation, code)", 2);
    pub const MEMBERSHIPS: (&str, usize) = (
        "INSERT INTO memberships (id, organisation, cluster, kind, state, since, until, created_at, \
         sort_key)",
        9,
    );
    pub const PEOPLE: (&str, usize) = (
        "INSERT INTO people (id, name, sort_key, function, mail, phone, organisation, account, \
         source, state, created_at, import, legal_ground)",
        13,
    );
    pub const ROWS: (&str, usize) = (
        "INSERT INTO import_rows (import, line, action, organisation, reason, draft)",
        6,
    );
    pub const CHANGES: (&str, usize) = (
        "INSERT INTO import_changes (import, position, kind, organisation, subject, before, after)",
        7,
    );
    pub const LIKELY_PAIRS: (&str, usize) = ("INSERT INTO likely_pairs (first, second)", 2);
    pub const ROW_KEYS: (&str, usize) = (
        "INSERT INTO row_keys (cluster, row_key, import, organisation, draft)",
        5,
    );
}

impl FromRow for Record {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let mut values = Values::default();
        let text = |i| row.get::<String>(i);
        let optional =
            |i| Ok::<_, kontor_platform::Error>(row.get::<Option<String>>(i)?.unwrap_or_default());
        values.set(Attr::Name, text(8)?);
        values.set(Attr::Side, optional(9)?);
        values.set(Attr::Size, optional(10)?);
        let founded = row.get::<Option<i64>>(11)?;
        values.set(
            Attr::Founded,
            founded.map_or_else(String::new, |y| y.to_string()),
        );
        for (i, attr) in [
            Attr::Street,
            Attr::Postcode,
            Attr::City,
            Attr::Region,
            Attr::Country,
            Attr::Website,
            Attr::MailHost,
            Attr::RegisterNumber,
            Attr::Summary,
            Attr::Competences,
        ]
        .into_iter()
        .enumerate()
        {
            values.set(attr, text(12 + i)?);
        }
        let state = row.get::<State>(5)?;
        values.set(Attr::State, state.as_str());
        Ok(Record {
            id: row.get(0)?,
            slug: text(1)?,
            values,
            name_key: text(2)?,
            city_key: text(3)?,
            web_host: text(4)?,
            state,
            visibility: row.get(6)?,
            size_as_of: row.get(7)?,
            clusters: Vec::new(),
            external: Vec::new(),
            classes: Vec::new(),
            owned: Vec::new(),
            former_names: Vec::new(),
            visible: false,
        })
    }
}

/// Everything an import into a cluster is compared with.
pub fn known(conn: &mut Conn, cluster: &Cluster, reach: &Reach) -> Result<Known> {
    let head = log::head(conn)?;
    let mut records: Vec<Record> = conn.all(ORGANISATIONS, params![])?;
    let at: HashMap<Id<Organisation>, usize> =
        records.iter().enumerate().map(|(i, r)| (r.id, i)).collect();
    let mut of = |id: Id<Organisation>, take: &mut dyn FnMut(&mut Record)| {
        if let Some(i) = at.get(&id) {
            take(&mut records[*i]);
        }
    };
    for (id, scheme, value) in
        conn.all::<(Id<Organisation>, String, String)>(EXTERNALS, params![])?
    {
        of(id, &mut |r| {
            r.external.push((scheme.clone(), value.clone()))
        });
    }
    for (id, code) in conn.all::<(Id<Organisation>, String)>(CLASSES, params![])? {
        of(id, &mut |r| r.classes.push(normal(&code)));
    }
    for (id, field) in super::choices::owned(conn)? {
        of(id, &mut |r| r.owned.push(field.clone()));
    }
    for (id, name) in former_names::all(conn)? {
        of(id, &mut |r| r.former_names.push(name.clone()));
    }
    for (id, cluster) in conn.all::<(Id<Organisation>, String)>(OPEN_MEMBERSHIPS, params![])? {
        of(id, &mut |r| r.clusters.push(cluster.clone()));
    }
    for record in &mut records {
        record.visible = reach.covers(record.visibility, &record.clusters);
    }
    let slugs: HashSet<String> = conn
        .all::<(String,)>(SLUGS, params![])?
        .into_iter()
        .map(|(s,)| s)
        .collect();
    let winners: Vec<(Id<Organisation>,)> = conn.all(WINNERS, params![])?;
    let (remembered, said) = remembered(conn, cluster.id)?;
    Ok(Known {
        cluster: cluster.id,
        head,
        records,
        remembered,
        said,
        winners: winners.into_iter().map(|(id,)| id).collect(),
        slugs,
        people: people(conn)?,
    })
}

/// Which record each line led to, and what the last list said of it.
type Remembered = (
    HashMap<String, Id<Organisation>>,
    HashMap<Id<Organisation>, Draft>,
);

/// A record whose membership an import ended is forgotten with it: it joins anew
/// when a later list names it again. The ended ones are asked for by themselves:
/// a server that has not yet counted the rows of a long import would look through
/// all of them for each line.
fn remembered(conn: &mut Conn, cluster: Id<Cluster>) -> Result<Remembered> {
    let (mut keys, mut said) = (HashMap::new(), HashMap::new());
    let ended: Vec<(Id<Organisation>, Id<Import>)> = conn.all(ENDED, params![cluster])?;
    let ended: HashMap<Id<Organisation>, Id<Import>> = ended.into_iter().collect();
    // The newest import comes last and stays.
    for (key, organisation, draft, import) in
        conn.all::<(String, Id<Organisation>, String, Id<Import>)>(ROW_KEYS, params![cluster])?
    {
        if ended.get(&organisation).is_none_or(|last| *last < import) {
            keys.insert(key, organisation);
            said.insert(organisation, serde_json::from_str(&draft)?);
        }
    }
    Ok((keys, said))
}

type PeopleByOrganisation = HashMap<Id<Organisation>, Vec<(String, String)>>;

fn people(conn: &mut Conn) -> Result<PeopleByOrganisation> {
    let mut found: PeopleByOrganisation = HashMap::new();
    for (organisation, mail, name) in
        conn.all::<(Id<Organisation>, String, String)>(PEOPLE, params![])?
    {
        found
            .entry(organisation)
            .or_default()
            .push((mail.to_lowercase(), name));
    }
    Ok(found)
}

/// What this cluster corrected: headings and their fields.
pub fn mapping(conn: &mut Conn, cluster: Id<Cluster>) -> Result<BTreeMap<String, Field>> {
    match conn.first::<(String,)>(MAPPING, params![cluster])? {
        Some((json,)) => Ok(serde_json::from_str(&json)?),
        None => Ok(BTreeMap::new()),
    }
}

pub fn set_mapping(
    conn: &mut Conn,
    cluster: Id<Cluster>,
    mapping: &BTreeMap<String, Field>,
) -> Result<()> {
    let json = serde_json::to_string(mapping)?;
    conn.run(SET_MAPPING, params![cluster, json]).map(drop)
}

/// An organisation's values with everything that follows from them.
pub struct Derived {
    pub sort_key: String,
    pub name_key: String,
    pub city_key: String,
    pub web_host: String,
    pub founded: Option<i64>,
}

impl Derived {
    pub fn of(values: &Values) -> Derived {
        use kontor_analysis::names;
        Derived {
            sort_key: names::sort_key(values.get(Attr::Name)),
            name_key: names::name_key(values.get(Attr::Name)),
            city_key: names::sort_key(values.get(Attr::City)),
            web_host: names::web_host(values.get(Attr::Website)),
            founded: values.get(Attr::Founded).parse().ok(),
        }
    }
}

/// Text, or nothing when it is empty.
pub fn some(text: &str) -> Option<&str> {
    Some(text).filter(|t| !t.is_empty())
}

impl FromRow for Import {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Import {
            id: row.get(0)?,
            cluster: row.get(1)?,
            file_name: row.get(2)?,
            file_hash: row.get(3)?,
            header: row.get(4)?,
            mapping: row.get(5)?,
            state: row.get::<ImportState>(6)?,
            counts: Counts {
                new: row.get(7)?,
                changed: row.get(8)?,
                unchanged: row.get(9)?,
                absent: row.get(10)?,
                duplicates: row.get(11)?,
                rejected: row.get(12)?,
            },
            created_at: row.get(13)?,
            applied_at: row.get(14)?,
            undone_at: row.get(15)?,
        })
    }
}

pub fn import(conn: &mut Conn, id: Id<Import>) -> Result<Import> {
    conn.one(IMPORT, params![id])
}

/// How many contacts an applied import brought.
pub fn brought_people(conn: &mut Conn, id: Id<Import>) -> Result<i64> {
    Ok(conn.one::<(i64,)>(BROUGHT_PEOPLE, params![id])?.0)
}

/// Imports of a cluster, the newest first, at most 100.
pub fn imports(conn: &mut Conn, cluster: Id<Cluster>) -> Result<Vec<Import>> {
    conn.all(IMPORTS, params![cluster])
}

/// What a new import's row holds.
pub struct NewImport<'a> {
    pub id: Id<Import>,
    pub cluster: Id<Cluster>,
    pub file_name: &'a str,
    pub file_hash: &'a str,
    pub header: &'a str,
    pub mapping: &'a str,
    pub state: ImportState,
    pub actor: Option<&'a str>,
}

pub fn insert_import(conn: &mut Conn, i: &NewImport<'_>, at: Instant) -> Result<()> {
    conn.run(
        INSERT_IMPORT,
        params![
            i.id,
            i.cluster,
            i.file_name,
            i.file_hash,
            i.header,
            i.mapping,
            i.state,
            i.actor,
            at
        ],
    )
    .map(drop)
}

pub fn set_applied(
    conn: &mut Conn,
    id: Id<Import>,
    c: &Counts,
    mapping: &str,
    at: Instant,
) -> Result<()> {
    conn.run(
        SET_APPLIED,
        params![
            at,
            c.new,
            c.changed,
            c.unchanged,
            c.absent,
            c.duplicates,
            c.rejected,
            mapping,
            id
        ],
    )
    .map(drop)
}

pub fn set_staged_mapping(conn: &mut Conn, id: Id<Import>, mapping: &str) -> Result<()> {
    conn.run(SET_STAGED_MAPPING, params![mapping, id]).map(drop)
}

pub fn set_cancelled(conn: &mut Conn, id: Id<Import>) -> Result<u64> {
    conn.run(SET_CANCELLED, params![id])
}

/// Forgets the lines of an import: they hold what the file said of people.
pub fn delete_rows(conn: &mut Conn, id: Id<Import>) -> Result<()> {
    conn.run(DELETE_ROWS, params![id]).map(drop)
}

/// Takes away what an import that is not applied has noted so far.
pub fn take_up(conn: &mut Conn, id: Id<Import>) -> Result<()> {
    conn.run(TAKE_UP_CHANGES, params![id])?;
    conn.run(TAKE_UP_KEYS, params![id]).map(drop)
}

/// Forgets an import that nobody staged and that was not applied.
pub fn delete_unapplied(conn: &mut Conn, id: Id<Import>) -> Result<()> {
    conn.run(DELETE_UNAPPLIED, params![id]).map(drop)
}

/// How many rows an import has noted about its lines.
pub fn laid(conn: &mut Conn, id: Id<Import>) -> Result<i64> {
    Ok(conn.one::<(i64,)>(LAID, params![id])?.0)
}

/// Staged lines with their cells as JSON.
pub fn staged_rows(conn: &mut Conn, id: Id<Import>) -> Result<Vec<(i64, String)>> {
    conn.all(STAGED_ROWS, params![id])
}

/// The day a membership begins when the list does not say it.
pub fn since(said: Option<&str>, now: Instant) -> Day {
    said.and_then(Day::parse).unwrap_or_else(|| now.day())
}
