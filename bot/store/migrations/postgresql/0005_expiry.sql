-- What is kept too long is destroyed: which consultations are held back from it, and what was destroyed, when and why.

ALTER TABLE consultations ADD COLUMN expired_at TEXT;
CREATE INDEX consultations_by_end ON consultations (ended_at) WHERE ended_at IS NOT NULL AND expired_at IS NULL;

-- While one stands, neither the consultation nor what was merged with it expires. Ids and codes only.
CREATE TABLE holds (
    id           TEXT PRIMARY KEY,
    consultation TEXT NOT NULL REFERENCES consultations (id),
    reason       TEXT NOT NULL,
    set_by       TEXT NOT NULL,
    set_at       TEXT NOT NULL,
    lifted_by    TEXT,
    lifted_at    TEXT
);
CREATE UNIQUE INDEX holds_standing ON holds (consultation) WHERE lifted_at IS NULL;

-- What is held back: itself, or by one of those merged into it.
CREATE VIEW held_back AS
WITH RECURSIVE held (id) AS (
    SELECT consultation FROM holds WHERE lifted_at IS NULL
    UNION
    SELECT c.merged_into FROM consultations AS c JOIN held ON held.id = c.id
    WHERE c.status = 'merged' AND c.merged_into IS NOT NULL
)
SELECT id FROM held;

-- One row for each thing that was destroyed, each chained to the one before. `owner`: whose key is gone for good, so that
-- nothing is ever sealed for it again. `counts`: rows by table, JSON. `ids_hash` covers the ids of what was destroyed.
CREATE TABLE destructions (
    number       BIGINT PRIMARY KEY,
    at           TEXT NOT NULL,
    kind         TEXT NOT NULL,
    subject      TEXT NOT NULL,
    owner        TEXT,
    rule         TEXT NOT NULL,
    counted_from TEXT NOT NULL,
    basis        TEXT NOT NULL,
    actor        TEXT NOT NULL,
    counts       TEXT NOT NULL,
    ids_hash     TEXT NOT NULL,
    prev         TEXT NOT NULL,
    hash         TEXT NOT NULL
);
CREATE INDEX destructions_by_subject ON destructions (subject, kind);
CREATE INDEX destructions_by_owner ON destructions (owner) WHERE owner IS NOT NULL;
CREATE INDEX destructions_by_time ON destructions (at);
CREATE FUNCTION destructions_are_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$;
CREATE TRIGGER destructions_are_not_edited BEFORE UPDATE OR DELETE ON destructions
FOR EACH ROW EXECUTE FUNCTION destructions_are_append_only();
CREATE TRIGGER destructions_are_not_erased BEFORE TRUNCATE ON destructions
FOR EACH STATEMENT EXECUTE FUNCTION destructions_are_append_only();

-- When expiry was last asked for, since when the clock has gone on without a leap, and the last moment before a leap that
-- was too long to be believed without a person's word (where there was none: the same as seen_at): one row.
CREATE TABLE retention_clock (
    id           INTEGER PRIMARY KEY CHECK (id = 1),
    seen_at      TEXT NOT NULL,
    steady_since TEXT NOT NULL,
    sure_at      TEXT NOT NULL
);

-- Stands here while a backup comes back: until what was destroyed since is destroyed again, no desk may open.
CREATE TABLE half_restored (
    id INTEGER PRIMARY KEY CHECK (id = 1)
);
