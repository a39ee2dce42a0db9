-- Room: directory. Figures also count organisations whose side of the helix
-- nobody has said yet, and those that only their cluster sees.
-- To undo: delete rows of the audience 'cluster', make the table anew without
-- the column.
CREATE TABLE figures_next (
    scope TEXT NOT NULL,
    audience TEXT NOT NULL CHECK (audience IN ('public', 'all_clusters', 'cluster')),
    business BIGINT NOT NULL,
    science BIGINT NOT NULL,
    policy_admin BIGINT NOT NULL,
    civil_society BIGINT NOT NULL,
    unassigned BIGINT NOT NULL,
    PRIMARY KEY (scope, audience)
);
INSERT INTO figures_next (scope, audience, business, science, policy_admin, civil_society, unassigned)
    SELECT c.id, a.audience,
        COUNT(DISTINCT CASE WHEN o.helix = 'business' THEN o.id END),
        COUNT(DISTINCT CASE WHEN o.helix = 'science' THEN o.id END),
        COUNT(DISTINCT CASE WHEN o.helix = 'policy_admin' THEN o.id END),
        COUNT(DISTINCT CASE WHEN o.helix = 'civil_society' THEN o.id END),
        COUNT(DISTINCT CASE WHEN o.helix IS NULL THEN o.id END)
    FROM clusters c
    CROSS JOIN (SELECT 'public' AS audience, 1 AS width UNION ALL SELECT 'all_clusters', 2
        UNION ALL SELECT 'cluster', 3) a
    LEFT JOIN memberships m ON m.cluster = c.id AND m.state = 'active'
    LEFT JOIN organisations o ON o.id = m.organisation
        AND o.state IN ('active', 'verified', 'inactive')
        AND CASE o.visibility WHEN 'public' THEN 1 WHEN 'all_clusters' THEN 2 ELSE 3 END <= a.width
    GROUP BY c.id, a.audience;
INSERT INTO figures_next (scope, audience, business, science, policy_admin, civil_society, unassigned)
    SELECT 'region', a.audience,
        COUNT(CASE WHEN o.helix = 'business' THEN 1 END),
        COUNT(CASE WHEN o.helix = 'science' THEN 1 END),
        COUNT(CASE WHEN o.helix = 'policy_admin' THEN 1 END),
        COUNT(CASE WHEN o.helix = 'civil_society' THEN 1 END),
        COUNT(CASE WHEN o.id IS NOT NULL AND o.helix IS NULL THEN 1 END)
    FROM (SELECT 'public' AS audience, 1 AS width UNION ALL SELECT 'all_clusters', 2
        UNION ALL SELECT 'cluster', 3) a
    LEFT JOIN organisations o ON o.state IN ('active', 'verified', 'inactive')
        AND CASE o.visibility WHEN 'public' THEN 1 WHEN 'all_clusters' THEN 2 ELSE 3 END <= a.width
    GROUP BY a.audience;
DROP TABLE figures;
ALTER TABLE figures_next RENAME TO figures;
