-- つなぐ: what somebody agreed to, to whom what was handed, and what came of it. Codes in the clear, words sealed.

-- An office something may go to, for one consultation. What it calls itself is sealed.
CREATE TABLE handover_receivers (
    id            TEXT PRIMARY KEY,
    consultation  TEXT NOT NULL REFERENCES consultations (id),
    municipality  TEXT NOT NULL,
    meeting       TEXT NOT NULL,
    agency        TEXT,
    person        TEXT,
    office_sealed TEXT
);
CREATE INDEX handover_receivers_of ON handover_receivers (consultation);

-- `n`: the first, second … of a consultation. `fields` and `receivers`: what is still agreed to, JSON lists of codes and ids.
CREATE TABLE agreements (
    id            TEXT PRIMARY KEY,
    consultation  TEXT NOT NULL REFERENCES consultations (id),
    n             INTEGER NOT NULL,
    answer        TEXT NOT NULL,
    who           TEXT NOT NULL,
    how           TEXT NOT NULL,
    relation      TEXT,
    fields        TEXT NOT NULL,
    receivers     TEXT NOT NULL,
    since         TEXT NOT NULL,
    until         TEXT NOT NULL,
    explained_by  TEXT NOT NULL,
    given_on      TEXT NOT NULL,
    withdrawn_on  TEXT,
    withdrawn_how TEXT,
    version       INTEGER NOT NULL DEFAULT 1,
    recorded_by   TEXT NOT NULL,
    recorded_at   TEXT NOT NULL,
    CHECK (answer IN ('given', 'refused', 'unable'))
);
CREATE UNIQUE INDEX agreements_of ON agreements (consultation, n);
CREATE INDEX agreements_until ON agreements (until) WHERE answer = 'given' AND withdrawn_on IS NULL;

-- What was taken back, as it was said: the trail of an agreement. Empty lists: all of it.
CREATE TABLE agreement_withdrawals (
    id          TEXT PRIMARY KEY,
    agreement   TEXT NOT NULL REFERENCES agreements (id),
    taken_on    TEXT NOT NULL,
    how         TEXT NOT NULL,
    receivers   TEXT NOT NULL,
    fields      TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at TEXT NOT NULL
);
CREATE INDEX agreement_withdrawals_of ON agreement_withdrawals (agreement, recorded_at);

-- What goes to one receiver. `digest` is over the content as it is sent; of a token only its hash is kept.
CREATE TABLE packages (
    id               TEXT PRIMARY KEY,
    number           TEXT NOT NULL UNIQUE,
    consultation     TEXT NOT NULL REFERENCES consultations (id),
    batch            TEXT NOT NULL,
    agreement        TEXT REFERENCES agreements (id),
    receiver         TEXT NOT NULL REFERENCES handover_receivers (id),
    way              TEXT NOT NULL,
    purpose          TEXT NOT NULL,
    fields           TEXT NOT NULL,
    secrecy          INTEGER NOT NULL,
    digest           TEXT NOT NULL,
    state            TEXT NOT NULL,
    made_by          TEXT NOT NULL,
    made_at          TEXT NOT NULL,
    sent_by          TEXT,
    sent_at          TEXT,
    answered_at      TEXT,
    answered_through TEXT,
    reason           TEXT,
    done_at          TEXT,
    before           TEXT,
    return_because   TEXT,
    return_asked_at  TEXT,
    returned_at      TEXT,
    token_hash       TEXT,
    token_until      TEXT,
    version          INTEGER NOT NULL DEFAULT 1,
    content_sealed   TEXT,
    reply_sealed     TEXT,
    CHECK (way IN ('consent', 'shien_juso', 'shien_konkyu')),
    CHECK (agreement IS NOT NULL OR way <> 'consent'),
    CHECK (secrecy = 1 OR way = 'consent')
);
CREATE INDEX packages_of ON packages (consultation, made_at);
CREATE INDEX packages_under ON packages (agreement) WHERE agreement IS NOT NULL;
CREATE INDEX packages_in_batch ON packages (batch);
CREATE INDEX packages_given ON packages (sent_by) WHERE sent_by IS NOT NULL;
CREATE INDEX packages_waiting ON packages (state) WHERE state IN ('sent', 'return_asked');
