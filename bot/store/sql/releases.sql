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
-- The codes of what was recorded in a time. `told`: held back by nobody, and waiting for no second person.
SELECT r.id, r.theme, r.region, r.age_band, r.sex, r.household, r.primary_disposition,
    CASE
        WHEN v.decision = 'withheld' THEN 0
        WHEN v.decision = 'released' OR r.unusual = '[]' THEN 1
        ELSE 0
    END AS told
FROM records AS r
LEFT JOIN record_reviews AS v ON v.record = r.id
WHERE r.made_at >= :since AND r.made_at < :until
