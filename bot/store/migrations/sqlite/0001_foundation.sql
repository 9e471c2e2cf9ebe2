-- What every act stands on: the trail, promised words, accepted events, due times, keys and roles.
-- Instants are ISO 8601 UTC text; objects are JSON text; truth is 0 or 1.

CREATE TABLE audit (
    id      INTEGER PRIMARY KEY,
    at      TEXT NOT NULL,
    actor   TEXT NOT NULL,
    event   TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail  TEXT NOT NULL,
    prev    TEXT NOT NULL,
    hash    TEXT NOT NULL
);
CREATE INDEX audit_by_subject ON audit (subject, id);
CREATE TRIGGER audit_is_not_edited BEFORE UPDATE ON audit
BEGIN SELECT RAISE (ABORT, 'the trail is append-only'); END;
CREATE TRIGGER audit_is_not_erased BEFORE DELETE ON audit
BEGIN SELECT RAISE (ABORT, 'the trail is append-only'); END;
-- INSERT OR REPLACE takes a row away without telling the trigger above.
CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
BEGIN SELECT RAISE (ABORT, 'the trail is append-only'); END;

-- Ids and codes only: what the words need is read when they are sent.
CREATE TABLE outbox (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    op          TEXT NOT NULL,
    template    TEXT NOT NULL,
    channel     TEXT NOT NULL,
    subject     TEXT NOT NULL,
    facts       TEXT NOT NULL,
    created_at  TEXT NOT NULL,
    not_before  TEXT,
    state       TEXT NOT NULL DEFAULT 'pending',
    attempt     INTEGER NOT NULL DEFAULT 0,
    retry_at    TEXT,
    fence       INTEGER NOT NULL DEFAULT 0,
    lease_until TEXT,
    wanted      INTEGER NOT NULL DEFAULT 1,
    shown       INTEGER NOT NULL DEFAULT 0,
    posted_in   TEXT,
    ts          TEXT,
    file_id     TEXT,
    finished_at TEXT,
    why         TEXT,
    told_at     TEXT
);
CREATE INDEX outbox_unfinished ON outbox (id) WHERE finished_at IS NULL;
CREATE INDEX outbox_in_order ON outbox (subject, id) WHERE finished_at IS NULL;
CREATE INDEX outbox_untold ON outbox (id) WHERE state = 'dead' AND told_at IS NULL;

CREATE TABLE inbox (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    kind        TEXT NOT NULL,
    owner       TEXT NOT NULL,
    payload     TEXT,
    received_at TEXT NOT NULL,
    state       TEXT NOT NULL DEFAULT 'waiting',
    attempt     INTEGER NOT NULL DEFAULT 0,
    not_before  TEXT,
    fence       INTEGER NOT NULL DEFAULT 0,
    lease_until TEXT,
    applied_at  TEXT
);
CREATE INDEX inbox_waiting ON inbox (id) WHERE state IN ('waiting', 'working');
CREATE INDEX inbox_by_time ON inbox (received_at);

CREATE TABLE timers (
    id      INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,
    kind    TEXT NOT NULL,
    due_at  TEXT NOT NULL,
    done_at TEXT
);
CREATE UNIQUE INDEX timers_open ON timers (subject, kind) WHERE done_at IS NULL;
CREATE INDEX timers_due ON timers (due_at) WHERE done_at IS NULL;

CREATE TABLE ticks (
    name TEXT PRIMARY KEY,
    at   TEXT NOT NULL
);

CREATE TABLE data_keys (
    owner     TEXT PRIMARY KEY,
    wrapped   TEXT NOT NULL,
    made_at   TEXT NOT NULL,
    master_id TEXT NOT NULL
);

-- One row: tells a wrong master key at start, before anything is sealed with it.
CREATE TABLE canary (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    sealed    TEXT NOT NULL,
    master_id TEXT NOT NULL
);

CREATE TABLE role_grants (
    id         INTEGER PRIMARY KEY,
    user_id    TEXT NOT NULL,
    role       TEXT NOT NULL,
    granted_by TEXT NOT NULL,
    granted_at TEXT NOT NULL,
    revoked_at TEXT,
    revoked_by TEXT
);
CREATE UNIQUE INDEX role_grants_held ON role_grants (user_id, role) WHERE revoked_at IS NULL;
CREATE INDEX role_grants_by_role ON role_grants (role) WHERE revoked_at IS NULL;
