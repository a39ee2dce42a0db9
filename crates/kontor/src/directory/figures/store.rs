//! The table of figures, counted from memberships and organisations.

use kontor_platform::db::Conn;
use kontor_platform::{Result, params, record, sql};

use crate::directory::model::{Helix, HelixCounts, Visibility};

sql! {
    FIGURES = "SELECT business, science, policy_admin, civil_society, unassigned FROM figures \
        WHERE scope = $1 AND audience = $2";
    COUNT_CLUSTER = "SELECT o.visibility, o.helix, COUNT(DISTINCT o.id) AS n FROM memberships m \
        JOIN organisations o ON o.id = m.organisation \
        WHERE m.cluster = $1 AND m.state = 'active' AND o.state IN ('active', 'verified', 'inactive') \
        GROUP BY o.visibility, o.helix";
    COUNT_REGION = "SELECT visibility, helix, COUNT(*) AS n FROM organisations \
        WHERE state IN ('active', 'verified', 'inactive') GROUP BY visibility, helix";
    SET_FIGURES = "INSERT INTO figures (scope, audience, business, science, policy_admin, \
        civil_society, unassigned) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (scope, audience) \
        DO UPDATE SET business = $3, science = $4, policy_admin = $5, civil_society = $6, unassigned = $7";
    CLUSTER_IDS = "SELECT id FROM clusters";
}

record!(HelixCounts {
    business,
    science,
    policy_admin,
    civil_society,
    unassigned
});

/// Figures of a scope ("region" or a cluster's id) for an audience.
pub fn figures(conn: &mut Conn, scope: &str, audience: &str) -> Result<HelixCounts> {
    Ok(conn
        .first(FIGURES, params![scope, audience])?
        .unwrap_or_default())
}

/// Counts the region and every cluster anew.
pub fn recount(conn: &mut Conn) -> Result<()> {
    let rows = conn.all(COUNT_REGION, params![])?;
    set_figures(conn, "region", &rows)?;
    let clusters: Vec<(String,)> = conn.all(CLUSTER_IDS, params![])?;
    for (cluster,) in clusters {
        let rows = conn.all(COUNT_CLUSTER, params![cluster])?;
        set_figures(conn, &cluster, &rows)?;
    }
    Ok(())
}

fn set_figures(
    conn: &mut Conn,
    scope: &str,
    rows: &[(Visibility, Option<Helix>, i64)],
) -> Result<()> {
    let widening = [
        Visibility::Public,
        Visibility::AllClusters,
        Visibility::Cluster,
    ];
    for (i, audience) in widening.iter().enumerate() {
        let seen = &widening[..=i];
        let of = |side: Option<Helix>| -> i64 {
            rows.iter()
                .filter(|(v, h, _)| *h == side && seen.contains(v))
                .map(|r| r.2)
                .sum()
        };
        conn.run(
            SET_FIGURES,
            params![
                scope,
                audience.as_str(),
                of(Some(Helix::Business)),
                of(Some(Helix::Science)),
                of(Some(Helix::PolicyAdmin)),
                of(Some(Helix::CivilSociety)),
                of(None)
            ],
        )?;
    }
    Ok(())
}
