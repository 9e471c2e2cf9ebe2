-- Counts of records that were given out for study. What was told once is told in the same way for ever.

-- `since` and `until` are days, the second one not included. `records`: the ids of those that were counted.
-- `classes`: what was counted together. `counted`: the numbers as told. `made_of`: the releases it is the sum of.
CREATE TABLE releases (
    id            TEXT PRIMARY KEY,
    at            TEXT NOT NULL,
    made_by       TEXT NOT NULL,
    since         TEXT NOT NULL,
    until         TEXT NOT NULL,
    ruleset       TEXT NOT NULL,
    codes_version TEXT NOT NULL,
    classes       TEXT NOT NULL,
    counted       TEXT NOT NULL,
    records       TEXT NOT NULL,
    made_of       TEXT NOT NULL DEFAULT '[]',
    hash          TEXT NOT NULL,
    UNIQUE (since, until),
    CHECK (since < until)
);
CREATE TRIGGER releases_are_not_edited BEFORE UPDATE ON releases BEGIN SELECT RAISE (ABORT, 'releases are frozen'); END;
CREATE TRIGGER releases_are_not_erased BEFORE DELETE ON releases BEGIN SELECT RAISE (ABORT, 'releases are frozen'); END;
-- INSERT OR REPLACE takes a row away without telling the trigger above.
CREATE TRIGGER releases_are_not_replaced BEFORE INSERT ON releases
WHEN EXISTS (
    SELECT 1 FROM releases WHERE id = NEW.id OR rowid = NEW.rowid OR (since = NEW.since AND until = NEW.until)
)
BEGIN SELECT RAISE (ABORT, 'releases are frozen'); END;

-- Whole months are asked for by when a record was made.
CREATE INDEX records_made ON records (made_at);
