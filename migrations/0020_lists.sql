-- Room: directory. What lists are read from in one walk: a membership carries
-- its organisation's sort key, an organisation the clusters it belongs to (their
-- identifiers with blanks between), and the public list has an index of its own.
-- To undo: drop the three indexes, then the columns; make memberships_organisation
-- on (organisation, cluster, state) again.
ALTER TABLE memberships ADD COLUMN sort_key TEXT NOT NULL DEFAULT '';
UPDATE memberships SET sort_key =
    (SELECT o.sort_key FROM organisations o WHERE o.id = memberships.organisation);
ALTER TABLE organisations ADD COLUMN clusters TEXT NOT NULL DEFAULT '';
UPDATE organisations SET clusters = COALESCE((SELECT string_agg(m.cluster, ' ')
    FROM memberships m WHERE m.organisation = organisations.id AND m.state = 'active'), '');
CREATE INDEX memberships_list ON memberships (cluster, state, sort_key, organisation, kind);
DROP INDEX memberships_organisation;
CREATE INDEX memberships_organisation ON memberships (organisation, cluster, state, kind);
CREATE INDEX organisations_public ON organisations (visibility, sort_key, id);
