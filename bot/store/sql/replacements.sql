-- name: name(record, by, at)^
-- Somebody says that a name was left in it. Answers the record where nobody had said so before.
INSERT INTO record_replacements (record, named_by, named_at) VALUES (:record, :by, :at)
ON CONFLICT (record) DO NOTHING
RETURNING record

-- name: state(record)^
SELECT named_by, replaced_by FROM record_replacements WHERE record = :record

-- name: waiting(most)
-- Those that nobody has written anew yet, the longest waiting first.
SELECT r.* FROM record_replacements AS p JOIN records AS r ON r.id = p.record
WHERE p.replaced_by IS NULL ORDER BY p.named_at, p.record LIMIT :most

-- name: replace(record, by)^
-- Another record stands in its place. Answers the record, or nothing where one did before.
UPDATE record_replacements SET replaced_by = :by WHERE record = :record AND replaced_by IS NULL
RETURNING record

-- name: follow(record, by)!
-- What stood in another one's place is replaced itself: the newest stands for all of them.
UPDATE record_replacements SET replaced_by = :by WHERE replaced_by = :record

-- name: erase(record)!
-- The words of a record that was replaced. Its codes stay, for the counts, and what the trail says of it.
UPDATE records SET situation = '', formulation = '', advice = '', outcome = '' WHERE id = :record

-- name: consultation(record)^
-- Where it came from, as long as that is known.
SELECT consultation FROM record_links WHERE record = :record

-- name: keep_link(record, by)!
-- What led from a consultation to the record leads to the new one: it is the record of the same closing.
UPDATE record_links SET record = :by WHERE record = :record

-- name: keep_echoes(record, by)!
-- Whether what was advised helped is known of the new one too.
UPDATE record_echoes SET record = :by WHERE record = :record

-- name: erased()
SELECT record FROM record_replacements WHERE replaced_by IS NOT NULL

-- name: offer_no_more(record)!
DELETE FROM record_reviews WHERE record = :record AND decision IS NULL
