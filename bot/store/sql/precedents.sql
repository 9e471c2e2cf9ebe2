-- name: add(record, terms)^
-- A record in the library, found by its terms. Answers its place, or nothing when it is there already.
INSERT INTO precedents (record, terms) VALUES (:record, :terms) ON CONFLICT (record) DO NOTHING RETURNING seq

-- name: remove(record)^
DELETE FROM precedents WHERE record = :record RETURNING seq, terms

-- name: index_in(seq, terms)!
INSERT INTO precedent_index (rowid, terms) VALUES (:seq, :terms)

-- name: index_out(seq, terms)!
INSERT INTO precedent_index (precedent_index, rowid, terms) VALUES ('delete', :seq, :terms)

-- name: count_in(terms)!
-- One record more has each of these.
INSERT INTO precedent_terms (term, records)
SELECT value, 1 FROM json_each(:terms) WHERE TRUE
ON CONFLICT (term) DO UPDATE SET records = precedent_terms.records + 1

-- name: count_out(terms)!
UPDATE precedent_terms SET records = records - 1 WHERE term IN (SELECT value FROM json_each(:terms))

-- name: forget(terms)!
-- What nobody has any more is no term of the library.
DELETE FROM precedent_terms WHERE records <= 0 AND term IN (SELECT value FROM json_each(:terms))

-- name: counts(terms)
SELECT term, records FROM precedent_terms WHERE term IN (SELECT value FROM json_each(:terms))

-- name: rare(asked, most)
-- Every record that matches one of these, those that match the most first.
WITH asked AS MATERIALIZED (
    SELECT json_extract(value, '$.match') AS wanted, json_extract(value, '$.weight') AS weight FROM json_each(:asked)
)
SELECT i.rowid AS seq, SUM(a.weight) AS score
FROM asked AS a CROSS JOIN precedent_index AS i
WHERE i.precedent_index MATCH a.wanted
GROUP BY i.rowid
ORDER BY score DESC, seq DESC
LIMIT :most

-- name: newest(match, most)
-- The newest records that match.
SELECT rowid AS seq FROM precedent_index WHERE precedent_index MATCH :match ORDER BY rowid DESC LIMIT :most

-- name: newest_among(match, most, window)
-- The same on PostgreSQL where many match: only so many of the newest are looked at, one after the other.
SELECT newest.seq FROM (SELECT seq, tokens FROM precedents ORDER BY seq DESC LIMIT :window) AS newest
WHERE newest.tokens @@ CAST(:match AS tsquery)
ORDER BY newest.seq DESC
LIMIT :most

-- name: told(seqs)
SELECT seq, record, terms FROM precedents WHERE seq IN (SELECT value FROM json_each(:seqs))

-- name: cases(seqs)
SELECT r.of_case FROM precedents AS p JOIN records AS r ON r.id = p.record
WHERE p.seq IN (SELECT value FROM json_each(:seqs))

-- name: released(ids)
SELECT r.* FROM records AS r
JOIN record_reviews AS v ON v.record = r.id AND v.decision = 'released'
WHERE r.id IN (SELECT value FROM json_each(:ids))

-- name: echoes(ids)
SELECT record, answer, heaviness FROM record_echoes
WHERE record IN (SELECT value FROM json_each(:ids)) AND answer IS NOT NULL
ORDER BY record, at, question
