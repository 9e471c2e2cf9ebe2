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
CREATE FUNCTION only_replaced_words_are_erased() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    IF to_jsonb(NEW) = to_jsonb(OLD) || '{"situation": "", "formulation": "", "advice": "", "outcome": ""}'::jsonb
        AND EXISTS (SELECT 1 FROM record_replacements WHERE record = OLD.id AND replaced_by IS NOT NULL)
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'records are frozen';
END $$;
DROP TRIGGER records_are_not_edited ON records;
CREATE TRIGGER records_are_not_edited BEFORE UPDATE ON records
FOR EACH ROW EXECUTE FUNCTION only_replaced_words_are_erased();
CREATE TRIGGER records_are_not_deleted BEFORE DELETE ON records
FOR EACH ROW EXECUTE FUNCTION records_are_frozen();
CREATE FUNCTION replacements_stay() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    IF OLD.replaced_by IS NOT NULL AND NEW.replaced_by IS NULL
    THEN RAISE EXCEPTION 'a replaced record stays replaced'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER replacements_are_not_undone BEFORE UPDATE ON record_replacements
FOR EACH ROW EXECUTE FUNCTION replacements_stay();
