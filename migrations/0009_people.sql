-- Room: directory. Clusters that a person belongs to without an organisation,
-- and whether a person was asked what may be seen of them.
-- To undo: drop the table and the column.
CREATE TABLE person_clusters (
    person TEXT NOT NULL REFERENCES people (id),
    cluster TEXT NOT NULL REFERENCES clusters (id),
    leads BIGINT NOT NULL,
    PRIMARY KEY (person, cluster)
);
CREATE INDEX person_clusters_cluster ON person_clusters (cluster, person);
ALTER TABLE people ADD COLUMN asked_at BIGINT;
