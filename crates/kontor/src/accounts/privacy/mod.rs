//! What accounts hold of a person, for access, erasure and retention.

mod store;

use kontor_platform::db::Conn;
use kontor_platform::{Id, Instant, Result, Work};
use serde_json::{Value, json};

use super::admin;
use super::model::{Account, AccountErased};

pub use store::{addresses, by_mail, end_everything_open, stale_invitations};

/// Everything that is stored of an account.
pub fn collect(conn: &mut Conn, account: Id<Account>) -> Result<Value> {
    let own = store::row(conn, account)?;
    let roles: Vec<Value> = admin::roles(conn, account)?
        .into_iter()
        .map(|r| {
            json!({
                "role": r.role.kind.as_str(),
                "scope": r.role.scope.stored().0,
                "place": Some(r.role.scope.stored().1).filter(|id| !id.is_empty()),
                "since": r.role.since.to_string(),
                // The last day; what is stored is the one after it.
                "until": r.role.until.map(|d| d.before().to_string()),
            })
        })
        .collect();
    let sessions: Vec<Value> = store::sessions(conn, account)?
        .into_iter()
        .map(|(device, at)| json!({ "device": device, "since": at.rfc3339() }))
        .collect();
    Ok(json!({
        "id": account.to_string(),
        "mail": own.mail,
        "name": own.name,
        "language": own.lang,
        "theme": own.theme,
        "state": own.state,
        "created": own.created_at.rfc3339(),
        "last_sign_in": own.last_sign_in_at.map(Instant::rfc3339),
        "password_set": own.has_password,
        "roles": roles,
        "sessions": sessions,
        "former_addresses": store::former_addresses(conn, account)?,
        "addresses_asked_for": store::asked_addresses(conn, account)?,
    }))
}

/// Empties an account: nobody signs in with it again, nothing names its owner.
pub fn erase(work: &mut Work<'_>, account: Id<Account>) -> Result<()> {
    store::erase(work, account)?;
    work.announce(&AccountErased { account });
    Ok(())
}

/// Retention: links and sessions that ended before `before`.
pub fn drop_links(work: &mut Work<'_>, before: Instant) -> Result<u64> {
    store::drop_links(work, before)
}
