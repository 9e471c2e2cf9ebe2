-- name: count_in(terms)!
-- One record more has each of these. Always in the same order, so that two releases never wait for each other.
INSERT INTO precedent_terms (term, records)
SELECT value, 1 FROM jsonb_array_elements_text(CAST(:terms AS jsonb)) ORDER BY value COLLATE "C"
ON CONFLICT (term) DO UPDATE SET records = precedent_terms.records + 1

-- name: count_out(terms)!
WITH held AS MATERIALIZED (
    SELECT term FROM precedent_terms
    WHERE term IN (SELECT value FROM jsonb_array_elements_text(CAST(:terms AS jsonb)))
    ORDER BY term COLLATE "C" FOR UPDATE
)
UPDATE precedent_terms SET records = records - 1 FROM held WHERE precedent_terms.term = held.term

-- name: forget(terms)!
-- What nobody has any more is no term of the library.
DELETE FROM precedent_terms
WHERE records <= 0 AND term IN (SELECT value FROM jsonb_array_elements_text(CAST(:terms AS jsonb)))

-- name: counts(terms)
SELECT t.term, t.records FROM jsonb_array_elements_text(CAST(:terms AS jsonb)) AS asked (term)
JOIN precedent_terms AS t ON t.term = asked.term

-- name: rare(asked, most)
-- Every record that matches one of these, those that match the most first.
SELECT found.seq, SUM(a.weight) AS score
FROM jsonb_to_recordset(CAST(:asked AS jsonb)) AS a (match TEXT, weight DOUBLE PRECISION)
CROSS JOIN LATERAL (
    SELECT p.seq FROM precedents AS p WHERE p.tokens @@ CAST(a.match AS tsquery) OFFSET 0
) AS found
GROUP BY found.seq
ORDER BY score DESC, found.seq DESC
LIMIT :most

-- name: newest(match, most)
-- The newest records that match. Asked where few do: all of them are looked up.
SELECT found.seq FROM (
    SELECT p.seq FROM precedents AS p WHERE p.tokens @@ CAST(:match AS tsquery) OFFSET 0
) AS found
ORDER BY found.seq DESC
LIMIT :most

-- name: told(seqs)
SELECT p.seq, p.record, p.terms FROM jsonb_array_elements(CAST(:seqs AS jsonb)) AS asked (seq)
JOIN precedents AS p ON p.seq = CAST(asked.seq AS bigint)

-- name: cases(seqs)
SELECT r.of_case FROM jsonb_array_elements(CAST(:seqs AS jsonb)) AS asked (seq)
JOIN precedents AS p ON p.seq = CAST(asked.seq AS bigint) JOIN records AS r ON r.id = p.record

-- name: released(ids)
SELECT r.* FROM jsonb_array_elements_text(CAST(:ids AS jsonb)) AS asked (id)
JOIN records AS r ON r.id = asked.id
JOIN record_reviews AS v ON v.record = r.id AND v.decision = 'released'

-- name: echoes(ids)
SELECT e.record, e.answer, e.heaviness FROM jsonb_array_elements_text(CAST(:ids AS jsonb)) AS asked (id)
JOIN record_echoes AS e ON e.record = asked.id AND e.answer IS NOT NULL
ORDER BY e.record, e.at, e.question
