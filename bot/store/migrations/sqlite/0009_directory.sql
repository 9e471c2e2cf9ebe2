-- Where cases go on to: municipalities and agencies as offices, what experts state about themselves, and what is lacking.
-- Names here are of offices; no person's name is kept but Slack's ids of those who look after an entry.

-- `meetings`: code of a meeting → what this municipality calls it. `juso`: yes, no, or not known to us. `source`: code.
CREATE TABLE towns (
    municipality TEXT PRIMARY KEY,
    section      TEXT NOT NULL,
    phone        TEXT NOT NULL,
    juso         TEXT,
    meetings     TEXT NOT NULL,
    source       TEXT,
    owner        TEXT,
    confirm_on   TEXT,
    confirmed_on TEXT,
    version      INTEGER NOT NULL
);

CREATE TABLE agencies (
    id           TEXT PRIMARY KEY,
    name         TEXT NOT NULL,
    kind         TEXT NOT NULL,
    municipality TEXT NOT NULL,
    phone        TEXT NOT NULL,
    note         TEXT NOT NULL,
    source       TEXT,
    owner        TEXT,
    confirm_on   TEXT,
    confirmed_on TEXT,
    active       INTEGER NOT NULL,
    version      INTEGER NOT NULL
);
CREATE INDEX agencies_by_municipality ON agencies (municipality, kind);

-- `hours`: weekday (0 is Monday) → pairs of times, Tokyo. `most`: reviews in a fiscal year. `honorarium`: yen an hour.
CREATE TABLE experts (
    staff          TEXT PRIMARY KEY,
    agency         TEXT REFERENCES agencies (id),
    municipalities TEXT NOT NULL,
    hours          TEXT NOT NULL,
    days_off       TEXT NOT NULL,
    most           INTEGER,
    honorarium     INTEGER,
    ways           TEXT NOT NULL,
    stated_at      TEXT,
    version        INTEGER NOT NULL
);

-- 社会資源の不足: codes only, each kind once for a consultation.
CREATE TABLE gaps (
    consultation TEXT NOT NULL REFERENCES consultations (id),
    kind         TEXT NOT NULL,
    region       TEXT,
    fiscal_year  INTEGER NOT NULL,
    source       TEXT NOT NULL,
    at           TEXT NOT NULL,
    PRIMARY KEY (consultation, kind)
);
CREATE INDEX gaps_by_year ON gaps (fiscal_year);
