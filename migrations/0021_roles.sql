-- Room: accounts. Open roles once; roles of the whole region hold for all of it;
-- withdrawn invitations keep nobody's name; a name in lower case to search by.
-- To undo: drop the index role_assignments_open and the column name_key. Doubled
-- roles and what withdrawn invitations had kept do not come back.
UPDATE role_assignments SET scope_kind = 'region', scope_id = ''
    WHERE role IN ('admin', 'dsb') AND scope_kind <> 'region';
DELETE FROM role_assignments WHERE until IS NULL AND EXISTS (SELECT 1 FROM role_assignments o
    WHERE o.account = role_assignments.account AND o.role = role_assignments.role
    AND o.scope_kind = role_assignments.scope_kind AND o.scope_id = role_assignments.scope_id
    AND o.until IS NULL AND (o.since < role_assignments.since
    OR (o.since = role_assignments.since AND o.id < role_assignments.id)));
CREATE UNIQUE INDEX role_assignments_open ON role_assignments (account, role, scope_kind, scope_id)
    WHERE until IS NULL;
DELETE FROM role_assignments WHERE account IN
    (SELECT id FROM accounts WHERE state = 'closed' AND mail <> '');
DELETE FROM sign_in_links WHERE account IN
    (SELECT id FROM accounts WHERE state = 'closed' AND mail <> '');
UPDATE accounts SET mail = '', mail_key = 'erased:' || id, name = '', password_hash = NULL,
    lang = 'de', theme = 'system', demo_key = NULL, last_sign_in_at = NULL
    WHERE state = 'closed' AND mail <> '';
-- LOWER knows the letters of English only. A name with others is put right when
-- its owner saves it; the frequent ones are done here.
ALTER TABLE accounts ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
UPDATE accounts SET name_key = LOWER(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(
    REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(name, 'Ä', 'ä'), 'Ö', 'ö'), 'Ü', 'ü'), 'É', 'é'),
    'È', 'è'), 'Á', 'á'), 'Ó', 'ó'), 'Å', 'å'), 'Ø', 'ø'), 'Ç', 'ç'), 'Š', 'š'), 'Ş', 'ş'));
