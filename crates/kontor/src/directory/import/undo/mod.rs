//! Taking a whole import back, as long as nothing else happened to its records.

mod store;

use std::collections::HashSet;

use kontor_platform::db::Conn;
use kontor_platform::{Error, Id, Result, Work, log};

use super::super::list::refile;
use super::super::model::{MembershipResumed, Organisation};
use super::choices;
use super::model::{
    ChangeKind, Field, Import, ImportState, ImportUndone, MembershipWithdrawn, OrganisationChanged,
    OrganisationWithdrawn, PersonWithdrawn,
};
use super::store as imports;
use super::writing::Before;

/// Records that keep an import from being undone: something else happened to
/// them since. Identifier, address, name.
pub fn blockers(
    conn: &mut Conn,
    import: &Import,
) -> Result<Vec<(Id<Organisation>, String, String)>> {
    let own = log::of_subject(conn, &import.id.to_string(), 10)?;
    let Some(applied) = own.iter().find(|f| f.kind == "directory.import_applied") else {
        return Ok(Vec::new());
    };
    let later: HashSet<String> = log::subjects_after(conn, applied.seq, "directory.")?
        .into_iter()
        .collect();
    let peopled = store::peopled_since(conn, import.id)?;
    let touched: HashSet<Id<Organisation>> = store::changes(conn, import.id)?
        .into_iter()
        .filter(|c| {
            let id = c.organisation.to_string();
            later.contains(&id) || later.contains(&c.subject) || peopled.contains(&id)
        })
        .map(|c| c.organisation)
        .collect();
    let named = store::touched(conn, import.id)?;
    Ok(named
        .into_iter()
        .filter(|(id, _, _)| touched.contains(id))
        .collect())
}

/// Takes a whole import back, unless something else happened since to a record
/// that it touched.
pub fn undo(work: &mut Work<'_>, id: Id<Import>) -> Result<()> {
    let at = work.now();
    let import = imports::import(work, id)?;
    if import.state != ImportState::Applied {
        return Err(Error::Refused("import-refused-not-applied"));
    }
    if !blockers(work, &import)?.is_empty() {
        return Err(Error::Refused("import-refused-blocked"));
    }
    store::set_undone(work, id, at)?;
    let changes = store::changes(work, id)?;
    let created: HashSet<Id<Organisation>> = changes
        .iter()
        .filter(|c| c.kind == ChangeKind::Created)
        .map(|c| c.organisation)
        .collect();
    for change in changes {
        let organisation = change.organisation;
        match change.kind {
            ChangeKind::Created => work.announce(&OrganisationWithdrawn { organisation }),
            ChangeKind::Person => work.announce(&PersonWithdrawn {
                person: change.subject.parse()?,
            }),
            ChangeKind::Joined if created.contains(&organisation) => {}
            ChangeKind::Joined => work.announce(&MembershipWithdrawn {
                organisation,
                cluster: import.cluster,
            }),
            ChangeKind::Ended => {
                choices::resume(work, &change.subject)?;
                work.announce(&MembershipResumed {
                    organisation,
                    cluster: import.cluster,
                });
            }
            ChangeKind::Changed => {
                let fields = restore(work, organisation, &change.before)?;
                work.announce(&OrganisationChanged {
                    organisation,
                    fields,
                });
            }
        }
    }
    store::delete_created(work, id)?;
    refile(work, import.cluster, id)?;
    super::super::figures::recount(work)?;
    work.announce(&ImportUndone {
        import: id,
        cluster: import.cluster,
    });
    Ok(())
}

/// Gives a record its former values back; says the words of the fields.
fn restore(work: &mut Work<'_>, id: Id<Organisation>, before: &str) -> Result<Vec<String>> {
    let before: Before = serde_json::from_str(before)?;
    let attrs = before.values.keys().map(|a| a.as_str().to_owned());
    let mut fields: Vec<String> = attrs.collect();
    if !before.classes.is_empty() {
        fields.push(Field::Classes.as_str().to_owned());
    }
    fields.extend(before.external.iter().map(|(scheme, _)| scheme.clone()));
    let mut values = imports::organisation(work, id)?.record.values;
    for (attr, value) in before.values {
        values.set(attr, value);
    }
    let at = work.now();
    imports::update_organisation(work, id, &values, before.size_as_of.as_deref(), at)?;
    for (scheme, value) in &before.external {
        store::delete_external(work, id, scheme, value)?;
    }
    for code in &before.classes {
        store::delete_class(work, id, code)?;
    }
    choices::own_again(work, id, &before.owned)?;
    Ok(fields)
}
