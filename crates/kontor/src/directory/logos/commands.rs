//! Verbs of logos.

use kontor_platform::{Id, Result, Work};

use super::model::{Logo, LogoRemoved, LogoSet};
use super::store;
use crate::accounts::Who;
use crate::directory::commands::permitted;
use crate::directory::model::Organisation;
use crate::directory::policy::Act;
use crate::directory::profile::body;

/// Gives an organisation a logo, whose picture comes in base64.
pub fn set(work: &mut Work<'_>, who: &Who, slug: &str, logo: &Logo, content: &str) -> Result<()> {
    who.signed_in()?;
    let (o, clusters) = permitted(work, &who.actor, slug, Act::Edit)?;
    if store::of(work, o.id)?.as_ref() == Some(logo) {
        return Ok(());
    }
    let at = work.now();
    store::put(work, o.id, logo, content, at)?;
    work.acts_for(body(&who.actor, &o, &clusters));
    work.announce(&LogoSet { organisation: o.id });
    Ok(())
}

/// Takes an organisation's logo away, if it has one.
pub fn remove(work: &mut Work<'_>, who: &Who, slug: &str) -> Result<()> {
    who.signed_in()?;
    let (o, clusters) = permitted(work, &who.actor, slug, Act::Edit)?;
    if store::remove(work, o.id)? {
        work.acts_for(body(&who.actor, &o, &clusters));
        work.announce(&LogoRemoved { organisation: o.id });
    }
    Ok(())
}

/// Gives the winner of a merge the loser's logo, if it has none itself; the hash
/// of what went over.
pub fn hand_over(
    work: &mut Work<'_>,
    winner: Id<Organisation>,
    loser: Id<Organisation>,
) -> Result<Option<String>> {
    let Some(logo) = store::of(work, loser)? else {
        return Ok(None);
    };
    if store::of(work, winner)?.is_some() {
        return Ok(None);
    }
    store::hand_over(work, winner, loser, &logo.hash)?;
    Ok(Some(logo.hash))
}

/// Takes that back, unless the winner has another logo by now.
pub fn give_back(
    work: &mut Work<'_>,
    winner: Id<Organisation>,
    loser: Id<Organisation>,
    hash: &str,
) -> Result<()> {
    if store::of(work, loser)?.is_some() {
        return Ok(());
    }
    store::hand_over(work, loser, winner, hash)
}
