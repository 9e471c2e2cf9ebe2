-- Records in which a name was left: who said so, and which record stands in its place since.
CREATE TABLE record_replacements (
    record      TEXT PRIMARY KEY REFERENCES records (id),
    named_by    TEXT NOT NULL,
    named_at    TEXT NOT NULL,
    replaced_by TEXT REFERENCES records (id),
    CHECK (replaced_by <> record)
);
CREATE INDEX record_replacements_open ON record_replacements (named_at) WHERE replaced_by IS NULL;
CREATE INDEX record_replacements_by ON record_replacements (replaced_by) WHERE replaced_by IS NOT NULL;

-- One change alone is let through: the words of a record that another one stands in place of are erased. All else stays.
DROP TRIGGER records_are_not_edited;
CREATE TRIGGER records_are_not_edited BEFORE UPDATE ON records
WHEN NOT (
    NEW.rowid = OLD.rowid AND NEW.situation = '' AND NEW.formulation = '' AND NEW.advice = '' AND NEW.outcome = ''
    AND EXISTS (SELECT 1 FROM record_replacements WHERE record = OLD.id AND replaced_by IS NOT NULL)
)
BEGIN SELECT RAISE (ABORT, 'records are frozen'); END;
CREATE TRIGGER records_stay_what_they_were BEFORE UPDATE OF
    id, made_at, confirmed_by, fiscal_year, region, supporter_field, organization_type, occupation, route, urgency,
    concerns, characteristics, dispositions, primary_disposition, closing_reason, ruleset, codes_version, hash, age_band,
    sex, household, theme, purpose, agreement, unusual, likeness, of_case
ON records BEGIN SELECT RAISE (ABORT, 'records are frozen'); END;
CREATE TRIGGER replacements_are_not_undone BEFORE UPDATE ON record_replacements
WHEN OLD.replaced_by IS NOT NULL AND NEW.replaced_by IS NULL
BEGIN SELECT RAISE (ABORT, 'a replaced record stays replaced'); END;
