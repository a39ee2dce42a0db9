-- Room: platform. Merges of before are told in the histories of the clusters
-- whose records they touched, as later ones are.
-- To undo: nothing; histories of clusters then tell more than before.
INSERT INTO log_mentions (id, seq, facts)
    SELECT c.cluster, l.seq, 1 FROM log l JOIN merge_clusters c ON c.merge = SUBSTR(l.body, 106, 36)
    WHERE l.kind IN ('directory.organisations_merged', 'directory.merge_undone');
