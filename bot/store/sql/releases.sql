-- name: take_turn()!
-- SQLite has one writer: no two releases are decided at once. (PostgreSQL waits here for its turn.)
SELECT 1

-- name: add(id, at, made_by, since, until, ruleset, codes_version, classes, counted, records, made_of, hash)!
INSERT INTO releases (id, at, made_by, since, until, ruleset, codes_version, classes, counted, records, made_of, hash)
VALUES (:id, :at, :made_by, :since, :until, :ruleset, :codes_version, :classes, :counted, :records, :made_of, :hash)

-- name: get(id)^
SELECT * FROM releases WHERE id = :id

-- name: of_period(since, until)^
SELECT * FROM releases WHERE since = :since AND until = :until

-- name: all()
-- Every release, oldest first.
SELECT * FROM releases ORDER BY at, id

-- name: first_record()^
SELECT MIN(made_at) AS at FROM records

-- name: coded(since, until)
-- The codes of the cases recorded in a time; one that was opened again is counted by its first record, and only then.
-- `told`: held back by nobody, and waiting for no second person.
SELECT r.id, r.made_at, r.theme, r.region, r.age_band, r.sex, r.household, r.primary_disposition,
    CASE
        WHEN v.decision IN ('withheld', 'withdrawn') THEN 0
        WHEN v.decision = 'released' OR r.unusual = '[]' THEN 1
        ELSE 0
    END AS told
FROM records AS r
LEFT JOIN record_replacements AS p ON p.record = r.id
LEFT JOIN record_reviews AS v ON v.record = COALESCE(p.replaced_by, r.id)
WHERE r.made_at >= :since AND r.made_at < :until
  AND NOT EXISTS (
    SELECT 1 FROM records AS e WHERE e.of_case = r.of_case AND (e.made_at, e.id) < (r.made_at, r.id)
  )

-- name: waiting()^
-- How many are counted in no file while a second person has not looked at them.
SELECT COUNT(*) AS n FROM record_reviews AS v JOIN records AS r ON r.id = v.record
WHERE v.decision IS NULL AND r.unusual <> '[]'
