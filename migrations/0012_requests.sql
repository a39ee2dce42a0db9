-- Room: directory. Requests from outside: to become a member of a cluster, or
-- to keep the page of an organisation that is there already.
-- To undo: drop the table (requests that wait are lost).
CREATE TABLE requests (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('membership', 'takeover')),
    cluster TEXT REFERENCES clusters (id),
    organisation TEXT REFERENCES organisations (id),
    organisation_name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    website TEXT NOT NULL,
    city TEXT NOT NULL,
    name TEXT NOT NULL,
    mail TEXT NOT NULL,
    function TEXT NOT NULL,
    message TEXT NOT NULL,
    lang TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'approved', 'rejected')),
    reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    decided_at BIGINT,
    decided_by TEXT
);
CREATE INDEX requests_cluster ON requests (cluster, state);
CREATE INDEX requests_organisation ON requests (organisation, state);
