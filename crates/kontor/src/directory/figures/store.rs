//! The table of figures, counted from memberships and organisations.

use kontor_platform::db::{Conn, Query};
use kontor_platform::{Result, log, params, record, sql};

use crate::directory::model::{Helix, HelixCounts, Visibility};

sql! {
    FIGURES = "SELECT business, science, policy_admin, civil_society, unassigned FROM figures \
        WHERE scope = $1 AND audience = $2";
    /// The region's figures and those that one cluster adds.
    REGION_AND_OWN = "SELECT COALESCE(CAST(SUM(f * business) AS BIGINT), 0) AS business, \
        COALESCE(CAST(SUM(f * science) AS BIGINT), 0) AS science, \
        COALESCE(CAST(SUM(f * policy_admin) AS BIGINT), 0) AS policy_admin, \
        COALESCE(CAST(SUM(f * civil_society) AS BIGINT), 0) AS civil_society, \
        COALESCE(CAST(SUM(f * unassigned) AS BIGINT), 0) AS unassigned \
        FROM (SELECT CASE WHEN scope = 'region' OR audience = 'cluster' THEN 1 ELSE -1 END AS f, business, \
        science, policy_admin, civil_society, unassigned FROM figures \
        WHERE (scope = 'region' AND audience = 'all_clusters') \
        OR (scope = $1 AND audience IN ('all_clusters', 'cluster'))) parts";
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

/// The region's figures for somebody of one cluster: what only the cluster sees
/// is its own figure less the one for all clusters.
pub fn region_and_own(conn: &mut Conn, cluster: &str) -> Result<HelixCounts> {
    conn.one(REGION_AND_OWN, params![cluster])
}

/// The region's figures for somebody of several clusters, or who speaks for
/// organisations: a record of two of the clusters counts once, so those that not
/// all clusters see are counted here.
pub fn region_with(
    conn: &mut Conn,
    clusters: &[String],
    organisations: &[String],
) -> Result<HelixCounts> {
    let mut q = Query::new(
        "SELECT o.helix, COUNT(*) AS n FROM organisations o WHERE o.visibility = 'cluster' \
         AND o.state IN ('active', 'verified', 'inactive') AND (o.id IN (SELECT m.organisation \
         FROM memberships m WHERE m.state = 'active' AND m.cluster",
    );
    q.among(clusters);
    q.push(") OR o.id");
    q.among(organisations);
    q.push(") GROUP BY o.helix");
    let mut counts = figures(conn, "region", Visibility::AllClusters.as_str())?;
    for (side, n) in q.all::<(Option<Helix>, i64)>(conn)? {
        match side {
            Some(Helix::Business) => counts.business += n,
            Some(Helix::Science) => counts.science += n,
            Some(Helix::PolicyAdmin) => counts.policy_admin += n,
            Some(Helix::CivilSociety) => counts.civil_society += n,
            None => counts.unassigned += n,
        }
    }
    Ok(counts)
}

/// Counts the region and every cluster anew. Others commit before the count or
/// after it: two that counted at once would each leave out the other's.
pub fn recount(conn: &mut Conn) -> Result<()> {
    log::hold(conn)?;
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
