-- Room: directory. Clusters, organisations, memberships, people, and what of
-- a person may be seen by whom.
-- To undo: drop these tables (the region's directory is lost).
CREATE TABLE clusters (
    id TEXT PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('cluster', 'network_initiative')),
    purpose_de TEXT NOT NULL,
    purpose_en TEXT NOT NULL,
    about_de TEXT NOT NULL,
    about_en TEXT NOT NULL,
    themes_de TEXT NOT NULL,
    themes_en TEXT NOT NULL,
    website TEXT NOT NULL,
    founded BIGINT,
    state TEXT NOT NULL CHECK (state IN ('draft', 'active', 'dormant', 'dissolved')),
    default_visibility TEXT NOT NULL CHECK (default_visibility IN ('public', 'all_clusters', 'cluster')),
    created_at BIGINT NOT NULL
);
CREATE TABLE organisations (
    id TEXT PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    name_key TEXT NOT NULL,
    helix TEXT CHECK (helix IN ('business', 'science', 'policy_admin', 'civil_society')),
    size TEXT CHECK (size IN ('micro', 'small', 'medium', 'large')),
    size_as_of TEXT,
    founded BIGINT,
    street TEXT NOT NULL,
    postcode TEXT NOT NULL,
    city TEXT NOT NULL,
    city_key TEXT NOT NULL,
    region TEXT NOT NULL,
    country TEXT NOT NULL,
    website TEXT NOT NULL,
    web_host TEXT NOT NULL,
    mail_host TEXT NOT NULL,
    register_number TEXT NOT NULL,
    summary_de TEXT NOT NULL,
    summary_en TEXT NOT NULL,
    about_de TEXT NOT NULL,
    about_en TEXT NOT NULL,
    competences_de TEXT NOT NULL,
    competences_en TEXT NOT NULL,
    visibility TEXT NOT NULL CHECK (visibility IN ('public', 'all_clusters', 'cluster')),
    state TEXT NOT NULL CHECK (state IN ('proposed', 'verified', 'active', 'inactive', 'merged', 'dissolved')),
    merged_into TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX organisations_sort ON organisations (sort_key, id);
CREATE INDEX organisations_name ON organisations (name_key);
CREATE INDEX organisations_web ON organisations (web_host);
CREATE TABLE figures (
    scope TEXT NOT NULL,
    audience TEXT NOT NULL CHECK (audience IN ('public', 'all_clusters')),
    business BIGINT NOT NULL,
    science BIGINT NOT NULL,
    policy_admin BIGINT NOT NULL,
    civil_society BIGINT NOT NULL,
    PRIMARY KEY (scope, audience)
);
CREATE TABLE organisation_classes (
    organisation TEXT NOT NULL REFERENCES organisations (id),
    code TEXT NOT NULL,
    PRIMARY KEY (organisation, code)
);
CREATE INDEX organisation_classes_code ON organisation_classes (code, organisation);
CREATE TABLE external_ids (
    scheme TEXT NOT NULL,
    value TEXT NOT NULL,
    organisation TEXT NOT NULL REFERENCES organisations (id),
    PRIMARY KEY (scheme, value)
);
CREATE INDEX external_ids_organisation ON external_ids (organisation);
CREATE TABLE slugs (
    kind TEXT NOT NULL,
    slug TEXT NOT NULL,
    target TEXT NOT NULL,
    PRIMARY KEY (kind, slug)
);
CREATE TABLE memberships (
    id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL REFERENCES organisations (id),
    cluster TEXT NOT NULL REFERENCES clusters (id),
    kind TEXT NOT NULL CHECK (kind IN ('member', 'partner', 'guest')),
    state TEXT NOT NULL CHECK (state IN ('applied', 'active', 'suspended', 'ended', 'rejected')),
    since TEXT NOT NULL,
    until TEXT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX memberships_open ON memberships (organisation, cluster, kind) WHERE until IS NULL;
CREATE INDEX memberships_cluster ON memberships (cluster, state, organisation);
CREATE INDEX memberships_organisation ON memberships (organisation, cluster, state);
CREATE TABLE people (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    function TEXT NOT NULL,
    mail TEXT NOT NULL,
    phone TEXT NOT NULL,
    organisation TEXT REFERENCES organisations (id),
    account TEXT REFERENCES accounts (id),
    source TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'restricted', 'erased')),
    created_at BIGINT NOT NULL
);
CREATE INDEX people_organisation ON people (organisation);
CREATE INDEX people_account ON people (account);
CREATE INDEX people_sort ON people (sort_key, id);
CREATE TABLE contact_publications (
    person TEXT NOT NULL REFERENCES people (id),
    field TEXT NOT NULL CHECK (field IN ('name', 'function', 'mail', 'phone')),
    audience TEXT NOT NULL CHECK (audience IN ('clusters', 'all_clusters', 'public')),
    since BIGINT NOT NULL,
    PRIMARY KEY (person, field)
);
