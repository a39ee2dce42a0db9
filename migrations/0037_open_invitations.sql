-- Room: directory. Invitations of clusters that wait for the yes of whoever was
-- invited: what they offer begins with it. The contact is what was typed or listed.
-- Invitations that waited before are put in, and their roles wait with them.
-- To undo: drop the table; whoever was invited and has not accepted is invited anew.
CREATE TABLE open_invitations (
    contact TEXT PRIMARY KEY REFERENCES people (id),
    account TEXT NOT NULL REFERENCES accounts (id),
    cluster TEXT REFERENCES clusters (id),
    joins BIGINT NOT NULL,
    may_edit BIGINT NOT NULL,
    lang TEXT NOT NULL CHECK (lang IN ('de', 'en')),
    link TEXT NOT NULL,
    sent_at BIGINT NOT NULL,
    declined_at BIGINT
);
CREATE INDEX open_invitations_account ON open_invitations (account);
CREATE INDEX open_invitations_cluster ON open_invitations (cluster);
INSERT INTO open_invitations (contact, account, cluster, joins, may_edit, lang, link, sent_at, declined_at)
    SELECT p.id, p.account, COALESCE(i.cluster,
        (SELECT MIN(c.cluster) FROM person_clusters c WHERE c.person = p.id)), 1,
        CASE WHEN EXISTS (SELECT 1 FROM role_assignments r WHERE r.account = a.id
            AND r.role = 'organisation_representative' AND r.scope_id = p.organisation
            AND r.until IS NULL) THEN 1 ELSE 0 END, a.lang,
        COALESCE((SELECT MAX(l.token_hash) FROM sign_in_links l WHERE l.account = a.id
            AND l.purpose = 'invitation' AND l.used_at IS NULL), ''),
        COALESCE(p.informed_at, p.created_at), NULL
    FROM people p JOIN accounts a ON a.id = p.account LEFT JOIN imports i ON i.id = p.import
    WHERE a.state = 'invited' AND p.state = 'active';
DELETE FROM role_assignments WHERE until IS NULL AND EXISTS
    (SELECT 1 FROM open_invitations v JOIN people p ON p.id = v.contact
    WHERE v.account = role_assignments.account
    AND ((role_assignments.role = 'member' AND role_assignments.scope_id = v.cluster)
    OR (role_assignments.role = 'organisation_representative'
    AND role_assignments.scope_id = p.organisation)));
UPDATE people SET account = NULL WHERE id IN (SELECT contact FROM open_invitations);
