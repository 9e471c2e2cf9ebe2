-- The desk: consultations and all that is written about them.
-- Instants are ISO 8601 UTC text; lists and objects are JSON text; columns named *_sealed hold what the vault sealed.

CREATE TABLE fiscal_serials (
    fiscal_year INTEGER PRIMARY KEY,
    last        INTEGER NOT NULL
);

-- Coded values only: never a name, a number to call, or a sentence somebody wrote.
CREATE TABLE consultations (
    id                  TEXT PRIMARY KEY,
    number              TEXT NOT NULL UNIQUE,
    fiscal_year         INTEGER NOT NULL,
    status              TEXT NOT NULL,
    route               TEXT NOT NULL,
    contacted_at        TEXT NOT NULL,
    received_at         TEXT NOT NULL,
    promised_at         TEXT NOT NULL,
    urgency             TEXT NOT NULL,
    danger              INTEGER NOT NULL,
    concerns            TEXT NOT NULL,
    wishes              TEXT NOT NULL,
    privacy             TEXT NOT NULL,
    best_times          TEXT NOT NULL,
    characteristics     TEXT NOT NULL,
    supporter_field     TEXT,
    organization_type   TEXT,
    occupation          TEXT,
    municipality        TEXT,
    region              TEXT,
    supporter           TEXT,
    entered_by          TEXT,
    counselor           TEXT,
    claimed_at          TEXT,
    claim_expires_at    TEXT,
    handover_to         TEXT,
    failed_calls        INTEGER NOT NULL,
    needs_decision      INTEGER NOT NULL,
    next_action_on      TEXT,
    dispositions        TEXT NOT NULL,
    primary_disposition TEXT,
    closing_reason      TEXT,
    ended_at            TEXT,
    merged_into         TEXT REFERENCES consultations (id),
    before              TEXT,
    codes_version       TEXT NOT NULL,
    version             INTEGER NOT NULL
);
CREATE INDEX consultations_by_status ON consultations (status, promised_at);
CREATE INDEX consultations_by_counselor ON consultations (counselor, status) WHERE counselor IS NOT NULL;
CREATE INDEX consultations_by_supporter ON consultations (supporter, received_at) WHERE supporter IS NOT NULL;

CREATE TABLE contacts (
    consultation     TEXT PRIMARY KEY REFERENCES consultations (id),
    name_sealed      TEXT,
    agency_sealed    TEXT,
    phone_sealed     TEXT,
    callable_sealed  TEXT
);

CREATE TABLE words (
    id           TEXT PRIMARY KEY,
    consultation TEXT NOT NULL REFERENCES consultations (id),
    kind         TEXT NOT NULL,
    author       TEXT NOT NULL,
    at           TEXT NOT NULL,
    text_sealed  TEXT NOT NULL
);
CREATE INDEX words_of ON words (consultation, at);

CREATE TABLE call_attempts (
    id           TEXT PRIMARY KEY,
    consultation TEXT NOT NULL REFERENCES consultations (id),
    caller       TEXT NOT NULL,
    at           TEXT NOT NULL,
    outcome      TEXT NOT NULL,
    next_try_at  TEXT
);
CREATE INDEX call_attempts_of ON call_attempts (consultation, at);

CREATE TABLE hearings (
    id              TEXT PRIMARY KEY,
    consultation    TEXT NOT NULL REFERENCES consultations (id),
    author          TEXT NOT NULL,
    at              TEXT NOT NULL,
    minutes         INTEGER,
    concerns        TEXT NOT NULL,
    characteristics TEXT NOT NULL,
    next_action_on  TEXT NOT NULL
);
CREATE INDEX hearings_of ON hearings (consultation, at);

CREATE TABLE activities (
    id             TEXT PRIMARY KEY,
    consultation   TEXT NOT NULL REFERENCES consultations (id),
    author         TEXT NOT NULL,
    entered_at     TEXT NOT NULL,
    happened_on    TEXT NOT NULL,
    type           TEXT NOT NULL,
    place          TEXT,
    people         TEXT NOT NULL,
    minutes        INTEGER,
    travel_minutes INTEGER,
    travel_region  TEXT
);
CREATE INDEX activities_of ON activities (consultation, happened_on);

CREATE TABLE drafts (
    consultation   TEXT NOT NULL REFERENCES consultations (id),
    form           TEXT NOT NULL,
    saved_by       TEXT NOT NULL,
    saved_at       TEXT NOT NULL,
    answers_sealed TEXT NOT NULL,
    PRIMARY KEY (consultation, form)
);

CREATE TABLE followups (
    id           TEXT PRIMARY KEY,
    consultation TEXT NOT NULL REFERENCES consultations (id),
    asked_at     TEXT NOT NULL,
    answered_at  TEXT,
    answer       TEXT,
    heaviness    TEXT
);
CREATE INDEX followups_of ON followups (consultation, asked_at);

-- The anonymized record: what stays. Frozen; its words were masked and confirmed by a person.
CREATE TABLE records (
    id                  TEXT PRIMARY KEY,
    made_at             TEXT NOT NULL,
    confirmed_by        TEXT NOT NULL,
    fiscal_year         INTEGER NOT NULL,
    region              TEXT,
    supporter_field     TEXT,
    organization_type   TEXT,
    occupation          TEXT,
    route               TEXT NOT NULL,
    urgency             TEXT NOT NULL,
    concerns            TEXT NOT NULL,
    characteristics     TEXT NOT NULL,
    dispositions        TEXT NOT NULL,
    primary_disposition TEXT NOT NULL,
    closing_reason      TEXT NOT NULL,
    situation           TEXT NOT NULL,
    formulation         TEXT NOT NULL,
    advice              TEXT NOT NULL,
    outcome             TEXT NOT NULL,
    ruleset             TEXT NOT NULL,
    codes_version       TEXT NOT NULL,
    hash                TEXT NOT NULL
);
CREATE FUNCTION records_are_frozen() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'records are frozen'; END $$;
CREATE TRIGGER records_are_not_edited BEFORE UPDATE OR DELETE ON records
FOR EACH ROW EXECUTE FUNCTION records_are_frozen();
CREATE TRIGGER records_are_not_erased BEFORE TRUNCATE ON records
FOR EACH STATEMENT EXECUTE FUNCTION records_are_frozen();

CREATE TABLE record_links (
    consultation TEXT NOT NULL REFERENCES consultations (id),
    record       TEXT NOT NULL UNIQUE REFERENCES records (id),
    at           TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (consultation, record)
);

-- Intakes that were no consultations: counted, not queued.
CREATE TABLE counted (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    route      TEXT NOT NULL,
    at         TEXT NOT NULL,
    entered_by TEXT NOT NULL
);
CREATE INDEX counted_by_time ON counted (at);

-- What was already done once: a form sent twice is one act.
CREATE TABLE done_once (
    key     TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    at      TEXT NOT NULL
);

-- What people wrote to the bot in a direct message, until they asked with the form or a week has passed.
CREATE TABLE letters (
    id          TEXT PRIMARY KEY,
    author      TEXT NOT NULL,
    at          TEXT NOT NULL,
    ts          TEXT NOT NULL,
    owner       TEXT NOT NULL,
    text_sealed TEXT NOT NULL
);
CREATE INDEX letters_by_author ON letters (author, at);

-- Direct messages the bot knows, and how far each was read: what came while nobody listened is fetched from there.
CREATE TABLE listened (
    channel TEXT PRIMARY KEY,
    ts      TEXT NOT NULL
);
