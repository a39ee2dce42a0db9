-- Room: accounts. Settings, accounts, roles with scope and period, sessions,
-- links by mail, rate limits, and the mail queue.
-- To undo: drop these tables (nobody can sign in afterwards).
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    mail TEXT NOT NULL,
    mail_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT,
    lang TEXT NOT NULL CHECK (lang IN ('de', 'en')),
    theme TEXT NOT NULL CHECK (theme IN ('system', 'light', 'dark')),
    state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'locked', 'closed')),
    demo_key TEXT UNIQUE,
    created_at BIGINT NOT NULL,
    last_sign_in_at BIGINT
);
CREATE TABLE role_assignments (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id),
    role TEXT NOT NULL,
    scope_kind TEXT NOT NULL CHECK (scope_kind IN ('region', 'cluster', 'organisation')),
    scope_id TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT,
    granted_by TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX role_assignments_account ON role_assignments (account);
CREATE INDEX role_assignments_scope ON role_assignments (scope_id, role);
CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id),
    device TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_account ON sessions (account);
CREATE INDEX sessions_expiry ON sessions (expires_at);
CREATE TABLE sign_in_links (
    token_hash TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('invitation', 'sign_in', 'password')),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE TABLE rate_limits (
    bucket TEXT PRIMARY KEY,
    window_start BIGINT NOT NULL,
    hits BIGINT NOT NULL
);
CREATE TABLE mails (
    id TEXT PRIMARY KEY,
    dedup_key TEXT NOT NULL UNIQUE,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body_text TEXT NOT NULL,
    body_html TEXT NOT NULL,
    lang TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed', 'kept')),
    tries BIGINT NOT NULL,
    next_try_at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    sent_at BIGINT
);
CREATE INDEX mails_state ON mails (state, next_try_at);
