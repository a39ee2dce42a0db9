-- Room: directory. Records that are one and the same: proposals, the clusters'
-- consents, merges with what undoing them needs, pairs that stay apart.
-- To undo: drop the tables and indexes (merges can no longer be undone).
CREATE INDEX organisations_mail_host ON organisations (mail_host);
CREATE INDEX organisations_register ON organisations (register_number);
CREATE TABLE merge_proposals (
    id TEXT PRIMARY KEY,
    winner TEXT NOT NULL REFERENCES organisations (id),
    loser TEXT NOT NULL REFERENCES organisations (id),
    state TEXT NOT NULL CHECK (state IN ('open', 'merged', 'declined')),
    actor TEXT,
    created_at BIGINT NOT NULL,
    reminded_at BIGINT,
    decided_at BIGINT
);
CREATE INDEX merge_proposals_state ON merge_proposals (state, created_at);
CREATE TABLE merge_consents (
    proposal TEXT NOT NULL REFERENCES merge_proposals (id),
    cluster TEXT NOT NULL REFERENCES clusters (id),
    agreed BIGINT NOT NULL,
    actor TEXT,
    at BIGINT,
    PRIMARY KEY (proposal, cluster)
);
CREATE INDEX merge_consents_cluster ON merge_consents (cluster, agreed);
CREATE TABLE merges (
    id TEXT PRIMARY KEY,
    winner TEXT NOT NULL REFERENCES organisations (id),
    loser TEXT NOT NULL REFERENCES organisations (id),
    moved TEXT NOT NULL,
    actor TEXT,
    at BIGINT NOT NULL,
    undone_at BIGINT
);
CREATE INDEX merges_at ON merges (at);
CREATE TABLE merge_clusters (
    merge TEXT NOT NULL REFERENCES merges (id),
    cluster TEXT NOT NULL REFERENCES clusters (id),
    PRIMARY KEY (merge, cluster)
);
CREATE INDEX merge_clusters_cluster ON merge_clusters (cluster);
CREATE TABLE kept_apart (
    first TEXT NOT NULL REFERENCES organisations (id),
    second TEXT NOT NULL REFERENCES organisations (id),
    actor TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (first, second)
);
CREATE TABLE merge_agreements (
    cluster TEXT PRIMARY KEY REFERENCES clusters (id),
    actor TEXT,
    at BIGINT NOT NULL
);
