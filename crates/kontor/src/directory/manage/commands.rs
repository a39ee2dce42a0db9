//! Verbs of keeping clusters.

use kontor_platform::{FieldErrors, Id, Result, Work};

use super::forms::ClusterForm;
use super::store;
use crate::accounts::{self, Actor, Role, RoleKind, Scope};
use crate::directory::addresses::moved;
use crate::directory::commands::create_cluster;
use crate::directory::model::{Cluster, ClusterChanged, Visibility, sort_key};
use crate::directory::roles::has_role;

/// Founds a cluster; if the person says so, they lead it. Answers its address.
pub fn found(work: &mut Work<'_>, actor: &Actor, form: &ClusterForm) -> Result<String> {
    let today = work.now().day();
    let (new, visibility) = form.check(today)?;
    check_free(work, form, None)?;
    let id = create_cluster(work, &new)?;
    if visibility != Visibility::Public {
        store::update(work, id, &new, &sort_key(&new.name), visibility)?;
    }
    if let (true, Some(account)) = (form.own, actor.account) {
        let role = Role {
            kind: RoleKind::ClusterManager,
            scope: Scope::Cluster(id.to_string()),
            since: today,
            until: None,
        };
        accounts::grant(work, account, &role, Some(&account.to_string()))?;
        let known = accounts::admin::one(work, account)?;
        has_role(work, account, &known.name, &known.mail, &role)?;
    }
    Ok(new.slug)
}

/// Changes a cluster; a former address leads to the new one. Answers that.
pub fn change(work: &mut Work<'_>, cluster: &Cluster, form: &ClusterForm) -> Result<String> {
    let today = work.now().day();
    let (new, visibility) = form.check(today)?;
    check_free(work, form, Some(cluster.id))?;
    store::update(work, cluster.id, &new, &sort_key(&new.name), visibility)?;
    if new.slug != cluster.slug {
        moved(work, "cluster", &cluster.slug, &new.slug)?;
    }
    let fields = form.differences(&ClusterForm::of(cluster));
    work.announce(&ClusterChanged {
        cluster: cluster.id,
        fields: fields.into_iter().map(str::to_owned).collect(),
    });
    Ok(new.slug)
}

fn check_free(work: &mut Work<'_>, form: &ClusterForm, own: Option<Id<Cluster>>) -> Result<()> {
    let mut fields = FieldErrors::default();
    for (slug, code, id) in store::taken(work, &form.slug, &form.code)? {
        if Some(id) == own {
            continue;
        }
        if slug == form.slug {
            fields.add("slug", "manage-error-slug-taken");
        }
        if code == form.code {
            fields.add("code", "manage-error-code-taken");
        }
    }
    fields.done(())
}
